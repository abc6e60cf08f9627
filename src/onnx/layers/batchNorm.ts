import { isSet } from '../../prototxt/bind';
import type { Layer } from '../../caffe/net';
import type { Phase } from '../../caffe/schema';
import { float, type Value } from '../graph';
import type { Emission, LayerConverter } from '../layerConverter';
import { layerError, singleBottom } from '../layerError';
import { Steps } from '../steps';

const defaultEps = 1e-5;

/**
 * Batch normalization without scale and shift, `(x - mean) / sqrt(variance + eps)`. Learned mean and
 * variance are both divided by the third blob, and both 0 where it is 0; without `use_global_stats`
 * (as in TRAIN) they are those of the batch, the variance the biased one. With NVIDIA Caffe's
 * `scale_bias` the result times a fourth blob plus a fifth.
 */
export const batchNorm: LayerConverter = {
  types: ['BatchNorm'],
  summary: 'normalizes each channel by learned statistics, or by those of the batch',
  params: ['batch_norm_param'],
  isImagewise: (layer, phase) => usesLearned(layer, phase),
  topShapes: (layer, bottoms) => [singleBottom(layer, bottoms)],
  blobShapes(layer, bottoms) {
    const shape = [channelsOf(singleBottom(layer, bottoms))];
    return [
      { role: 'mean', shape },
      { role: 'variance', shape },
      { role: 'scale factor', shape: [1] },
      ...(hasScaleBias(layer)
        ? [
            { role: 'factors', shape },
            { role: 'bias', shape },
          ]
        : []),
    ];
  },
  emit: (emission) => [
    usesLearned(emission.layer, emission.phase) ? byLearned(emission) : byBatch(emission),
  ],
};

function byLearned(emission: Emission): Value {
  const { layer, blobs } = emission;
  const steps = new Steps(emission);
  const x = singleBottom(layer, emission.bottoms);
  const [mean, variance, factor, factors, shifts] = blobs.map(({ data }) => data);
  if (mean === undefined || variance === undefined || factor === undefined) {
    throw new Error(`the blobs of ${layer.name} were checked before`);
  }
  const scale = factor[0] === 0 || factor[0] === undefined ? 0 : 1 / factor[0];
  const scaled = (part: string, from: Float32Array): Value =>
    steps.constant(
      part,
      [from.length],
      from.map((value) => value * scale),
    );
  const channels = mean.length;
  const ones = steps.constant('scale', [channels], factors ?? new Float32Array(channels).fill(1));
  const zeros = steps.constant('shift', [channels], shifts ?? new Float32Array(channels));
  const statistics = [scaled('mean', mean), scaled('variance', variance)];
  const attributes = { epsilon: float(epsOf(layer)) };
  if (x.shape.length > 1) {
    return steps.top('BatchNormalization', [x, ones, zeros, ...statistics], attributes);
  }
  // One axis is one channel, which ONNX's operator does not know.
  const shape = [x.shape[0] ?? 1, 1];
  const column = steps.step('Reshape', [x, steps.integers('column-shape', shape)], 'column', {
    shape,
  });
  const normal = steps.step(
    'BatchNormalization',
    [column, ones, zeros, ...statistics],
    'normalized',
    { attributes },
  );
  return steps.top('Reshape', [normal, steps.integers('shape', x.shape)]);
}

function byBatch(emission: Emission): Value {
  const { layer } = emission;
  if (hasScaleBias(layer)) {
    throw layerError(
      layer,
      'layer/param',
      'scale_bias needs the learned statistics: use_global_stats',
    );
  }
  const steps = new Steps(emission);
  const x = singleBottom(layer, emission.bottoms);
  const axes = x.shape.map((_, axis) => axis).filter((axis) => axis !== 1);
  const shape = x.shape.map((dim, axis) => (axis === 1 ? dim : 1));
  const mean = (from: Value, part: string): Value =>
    steps.step('ReduceMean', [from], part, { shape, attributes: { axes, keepdims: 1 } });
  const centred = steps.step('Sub', [x, mean(x, 'mean')], 'centred');
  const variance = mean(steps.step('Mul', [centred, centred], 'square'), 'variance');
  const stable = steps.step('Add', [variance, steps.scalar(epsOf(layer))], 'stable');
  return steps.top('Div', [centred, steps.step('Sqrt', [stable], 'deviation')]);
}

function usesLearned(layer: Layer, phase: Phase): boolean {
  const param = layer.param.batch_norm_param;
  if (param !== undefined && isSet(param, 'use_global_stats')) return param.use_global_stats;
  return phase === 'TEST';
}

/** NVIDIA Caffe's way to have BatchNorm and Scale in one layer. */
function hasScaleBias({ param }: Layer): boolean {
  return param.batch_norm_param?.scale_bias === true;
}

function epsOf(layer: Layer): number {
  return layer.param.batch_norm_param?.eps ?? defaultEps;
}

function channelsOf(bottom: readonly number[]): number {
  return bottom.length === 1 ? 1 : (bottom[1] ?? 1);
}
