import { formatShape } from '../../base/shape';
import type { Layer } from '../../caffe/net';
import type { Value } from '../graph';
import type { Shape } from '../../base/shape';
import type { LayerConverter } from '../layerConverter';
import { layerError, singleBottom } from '../layerError';
import { Steps } from '../steps';

/**
 * Mean-variance normalization of each channel, or of each image with `across_channels`:
 * `(x - mean) / (deviation + eps)`. The top always has four axes.
 */
export const mvn: LayerConverter = {
  types: ['MVN'],
  summary: 'takes away the mean and divides by the deviation, a channel or an image at a time',
  params: ['mvn_param'],
  isImagewise: () => true,
  topShapes: (layer, bottoms) => [fourAxes(layer, singleBottom(layer, bottoms))],
  emit(emission) {
    const { layer, bottoms, topShapes } = emission;
    const {
      normalize_variance = true,
      across_channels = false,
      eps = 1e-9,
    } = layer.param.mvn_param ?? {};
    const steps = new Steps(emission);
    const bottom = singleBottom(layer, bottoms);
    const shape = topShapes[0] ?? [];
    const x =
      bottom.shape.length === 4
        ? bottom
        : steps.step('Reshape', [bottom, steps.integers('shape', shape)], 'image', { shape });
    const axes = across_channels ? [1, 2, 3] : [2, 3];
    const reduced = shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
    const mean = (from: Value, part: string): Value =>
      steps.step('ReduceMean', [from], part, { shape: reduced, attributes: { axes, keepdims: 1 } });
    const average = mean(x, 'mean');
    if (!normalize_variance) return [steps.top('Sub', [x, average])];
    const centred = steps.step('Sub', [x, average], 'centred');
    const variance = mean(steps.step('Mul', [centred, centred], 'square'), 'variance');
    const deviation = steps.step('Sqrt', [variance], 'deviation');
    return [
      steps.top('Div', [centred, steps.step('Add', [deviation, steps.scalar(eps)], 'divisor')]),
    ];
  },
};

function fourAxes(layer: Layer, bottom: Shape): Shape {
  if (bottom.length > 4) {
    throw layerError(layer, 'layer/bottoms', `takes up to 4 axes, has ${formatShape(bottom)}`);
  }
  return [...bottom, 1, 1, 1, 1].slice(0, 4);
}
