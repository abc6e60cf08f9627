import type { LayerFormats, MinifloatFormat, NumberFormat } from '../../caffe/numberFormat';
import { spreadIndices } from '../../base/spread';
import { quantize } from '../arithmetic';
import { largestMagnitude } from '../ranges';

/** Numbers of a tensor that stand for all of it when formats are compared. */
const sampleLength = 2 ** 13;

/** At most 8,192 numbers of an array, spread over it evenly enough to miss no channel. */
export function sampleOf(data: Float32Array): Float32Array {
  if (data.length <= sampleLength) return data;
  return Float32Array.from(spreadIndices(data.length, sampleLength), (at) => data[at] ?? 0);
}

/** Activations by some of them and the extremes of all. */
export interface ActivationSample {
  readonly values: Float32Array;
  readonly lowest: number;
  readonly highest: number;
}

/** A sample of nothing. */
export const noNumbers: ActivationSample = { values: new Float32Array(), lowest: 0, highest: 0 };

/** A sample of a whole array, with its extremes. */
export function sampleOfAll(data: Float32Array): ActivationSample {
  let [lowest, highest] = [data[0] ?? 0, data[0] ?? 0];
  for (const x of data) {
    if (x < lowest) lowest = x;
    if (x > highest) highest = x;
  }
  return { values: sampleOf(data), lowest, highest };
}

/** Numbers that are to share a format: samples of all kinds of them, and the extremes of all. */
export interface Population {
  readonly samples: readonly {
    readonly values: Float32Array;
    /** What the squared error of one of these counts. */
    readonly weight: number;
  }[];
  readonly lowest: number;
  readonly highest: number;
}

/** Activations as a population, where what was measured elsewhere counts as an extreme too. */
export function activationPopulation(
  { values, lowest, highest }: ActivationSample,
  largest = 0,
): Population {
  const samples = [{ values: sampleOf(values), weight: 1 }];
  if (!(largest > Math.max(-lowest, highest))) return { samples, lowest, highest };
  return { samples, lowest: lowest < 0 ? -largest : lowest, highest: largest };
}

/**
 * Weights and the bias that shares their format. A wrong weight is multiplied by what the layer reads,
 * a wrong bias by 1: to the layer's outputs the squared error of a weight counts `mean(x^2)`.
 *
 * @param inputs numbers that the layer reads
 */
export function weightPopulation(
  weights: Float32Array,
  bias: Float32Array,
  inputs: Float32Array,
): Population {
  const energy = inputs.reduce((sum, x) => sum + x * x, 0) / (inputs.length || 1);
  const factor = energy > 0 && Number.isFinite(energy) ? energy : 1;
  const kinds = [
    { ...sampleOfAll(weights), count: weights.length, factor },
    { ...sampleOfAll(bias), count: bias.length, factor: 1 },
  ].filter(({ count }) => count > 0);
  return {
    samples: kinds.map(({ values, count, factor }) => ({
      values,
      weight: (factor * count) / values.length,
    })),
    lowest: kinds.reduce((low, kind) => Math.min(low, kind.lowest), Number.POSITIVE_INFINITY),
    highest: kinds.reduce((high, kind) => Math.max(high, kind.highest), Number.NEGATIVE_INFINITY),
  };
}

/** `sum (x - q(x))^2`, in double precision. */
export function squaredError(data: Float32Array, format: NumberFormat): number {
  const rounded = quantize(data, format);
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += ((data[i] ?? 0) - (rounded[i] ?? 0)) ** 2;
  return sum;
}

/** The squared error of a population, as its numbers count. */
function errorOf({ samples }: Population, format: NumberFormat): number {
  return samples.reduce(
    (sum, { values, weight }) => sum + weight * squaredError(values, format),
    0,
  );
}

/** Formats of one width: those worth a try, the most promising first. */
interface Ranked {
  /** By squared error. */
  readonly byError: readonly NumberFormat[];
  /** Clips none of the numbers and is the finest that does not. */
  readonly unclipped: NumberFormat | undefined;
}

/** Squared error and pass do not tell formats apart from here on, but a clipped extreme may show. */
const fewestWideBits = 10;

/**
 * Of formats of one width the best ones by squared error, with the one that clips nothing among them:
 * as the first from 10 bits on, where there is room for it, else as the last if it is not one of the
 * best. A sample cannot show what clipping a rare large number does to a net.
 *
 * @param most formats in all; the one that clips nothing may come on top where it is absent
 */
export function contendersOf(
  { byError, unclipped }: Ranked,
  bits: number,
  most?: number,
): readonly NumberFormat[] {
  const best = byError.slice(0, most ?? usualContenders);
  if (unclipped === undefined) return best;
  const others = byError.filter((format) => format !== unclipped);
  if (bits >= fewestWideBits) return [unclipped, ...others].slice(0, best.length);
  if (best.includes(unclipped)) return best;
  return [...best.slice(0, most === undefined ? best.length : most - 1), unclipped];
}

const usualContenders = 3;

