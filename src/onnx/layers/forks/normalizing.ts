import { formatShape } from '../../../base/shape';
import type { Layer } from '../../../caffe/net';
import { float, type Value } from '../../graph';
import type { Shape } from '../../../base/shape';
import type { LayerConverter } from '../../layerConverter';
import { layerError, singleBottom } from '../../layerError';
import { Steps } from '../../steps';

/** ReLU6 (MobileNet): numbers kept between 0 and 6. */
const relu6: LayerConverter = {
  types: ['ReLU6'],
  summary: 'keeps numbers between 0 and 6',
  params: [],
  isImagewise: () => true,
  narrowsRange: () => true,
  topShapes: (layer, bottoms) => [singleBottom(layer, bottoms)],
  emit(emission) {
    const steps = new Steps(emission);
    const bottom = singleBottom(emission.layer, emission.bottoms);
    return [steps.top('Clip', [bottom, steps.scalar(0), steps.scalar(6)])];
  },
};

/** Normalize (SSD): each image, or each pixel's channels, to length 1, times a learned factor. */
const normalize: LayerConverter = {
  types: ['Normalize'],
  summary: 'brings images or the channels of a pixel to length 1, times learned factors',
  params: ['norm_param'],
  isImagewise: () => true,
  topShapes: (layer, bottoms) => [withChannels(layer, bottoms)],
  blobShapes(layer, bottoms) {
    const isShared = layer.param.norm_param?.channel_shared ?? true;
    return [{ role: 'factors', shape: isShared ? [] : [withChannels(layer, bottoms)[1] ?? 1] }];
  },
  emit(emission) {
    const { layer, bottoms, blobs } = emission;
    const { across_spatial = true, eps = 1e-10 } = layer.param.norm_param ?? {};
    const steps = new Steps(emission);
    const x = singleBottom(layer, bottoms);
    const axes = across_spatial ? x.shape.map((_, axis) => axis).slice(1) : [1];
    const shape = x.shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
    const sum = steps.step(
      'ReduceSum',
      [steps.step('Mul', [x, x], 'square'), steps.integers('axes', axes)],
      'sum',
      { shape, attributes: { keepdims: 1 } },
    );
    const stable = steps.step('Add', [sum, steps.scalar(eps)], 'stable');
    const unit = steps.step('Div', [x, steps.step('Sqrt', [stable], 'length')], 'unit');
    const factors = blobs[0] as (typeof blobs)[number];
    const factorShape =
      factors.shape.length === 0 ? [] : [...factors.shape, ...x.shape.slice(2).map(() => 1)];
    return [steps.top('Mul', [unit, steps.constant('factors', factorShape, factors.data)])];
  },
};

/** Axpy (SENet): a factor a channel, from the first bottom, times the second plus the third. */
const axpy: LayerConverter = {
  types: ['Axpy'],
  summary: 'a factor a channel (first bottom) times the second bottom plus the third',
  params: [],
  isImagewise: () => true,
  topShapes(layer, bottoms) {
    const [factors, x, y] = bottoms;
    if (factors === undefined || x === undefined || y === undefined || bottoms.length !== 3) {
      throw layerError(
        layer,
        'layer/bottoms',
        `needs three bottoms (factors, x, y), has ${bottoms.length}`,
      );
    }
    const fits =
      formatShape(x) === formatShape(y) &&
      formatShape(factors.slice(0, 2)) === formatShape(x.slice(0, 2)) &&
      factors.slice(2).every((dim) => dim === 1);
    if (fits) return [x];
    throw layerError(
      layer,
      'layer/shapes',
      `factors ${formatShape(factors)} do not fit ${formatShape(x)} and ${formatShape(y)}`,
    );
  },
  emit(emission) {
    const steps = new Steps(emission);
    const [factors, x, y] = emission.bottoms as readonly [Value, Value, Value];
    const missing = x.shape.length - factors.shape.length;
    const axes = Array.from({ length: missing }, (_, i) => factors.shape.length + i);
    const aligned =
      missing === 0
        ? factors
        : steps.step('Unsqueeze', [factors, steps.integers('axes', axes)], 'aligned', {
            shape: [...factors.shape, ...axes.map(() => 1)],
          });
    const product = steps.step('Mul', [x, aligned], 'product');
    return [steps.top('Add', [product, y])];
  },
};

/**
 * BN: normalization with factors and shifts in one layer. PSPNet's has the running mean and variance
 * as third and fourth blob; SegNet's with `bn_mode: INFERENCE` has them worked into the first two.
 */
const bn: LayerConverter = {
  types: ['BN'],
  summary: 'batch normalization with factor and shift in one, as in PSPNet and (INFERENCE) SegNet',
  params: ['bn_param'],
  limits: 'learned statistics always, never those of the batch',
  isImagewise: () => true,
  topShapes(layer, bottoms) {
    const param = layer.param.bn_param;
    const isSegNet = param?.scale_filler !== undefined || param?.shift_filler !== undefined;
    if (isSegNet && !isMerged(layer)) {
      throw layerError(
        layer,
        'layer/param',
        'bn_mode: LEARN takes the statistics of each batch and is not supported; give the net with ' +
          'bn_mode: INFERENCE and its weights',
      );
    }
    return [imageOf(layer, bottoms)];
  },
  blobShapes(layer, bottoms) {
    const channels = imageOf(layer, bottoms)[1] ?? 1;
    const shape = [1, channels, 1, 1];
    // Forks with cuDNN have four axes, the others two.
    const alsoAs = [1, channels];
    const learned = [
      { role: 'factors', shape, alsoAs },
      { role: 'shifts', shape, alsoAs },
    ];
    if (isMerged(layer)) return learned;
    return [...learned, { role: 'mean', shape, alsoAs }, { role: 'variance', shape, alsoAs }];
  },
  emit(emission) {
    const { layer, bottoms, blobs } = emission;
    const steps = new Steps(emission);
    const x = singleBottom(layer, bottoms);
    const parts = blobs.map(({ shape, data }, index) =>
      steps.constant(
        ['factors', 'shifts', 'mean', 'variance'][index] ?? '',
        isMerged(layer) ? shape : [data.length],
        data,
      ),
    );
    if (!isMerged(layer)) {
      const epsilon = float(layer.param.bn_param?.eps ?? 1e-5);
      return [steps.top('BatchNormalization', [x, ...parts], { epsilon })];
    }
    const [factors, shifts] = parts as [Value, Value];
    return [steps.top('Add', [steps.step('Mul', [x, factors], 'product'), shifts])];
  },
};

export const normalizing: readonly LayerConverter[] = [relu6, normalize, axpy, bn];

function withChannels(layer: Layer, bottoms: readonly Shape[]): Shape {
  const bottom = singleBottom(layer, bottoms);
  if (bottom.length >= 2) return bottom;
  throw layerError(
    layer,
    'layer/bottoms',
    `needs a bottom with channels, has ${formatShape(bottom)}`,
  );
}

function isMerged(layer: Layer): boolean {
  return layer.param.bn_param?.bn_mode === 'INFERENCE';
}

function imageOf(layer: Layer, bottoms: readonly Shape[]): Shape {
  const bottom = singleBottom(layer, bottoms);
  if (bottom.length === 4) return bottom;
  throw layerError(layer, 'layer/bottoms', `needs an NCHW bottom, has ${formatShape(bottom)}`);
}
