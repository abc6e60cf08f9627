import { formatShape } from '../../base/shape';
import type { Layer } from '../../caffe/net';
import type { Shape } from '../../base/shape';
import type { LayerConverter } from '../layerConverter';
import { canonicalAxis, layerError, twoBottoms } from '../layerError';
import { Steps } from '../steps';

/** Crop: cuts the first bottom to the size of the second, from `axis` on. */
export const crop: LayerConverter = {
  types: ['Crop'],
  summary: 'cuts the first bottom to the size of the second, from an axis on',
  params: ['crop_param'],
  isImagewise: (layer) => (layer.param.crop_param?.axis ?? 2) > 0,
  topShapes(layer, bottoms) {
    const [bottom, reference] = twoBottoms(layer, bottoms);
    windowOf(layer, bottom, reference);
    const axis = firstAxis(layer, bottom);
    return [bottom.map((dim, index) => (index < axis ? dim : (reference[index] ?? dim)))];
  },
  emit(emission) {
    const { layer, bottoms } = emission;
    const steps = new Steps(emission);
    const [bottom, reference] = twoBottoms(layer, bottoms);
    const { axes, starts, ends } = windowOf(layer, bottom.shape, reference.shape);
    return [
      steps.top('Slice', [
        bottom,
        steps.integers('starts', starts),
        steps.integers('ends', ends),
        steps.integers('axes', axes),
      ]),
    ];
  },
};

function firstAxis(layer: Layer, bottom: Shape): number {
  return canonicalAxis(layer, layer.param.crop_param?.axis ?? 2, bottom.length);
}

function windowOf(
  layer: Layer,
  bottom: Shape,
  reference: Shape,
): { readonly axes: number[]; readonly starts: number[]; readonly ends: number[] } {
  const first = firstAxis(layer, bottom);
  const axes = bottom.map((_, axis) => axis).slice(first);
  const { offset = [] } = layer.param.crop_param ?? {};
  if (reference.length !== bottom.length) {
    throw layerError(
      layer,
      'layer/shapes',
      `needs bottoms of as many axes, has ${formatShape(bottom)} and ${formatShape(reference)}`,
    );
  }
  if (offset.length > 1 && offset.length !== axes.length) {
    throw layerError(
      layer,
      'layer/param',
      `${axes.length} cropped axes need as many offset values or one, there are ${offset.length}`,
    );
  }
  const starts = axes.map((_, index) => (offset.length > 1 ? offset[index] : offset[0]) ?? 0);
  const ends = axes.map((axis, index) => (starts[index] ?? 0) + (reference[axis] ?? 0));
  const beyond = axes.findIndex((axis, index) => (ends[index] ?? 0) > (bottom[axis] ?? 0));
  if (beyond < 0) return { axes, starts, ends };
  throw layerError(
    layer,
    'layer/crop',
    `offset ${starts[beyond]} and size ${reference[axes[beyond] ?? 0]} exceed the ` +
      `${bottom[axes[beyond] ?? 0]} entries of axis ${axes[beyond]}`,
  );
}
