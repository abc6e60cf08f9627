import type { Layer } from '../../caffe/net';
import type { InnerProductParameter } from '../../caffe/schema';
import type { LayerConverter } from '../layerConverter';
import { canonicalAxis, elementCount, layerError, singleBottom } from '../layerError';

/** Fully connected layer: everything from `axis` on is one vector of K values. */
export const innerProduct: LayerConverter = {
  types: ['InnerProduct'],
  summary: 'fully connected layer',
  params: ['inner_product_param'],
  isImagewise: (layer) => paramOf(layer).axis > 0,

  topShapes(layer, bottoms) {
    const bottom = singleBottom(layer, bottoms);
    const param = paramOf(layer);
    return [
      [...bottom.slice(0, canonicalAxis(layer, param.axis, bottom.length)), param.num_output],
    ];
  },

  blobShapes(layer, bottoms) {
    const bottom = singleBottom(layer, bottoms);
    const param = paramOf(layer);
    const inputs = elementCount(bottom.slice(canonicalAxis(layer, param.axis, bottom.length)));
    const shape = param.transpose ? [inputs, param.num_output] : [param.num_output, inputs];
    const weights = { role: 'weights', shape };
    return param.bias_term ? [weights, { role: 'bias', shape: [param.num_output] }] : [weights];
  },

  emit({ builder, layer, bottoms, blobs, topShapes, topNames }) {
    const param = paramOf(layer);
    const bottom = singleBottom(layer, bottoms);
    const axis = canonicalAxis(layer, param.axis, bottom.shape.length);
    const rows = elementCount(bottom.shape.slice(0, axis));
    const isMatrix = axis === 1 && bottom.shape.length === 2;
    const matrix = isMatrix
      ? bottom
      : builder.node(
          'Flatten',
          [bottom],
          { name: `${layer.name}:matrix`, shape: [rows, elementCount(bottom.shape.slice(axis))] },
          { axis },
        );
    const constants = blobs.map((blob, index) =>
      builder.initializer(
        `${layer.name}:${index === 0 ? 'weights' : 'bias'}`,
        blob.shape,
        blob.data,
      ),
    );
    const shape = topShapes[0] ?? [];
    const name = topNames[0] ?? '';
    const attributes = { transB: param.transpose ? 0 : 1 };
    if (axis === 1)
      return [builder.node('Gemm', [matrix, ...constants], { name, shape }, attributes)];
    const product = builder.node(
      'Gemm',
      [matrix, ...constants],
      { name: `${layer.name}:product`, shape: [rows, param.num_output] },
      attributes,
    );
    const target = builder.integers(`${layer.name}:shape`, shape);
    return [builder.node('Reshape', [product, target], { name, shape })];
  },
};

function paramOf(layer: Layer): InnerProductParameter {
  const param = layer.param.inner_product_param;
  if (param === undefined || !(param.num_output > 0)) {
    throw layerError(layer, 'layer/param', 'needs inner_product_param with num_output above 0');
  }
  return param;
}
