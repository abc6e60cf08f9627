import type { Net } from '../../src/caffe/net';
import type { Shape } from '../../src/base/shape';
import { inferShapes } from '../../src/onnx/inferShapes';
import type { WritableLayer } from '../../src/caffe/writeCaffemodel';
import { evenNumbers } from './randomNumbers';

/**
 * Made-up weights for every layer of a net that needs some: small enough for activations to stay
 * finite through many layers, the same in every run.
 */
export function randomWeights(
  net: Net,
  inputShapes: ReadonlyMap<string, Shape> = new Map(),
): WritableLayer[] {
  const random = evenNumbers(1);
  return [...inferShapes(net, inputShapes).weights].map(([layer, shapes]) => ({
    name: layer.name,
    type: layer.type,
    blobs: shapes.map(({ role, shape }) => {
      const size = shape.reduce((product, dim) => product * dim, 1);
      const inputs = Math.max(1, size / (shape[0] ?? 1));
      // A variance or a scale factor must not come near 0 or below.
      const isPositive = role === 'variance' || role === 'scale factor' || role === 'factors';
      const reach = Math.sqrt(3 / (shape.length > 1 ? inputs : 100));
      const data = new Float32Array(size);
      for (let i = 0; i < size; i++) {
        data[i] = isPositive ? 0.5 + random() : (2 * random() - 1) * reach;
      }
      return { shape, data };
    }),
  }));
}
