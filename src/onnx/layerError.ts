import type { Layer } from '../caffe/net';
import { UserError } from '../base/userError';
import { words, type Words } from '../base/words';

/** An error about one layer: it names the layer and its line. */
export function layerError(layer: Layer, code: string, detail: Words): UserError {
  return new UserError(code, words`layer "${layer.name}" (${layer.type}): ${detail}`, layer.place);
}

/** The only bottom of a layer that takes one. */
export function singleBottom<T>(layer: Layer, bottoms: readonly T[]): T {
  const [bottom] = bottoms;
  if (bottom === undefined || bottoms.length !== 1) {
    throw layerError(layer, 'layer/bottoms', `needs exactly one bottom, has ${bottoms.length}`);
  }
  return bottom;
}

/** The two bottoms of a layer that compares predictions with labels. */
export function twoBottoms<T>(layer: Layer, bottoms: readonly T[]): readonly [T, T] {
  const [first, second] = bottoms;
  if (first === undefined || second === undefined || bottoms.length !== 2) {
    throw layerError(layer, 'layer/bottoms', `needs exactly two bottoms, has ${bottoms.length}`);
  }
  return [first, second];
}

/** Turns an axis that may count from the end into one that counts from the front. */
export function canonicalAxis(layer: Layer, axis: number, rank: number): number {
  const canonical = axis < 0 ? axis + rank : axis;
  if (canonical < 0 || canonical >= rank) {
    throw layerError(layer, 'layer/axis', `axis ${axis} is outside of a ${rank}-axis bottom`);
  }
  return canonical;
}

/** Number of elements of a shape, or of a part of it. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1);
}
