import { formatShape } from '../../base/shape';
import type { Layer } from '../../caffe/net';
import type { Shape } from '../../base/shape';
import type { LayerConverter } from '../layerConverter';
import { canonicalAxis, elementCount, layerError, singleBottom } from '../layerError';

/** Flatten: joins the axes from `axis` to `end_axis` into one. */
const flatten: LayerConverter = {
  types: ['Flatten'],
  summary: 'joins axes into one; the top is the memory of its bottom',
  params: ['flatten_param'],
  isImagewise: (layer) => (layer.param.flatten_param?.axis ?? 1) > 0,
  topShapes(layer, bottoms) {
    const bottom = singleBottom(layer, bottoms);
    const { axis = 1, end_axis = -1 } = layer.param.flatten_param ?? {};
    const start = canonicalAxis(layer, axis, bottom.length);
    const end = canonicalAxis(layer, end_axis, bottom.length);
    if (end < start) {
      throw layerError(layer, 'layer/axis', `end_axis ${end_axis} lies before axis ${axis}`);
    }
    const joined = elementCount(bottom.slice(start, end + 1));
    return [[...bottom.slice(0, start), joined, ...bottom.slice(end + 1)]];
  },
};

/** Reshape: 0 copies an axis of the bottom, -1 takes what is left. */
const reshape: LayerConverter = {
  types: ['Reshape'],
  summary: 'gives some axes another shape; the top is the memory of its bottom',
  params: ['reshape_param'],
  isImagewise: (layer) => {
    const { axis = 0, shape } = layer.param.reshape_param ?? {};
    return axis > 0 || (axis === 0 && shape?.dim[0] === 0);
  },
  topShapes(layer, bottoms) {
    const bottom = singleBottom(layer, bottoms);
    if (layer.tops[0] === layer.bottoms[0]) {
      throw layerError(layer, 'layer/in-place', 'cannot work in place; name its top otherwise');
    }
    return [reshaped(layer, bottom)];
  },
};

/** Split: several names for one blob; Caffe itself adds such layers unseen. */
const split: LayerConverter = {
  types: ['Split'],
  summary: 'gives one blob several names; all are the memory of the bottom',
  params: [],
  isImagewise: () => true,
  topShapes(layer, bottoms) {
    const bottom = singleBottom(layer, bottoms);
    return layer.tops.map(() => bottom);
  },
};

export const reshaping: readonly LayerConverter[] = [flatten, reshape, split];

function reshaped(layer: Layer, bottom: Shape): Shape {
  const { axis = 0, num_axes = -1, shape } = layer.param.reshape_param ?? {};
  const dims = shape?.dim;
  if (dims === undefined) {
    throw layerError(layer, 'layer/param', 'needs reshape_param with a shape');
  }
  // A negative axis counts from one past the end.
  const start = axis >= 0 ? axis : bottom.length + axis + 1;
  const end = num_axes === -1 ? bottom.length : start + num_axes;
  if (start < 0 || start > bottom.length || num_axes < -1 || end > bottom.length) {
    throw layerError(
      layer,
      'layer/axis',
      `axis ${axis} with num_axes ${num_axes} does not fit a ${bottom.length}-axis bottom`,
    );
  }
  const middle = dims.map((dim, index) => {
    const copied = bottom[start + index];
    if (dim !== 0) return dim;
    if (copied !== undefined && start + index < bottom.length) return copied;
    throw layerError(
      layer,
      'layer/shape',
      `dim: 0 at place ${index + 1} copies axis ${start + index}, which a ${bottom.length}-axis ` +
        'bottom does not have',
    );
  });
  const outer = [...bottom.slice(0, start), ...bottom.slice(end)];
  const inferred = middle.filter((dim) => dim === -1).length;
  const known = elementCount([...outer, ...middle.filter((dim) => dim !== -1)]);
  const total = elementCount(bottom);
  const rest = known === 0 ? 0 : total / known;
  const fits = inferred === 0 ? known === total : inferred === 1 && Number.isInteger(rest);
  if (!fits || middle.some((dim) => dim < -1)) {
    throw layerError(
      layer,
      'layer/shape',
      `a bottom of shape ${formatShape(bottom)} cannot be given the shape ` +
        `{ ${dims.map((dim) => `dim: ${dim}`).join(' ')} }`,
    );
  }
  const whole = middle.map((dim) => (dim === -1 ? rest : dim));
  return [...bottom.slice(0, start), ...whole, ...bottom.slice(end)];
}
