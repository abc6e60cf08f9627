import type { Phase } from '../caffe/schema';
import { option, words } from '../base/words';
import { always, list, nonEmpty, oneOf, optional, text, wholeFromOne, type Parse } from './kinds';
import { OptionError } from './optionError';

const phases = { TEST: 'TEST', TRAIN: 'TRAIN', test: 'TEST', train: 'TRAIN' } as const;

const level: Parse<number> = (given, key) => {
  const value = Number(given);
  if (/^-?\d+$/.test(given) && value >= -(2 ** 31) && value < 2 ** 31) return value;
  throw new OptionError(words`${option(key, given)}: give a whole number, such as 1 or -1`);
};

/** The files of a run. */
export const fileOptions = {
  /** Path of the net definition. */
  model: always(text, {
    key: 'model',
    commands: ['quantize', 'score', 'convert', 'inspect'],
    title: 'the net definition',
    flag: {
      name: 'model',
      argument: 'FILE',
      required: true,
      help: {
        quantize: 'the net definition (train_val prototxt)',
        score: 'the net definition (train_val prototxt)',
        convert: 'the net definition (prototxt)',
      },
    },
  }),
  /** Path of the trained weights. */
  weights: always(text, {
    key: 'weights',
    commands: ['quantize', 'score', 'convert'],
    title: 'the weights',
    flag: {
      name: 'weights',
      argument: 'FILE',
      required: true,
      help: 'the trained weights (caffemodel)',
    },
    isRemembered: true,
  }),
  /** Path of the quantized prototxt to write. */
  modelQuantized: always(text, {
    key: 'modelQuantized',
    commands: ['quantize'],
    title: 'the output file',
    flag: {
      name: 'model_quantized',
      argument: 'FILE',
      required: true,
      help: 'the quantized prototxt to write',
    },
  }),
};

/** What the editor saves, and what a conversion writes. */
export const outputOptions = {
  output: always(text, {
    key: 'output',
    commands: ['convert'],
    title: 'the output file',
    flag: { name: 'output', argument: 'FILE', required: true, help: 'the .onnx file to write' },
    question: {
      kind: 'file',
      prompt: 'File for the quantized prototxt (written when you save the result)',
    },
    isRemembered: true,
  }),
};

/** Which part of a file is meant, and in which state. */
export const stateOptions = {
  /** TEST where it is not given. */
  phase: optional(oneOf<Phase>(phases), {
    key: 'phase',
    commands: ['score', 'convert'],
    title: 'the phase',
    flag: {
      name: 'phase',
      argument: 'PHASE',
      default: 'TEST',
      help: {
        score: 'phase to score: `TEST` or `TRAIN`',
        convert: 'phase to convert: `TEST` or `TRAIN`',
      },
    },
  }),
  level: optional(level, {
    key: 'level',
    commands: ['quantize', 'score', 'convert', 'inspect'],
    title: 'the level of the net',
    flag: {
      name: 'level',
      argument: 'N',
      help: 'network level: layers with `min_level` or `max_level` go by it',
    },
    scored: (value) => value,
  }),
  /** Stages besides those that the file names itself. */
  stages: optional(list, {
    key: 'stages',
    commands: ['quantize', 'score', 'convert', 'inspect'],
    title: 'the choice of stages',
    flag: {
      name: 'stage',
      argument: 'A,B',
      help: 'network stages: layers with `stage` or `not_stage` go by them',
    },
    scored: (value) => value,
  }),
  /** Which net of a file that defines several, from 0; users count from 1. */
  netIndex: optional((given, key) => wholeFromOne(given, key) - 1, {
    key: 'netIndex',
    commands: ['quantize', 'score', 'convert', 'inspect'],
    title: 'the net in the file',
    flag: {
      name: 'net',
      argument: 'N',
      help: 'which net of a model file that defines several, from 1',
    },
    scored: (value) => value ?? 0,
  }),
};

/** Where data are looked for. */
export const placeOptions = {
  caffeRoot: optional(text, {
    key: 'caffeRoot',
    commands: ['quantize', 'score', 'convert', 'inspect'],
    title: 'the Caffe checkout',
    flag: { name: 'caffe_root', argument: 'DIR', help: 'last folder to look for data sources in' },
    settings: [
      {
        name: 'caffeRoot',
        type: 'string',
        scope: 'machine-overridable',
        default: '',
        description:
          'Folder of a Caffe checkout. Paths in a prototxt (`source`, `mean_file`) are looked for in the ' +
          'workspace folder first, then beside the prototxt, then here.',
        absent: 'none',
      },
    ],
    fromSettings: (read) => nonEmpty(read('caffeRoot')),
  }),
};
