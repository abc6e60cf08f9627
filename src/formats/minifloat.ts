import type { FieldFault, Format, FormatKind } from './format';
import { roundingBias } from './grid';
import { largestOf } from './magnitude';
import { writeMinifloatNodes } from './minifloatNodes';
import { percent, short } from './words';

/** Sign, exponent and mantissa without denormals, infinities or NaN codes. */
export interface MinifloatFormat {
  readonly kind: 'minifloat';
  readonly exponentBits: number;
  readonly mantissaBits: number;
}

export function isMinifloat(format: Format): format is MinifloatFormat {
  return format.kind === minifloatKind.kind;
}

export const minifloatKind: FormatKind<MinifloatFormat> = {
  kind: 'minifloat',
  key: ({ exponentBits, mantissaBits }) => `mini${exponentBits}.${mantissaBits}`,
  bits,

  fault({ exponentBits, mantissaBits }) {
    if (exponentBits < 1 || exponentBits > 8) {
      return `exponent bits ${exponentBits} are not in 1..8`;
    }
    return mantissaBits > 31 ? `mantissa bits ${mantissaBits} are above 31` : undefined;
  },

  quantize,
  writeNodes: writeMinifloatNodes,

  brief: (format) => `${bits(format)} bit, ${format.exponentBits} exponent`,
  full: (format) =>
    `${bits(format)} bit float, ${format.exponentBits} exponent, ${format.mantissaBits} mantissa`,
  explain(format) {
    const { exponentBits, mantissaBits } = format;
    if (exponentBits < 1) return 'no numbers at all: there are no exponent bits';
    const smallest = 2 ** -biasOf(format);
    return (
      `${bits(format)}-bit floating point, 0 and ±${short(smallest)} to ` +
      `±${short(largest(format))}, each number within ${percent(2 ** -(mantissaBits + 1))} of the true one`
    );
  },

  /** Every split into exponent and mantissa. */
  suiting(numbers, bits) {
    const reached = largestOf(numbers);
    return {
      formats: Array.from({ length: Math.min(8, bits - 1) }, (_, i) => ({
        kind: 'minifloat',
        exponentBits: i + 1,
        mantissaBits: bits - 2 - i,
      })),
      isUnclipped: (format) => reached <= largest(format),
    };
  },

  weights: {
    precision: 'MINIFLOAT',
    alsoOf: 'bias and activations',
    read: ({ exp_bits, mant_bits }) => ({
      kind: 'minifloat',
      exponentBits: exp_bits,
      mantissaBits: mant_bits,
    }),
    fields: ({ exponentBits, mantissaBits }) => ({
      mant_bits: mantissaBits,
      exp_bits: exponentBits,
    }),
    faults: ({ exp_bits, mant_bits }) => [
      ...exponentFaults(exp_bits),
      ...mantissaFaults(mant_bits),
    ],
  },
};

function bits({ exponentBits, mantissaBits }: MinifloatFormat): number {
  return 1 + exponentBits + mantissaBits;
}

function biasOf({ exponentBits }: MinifloatFormat): number {
  return 2 ** (exponentBits - 1) - 1;
}

/** No code stands for infinity, so the largest exponent `2^exponentBits - 1 - bias` is an ordinary one. */
function largest({ exponentBits, mantissaBits }: MinifloatFormat): number {
  return (2 - 2 ** -mantissaBits) * 2 ** (2 ** (exponentBits - 1));
}

/**
 * Exponent bias `2^(exp_bits-1) - 1`; exponents below 0 give zero, which does not end a blob as in the
 * original's CPU code; above the largest one the value saturates. Saturation is tested before the
 * mantissa is rounded, so that a carry may exceed the largest value, as in the original.
 */
function quantize(data: Float32Array, format: MinifloatFormat): Float32Array {
  const words = new Uint32Array(data.buffer, data.byteOffset, data.length);
  const bias = biasOf(format);
  const largestExponent = 2 ** format.exponentBits - 1;
  const mantissaSteps = 2 ** format.mantissaBits;
  return data.map((_, i) => {
    const word = words[i] ?? 0;
    const storedExponent = (word >>> 23) & 0xff;
    const exponent = storedExponent - 127 + bias;
    if (storedExponent === 0 || exponent < 0) return 0;
    const sign = word >>> 31 === 1 ? -1 : 1;
    if (exponent > largestExponent) {
      return sign * (2 - 1 / mantissaSteps) * 2 ** (largestExponent - bias);
    }
    const mantissa = (word & 0x7fffff) * 2 ** (format.mantissaBits - 23);
    const rounded = mantissa + roundingBias - roundingBias;
    return sign * (1 + rounded / mantissaSteps) * 2 ** (exponent - bias);
  });
}

function exponentFaults(bits: number): readonly FieldFault[] {
  if (bits >= 1 && bits <= 8) return [];
  const [why, value] =
    bits === 0 ? ['a minifloat needs exponent bits', 5] : ['a float has 8 exponent bits', 8];
  const message = `exp_bits: ${bits} cannot be: ${why}`;
  return [{ field: 'exp_bits', code: 'exponent-bits', message, fix: { value } }];
}

function mantissaFaults(bits: number): readonly FieldFault[] {
  if (bits <= 31) return [];
  const message = `mant_bits: ${bits} cannot be: there are 31 at most, and a float has 23`;
  return [{ field: 'mant_bits', code: 'mantissa-bits', message, fix: { value: 23 } }];
}
