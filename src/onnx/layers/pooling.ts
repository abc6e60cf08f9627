import { formatShape } from '../../base/shape';
import type { Layer } from '../../caffe/net';
import type { PoolingParameter } from '../../caffe/schema';
import { isSet } from '../../prototxt/bind';
import type { Shape } from '../../base/shape';
import type { LayerConverter } from '../layerConverter';
import { layerError, singleBottom } from '../layerError';
import { emitAveragePool, emitMaxPool, emitMaxPoolWithMask } from '../poolNodes';
import { poolAxis, type PoolAxis } from '../poolWindow';
import { Steps } from '../steps';

/** Max and average pooling over H and W, with Caffe's rounding up and its clipping of windows. */
export const pooling: LayerConverter = {
  types: ['Pooling'],
  summary:
    "maximum or average over windows, with Caffe's rounding and clipping; mask as second top",
  params: ['pooling_param'],
  limits: 'pool: STOCHASTIC, and a mask of windows that lie outside of the bottom',
  isImagewise: () => true,

  topShapes(layer, bottoms) {
    const bottom = singleBottom(layer, bottoms);
    const axes = poolAxes(layer, bottom);
    const shape = [...bottom.slice(0, 2), ...axes.map((axis) => axis.outputs)];
    if (layer.tops.length === 1) return [shape];
    if (layer.tops.length > 2 || paramOf(layer).pool !== 'MAX') {
      throw layerError(
        layer,
        'layer/tops',
        `has ${layer.tops.length} tops; pool: MAX may have two, the second being the mask`,
      );
    }
    if (axes.some((axis) => axis.hasEmptyWindow)) {
      throw layerError(
        layer,
        'layer/tops',
        'the mask (a second top) of windows outside of the bottom is not supported',
      );
    }
    return [shape, shape];
  },

  commutesWithFixedPoint(layer, bottoms) {
    if (layer.param.pooling_param?.pool !== 'MAX' || layer.tops.length !== 1) return false;
    // An empty window gives -FLT_MAX, which is no fixed-point number.
    return poolAxes(layer, singleBottom(layer, bottoms)).every((axis) => !axis.hasEmptyWindow);
  },

  emit(emission) {
    const { layer, bottoms, topNames, topShapes } = emission;
    const steps = new Steps(emission);
    const bottom = singleBottom(layer, bottoms);
    const axes = poolAxes(layer, bottom.shape);
    const output = { name: topNames[0] ?? '', shape: topShapes[0] ?? [] };
    if (paramOf(layer).pool === 'MAX') {
      if (layer.tops.length === 2) {
        return emitMaxPoolWithMask(steps, bottom, axes, output, topNames[1] ?? '');
      }
      return [emitMaxPool(steps, bottom, axes, output)];
    }
    refuseEmptyAverage(layer, axes);
    return [emitAveragePool(steps, bottom, axes, output)];
  },
};

/**
 * SPP: the image cut into 1, 4, 16, ... bins, each pooled, all in one row. With one level only, Caffe
 * leaves it as N x C x 1 x 1.
 */
export const spp: LayerConverter = {
  types: ['SPP'],
  summary: 'spatial pyramid pooling: 1, 4, 16, ... bins in one row',
  params: ['spp_param'],
  limits: 'pool: STOCHASTIC',
  isImagewise: () => true,

  topShapes(layer, bottoms) {
    const bottom = singleBottom(layer, bottoms);
    const levels = pyramid(layer, bottom);
    const [images = 1, channels = 1] = bottom;
    if (levels.length === 1) return [[images, channels, 1, 1]];
    return [[images, levels.reduce((sum, level) => sum + rowLength(channels, level), 0)]];
  },

  emit(emission) {
    const { layer, bottoms, topShapes } = emission;
    const steps = new Steps(emission);
    const bottom = singleBottom(layer, bottoms);
    const [images = 1, channels = 1] = bottom.shape;
    const isMax = layer.param.spp_param?.pool === 'MAX';
    const rows = pyramid(layer, bottom.shape).map((axes, level) => {
      const shape = [images, channels, ...axes.map((axis) => axis.outputs)];
      const output = { name: `${layer.name}:level${level}`, shape };
      if (!isMax) refuseEmptyAverage(layer, axes);
      const pooled = isMax
        ? emitMaxPool(steps, bottom, axes, output)
        : emitAveragePool(steps, bottom, axes, output);
      return topShapes[0]?.length === 4
        ? pooled
        : steps.step('Flatten', [pooled], `row${level}`, {
            shape: [images, rowLength(channels, axes)],
            attributes: { axis: 1 },
          });
    });
    const [only] = rows;
    if (only !== undefined && rows.length === 1) return [steps.top('Identity', [only])];
    return [steps.top('Concat', rows, { axis: 1 })];
  },
};

