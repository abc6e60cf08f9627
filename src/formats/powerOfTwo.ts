import type { FormatKind } from './format';
import { largestOf, topExponents } from './magnitude';
import { short, signed } from './words';

/** `+-2^e` with `minExponent <= e <= maxExponent`; there is no zero. */
export interface PowerOfTwoFormat {
  readonly kind: 'powerOfTwo';
  readonly minExponent: number;
  readonly maxExponent: number;
}

export const powerOfTwoKind: FormatKind<PowerOfTwoFormat> = {
  kind: 'powerOfTwo',
  key: ({ minExponent, maxExponent }) => `pow${minExponent}.${maxExponent}`,
  bits,

  fault: ({ minExponent, maxExponent }) =>
    minExponent > maxExponent
      ? `exp_min ${minExponent} is above exp_max ${maxExponent}`
      : undefined,

  quantize,
  writeNodes() {
    throw new Error('activations have no power-of-two format');
  },

  brief(format) {
    const { minExponent, maxExponent } = format;
    const range = minExponent === maxExponent ? '' : `..${maxExponent}`;
    return `${bits(format)} bit, +-2^${minExponent}${range}`;
  },
  full: (format) =>
    `${bits(format)} bit, ±2^${signed(format.minExponent)} to ±2^${signed(format.maxExponent)}`,
  explain({ minExponent, maxExponent }) {
    const count = 2 * (maxExponent - minExponent + 1);
    if (count < 1) return 'no numbers at all: exp_min is above exp_max';
    return (
      `powers of two, ±${short(2 ** minExponent)} (2^${minExponent}) to ` +
      `±${short(2 ** maxExponent)} (2^${maxExponent}), ${count} numbers and no zero`
    );
  },

  /** A sign, and `2^(bits-1)` exponents in a row. */
  suiting(numbers, bits) {
    const exponents = 2 ** (bits - 1);
    const top = topExponents(numbers);
    const largest = largestOf(numbers);
    const needed = largest > 0 ? Math.round(Math.log2(largest)) : top.all;
    return {
      formats: Array.from({ length: 8 + top.all - top.usual }, (_, i) => ({
        kind: 'powerOfTwo',
        minExponent: top.all - i - exponents + 1,
        maxExponent: top.all - i,
      })),
      isUnclipped: ({ maxExponent }) => maxExponent === needed,
    };
  },

  weights: {
    precision: 'INTEGER_POWER_OF_2_WEIGHTS',
    alsoOf: 'nothing else',
    read: ({ exp_min, exp_max }) => ({
      kind: 'powerOfTwo',
      minExponent: exp_min,
      maxExponent: exp_max,
    }),
    fields: ({ minExponent, maxExponent }) => ({ exp_min: minExponent, exp_max: maxExponent }),
    faults: ({ exp_min, exp_max }) =>
      exp_min <= exp_max
        ? []
        : [
            {
              field: 'exp_min',
              code: 'exponents',
              message: `exp_min: ${exp_min} is above exp_max: ${exp_max}`,
              fix: { swapWith: 'exp_max' },
            },
          ],
  },
};

/** A sign, and as many bits as tell the exponents apart. */
function bits({ minExponent, maxExponent }: PowerOfTwoFormat): number {
  return 1 + Math.ceil(Math.log2(maxExponent - minExponent + 1));
}

/** Mantissa bits of the largest float32 below the square root of 2. */
const belowRootOfTwo = 0x3504f3;

/** `sign(w) 2^clamp(round(log2 |w|), exp_min, exp_max)`; zero becomes `2^exp_min`. */
function quantize(
  data: Float32Array,
  { minExponent, maxExponent }: PowerOfTwoFormat,
): Float32Array {
  const words = new Uint32Array(data.buffer, data.byteOffset, data.length);
  const rounded = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const w = data[i] ?? 0;
    const word = words[i] ?? 0;
    const stored = (word >>> 23) & 0xff;
    // The logarithm rounds up from the square root of 2 on. What is stored without an exponent of its
    // own (zero, denormals) and what is no number is left to the library.
    const exponent =
      stored === 0 || stored === 255
        ? Math.round(Math.log2(Math.abs(w)))
        : stored - 127 + ((word & 0x7fffff) > belowRootOfTwo ? 1 : 0);
    const magnitude = 2 ** Math.min(maxExponent, Math.max(minExponent, exponent));
    rounded[i] = w < 0 ? -magnitude : magnitude;
  }
  return rounded;
}
