import type { Layer } from '../../caffe/net';
import type { LossParameter_NormalizationMode } from '../../caffe/schema';
import { isSet } from '../../prototxt/bind';
import type { Value } from '../graph';
import { atLabel, checkLabels, ignoredLabel, readLabels, type LabelledScores } from '../labels';
import type { Emission, LayerConverter } from '../layerConverter';
import { elementCount, layerError } from '../layerError';

/** The smallest normal float32: Caffe keeps probabilities above it before taking the logarithm. */
const smallestProbability = 1.1754943508222875e-38;

/**
 * Multinomial logistic loss of the softmax, `-sum log p(label) / normalizer`; the normalizer is at
 * least 1. `loss_weight` does not scale the top. A second top gives the probabilities.
 */
export const softmaxWithLoss: LayerConverter = {
  types: ['SoftmaxWithLoss'],
  summary: 'cross-entropy of the softmax; a second top has the probabilities',
  params: ['softmax_param', 'loss_param'],

  topShapes(layer, bottoms) {
    if (layer.tops.length > 2) throw layerError(layer, 'layer/tops', 'has at most two tops');
    checkLabels(layer, bottoms, axisOf(layer));
    return layer.tops.length === 2 ? [[], bottoms[0] ?? []] : [[]];
  },

  emit(emission) {
    const { builder, layer, bottoms, topNames } = emission;
    const labelled = readLabels(builder, layer, bottoms, {
      axis: axisOf(layer),
      ignoreLabel: ignoredLabel(layer.param.loss_param),
    });
    const { scores, labelShape } = labelled;
    const probabilities = builder.node(
      'Softmax',
      [scores],
      { name: topNames[1] ?? `${layer.name}:probabilities`, shape: scores.shape },
      { axis: labelled.axis },
    );
    const step = (opType: string, inputs: Value[], name: string, shape = labelShape): Value =>
      builder.node(opType, inputs, { name: `${layer.name}:${name}`, shape });
    const likely = atLabel(builder, layer, probabilities, labelled);
    const kept = step('Max', [likely, builder.scalar(smallestProbability)], 'clamped');
    const logs = step('Log', [kept], 'log');
    const counted =
      labelled.counts === undefined ? logs : step('Mul', [logs, labelled.counts], 'counted');
    const sum = builder.node(
      'ReduceSum',
      [counted],
      { name: `${layer.name}:sum`, shape: [] },
      { keepdims: 0 },
    );
    const negated = step('Neg', [sum], 'negated', []);
    const loss = builder.node('Div', [negated, normalizer(emission, labelled)], {
      name: topNames[0] ?? `${layer.name}:loss`,
      shape: [],
    });
    return layer.tops.length === 2 ? [loss, probabilities] : [loss];
  },
};

function normalizer({ builder, layer }: Emission, labelled: LabelledScores): Value {
  const { counts, labelShape, axis } = labelled;
  const predictions = elementCount(labelShape);
  const fixed: Record<LossParameter_NormalizationMode, number> = {
    FULL: predictions,
    VALID: predictions,
    BATCH_SIZE: elementCount(labelShape.slice(0, axis)),
    NONE: 1,
  };
  const mode = normalization(layer);
  if (mode !== 'VALID' || counts === undefined) return builder.scalar(Math.max(1, fixed[mode]));
  const valid = builder.node(
    'ReduceSum',
    [counts],
    { name: `${layer.name}:valid`, shape: [] },
    { keepdims: 0 },
  );
  return builder.node('Max', [valid, builder.scalar(1)], {
    name: `${layer.name}:normalizer`,
    shape: [],
  });
}

/** The older boolean `normalize` counts only where `normalization` is not given. */
function normalization(layer: Layer): LossParameter_NormalizationMode {
  const param = layer.param.loss_param;
  if (param === undefined) return 'VALID';
  const isLegacy = !isSet(param, 'normalization') && isSet(param, 'normalize');
  if (isLegacy) return param.normalize ? 'VALID' : 'BATCH_SIZE';
  return param.normalization;
}

function axisOf(layer: Layer): number {
  return layer.param.softmax_param?.axis ?? 1;
}
