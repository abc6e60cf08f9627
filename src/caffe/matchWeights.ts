import { formatShape } from '../base/shape';
import { UserError } from '../base/userError';
import type { WeightBlob, Weights } from './caffemodel';
import type { Layer } from './net';

/** A weight blob's role (`weights`, `bias`) and the shape the net gives it. */
export interface NamedShape {
  readonly role: string;
  readonly shape: readonly number[];
  /** Another shape that files may give it, of as many numbers. */
  readonly alsoAs?: readonly number[];
}

/**
 * Checks a layer's blobs in a caffemodel against the shapes the net gives them, which they then have.
 *
 * @throws UserError naming the layer for another number of blobs or a blob of another shape
 */
export function checkBlobs(
  weights: Weights,
  layer: Layer,
  blobs: readonly WeightBlob[],
  expected: readonly NamedShape[],
): readonly WeightBlob[] {
  if (blobs.length !== expected.length) {
    throw mismatch(
      weights,
      layer,
      'weights/blob-count',
      `has ${blobs.length} weight blobs in this file, the net needs ${expected.length} ` +
        `(${expected.map(({ role }) => role).join(', ')})`,
    );
  }
  return blobs.map((blob, index) => {
    const { role, shape, alsoAs } = expected[index] as NamedShape;
    if (!fits(blob, shape) && (alsoAs === undefined || !fits(blob, alsoAs))) {
      throw mismatch(
        weights,
        layer,
        'weights/shape',
        `needs ${role} of shape ${formatShape(shape)}, this file has ${formatShape(blob.shape)}`,
      );
    }
    return { ...blob, shape };
  });
}

function mismatch({ path }: Weights, layer: Layer, code: string, detail: string): UserError {
  return new UserError(
    code,
    `layer "${layer.name}" (${layer.place.file}:${layer.place.line}) ${detail}; ` +
      'is this the caffemodel of another net?',
    { file: path },
  );
}

/** Files of old Caffe versions give every blob four dimensions, filled up with ones on the left. */
function fits(blob: WeightBlob, shape: readonly number[]): boolean {
  const wanted = blob.legacyShape
    ? [...new Array<number>(Math.max(0, 4 - shape.length)).fill(1), ...shape]
    : shape;
  return (
    blob.shape.length === wanted.length && blob.shape.every((dim, axis) => dim === wanted[axis])
  );
}
