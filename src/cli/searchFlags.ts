import type { KeptBits } from '../quantize/best/knobs';
import type { Objective } from '../quantize/costs';
import type { SearchKind } from '../quantize/report';
import { UsageError, type FlagSpecs, type Flags } from './flags';

const kinds: Readonly<Record<string, SearchKind>> = { original: 'original', best: 'best' };

const objectiveKeys: Readonly<Record<string, keyof Objective>> = {
  weight_bytes: 'weightBytes',
  activation_bits: 'activationBits',
  bit_operations: 'bitOperations',
};

/** Flags that say how the bits are searched for. */
export const searchFlags: FlagSpecs = {
  search: {
    argument: 'KIND',
    default: 'original',
    help: "original: one width a group, the original's numbers; best: layer by layer, the whole net within the margin",
  },
  bits: {
    argument: 'LIST',
    help: 'bit-widths that may be tried, like 16,8,6,4 (default 16,8,4,2,1; best: 16,14,12,10 and 8 to 1)',
  },
  objective: {
    argument: 'LIST',
    help:
      'best: what to save: weight_bytes, activation_bits, bit_operations, or weighed like ' +
      'weight_bytes=1,activation_bits=0.25 (the default)',
  },
  keep: {
    argument: 'LIST',
    help: 'best: bits that stay, like conv1=8/8,ip2=4 (weights/activations; 32/32 is float)',
  },
  calibration_images: {
    argument: 'N',
    help: 'best: TRAIN images that candidates are ranked on (default 1000)',
  },
};

/** What the search flags say. */
export interface SearchChoice {
  readonly search: SearchKind;
  readonly bits?: readonly number[] | undefined;
  readonly objective?: Objective | undefined;
  readonly keep?: Readonly<Record<string, KeptBits>> | undefined;
  readonly calibrationImages?: number | undefined;
}

/** @throws UsageError for flags that say nothing sensible */
export function readSearchFlags(flags: Flags): SearchChoice {
  const search = flags.choice('search', kinds);
  const bits = flags.optional('bits');
  const objective = flags.optional('objective');
  const keep = flags.optional('keep');
  const images = flags.optional('calibration_images');
  for (const [name, value] of Object.entries({ objective, keep, calibration_images: images })) {
    if (value !== undefined && search !== 'best') {
      throw new UsageError(`--${name} is for --search=best`);
    }
  }
  return {
    search,
    bits: bits === undefined ? undefined : parseBits(bits),
    objective: objective === undefined ? undefined : parseObjective(objective),
    keep: keep === undefined ? undefined : parseKeep(keep),
    calibrationImages:
      images === undefined ? undefined : flags.positiveInteger('calibration_images'),
  };
}

/** Different widths from the most down, as a sweep takes them. */
function parseBits(text: string): number[] {
  const widths = text.split(',').map((part) => parseWidth(part, '--bits', text));
  return [...new Set(widths)].sort((a, b) => b - a);
}

function parseWidth(part: string, flag: string, text: string): number {
  const bits = Number(part);
  if (!/^\s*\d+\s*$/.test(part) || bits < 1 || bits > 32) {
    throw new UsageError(`${flag}=${text}: "${part.trim()}" is no bit-width from 1 to 32`);
  }
  return bits;
}

function parseObjective(text: string): Objective {
  const objective = { weightBytes: 0, activationBits: 0, bitOperations: 0 };
  for (const part of text.split(',')) {
    const [name = '', weightText = '1', ...more] = part.trim().split('=');
    const key = Object.hasOwn(objectiveKeys, name) ? objectiveKeys[name] : undefined;
    const weight = Number(weightText);
    if (key === undefined || more.length > 0) {
      const known = Object.keys(objectiveKeys).join(', ');
      throw new UsageError(`--objective=${text}: "${part.trim()}" is none of ${known}`);
    }
    if (weightText.trim() === '' || !Number.isFinite(weight) || weight < 0) {
      throw new UsageError(`--objective=${text}: "${weightText}" is no weight of at least 0`);
    }
    objective[key] = weight;
  }
  if (Object.values(objective).every((weight) => weight === 0)) {
    throw new UsageError(`--objective=${text}: one weight at least must be above 0`);
  }
  return objective;
}

/** Layer names may hold anything but the last `=` of their part. */
function parseKeep(text: string): Record<string, KeptBits> {
  const kept: [string, KeptBits][] = text.split(',').map((part) => {
    const [, layer, weights, activations] = /^(.+)=(\d+)(?:\/(\d+))?\s*$/.exec(part.trim()) ?? [];
    if (layer === undefined || weights === undefined) {
      throw new UsageError(`--keep=${text}: "${part.trim()}" is not like conv1=8/8 or conv1=8`);
    }
    return [
      layer,
      {
        weights: parseWidth(weights, '--keep', text),
        ...(activations === undefined
          ? {}
          : { activations: parseWidth(activations, '--keep', text) }),
      },
    ];
  });
  return Object.fromEntries(kept);
}
