import type { Layer } from '../../caffe/net';
import { isFloat32 } from '../../formats/float32';
import { isMinifloat, type MinifloatFormat } from '../../formats/minifloat';
import type { LRNParameter } from '../../caffe/schema';
import { float, type Value } from '../graph';
import type { Emission, LayerConverter } from '../layerConverter';
import { layerError, singleBottom } from '../layerError';
import { emitQuantizer } from '../quantizers';
import { Steps } from '../steps';

const defaults = {
  local_size: 5,
  alpha: 1,
  beta: 0.75,
  k: 1,
  norm_region: 'ACROSS_CHANNELS',
} as const satisfies Partial<LRNParameter>;

/**
 * Local response normalization. Across channels `x / (k + alpha/size sum x^2)^beta`; within a
 * channel `x (1 + alpha mean x^2)^-beta`, where the mean counts padding and `k` is ignored.
 */
export const lrn: LayerConverter = {
  types: ['LRN'],
  summary: 'local response normalization across channels or within one',
  params: ['lrn_param'],
  isImagewise: () => true,
  topShapes: (layer, bottoms) => [singleBottom(layer, bottoms)],
  emit(emission) {
    const { builder, layer, bottoms, topNames, topShapes } = emission;
    const param = layer.param.lrn_param ?? defaults;
    if (param.local_size % 2 === 0) {
      throw layerError(layer, 'layer/param', `local_size must be odd, is ${param.local_size}`);
    }
    const format = emission.formats?.input;
    if (format !== undefined && !isFloat32(format)) {
      if (!isMinifloat(format) || param.norm_region === 'WITHIN_CHANNEL') {
        throw layerError(
          layer,
          'layer/quantization',
          'is known with precision: MINIFLOAT and norm_region: ACROSS_CHANNELS only',
        );
      }
      return [acrossMinifloat(emission, param, format)];
    }
    if (param.norm_region === 'WITHIN_CHANNEL') return [withinChannel(emission, param)];
    const output = { name: topNames[0] ?? '', shape: topShapes[0] ?? [] };
    return [
      builder.node('LRN', [singleBottom(layer, bottoms)], output, {
        size: param.local_size,
        alpha: float(param.alpha),
        beta: float(param.beta),
        bias: float(param.k),
      }),
    ];
  },
};

/**
 * The original's layer for minifloat rounds after every step: the squares, their running sum over the
 * channels (one is added, then the one that leaves the window taken away), the scale and its power.
 */
function acrossMinifloat(
  emission: Emission,
  param: Pick<LRNParameter, 'local_size' | 'alpha' | 'beta' | 'k'>,
  format: MinifloatFormat,
): Value {
  const { layer, bottoms } = emission;
  const steps = new Steps(emission);
  const { builder } = steps;
  const x = singleBottom(layer, bottoms);
  const [images = 1, channels = 1, ...plane] = x.shape;
  const rounded = (value: Value): Value =>
    emitQuantizer(builder, value, format, `${value.name}:rounded`);
  const squares = rounded(steps.step('Mul', [x, x], 'squares'));
  const shape = [images, 1, ...plane];
  const parts = builder
    .nodeOf(
      'Split',
      [squares, steps.integers('channels', new Array<number>(channels).fill(1))],
      Array.from({ length: channels }, (_, c) => ({ name: `${layer.name}:square${c}`, shape })),
      { axis: 1 },
    )
    .filter((part) => part !== undefined);
  const reach = (param.local_size - 1) / 2;
  const sums: Value[] = [];
  let sum: Value | undefined;
  for (let head = 0; head < channels + reach; head++) {
    const entering = parts[head];
    const leaving = parts[head - param.local_size];
    if (entering !== undefined) {
      sum =
        sum === undefined ? entering : rounded(steps.step('Add', [sum, entering], `sum${head}`));
    }
    if (leaving !== undefined && sum !== undefined) {
      sum = rounded(steps.step('Sub', [sum, leaving], `window${head}`));
    }
    if (head >= reach && sum !== undefined) sums.push(sum);
  }
  const [first, ...rest] = sums as [Value, ...Value[]];
  const joined = steps.step('Concat', [first, ...rest], 'sums', {
    shape: x.shape,
    attributes: { axis: 1 },
  });
  const share = steps.scalar(param.alpha / param.local_size);
  const shared = rounded(steps.step('Mul', [joined, share], 'shared'));
  const scale = rounded(steps.step('Add', [shared, steps.scalar(param.k)], 'scale'));
  const power = rounded(steps.step('Pow', [scale, steps.scalar(-param.beta)], 'power'));
  return steps.top('Mul', [x, power]);
}

function withinChannel(
  { builder, layer, bottoms, topNames, topShapes }: Emission,
  param: Pick<LRNParameter, 'local_size' | 'alpha' | 'beta'>,
): Value {
  const bottom = singleBottom(layer, bottoms);
  const { shape } = bottom;
  checkRank(layer, shape);
  const step = (opType: string, inputs: Value[], name: string, attributes = {}): Value =>
    builder.node(opType, inputs, { name: `${layer.name}:${name}`, shape }, attributes);
  const square = step('Mul', [bottom, bottom], 'square');
  const half = (param.local_size - 1) / 2;
  const mean = step('AveragePool', [square], 'mean', {
    kernel_shape: [param.local_size, param.local_size],
    pads: [half, half, half, half],
    strides: [1, 1],
    count_include_pad: 1,
  });
  const scaled = step('Mul', [mean, builder.scalar(param.alpha)], 'scaled');
  const shifted = step('Add', [scaled, builder.scalar(1)], 'shifted');
  const factor = step('Pow', [shifted, builder.scalar(-param.beta)], 'factor');
  return builder.node('Mul', [bottom, factor], {
    name: topNames[0] ?? '',
    shape: topShapes[0] ?? [],
  });
}

function checkRank(layer: Layer, shape: readonly number[]): void {
  if (shape.length !== 4) {
    throw layerError(layer, 'layer/bottoms', 'WITHIN_CHANNEL needs an NCHW bottom');
  }
}
