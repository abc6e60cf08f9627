import type {
  FixedPointFormat,
  MinifloatFormat,
  NumberFormat,
  PowerOfTwoFormat,
} from '../caffe/numberFormat';

/**
 * Rounds numbers to a number format, to the same bits as the original's GPU code: ties go to the
 * even neighbour, and a zero does not end a minifloat blob.
 */
export function quantize(data: Float32Array, format: NumberFormat): Float32Array {
  switch (format.kind) {
    case 'float32':
      return data;
    case 'fixedPoint':
      return quantizeFixedPoint(data, format);
    case 'minifloat':
      return quantizeMinifloat(data, format);
    case 'powerOfTwo':
      return quantizePowerOfTwo(data, format);
  }
}

/** Adding and subtracting this rounds a double below 2^51 to an integer, ties to even. */
const roundingBias = 1.5 * 2 ** 52;

/** `s round(clamp(x, -2^(bw-1) s, (2^(bw-1) - 1) s) / s)` with `s = 2^-fl`. */
function quantizeFixedPoint(
  data: Float32Array,
  { bits, fractionalLength }: FixedPointFormat,
): Float32Array {
  const step = 2 ** -fractionalLength;
  const scale = 2 ** fractionalLength;
  // The original keeps its limits in float32, where 2^31 - 1 is 2^31.
  const lowest = Math.fround(-(2 ** (bits - 1)) * step);
  const highest = Math.fround((2 ** (bits - 1) - 1) * step);
  const rounded = new Float32Array(data.length);
  // A plain loop: a callback a number takes ten times as long, and large layers have 10^8 of them.
  for (let i = 0; i < data.length; i++) {
    const x = data[i] ?? 0;
    const clamped = x < lowest ? lowest : x > highest ? highest : x;
    rounded[i] = (clamped * scale + roundingBias - roundingBias) * step;
  }
  return rounded;
}

/**
 * Exponent bias `2^(exp_bits-1) - 1`; exponents below 0 give zero; above the largest one the value
 * saturates. Saturation is tested before the mantissa is rounded, so that a carry may exceed the
 * largest value, as in the original.
 */
function quantizeMinifloat(
  data: Float32Array,
  { exponentBits, mantissaBits }: MinifloatFormat,
): Float32Array {
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.length);
  const bias = 2 ** (exponentBits - 1) - 1;
  const largestExponent = 2 ** exponentBits - 1;
  const mantissaSteps = 2 ** mantissaBits;
  return data.map((_, i) => {
    const word = bits[i] ?? 0;
    const storedExponent = (word >>> 23) & 0xff;
    const exponent = storedExponent - 127 + bias;
    if (storedExponent === 0 || exponent < 0) return 0;
    const sign = word >>> 31 === 1 ? -1 : 1;
    if (exponent > largestExponent) {
      return sign * (2 - 1 / mantissaSteps) * 2 ** (largestExponent - bias);
    }
    const mantissa = (word & 0x7fffff) * 2 ** (mantissaBits - 23);
    const rounded = mantissa + roundingBias - roundingBias;
    return sign * (1 + rounded / mantissaSteps) * 2 ** (exponent - bias);
  });
}

/** Mantissa bits of the largest float32 below the square root of 2. */
const belowRootOfTwo = 0x3504f3;

/** `sign(w) 2^clamp(round(log2 |w|), exp_min, exp_max)`; zero becomes `2^exp_min`. */
function quantizePowerOfTwo(
  data: Float32Array,
  { minExponent, maxExponent }: PowerOfTwoFormat,
): Float32Array {
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.length);
  const rounded = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const w = data[i] ?? 0;
    const word = bits[i] ?? 0;
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
