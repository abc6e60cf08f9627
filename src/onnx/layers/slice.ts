import type { Layer } from '../../caffe/net';
import { isSet } from '../../prototxt/bind';
import type { Shape } from '../../base/shape';
import type { LayerConverter } from '../layerConverter';
import { canonicalAxis, layerError, singleBottom } from '../layerError';

/** Slice: cuts its bottom along an axis, at given points or into equal parts. */
export const slice: LayerConverter = {
  types: ['Slice'],
  summary: 'cuts its bottom along an axis, at slice_point or into equal parts',
  params: ['slice_param'],
  isImagewise: (layer) => givenAxis(layer) > 0,
  topShapes(layer, bottoms) {
    const bottom = singleBottom(layer, bottoms);
    const axis = canonicalAxis(layer, givenAxis(layer), bottom.length);
    return partsOf(layer, bottom, axis).map((part) =>
      bottom.map((dim, index) => (index === axis ? part : dim)),
    );
  },
  emit({ builder, layer, bottoms, topNames, topShapes }) {
    const bottom = singleBottom(layer, bottoms);
    const axis = canonicalAxis(layer, givenAxis(layer), bottom.shape.length);
    const parts = builder.integers(`${layer.name}:parts`, partsOf(layer, bottom.shape, axis));
    const outputs = topShapes.map((shape, index) => ({ name: topNames[index] ?? '', shape }));
    return builder
      .nodeOf('Split', [bottom, parts], outputs, { axis })
      .filter((value) => value !== undefined);
  },
};

function givenAxis(layer: Layer): number {
  const param = layer.param.slice_param;
  if (param === undefined) return 1;
  return isSet(param, 'slice_dim') ? param.slice_dim : param.axis;
}

function partsOf(layer: Layer, bottom: Shape, axis: number): number[] {
  const size = bottom[axis] ?? 0;
  const count = layer.tops.length;
  const points = layer.param.slice_param?.slice_point ?? [];
  if (count === 0) throw layerError(layer, 'layer/tops', 'needs at least one top');
  if (points.length === 0) {
    if (size % count === 0) return new Array<number>(count).fill(size / count);
    throw layerError(
      layer,
      'layer/slice',
      `axis ${axis} has ${size} entries, which ${count} tops cannot share equally; give slice_point`,
    );
  }
  if (points.length !== count - 1) {
    throw layerError(
      layer,
      'layer/slice',
      `${count} tops need ${count - 1} slice_point values, there are ${points.length}`,
    );
  }
  const ends = [...points, size];
  const parts = ends.map((end, index) => end - (ends[index - 1] ?? 0));
  if (parts.every((part) => part > 0)) return parts;
  throw layerError(
    layer,
    'layer/slice',
    `slice_point ${points.join(', ')} must rise and stay below ${size}, the size of axis ${axis}`,
  );
}
