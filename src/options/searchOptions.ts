import { option, words, type Words } from '../base/words';
import type { KeptBits } from '../quantize/best/knobs';
import type { Objective } from '../quantize/costs';
import type { SearchKind } from '../quantize/report';
import {
  isOriginal,
  modeKeys,
  modes,
  modeSpellings,
  type TrimmingMode,
} from '../quantize/modes/modes';
import { always, oneOf, optional, wholeFromOne, type Parse } from './kinds';
import type { Answer, Facts, SettingValue } from './option';
import { OptionError } from './optionError';

/** A value as settings and questions offer it: what it is, at length and in a few words. */
interface Offered<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly setting: string;
  readonly question: string;
}

const offeredModes: readonly Offered<TrimmingMode>[] = modeKeys.map((value) => ({
  value,
  ...modes[value],
}));

/** Modes that the original does not have. */
const bestModes = modeKeys.filter((key) => !isOriginal(key));

function quoted(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}

const searches: readonly Offered<SearchKind>[] = [
  {
    value: 'best',
    label: 'Best',
    setting:
      'Every layer gets bit-widths and fractional lengths of its own, and the whole net stays within the ' +
      'margin.',
    question: 'bits of its own for every layer; the whole net stays within the margin',
  },
  {
    value: 'original',
    label: 'As the original',
    setting:
      'One width for all convolutions, one for all FC layers and one for the activations, with the ' +
      "original tool's numbers; the combined net is not held to the margin.",
    question: 'one width for all convolutions, one for all FC layers, one for the activations',
  },
];

function settingValues(offered: readonly Offered<string>[]): SettingValue[] {
  return offered.map(({ value, label, setting }) => ({ value, label, description: setting }));
}

function answers<T extends string>(offered: readonly Offered<T>[]): Answer<T>[] {
  return offered.map(({ value, label, question }) => ({ value, label, description: question }));
}

const objectiveKeys: Readonly<Record<string, keyof Objective>> = {
  weight_bytes: 'weightBytes',
  activation_bits: 'activationBits',
  bit_operations: 'bitOperations',
};

const nothing: Objective = { weightBytes: 0, activationBits: 0, bitOperations: 0 };

const parseObjective: Parse<Objective> = (given, key) => {
  const objective = { ...nothing };
  for (const part of given.split(',')) {
    const [name = '', weightText = '1', ...more] = part.trim().split('=');
    const cost = Object.hasOwn(objectiveKeys, name) ? objectiveKeys[name] : undefined;
    const weight = Number(weightText);
    const fail = (detail: string): OptionError =>
      new OptionError(words`${option(key, given)}: ${detail}`);
    if (cost === undefined || more.length > 0) {
      throw fail(`"${part.trim()}" is none of ${Object.keys(objectiveKeys).join(', ')}`);
    }
    if (weightText.trim() === '' || !Number.isFinite(weight) || weight < 0) {
      throw fail(`"${weightText}" is no weight of at least 0`);
    }
    objective[cost] = weight;
  }
  if (Object.values(objective).every((weight) => weight === 0)) {
    throw new OptionError(words`${option(key, given)}: one weight at least must be above 0`);
  }
  return objective;
};

function parseWidth(part: string, key: string, given: string): number {
  const bits = Number(part);
  if (!/^\s*\d+\s*$/.test(part) || bits < 1 || bits > 32) {
    throw new OptionError(
      words`${option(key, given)}: "${part.trim()}" is no bit-width from 1 to 32`,
    );
  }
  return bits;
}

/** Different widths from the most down, as a sweep takes them. */
const parseBits: Parse<readonly number[]> = (given, key) => {
  const widths = given.split(',').map((part) => parseWidth(part, key, given));
  return [...new Set(widths)].sort((a, b) => b - a);
};

/** Layer names may hold anything but the last `=` of their part. */
const parseKeep: Parse<Readonly<Record<string, KeptBits>>> = (given, key) => {
  const kept: [string, KeptBits][] = given.split(',').map((part) => {
    const [, layer, weights, activations] = /^(.+)=(\d+)(?:\/(\d+))?\s*$/.exec(part.trim()) ?? [];
    if (layer === undefined || weights === undefined) {
      throw new OptionError(
        words`${option(key, given)}: "${part.trim()}" is not like conv1=8/8 or conv1=8`,
      );
    }
    return [
      layer,
      {
        weights: parseWidth(weights, key, given),
        ...(activations === undefined ? {} : { activations: parseWidth(activations, key, given) }),
      },
    ];
  });
  return Object.fromEntries(kept);
};

/** For options that the best search alone knows. */
function bestOnly(key: string) {
  return (value: unknown, { search }: Readonly<Record<string, unknown>>): Words | undefined =>
    value === undefined || search === 'best'
      ? undefined
      : words`${option(key)} is for ${option('search', 'best')}`;
}

