import type { Layer } from '../../caffe/net';
import { formatShape } from '../../caffe/matchWeights';
import type { PoolingParameter } from '../../caffe/schema';
import { isSet } from '../../prototxt/bind';
import type { GraphBuilder, Shape, Value } from '../graph';
import type { Emission, LayerConverter } from '../layerConverter';
import { layerError, singleBottom } from '../layerError';
import { averageWindow, poolAxis, type PoolAxis } from '../poolWindow';

/** Max and average pooling over H and W, with Caffe's rounding up and its clipping of windows. */
export const pooling: LayerConverter = {
  types: ['Pooling'],
  summary: "maximum or average over windows, with Caffe's rounding and clipping",
  params: ['pooling_param'],
  isImagewise: () => true,

  topShapes(layer, bottoms) {
    const bottom = singleBottom(layer, bottoms);
    if (layer.tops.length !== 1) {
      throw layerError(layer, 'layer/tops', 'the mask (a second top) is not supported');
    }
    const axes = poolAxes(layer, bottom);
    return [[...bottom.slice(0, 2), ...axes.map((axis) => axis.outputs)]];
  },

  commutesWithFixedPoint(layer, bottoms) {
    if (layer.param.pooling_param?.pool !== 'MAX') return false;
    // An empty window gives -FLT_MAX, which is no fixed-point number.
    return poolAxes(layer, singleBottom(layer, bottoms)).every((axis) => !axis.hasEmptyWindow);
  },

  emit(emission) {
    const { layer, bottoms } = emission;
    const axes = poolAxes(layer, singleBottom(layer, bottoms).shape);
    return [paramOf(layer).pool === 'MAX' ? maxPool(emission, axes) : averagePool(emission, axes)];
  },
};

function maxPool(emission: Emission, axes: readonly PoolAxis[]): Value {
  const { builder, layer } = emission;
  const bottom = singleBottom(layer, emission.bottoms);
  const output = { name: emission.topNames[0] ?? '', shape: emission.topShapes[0] ?? [] };
  if (!axes.some((axis) => axis.hasEmptyWindow)) {
    return builder.node('MaxPool', [bottom], output, {
      ...windowAttributes(axes),
      pads: pads(axes),
    });
  }
  // Caffe starts every maximum at -FLT_MAX, which is what an empty window keeps.
  const lowest = builder.scalar(-3.4028234663852886e38);
  const padded = pad(builder, layer, bottom, axes, lowest);
  return builder.node('MaxPool', [padded], output, windowAttributes(axes));
}

function averagePool(emission: Emission, axes: readonly PoolAxis[]): Value {
  const { builder, layer } = emission;
  const bottom = singleBottom(layer, emission.bottoms);
  if (axes.some((axis) => axis.hasEmptyWindow)) {
    throw layerError(layer, 'layer/pooling', 'an average over an empty window is not defined');
  }
  const output = { name: emission.topNames[0] ?? '', shape: emission.topShapes[0] ?? [] };
  const attributes = { ...windowAttributes(axes), pads: pads(axes) };
  const isPadded = axes.some((axis) => axis.pad > 0);
  const overhangs = axes.some((axis) => axis.overhangs);
  if (!isPadded || !overhangs) {
    return builder.node('AveragePool', [bottom], output, {
      ...attributes,
      count_include_pad: isPadded ? 1 : 0,
    });
  }
  const mean = builder.node(
    'AveragePool',
    [bottom],
    { name: `${layer.name}:full-window`, shape: output.shape },
    { ...attributes, count_include_pad: 1 },
  );
  const [height, width] = axes as readonly [PoolAxis, PoolAxis];
  const correction = new Float32Array(height.outputs * width.outputs);
  for (let y = 0; y < height.outputs; y++) {
    for (let x = 0; x < width.outputs; x++) {
      const divisor = averageWindow(height, y) * averageWindow(width, x);
      correction[y * width.outputs + x] = (height.kernel * width.kernel) / divisor;
    }
  }
  const factor = builder.initializer(
    `${layer.name}:divisor`,
    [1, 1, height.outputs, width.outputs],
    correction,
  );
  return builder.node('Mul', [mean, factor], output);
}

function pad(
  builder: GraphBuilder,
  layer: Layer,
  bottom: Value,
  axes: readonly PoolAxis[],
  value: Value,
): Value {
  const amounts = builder.integers(`${layer.name}:pads`, [
    ...[0, 0, ...axes.map((axis) => axis.pad)],
    ...[0, 0, ...axes.map((axis) => axis.padEnd)],
  ]);
  const shape = [
    ...bottom.shape.slice(0, 2),
    ...axes.map((axis) => axis.size + axis.pad + axis.padEnd),
  ];
  return builder.node('Pad', [bottom, amounts, value], { name: `${layer.name}:padded`, shape });
}

function windowAttributes(axes: readonly PoolAxis[]): Record<string, readonly number[]> {
  return {
    kernel_shape: axes.map((axis) => axis.kernel),
    strides: axes.map((axis) => axis.stride),
  };
}

function pads(axes: readonly PoolAxis[]): readonly number[] {
  return [...axes.map((axis) => axis.pad), ...axes.map((axis) => axis.padEnd)];
}

function paramOf(layer: Layer): PoolingParameter {
  const param = layer.param.pooling_param;
  if (param === undefined) throw layerError(layer, 'layer/param', 'needs pooling_param');
  if (param.pool === 'STOCHASTIC') {
    throw layerError(layer, 'layer/pooling', 'stochastic pooling is not supported');
  }
  return param;
}

function poolAxes(layer: Layer, bottom: Shape): PoolAxis[] {
  const param = paramOf(layer);
  if (bottom.length !== 4) {
    throw layerError(layer, 'layer/bottoms', `needs an NCHW bottom, has ${formatShape(bottom)}`);
  }
  const sizes = bottom.slice(2);
  const isGiven = (field: keyof PoolingParameter): boolean => isSet(param, field);
  const pair = (
    base: 'kernel_size' | 'stride' | 'pad',
    h: 'kernel_h' | 'stride_h' | 'pad_h',
    w: 'kernel_w' | 'stride_w' | 'pad_w',
  ): number[] => (isGiven(h) || isGiven(w) ? [param[h], param[w]] : [param[base], param[base]]);
  const kernels = param.global_pooling ? sizes : pair('kernel_size', 'kernel_h', 'kernel_w');
  const strides = pair('stride', 'stride_h', 'stride_w');
  const padding = pair('pad', 'pad_h', 'pad_w');
  if (kernels.some((k) => k < 1))
    throw layerError(layer, 'layer/kernel', 'needs a kernel_size above 0');
  if (strides.some((s) => s < 1)) throw layerError(layer, 'layer/stride', 'needs a stride above 0');
  if (padding.some((p, axis) => p >= (kernels[axis] ?? 0))) {
    throw layerError(layer, 'layer/pad', 'the padding must be smaller than the kernel');
  }
  const clips = padding.some((p) => p > 0);
  const axes = sizes.map((size, axis) =>
    poolAxis({
      size,
      kernel: kernels[axis] ?? 1,
      stride: strides[axis] ?? 1,
      pad: padding[axis] ?? 0,
      roundUp: param.round_mode === 'CEIL',
      clips,
    }),
  );
  if (axes.some((axis) => axis.outputs < 1)) {
    throw layerError(
      layer,
      'layer/kernel',
      `the kernel is larger than its bottom (${formatShape(bottom)})`,
    );
  }
  return axes;
}
