import type { Weights } from './caffemodel';
import type { Net } from './net';

/**
 * What to tell of weights that are NaN or infinite, a sentence a layer; an accuracy hides them, as the
 * net that has them still decides something.
 */
export function oddWeightNotes({ layers }: Pick<Net, 'layers'>, weights: Weights): string[] {
  const names = new Set(layers.map(({ name }) => name));
  return weights.layers
    .filter(({ name }) => names.has(name))
    .flatMap(({ name, blobs }) => {
      const total = blobs.reduce((sum, { data }) => sum + data.length, 0);
      const count = blobs.reduce((sum, { data }) => sum + countOdd(data), 0);
      if (count === 0) return [];
      return [
        `${count} of the ${total} weights of layer "${name}" in ${weights.path} are NaN or infinite, and ` +
          'so may be what the net puts out: its training diverged, or the file is damaged; give ' +
          'weights from before that',
      ];
    });
}

/** How many numbers are NaN or infinite. */
export function countOdd(data: Float32Array): number {
  let count = 0;
  for (const value of data) if (!Number.isFinite(value)) count++;
  return count;
}
