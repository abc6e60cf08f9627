import type { OutputSpec, Value } from './graph';
import { elementCount } from './layerError';
import { averageWindow, type PoolAxis } from './poolWindow';
import type { Steps } from './steps';

/** Where Caffe starts every maximum, which is what an empty window keeps. */
const lowest = -3.4028234663852886e38;

/** Max pooling of an NCHW image. */
export function emitMaxPool(
  steps: Steps,
  bottom: Value,
  axes: readonly PoolAxis[],
  output: OutputSpec,
): Value {
  if (!axes.some((axis) => axis.hasEmptyWindow)) {
    return steps.builder.node('MaxPool', [bottom], output, {
      ...windowAttributes(axes),
      pads: pads(axes),
    });
  }
  const amounts = steps.integers('pads', [
    ...[0, 0, ...axes.map((axis) => axis.pad)],
    ...[0, 0, ...axes.map((axis) => axis.padEnd)],
  ]);
  const shape = [
    ...bottom.shape.slice(0, 2),
    ...axes.map((axis) => axis.size + axis.pad + axis.padEnd),
  ];
  const padded = steps.step('Pad', [bottom, amounts, steps.scalar(lowest)], 'padded', { shape });
  return steps.builder.node('MaxPool', [padded], output, windowAttributes(axes));
}

/**
 * Max pooling and its mask: where in its plane, row by row, each maximum was. The operator counts
 * through the whole batch.
 *
 * @param maskName wish for the mask's name
 */
export function emitMaxPoolWithMask(
  steps: Steps,
  bottom: Value,
  axes: readonly PoolAxis[],
  output: OutputSpec,
  maskName: string,
): Value[] {
  const { shape } = output;
  const [pooled, places] = steps.builder.nodeOf(
    'MaxPool',
    [bottom],
    [output, { name: `${maskName}:places`, shape, type: 'int64' }],
    { ...windowAttributes(axes), pads: pads(axes) },
  ) as [Value, Value];
  const plane = steps.builder.initializer(
    `${maskName}:plane`,
    [],
    BigInt64Array.of(BigInt(elementCount(bottom.shape.slice(2)))),
  );
  const within = steps.step('Mod', [places, plane], 'places-in-plane');
  const mask = { name: maskName, shape, type: 'float32' } as const;
  return [pooled, steps.builder.node('Cast', [within], mask, { to: 1 })];
}

/** Average pooling of an NCHW image; no window may be empty. */
export function emitAveragePool(
  steps: Steps,
  bottom: Value,
  axes: readonly PoolAxis[],
  output: OutputSpec,
): Value {
  const attributes = { ...windowAttributes(axes), pads: pads(axes) };
  const isPadded = axes.some((axis) => axis.pad > 0);
  const overhangs = axes.some((axis) => axis.overhangs);
  if (!isPadded || !overhangs) {
    return steps.builder.node('AveragePool', [bottom], output, {
      ...attributes,
      count_include_pad: isPadded ? 1 : 0,
    });
  }
  const mean = steps.step('AveragePool', [bottom], `${output.name}:full-window`, {
    shape: output.shape,
    attributes: { ...attributes, count_include_pad: 1 },
  });
  const [height, width] = axes as readonly [PoolAxis, PoolAxis];
  const correction = new Float32Array(height.outputs * width.outputs);
  for (let y = 0; y < height.outputs; y++) {
    for (let x = 0; x < width.outputs; x++) {
      const divisor = averageWindow(height, y) * averageWindow(width, x);
      correction[y * width.outputs + x] = (height.kernel * width.kernel) / divisor;
    }
  }
  const factor = steps.constant('divisor', [1, 1, height.outputs, width.outputs], correction);
  return steps.builder.node('Mul', [mean, factor], output);
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
