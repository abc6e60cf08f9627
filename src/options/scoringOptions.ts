import type { Calibration } from '../quantize/report';
import { nonEmpty, always, oneOf, optional, text, wholeFromOne } from './kinds';
import type { Facts } from './option';

/** Batches that take every image once. */
async function allBatches(facts: Facts): Promise<number> {
  const { records, batchSize } = await facts.images();
  return Math.max(1, Math.ceil(records / batchSize));
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** How much is scored. */
export const amountOptions = {
  /** Batches to score on; if absent all images that are given, or the original's 50 of a net's own data. */
  iterations: optional(wholeFromOne, {
    key: 'iterations',
    commands: ['quantize', 'score'],
    title: 'the number of iterations',
    flag: {
      name: 'iterations',
      argument: 'N',
      help: 'batches of TEST data to score on',
      absent: '50; all of `--images` and `--input`',
    },
    scored: (value) => value,
    settings: [
      {
        name: 'iterations',
        type: ['integer', 'null'],
        default: null,
        limits: { minimum: 1 },
        description:
          'Batches of TEST data that every candidate is scored on. `null` takes every image once. Fewer ' +
          'are faster and less certain.',
      },
    ],
    fromSettings: (read) => (read('iterations') as number | null) ?? undefined,
    question: {
      kind: 'text',
      prompt: async (facts) => {
        const { records, batchSize } = await facts.images();
        return (
          `Iterations: batches of ${count(batchSize)} images to score on; ` +
          `${count(await allBatches(facts))} take all ${count(records)} images once`
        );
      },
      show: async (present: number | undefined, facts: Facts) =>
        String(present ?? (await allBatches(facts))),
      problem: (given) =>
        /^\s*[1-9]\d{0,8}\s*$/.test(given) ? undefined : 'Give a whole number from 1 on',
      read: (given) => Number(given.trim()),
    },
    isRemembered: true,
  }),
};

/** What is scored, and what the ranges come from. */
export const scoringOptions = {
  /** Output to score by, as users name it; undefined for the usual one. */
  scoreBlob: optional(text, {
    key: 'scoreBlob',
    commands: ['quantize', 'score'],
    title: 'the score',
    flag: {
      name: 'score',
      argument: 'BLOB',
      help:
        'net output to score by; `BLOB[3]` takes one of its values, `BLOB:mean` the mean of all; ' +
        '`agreement`: how often the net decides as its float self, which needs no labels ' +
        '(`BLOB:agreement`: by that output)',
    },
    scored: (value) => value,
    settings: [
      {
        name: 'scoreBy',
        type: 'string',
        default: '',
        description:
          'Output that a net is scored by, where its own choice is not the one you want: a blob like ' +
          '`accuracy`, one of its values like `prob[1]`, their mean like `loss:mean`, or `agreement` with ' +
          'the float net. Empty for its Accuracy layer, else its loss.',
        absent: 'empty',
      },
    ],
    fromSettings: (read) => nonEmpty(read('scoreBy')),
  }),
  calibration: always(oneOf<Calibration>({ train: 'train', test: 'test' }), {
    key: 'calibration',
    commands: ['quantize'],
    title: 'the data that ranges are measured on',
    flag: {
      name: 'calibration',
      argument: 'PHASE',
      default: 'train',
      help: 'phase whose data give the ranges: `train`, as the original, or `test`',
    },
    scored: (value) => value,
    settings: [
      {
        name: 'calibration',
        type: 'string',
        default: 'train',
        values: [
          { value: 'train', description: 'TRAIN-phase data, as the original tool does.' },
          {
            value: 'test',
            description: 'TEST-phase data: for nets whose training data are not at hand.',
          },
        ],
        description: 'The data that the ranges of the layers are measured on.',
      },
    ],
    fromSettings: (read) => read('calibration') as Calibration,
    isRemembered: true,
  }),
};
