import { floatType } from '../caffe/layerTypes';
import type { Layer } from '../caffe/net';
import { elementCount } from '../onnx/layerError';
import { converterOf } from '../onnx/registry';
import type { LayerShapes, PartialShape } from './partialShapes';

/** What a layer costs; undefined is not known. */
export interface LayerCost {
  /** Learned numbers. */
  readonly parameters: number | undefined;
  /** Multiply-accumulates of the weights for one image; 0 for layers that have none. */
  readonly multiplyAccumulates: number | undefined;
}

/**
 * Parameters and multiply-accumulates of one layer. A convolution uses every weight once for each
 * place of its top, a deconvolution for each place of its bottom, a fully connected layer once.
 */
export function layerCost(layer: Layer, shapes: LayerShapes): LayerCost {
  const { weights, tops, bottoms } = shapes;
  if (weights === undefined) return { parameters: undefined, multiplyAccumulates: undefined };
  const parameters = weights.reduce((sum, { shape }) => sum + elementCount(shape), 0);
  const [kernel] = weights;
  const converter = converterOf(layer);
  if (kernel === undefined || converter === undefined)
    return { parameters, multiplyAccumulates: 0 };
  const uses = elementCount(kernel.shape);
  if (converter.params.includes('convolution_param')) {
    const isTransposed = floatType(layer.type) === 'Deconvolution';
    const axis = (layer.param.convolution_param?.axis ?? 1) + 1;
    const places = (isTransposed ? bottoms : tops).map((shape) => placesFrom(shape, axis));
    const total = places.reduce<number | undefined>(
      (sum, count) => (sum === undefined || count === undefined ? undefined : sum + count),
      0,
    );
    return { parameters, multiplyAccumulates: total === undefined ? undefined : uses * total };
  }
  if (converter.params.includes('inner_product_param')) {
    const axis = layer.param.inner_product_param?.axis ?? 1;
    const rows = axis === 1 ? 1 : placesFrom(bottoms[0]?.slice(0, axis), 1);
    return { parameters, multiplyAccumulates: rows === undefined ? undefined : uses * rows };
  }
  return { parameters, multiplyAccumulates: 0 };
}

/** Number of places along the axes from `axis` on. */
function placesFrom(shape: PartialShape | undefined, axis: number): number | undefined {
  return shape
    ?.slice(axis)
    .reduce(
      (product, dim) => (product === undefined || dim === undefined ? undefined : product * dim),
      1,
    );
}