function refuseEmptyAverage(layer: Layer, axes: readonly PoolAxis[]): void {
  if (!axes.some((axis) => axis.hasEmptyWindow)) return;
  throw layerError(layer, 'layer/pooling', 'an average over an empty window is not defined');
}

function paramOf(layer: Layer): PoolingParameter {
  const param = layer.param.pooling_param;
  if (param === undefined) throw layerError(layer, 'layer/param', 'needs pooling_param');
  refuseStochastic(layer, param.pool);
  return param;
}

function refuseStochastic(layer: Layer, pool: string): void {
  if (pool !== 'STOCHASTIC') return;
  throw layerError(layer, 'layer/pooling', 'stochastic pooling is not supported');
}

function poolAxes(layer: Layer, bottom: Shape): PoolAxis[] {
  const param = paramOf(layer);
  checkImage(layer, bottom);
  const isGiven = (field: keyof PoolingParameter): boolean => isSet(param, field);
  const pair = (
    base: 'kernel_size' | 'stride' | 'pad',
    h: 'kernel_h' | 'stride_h' | 'pad_h',
    w: 'kernel_w' | 'stride_w' | 'pad_w',
  ): number[] => (isGiven(h) || isGiven(w) ? [param[h], param[w]] : [param[base], param[base]]);
  const sizes = bottom.slice(2);
  return axesOf(layer, bottom, {
    kernels: param.global_pooling ? sizes : pair('kernel_size', 'kernel_h', 'kernel_w'),
    strides: pair('stride', 'stride_h', 'stride_w'),
    padding: pair('pad', 'pad_h', 'pad_w'),
    roundUp: param.round_mode === 'CEIL' && param.ceil_mode && !param.round_below,
  });
}

/** The windows of each level of an SPP layer. */
function pyramid(layer: Layer, bottom: Shape): PoolAxis[][] {
  const param = layer.param.spp_param;
  if (param === undefined || param.pyramid_height < 1) {
    throw layerError(layer, 'layer/param', 'needs spp_param with pyramid_height above 0');
  }
  refuseStochastic(layer, param.pool);
  checkImage(layer, bottom);
  return Array.from({ length: param.pyramid_height }, (_, level) => {
    const bins = 2 ** level;
    const kernels = bottom.slice(2).map((size) => Math.ceil(size / bins));
    const padding = bottom
      .slice(2)
      .map((size, axis) => Math.floor(((kernels[axis] ?? 0) * bins - size + 1) / 2));
    return axesOf(layer, bottom, { kernels, strides: kernels, padding, roundUp: true });
  });
}

function rowLength(channels: number, axes: readonly PoolAxis[]): number {
  return axes.reduce((count, axis) => count * axis.outputs, channels);
}

function checkImage(layer: Layer, bottom: Shape): void {
  if (bottom.length === 4) return;
  throw layerError(layer, 'layer/bottoms', `needs an NCHW bottom, has ${formatShape(bottom)}`);
}

function axesOf(
  layer: Layer,
  bottom: Shape,
  options: {
    readonly kernels: readonly number[];
    readonly strides: readonly number[];
    readonly padding: readonly number[];
    readonly roundUp: boolean;
  },
): PoolAxis[] {
  const { kernels, strides, padding, roundUp } = options;
  if (kernels.some((k) => k < 1))
    throw layerError(layer, 'layer/kernel', 'needs a kernel_size above 0');
  if (strides.some((s) => s < 1)) throw layerError(layer, 'layer/stride', 'needs a stride above 0');
  if (padding.some((p, axis) => p >= (kernels[axis] ?? 0))) {
    throw layerError(layer, 'layer/pad', 'the padding must be smaller than the kernel');
  }
  const clips = padding.some((p) => p > 0);
  const axes = bottom.slice(2).map((size, axis) =>
    poolAxis({
      size,
      kernel: kernels[axis] ?? 1,
      stride: strides[axis] ?? 1,
      pad: padding[axis] ?? 0,
      roundUp,
      clips,
    }),
  );
  if (axes.every((axis) => axis.outputs >= 1)) return axes;
  throw layerError(
    layer,
    'layer/kernel',
    `the kernel is larger than its bottom (${formatShape(bottom)})`,
  );
}
