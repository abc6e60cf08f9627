import type { Layer } from '../../caffe/net';
import { formatShape } from '../../base/shape';
import { isSet } from '../../prototxt/bind';
import type { LayerConverter } from '../layerConverter';
import { canonicalAxis, layerError } from '../layerError';

/** Concatenation along `axis`, or along the older `concat_dim`. */
export const concat: LayerConverter = {
  types: ['Concat'],
  summary: 'joins its bottoms along an axis',
  params: ['concat_param'],
  isImagewise: (layer) => givenAxis(layer) > 0,

  topShapes(layer, bottoms) {
    const [first, ...rest] = bottoms;
    if (first === undefined) throw layerError(layer, 'layer/bottoms', 'needs a bottom');
    const axis = axisOf(layer, first.length);
    for (const bottom of rest) {
      const fits =
        bottom.length === first.length &&
        bottom.every((dim, index) => index === axis || dim === first[index]);
      if (!fits) {
        throw layerError(
          layer,
          'layer/shapes',
          `bottoms of shape ${formatShape(first)} and ${formatShape(bottom)} cannot be joined ` +
            `along axis ${axis}`,
        );
      }
    }
    const total = bottoms.reduce((sum, bottom) => sum + (bottom[axis] ?? 0), 0);
    return [first.map((dim, index) => (index === axis ? total : dim))];
  },

  emit({ builder, layer, bottoms, topNames, topShapes }) {
    const shape = topShapes[0] ?? [];
    const axis = axisOf(layer, shape.length);
    return [builder.node('Concat', bottoms, { name: topNames[0] ?? '', shape }, { axis })];
  },
};

function axisOf(layer: Layer, rank: number): number {
  return canonicalAxis(layer, givenAxis(layer), rank);
}

function givenAxis(layer: Layer): number {
  const param = layer.param.concat_param;
  if (param === undefined) return 1;
  return isSet(param, 'concat_dim') ? param.concat_dim : param.axis;
}