function rank(
  population: Population,
  formats: readonly NumberFormat[],
  isUnclipped: (format: NumberFormat) => boolean,
): Ranked {
  const byError = formats
    .map((format, index) => ({ format, index, error: errorOf(population, format) }))
    .sort((a, b) => a.error - b.error || a.index - b.index)
    .map(({ format }) => format);
  return { byError, unclipped: byError.find(isUnclipped) };
}

/** Exponent of the power of two at or above a magnitude; 128 for an infinite one. */
function ceilExponent(largest: number): number {
  return largest > 0 ? Math.min(128, Math.ceil(Math.log2(largest))) : 0;
}

function largestOf({ lowest, highest }: Population): number {
  return Math.max(-lowest, highest, 0);
}

/** Exponents of the largest number, and of the largest one of the samples. */
function topExponents(population: Population): { readonly all: number; readonly usual: number } {
  const sampled = Math.max(0, ...population.samples.map(({ values }) => largestMagnitude(values)));
  const all = ceilExponent(largestOf(population));
  return { all, usual: sampled > 0 ? Math.min(all, ceilExponent(sampled)) : all };
}

/**
 * Fixed point formats of a width. A longer fraction clips the largest values and rounds all others
 * finer: the least squared error lies where the two balance (the mean-squared-error criterion of
 * Banner, Nahshan and Soudry, "Post training 4-bit quantization", 2019, with powers of two as steps).
 */
export function fixedPointFormats(population: Population, bits: number): Ranked {
  const top = topExponents(population);
  // Beyond 6 bits of clipping next to nothing of a distribution is left.
  const most = Math.min(bits, 6);
  const shortest = bits - 2 - top.all;
  const longest = bits - 1 - top.usual + most;
  const lengths = Array.from({ length: longest - shortest + 1 }, (_, i) =>
    Math.max(-126, Math.min(126, shortest + i)),
  );
  const formats = [...new Set(lengths)].map((fractionalLength) => ({
    kind: 'fixedPoint' as const,
    bits,
    fractionalLength,
  }));
  const finest = finestUnclipped(population, bits);
  return rank(
    population,
    formats,
    (format) => format.kind === 'fixedPoint' && format.fractionalLength === finest,
  );
}

/**
 * The longest fraction with which nothing lies more than half a step beyond the outermost numbers
 * `-2^(bits-1)` and `2^(bits-1) - 1`. One bit has no number above 0, so that there the magnitude
 * decides.
 */
function finestUnclipped(population: Population, bits: number): number {
  const { lowest, highest } = population;
  const half = 2 ** (bits - 1);
  const usual = bits - 1 - ceilExponent(largestOf(population));
  const holds = (length: number): boolean =>
    highest * 2 ** length <= half - 0.5 && lowest * 2 ** length >= -half - 0.5;
  const finest = bits === 1 || holds(usual) ? usual : usual - 1;
  return Math.max(-126, Math.min(126, finest));
}

/** Power-of-two formats of a width: a sign, and `2^(bits-1)` exponents in a row. */
export function powerOfTwoFormats(population: Population, bits: number): Ranked {
  const exponents = 2 ** (bits - 1);
  const top = topExponents(population);
  const formats = Array.from({ length: 8 + top.all - top.usual }, (_, i) => ({
    kind: 'powerOfTwo' as const,
    minExponent: top.all - i - exponents + 1,
    maxExponent: top.all - i,
  }));
  const largest = largestOf(population);
  const needed = largest > 0 ? Math.round(Math.log2(largest)) : top.all;
  return rank(
    population,
    formats,
    (format) => format.kind === 'powerOfTwo' && format.maxExponent === needed,
  );
}

/**
 * Minifloat formats of a width, every split into exponent and mantissa. One format holds for all of a
 * layer, so that errors count relative to each part's own energy.
 */
export function minifloatFormats(parts: readonly Population[], bits: number): Ranked {
  const relative = parts.map((part) => {
    const energy = part.samples.reduce(
      (sum, { values, weight }) => sum + weight * values.reduce((s, x) => s + x * x, 0),
      0,
    );
    return part.samples.map(({ values, weight }) => ({ values, weight: weight / (energy || 1) }));
  });
  const population: Population = {
    samples: relative.flat(),
    lowest: Math.min(...parts.map(({ lowest }) => lowest)),
    highest: Math.max(...parts.map(({ highest }) => highest)),
  };
  const formats = Array.from({ length: Math.min(8, bits - 1) }, (_, i) => ({
    kind: 'minifloat' as const,
    exponentBits: i + 1,
    mantissaBits: bits - 2 - i,
  }));
  const largest = largestOf(population);
  return rank(
    population,
    formats,
    (format) => format.kind === 'minifloat' && largest <= largestMinifloat(format),
  );
}

/** All exponent codes are ordinary: the largest one is `2^exponentBits - 1 - bias`. */
function largestMinifloat({ exponentBits, mantissaBits }: MinifloatFormat): number {
  return (2 - 2 ** -mantissaBits) * 2 ** (2 ** (exponentBits - 1));
}

/** The formats of a layer's parts that one choice sets. */
export type PartFormats = Partial<LayerFormats>;
