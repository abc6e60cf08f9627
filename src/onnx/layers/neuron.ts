import { float, type Value } from '../graph';
import type { Emission, LayerConverter } from '../layerConverter';
import { singleBottom } from '../layerError';

/** Rectifier; `negative_slope` makes it leaky. */
export const relu: LayerConverter = {
  types: ['ReLU'],
  topShapes: (layer, bottoms) => [singleBottom(layer, bottoms)],
  commutesWithFixedPoint: (layer) => (layer.param.relu_param?.negative_slope ?? 0) === 0,
  emit(emission) {
    const slope = emission.layer.param.relu_param?.negative_slope ?? 0;
    return [
      slope === 0
        ? elementwise(emission, 'Relu', [])
        : elementwise(emission, 'LeakyRelu', [], { alpha: float(slope) }),
    ];
  },
};

/** Ranges come from a TRAIN-phase pass, where dropout works: a fixed seed makes runs repeat. */
const dropoutSeed = 1;

/** Dropout: nothing in the TEST phase; in TRAIN values are dropped and the rest scaled up. */
export const dropout: LayerConverter = {
  types: ['Dropout'],
  topShapes: (layer, bottoms) => [singleBottom(layer, bottoms)],
  commutesWithFixedPoint: () => true,
  emit(emission) {
    const { builder, layer, phase } = emission;
    if (phase === 'TEST') return [elementwise(emission, 'Identity', [])];
    const ratio = builder.scalar(layer.param.dropout_param?.dropout_ratio ?? 0.5);
    const isTraining = builder.initializer(`${layer.name}:training`, [], Uint8Array.of(1));
    return [elementwise(emission, 'Dropout', [ratio, isTraining], { seed: dropoutSeed })];
  },
};

function elementwise(
  { builder, layer, bottoms, topNames, topShapes }: Emission,
  opType: string,
  constants: readonly Value[],
  attributes: Parameters<typeof builder.node>[3] = {},
): Value {
  const output = { name: topNames[0] ?? '', shape: topShapes[0] ?? [] };
  return builder.node(opType, [singleBottom(layer, bottoms), ...constants], output, attributes);
}
