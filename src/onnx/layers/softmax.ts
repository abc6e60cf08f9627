import type { Layer } from '../../caffe/net';
import type { LayerConverter } from '../layerConverter';
import { canonicalAxis, singleBottom } from '../layerError';

/** Softmax along one axis. */
export const softmax: LayerConverter = {
  types: ['Softmax'],
  summary: 'softmax along an axis',
  params: ['softmax_param'],
  isImagewise: (layer) => axisOf(layer) > 0,
  topShapes: (layer, bottoms) => [singleBottom(layer, bottoms)],
  emit({ builder, layer, bottoms, topNames, topShapes }) {
    const bottom = singleBottom(layer, bottoms);
    const axis = canonicalAxis(layer, axisOf(layer), bottom.shape.length);
    const output = { name: topNames[0] ?? '', shape: topShapes[0] ?? [] };
    return [builder.node('Softmax', [bottom], output, { axis })];
  },
};

function axisOf(layer: Layer): number {
  return layer.param.softmax_param?.axis ?? 1;
}
