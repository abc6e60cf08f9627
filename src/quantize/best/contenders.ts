import { quantize, suitingFormats, type NumberFormat } from '../../formats/formats';
import type { LayerFormats } from '../../formats/layerFormats';
import { spreadIndices } from '../../base/spread';
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

/** A format, and the noise that it adds to the numbers. */
export interface Contender {
  readonly format: NumberFormat;
  /** Squared error of the population, as its numbers count. */
  readonly noise: number;
}

/** Formats of one width: those worth a try, the most promising first. */
interface Ranked {
  /** By squared error. */
  readonly byError: readonly Contender[];
  /** Clips none of the numbers and is the finest that does not. */
  readonly unclipped: Contender | undefined;
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
): readonly Contender[] {
  const best = byError.slice(0, most ?? usualContenders);
  if (unclipped === undefined) return best;
  const others = byError.filter((contender) => contender !== unclipped);
  if (bits >= fewestWideBits) return [unclipped, ...others].slice(0, best.length);
  if (best.includes(unclipped)) return best;
  return [...best.slice(0, most === undefined ? best.length : most - 1), unclipped];
}

const usualContenders = 3;

/** Formats of one kind and width for numbers, those with the least squared error first. */
export function rankedFormats(
  kind: NumberFormat['kind'],
  population: Population,
  bits: number,
): Ranked {
  const { samples, lowest, highest } = population;
  const usual = Math.max(0, ...samples.map(({ values }) => largestMagnitude(values)));
  const suited = suitingFormats(kind, { lowest, highest, usual }, bits);
  const byError = suited.formats
    .map((format) => ({ format, noise: errorOf(population, format) }))
    .sort((a, b) => a.noise - b.noise);
  return { byError, unclipped: byError.find(({ format }) => suited.isUnclipped(format)) };
}

/**
 * All parts of a layer as one population, where one format is to hold for them: errors count relative
 * to each part's own energy.
 */
export function wholePopulation(parts: readonly Population[]): Population {
  const relative = parts.map((part) => {
    const energy = part.samples.reduce(
      (sum, { values, weight }) => sum + weight * values.reduce((s, x) => s + x * x, 0),
      0,
    );
    return part.samples.map(({ values, weight }) => ({ values, weight: weight / (energy || 1) }));
  });
  return {
    samples: relative.flat(),
    lowest: Math.min(...parts.map(({ lowest }) => lowest)),
    highest: Math.max(...parts.map(({ highest }) => highest)),
  };
}

/** The formats of a layer's parts that one choice sets. */
export type PartFormats = Partial<LayerFormats>;
