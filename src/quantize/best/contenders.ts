import type { LayerFormats, NumberFormat } from '../../caffe/numberFormat';
import { quantize } from '../arithmetic';
import { largestMagnitude } from '../ranges';

/** Numbers of a tensor that stand for all of it when formats are compared. */
const sampleLength = 2 ** 13;

/** At most 8,192 numbers of an array, spread over it evenly enough to miss no channel. */
export function sampleOf(data: Float32Array): Float32Array {
  if (data.length <= sampleLength) return data;
  // A golden stride does not fall into step with rows, channels or kernels.
  const stride = Math.floor(data.length * 0.6180339887498949) | 1;
  const sample = new Float32Array(sampleLength);
  for (let i = 0, at = 0; i < sampleLength; i++, at = (at + stride) % data.length) {
    sample[i] = data[at] ?? 0;
  }
  return sample;
}

/** `sum (x - q(x))^2`, in double precision. */
export function squaredError(data: Float32Array, format: NumberFormat): number {
  const rounded = quantize(data, format);
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += ((data[i] ?? 0) - (rounded[i] ?? 0)) ** 2;
  return sum;
}

/** Formats of one width, the one with the least squared error first. */
function byError(data: Float32Array, formats: readonly NumberFormat[]): readonly NumberFormat[] {
  return formats
    .map((format, index) => ({ format, index, error: squaredError(data, format) }))
    .sort((a, b) => a.error - b.error || a.index - b.index)
    .map(({ format }) => format);
}

/** Exponent of the power of two at or above the largest magnitude. */
function ceilExponent(data: Float32Array): number {
  const largest = largestMagnitude(data);
  return largest > 0 ? Math.ceil(Math.log2(largest)) : 0;
}

/**
 * Fixed point formats of a width. A longer fraction clips the largest values and rounds all others
 * finer: the least squared error lies where the two balance (the mean-squared-error criterion of
 * Banner, Nahshan and Soudry, "Post training 4-bit quantization", 2019, with powers of two as steps).
 */
export function fixedPointFormats(data: Float32Array, bits: number): readonly NumberFormat[] {
  // With this fraction nothing is clipped.
  const widest = bits - 1 - ceilExponent(data);
  // Beyond 6 bits of clipping next to nothing of a distribution is left.
  const most = Math.min(bits, 6);
  const formats = Array.from({ length: most + 2 }, (_, i) => ({
    kind: 'fixedPoint' as const,
    bits,
    fractionalLength: Math.max(-126, Math.min(126, widest - 1 + i)),
  }));
  return byError(data, formats);
}

/** Power-of-two formats of a width: a sign, and `2^(bits-1)` exponents in a row. */
export function powerOfTwoFormats(data: Float32Array, bits: number): readonly NumberFormat[] {
  const exponents = 2 ** (bits - 1);
  const top = ceilExponent(data);
  const formats = Array.from({ length: 8 }, (_, i) => ({
    kind: 'powerOfTwo' as const,
    minExponent: top - i - exponents + 1,
    maxExponent: top - i,
  }));
  return byError(data, formats);
}

/**
 * Minifloat formats of a width, every split into exponent and mantissa. One format holds for all of a
 * layer, so that errors count relative to each part's own energy.
 */
export function minifloatFormats(
  parts: readonly Float32Array[],
  bits: number,
): readonly NumberFormat[] {
  const energies = parts.map((data) => data.reduce((sum, x) => sum + x * x, 0) || 1);
  return Array.from({ length: Math.min(8, bits - 1) }, (_, i) => ({
    kind: 'minifloat' as const,
    exponentBits: i + 1,
    mantissaBits: bits - 2 - i,
  }))
    .map((format) => ({
      format,
      error: parts.reduce(
        (sum, data, i) => sum + squaredError(data, format) / (energies[i] ?? 1),
        0,
      ),
    }))
    .sort((a, b) => a.error - b.error || a.format.exponentBits - b.format.exponentBits)
    .map(({ format }) => format);
}

/** The formats of a layer's parts that one choice sets. */
export type PartFormats = Partial<LayerFormats>;
