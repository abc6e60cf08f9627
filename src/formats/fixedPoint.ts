import type { QuantizationParameter } from '../caffe/schema';
import type { Extremes, FieldFault, FormatKind, NumberField } from './format';
import type { Grid } from './grid';
import { ceilExponent, largestOf, topExponents } from './magnitude';
import { short, signed } from './words';

/** Two's complement numbers of `bits` bits with the step `2^-fractionalLength`. */
export interface FixedPointFormat {
  readonly kind: 'fixedPoint';
  readonly bits: number;
  /** May be negative or exceed `bits`. */
  readonly fractionalLength: number;
}

/** The step and its inverse must both be float32 numbers. */
const longestFraction = 126;

export const fixedPointKind: FormatKind<FixedPointFormat> = {
  kind: 'fixedPoint',
  key: ({ bits, fractionalLength }) => `fixed${bits}.${fractionalLength}`,
  bits: ({ bits }) => bits,

  fault({ bits, fractionalLength }) {
    if (bits < 1 || bits > 32) return `bit-width ${bits} is not in 1..32`;
    return Math.abs(fractionalLength) > longestFraction
      ? `fractional length ${fractionalLength} is not in -126..126`
      : undefined;
  },

  grid,

  brief: ({ bits, fractionalLength }) => `${bits} bit, fl ${fractionalLength}`,
  full: ({ bits, fractionalLength }) =>
    `${bits} bit, il ${signed(bits - fractionalLength)}, fl ${signed(fractionalLength)}`,
  explain(format) {
    const { bits, fractionalLength } = format;
    if (bits < 1) return 'no numbers at all';
    const { step, lowest, highest } = grid(format);
    return (
      `${bits}-bit fixed point, ${short(lowest * step)} to ${short(highest * step)} ` +
      `in steps of ${short(step)} (2^${-fractionalLength})`
    );
  },

  /**
   * A longer fraction clips the largest values and rounds all others finer: the least squared error lies
   * where the two balance (the mean-squared-error criterion of Banner, Nahshan and Soudry, "Post training
   * 4-bit quantization", 2019, with powers of two as steps).
   */
  suiting(numbers, bits) {
    const top = topExponents(numbers);
    // Beyond 6 bits of clipping next to nothing of a distribution is left.
    const most = Math.min(bits, 6);
    const shortest = bits - 2 - top.all;
    const longest = bits - 1 - top.usual + most;
    const lengths = Array.from({ length: longest - shortest + 1 }, (_, i) =>
      withinFloat(shortest + i),
    );
    const finest = finestUnclipped(numbers, bits);
    return {
      formats: [...new Set(lengths)].map((fractionalLength) => ({
        kind: 'fixedPoint',
        bits,
        fractionalLength,
      })),
      isUnclipped: ({ fractionalLength }) => fractionalLength === finest,
    };
  },

  weights: {
    precision: 'DYNAMIC_FIXED_POINT',
    alsoOf: 'bias',
    read: ({ bw_params, fl_params }) => fixedPoint(bw_params, fl_params),
    fields: ({ bits, fractionalLength }) => ({ bw_params: bits, fl_params: fractionalLength }),
    faults: (param) => [...widthFaults(param, 'bw_params'), ...lengthFaults(param, 'fl_params')],
  },

  activations: {
    read: (param, side) => fixedPoint(param[`bw_layer_${side}`], param[`fl_layer_${side}`]),
    fields: ({ bits, fractionalLength }, side) => ({
      [`bw_layer_${side}`]: bits,
      [`fl_layer_${side}`]: fractionalLength,
    }),
    faults: (param, side) => [
      ...widthFaults(param, `bw_layer_${side}`),
      ...lengthFaults(param, `fl_layer_${side}`),
    ],
  },
};

export function fixedPoint(bits: number, fractionalLength: number): FixedPointFormat {
  return { kind: 'fixedPoint', bits, fractionalLength };
}

function grid({ bits, fractionalLength }: FixedPointFormat): Grid {
  const half = 2 ** (bits - 1);
  return { step: 2 ** -fractionalLength, lowest: -half, highest: half - 1 };
}

function withinFloat(fractionalLength: number): number {
  return Math.max(-longestFraction, Math.min(longestFraction, fractionalLength));
}

/**
 * The longest fraction with which nothing lies more than half a step beyond the outermost numbers
 * `-2^(bits-1)` and `2^(bits-1) - 1`. One bit has no number above 0, so that there the magnitude
 * decides.
 */
function finestUnclipped(numbers: Extremes, bits: number): number {
  const { lowest, highest } = numbers;
  const half = 2 ** (bits - 1);
  const usual = bits - 1 - ceilExponent(largestOf(numbers));
  const holds = (length: number): boolean =>
    highest * 2 ** length <= half - 0.5 && lowest * 2 ** length >= -half - 0.5;
  const finest = bits === 1 || holds(usual) ? usual : usual - 1;
  return withinFloat(finest);
}

function widthFaults(param: QuantizationParameter, field: NumberField): readonly FieldFault[] {
  const bits = param[field];
  if (bits >= 1 && bits <= 32) return [];
  const why = bits === 0 ? 'there are no numbers of 0 bits' : 'a number has 32 bits at most';
  return [
    {
      field,
      code: 'bit-width',
      message: `${field}: ${bits} cannot be: ${why}`,
      fix: { value: bits === 0 ? 8 : 32 },
    },
  ];
}

function lengthFaults(param: QuantizationParameter, field: NumberField): readonly FieldFault[] {
  const length = param[field];
  if (Math.abs(length) <= longestFraction) return [];
  const step = `2^${-length}`;
  return [
    {
      field,
      code: 'fractional-length',
      message: `${field}: ${length} cannot be: a step of ${step} is outside of float's range (-126 to 126)`,
    },
  ];
}
