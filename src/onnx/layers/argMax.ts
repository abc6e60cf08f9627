import type { Layer } from '../../caffe/net';
import { isSet } from '../../prototxt/bind';
import type { Value } from '../graph';
import type { Shape } from '../../base/shape';
import type { LayerConverter } from '../layerConverter';
import { canonicalAxis, elementCount, layerError, singleBottom } from '../layerError';
import { Steps } from '../steps';

/** As ONNX reads it: back to the very first entry. */
const beforeFirst = -(2 ** 31);

/**
 * ArgMax: the `top_k` largest of an axis, or of each image, by index, value or both. Of equal values
 * the one with the larger index comes first, where ONNX's TopK takes the smaller: the axis is turned
 * round before and the indices after.
 */
export const argMax: LayerConverter = {
  types: ['ArgMax'],
  summary: 'indices (and values) of the largest numbers of an axis or of each image',
  params: ['argmax_param'],
  isImagewise: (layer) => axisOf(layer, 2) !== 0,
  topShapes(layer, bottoms) {
    const bottom = singleBottom(layer, bottoms);
    const { top_k = 1, out_max_val = false } = layer.param.argmax_param ?? {};
    const axis = axisOf(layer, bottom.length);
    const entries = axis === undefined ? elementCount(bottom.slice(1)) : (bottom[axis] ?? 0);
    if (top_k < 1 || top_k > entries) {
      throw layerError(layer, 'layer/top-k', `top_k ${top_k} does not fit ${entries} entries`);
    }
    if (axis !== undefined) return [bottom.map((dim, i) => (i === axis ? top_k : dim))];
    const ones = new Array<number>(Math.max(0, bottom.length - 3)).fill(1);
    return [[bottom[0] ?? 1, out_max_val ? 2 : 1, top_k, ...ones]];
  },
  emit(emission) {
    const { layer, bottoms, topShapes } = emission;
    const { top_k = 1, out_max_val = false } = layer.param.argmax_param ?? {};
    const steps = new Steps(emission);
    const bottom = singleBottom(layer, bottoms);
    const given = axisOf(layer, bottom.shape.length);
    const axis = given ?? 1;
    const matrix = [bottom.shape[0] ?? 1, elementCount(bottom.shape.slice(1))];
    const x =
      given !== undefined
        ? bottom
        : steps.step('Flatten', [bottom], 'rows', { shape: matrix, attributes: { axis: 1 } });
    const best = largest(steps, x, axis, top_k, layer);
    if (given !== undefined)
      return [steps.top('Identity', [out_max_val ? best.values : best.indices])];
    const rows: Shape = [matrix[0] ?? 1, 1, top_k];
    const row = (from: Value, part: string): Value =>
      steps.step('Unsqueeze', [from, steps.integers(`${part}-axis`, [1])], part, { shape: rows });
    const parts = out_max_val
      ? [row(best.indices, 'index-row'), row(best.values, 'value-row')]
      : [row(best.indices, 'index-row')];
    const joinedShape = [rows[0] ?? 1, parts.length, top_k];
    const [first] = parts as [Value];
    const joined =
      parts.length === 1
        ? first
        : steps.step('Concat', [first, ...parts.slice(1)], 'joined', {
            shape: joinedShape,
            attributes: { axis: 1 },
          });
    const shape = topShapes[0] ?? [];
    return [steps.top('Reshape', [joined, steps.integers('shape', shape)])];
  },
};

function largest(
  steps: Steps,
  x: Value,
  axis: number,
  count: number,
  layer: Layer,
): { readonly values: Value; readonly indices: Value } {
  const turned = steps.step(
    'Slice',
    [
      x,
      steps.integers('from-last', [-1]),
      steps.integers('to-first', [beforeFirst]),
      steps.integers('turned-axis', [axis]),
      steps.integers('backwards', [-1]),
    ],
    'turned',
  );
  const shape = x.shape.map((dim, index) => (index === axis ? count : dim));
  const [values, places] = steps.builder.nodeOf(
    'TopK',
    [turned, steps.integers('top-k', [count])],
    [
      { name: `${layer.name}:values`, shape },
      { name: `${layer.name}:places`, shape, type: 'int64' },
    ],
    { axis, largest: 1, sorted: 1 },
  ) as [Value, Value];
  const distances = steps.step('Cast', [places], 'distances', {
    type: 'float32',
    attributes: { to: 1 },
  });
  const last = steps.scalar((x.shape[axis] ?? 1) - 1);
  const indices = steps.step('Sub', [last, distances], 'indices', { shape });
  return { values, indices };
}

/** Undefined where the largest of a whole image are wanted. */
function axisOf(layer: Layer, rank: number): number | undefined {
  const param = layer.param.argmax_param;
  return param !== undefined && isSet(param, 'axis')
    ? canonicalAxis(layer, param.axis, rank)
    : undefined;
}
