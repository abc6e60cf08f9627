import type { Layer } from '../../caffe/net';
import { float, type Value } from '../graph';
import type { Emission, LayerConverter } from '../layerConverter';
import { layerError, singleBottom } from '../layerError';

/** Rectifier; `negative_slope` makes it leaky, `relu6` of forks cuts it at 6. */
export const relu: LayerConverter = {
  types: ['ReLU'],
  summary: 'max(x, 0), or with negative_slope a leaky one',
  params: ['relu_param'],
  isImagewise: () => true,
  topShapes: (layer, bottoms) => [singleBottom(layer, bottoms)],
  commutesWithFixedPoint: (layer) => isPlain(layer),
  // Of a leaky one the numbers below 0 matter, and come out smaller than they are.
  narrowsRange: (layer) => isPlain(layer),
  emit(emission) {
    const slope = emission.layer.param.relu_param?.negative_slope ?? 0;
    if (emission.layer.param.relu_param?.relu6 === true) {
      if (slope !== 0) {
        throw layerError(emission.layer, 'layer/param', 'relu6 cannot go with a negative_slope');
      }
      const { builder } = emission;
      return [elementwise(emission, 'Clip', [builder.scalar(0), builder.scalar(6)])];
    }
    return [
      slope === 0
        ? elementwise(emission, 'Relu', [])
        : elementwise(emission, 'LeakyRelu', [], { alpha: float(slope) }),
    ];
  },
};

function isPlain({ param }: Layer): boolean {
  const { negative_slope: slope = 0, relu6 = false } = param.relu_param ?? {};
  return slope === 0 && !relu6;
}

/**
 * Dropout: nothing in the TEST phase; in TRAIN values are dropped and the rest scaled up, by random
 * numbers that are the same in every run. ONNX's own Dropout would not do: the runtime removes it
 * as if it never trained.
 */
export const dropout: LayerConverter = {
  types: ['Dropout'],
  summary: 'nothing in TEST; in TRAIN drops values at random, with a fixed seed',
  params: ['dropout_param'],
  isImagewise: () => true,
  topShapes: (layer, bottoms) => [singleBottom(layer, bottoms)],
  // Activations are rounded in TEST only, where this layer changes nothing.
  commutesWithFixedPoint: () => true,
  // In TRAIN it scales up what it keeps.
  narrowsRange: (_layer, phase) => phase === 'TEST',
  emit(emission) {
    const { builder, layer, phase, bottoms, topNames, topShapes } = emission;
    if (phase === 'TEST') return [elementwise(emission, 'Identity', [])];
    const bottom = singleBottom(layer, bottoms);
    const { shape } = bottom;
    const ratio = layer.param.dropout_param?.dropout_ratio ?? 0.5;
    const step = (opType: string, inputs: Value[], part: string, attributes = {}): Value =>
      builder.node(opType, inputs, { name: `${layer.name}:${part}`, shape }, attributes);
    const seed = float(seedOf(layer.name));
    const random = step('RandomUniformLike', [bottom], 'random', { dtype: 1, seed });
    const isDropped = builder.node('Less', [random, builder.scalar(ratio)], {
      name: `${layer.name}:is-dropped`,
      shape,
      type: 'bool',
    });
    const scaled = step('Mul', [bottom, builder.scalar(1 / (1 - ratio))], 'scaled');
    const output = { name: topNames[0] ?? '', shape: topShapes[0] ?? [], type: 'float32' } as const;
    return [builder.node('Where', [isDropped, builder.scalar(0), scaled], output)];
  },
};

/** A seed of its own for every layer, so that layers drop independently of each other. */
function seedOf(name: string): number {
  return [...name].reduce((hash, c) => (hash * 31 + (c.codePointAt(0) ?? 0)) % 1_000_003, 7) + 1;
}

function elementwise(
  { builder, layer, bottoms, topNames, topShapes }: Emission,
  opType: string,
  constants: readonly Value[],
  attributes: Parameters<typeof builder.node>[3] = {},
): Value {
  const output = { name: topNames[0] ?? '', shape: topShapes[0] ?? [] };
  return builder.node(opType, [singleBottom(layer, bottoms), ...constants], output, attributes);
}
