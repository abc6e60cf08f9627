import type { LayerConverter } from '../layerConverter';
import { canonicalAxis, singleBottom } from '../layerError';

/** Softmax along one axis. */
export const softmax: LayerConverter = {
  types: ['Softmax'],
  topShapes: (layer, bottoms) => [singleBottom(layer, bottoms)],
  emit({ builder, layer, bottoms, topNames, topShapes }) {
    const bottom = singleBottom(layer, bottoms);
    const axis = canonicalAxis(layer, layer.param.softmax_param?.axis ?? 1, bottom.shape.length);
    const output = { name: topNames[0] ?? '', shape: topShapes[0] ?? [] };
    return [builder.node('Softmax', [bottom], output, { axis })];
  },
};