/** What is searched for, and how. */
export const searchOptions = {
  mode: always(oneOf(modeSpellings), {
    key: 'mode',
    commands: ['quantize'],
    title: 'the trimming mode',
    flag: {
      name: 'trimming_mode',
      argument: 'MODE',
      required: true,
      help: `${quoted(modeKeys.filter(isOriginal))}; ${quoted(bestModes)} (\`--search=best\`)`,
    },
    problem: (mode, { search }) =>
      !isOriginal(mode) && search !== 'best'
        ? words`${option('mode', mode)} needs ${option('search', 'best')}`
        : undefined,
    settings: [
      {
        name: 'trimmingMode',
        type: 'string',
        default: 'dynamic_fixed_point',
        values: settingValues(offeredModes),
        description:
          'The kind of numbers a net is trimmed to, where you have not chosen one for the net yet.',
      },
    ],
    fromSettings: (read) => read('trimmingMode') as TrimmingMode,
    question: { kind: 'pick', prompt: 'Trimming mode', answers: () => answers(offeredModes) },
    isRemembered: true,
  }),
  /** The original's if absent. */
  search: optional(oneOf<SearchKind>({ original: 'original', best: 'best' }), {
    key: 'search',
    commands: ['quantize'],
    title: 'the search',
    flag: {
      name: 'search',
      argument: 'KIND',
      default: 'original',
      help:
        "`original`: one width a group, the original's numbers; `best`: layer by layer, the whole net " +
        'within the margin',
    },
    settings: [
      {
        name: 'search',
        type: 'string',
        default: 'best',
        values: settingValues(searches),
        description: 'How the bits are searched for, where you have not chosen for the net yet.',
      },
    ],
    fromSettings: (read) => read('search') as SearchKind,
    question: {
      kind: 'pick',
      prompt: 'How the bits are searched for',
      // Mixed formats are known to the best search alone: asked all the same, so that Back goes back.
      answers: ({ given }: Facts) =>
        answers(searches).filter(
          ({ value }) => value === 'best' || isOriginal(given.mode as TrimmingMode),
        ),
    },
    isRemembered: true,
  }),
  /** Bit-widths that may be tried; the original's 16, 8, 4, 2, 1 or the best search's own if absent. */
  bits: optional(parseBits, {
    key: 'bits',
    commands: ['quantize'],
    title: 'the bit-widths to try',
    flag: {
      name: 'bits',
      argument: 'LIST',
      help: 'bit-widths that may be tried, like `16,8,6,4`',
      absent: '16,8,4,2,1; best: 16,14,12,10 and 8 to 1',
    },
  }),
  /** What the best search saves; weight bytes foremost if absent. */
  objective: optional(parseObjective, {
    key: 'objective',
    commands: ['quantize'],
    title: 'what is saved',
    flag: {
      name: 'objective',
      argument: 'LIST',
      help:
        'best: what to save: `weight_bytes`, `activation_bits`, `bit_operations`, or weighed like ' +
        '`weight_bytes=1,activation_bits=0.25` (the default)',
    },
    problem: bestOnly('objective'),
    settings: [
      {
        name: 'objective',
        type: 'string',
        default: 'weightBytes',
        values: [
          {
            value: 'weightBytes',
            label: 'Weight bytes',
            description:
              'Bytes of all weights foremost, and bits of activations as far as they cost little.',
          },
          {
            value: 'activationBits',
            label: 'Activation bits',
            description: 'Mean bits of the inputs and outputs of all layers.',
          },
          {
            value: 'bitOperations',
            label: 'Bit operations',
            description:
              'Bits of weight times bits of input, summed up over all multiplications of an image.',
          },
        ],
        description: 'What the best search saves.',
      },
    ],
    // Weight bytes are the search's own choice, which counts activations a little too.
    fromSettings: (read) => {
      const name = read('objective');
      return name === 'activationBits' || name === 'bitOperations'
        ? { ...nothing, [name]: 1 }
        : undefined;
    },
  }),
  /** Bit-widths that the best search must leave as they are, by layer. */
  keep: optional(parseKeep, {
    key: 'keep',
    commands: ['quantize'],
    title: 'the bits to keep',
    flag: {
      name: 'keep',
      argument: 'LIST',
      help: 'best: bits that stay, like `conv1=8/8,ip2=4` (weights/activations; 32/32 is float)',
    },
    problem: bestOnly('keep'),
  }),
  /** Images of calibration data that the best search ranks candidates on. */
  calibrationImages: optional(wholeFromOne, {
    key: 'calibrationImages',
    commands: ['quantize'],
    title: 'the number of images to rank candidates on',
    flag: {
      name: 'calibration_images',
      argument: 'N',
      help: 'best: TRAIN images that candidates are ranked on',
      absent: '1000',
    },
    problem: bestOnly('calibrationImages'),
    scored: (value) => value,
  }),
};
