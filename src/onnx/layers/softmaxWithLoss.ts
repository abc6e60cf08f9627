import type { Layer } from '../../caffe/net';
import { atLabel, checkLabels, ignoredLabel, readLabels } from '../labels';
import type { LayerConverter } from '../layerConverter';
import { Steps } from '../steps';
import { atMostTops } from './losses/bottoms';
import { normalization, normalizer } from './losses/normalizer';

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
    atMostTops(layer, 2);
    checkLabels(layer, bottoms, axisOf(layer));
    return layer.tops.length === 2 ? [[], bottoms[0] ?? []] : [[]];
  },

  labels: (layer) => [
    { scores: 0, labels: 1, axis: axisOf(layer), ignored: ignoredLabel(layer.param.loss_param) },
  ],

  emit(emission) {
    const { builder, layer, bottoms, topNames } = emission;
    const steps = new Steps(emission);
    const labelled = readLabels(builder, layer, bottoms, {
      axis: axisOf(layer),
      ignoreLabel: ignoredLabel(layer.param.loss_param),
    });
    const { scores, labelShape, counts, axis } = labelled;
    const probabilities = builder.node(
      'Softmax',
      [scores],
      { name: topNames[1] ?? `${layer.name}:probabilities`, shape: scores.shape },
      { axis },
    );
    const likely = atLabel(builder, layer, probabilities, labelled);
    const kept = steps.step('Max', [likely, steps.scalar(smallestProbability)], 'clamped');
    const logs = steps.step('Log', [kept], 'log');
    const counted = counts === undefined ? logs : steps.step('Mul', [logs, counts], 'counted');
    const toScalar = { shape: [], attributes: { keepdims: 0 } };
    const sum = steps.step('ReduceSum', [counted], 'sum', toScalar);
    const negated = steps.step('Neg', [sum], 'negated');
    const terms = { shape: labelShape, batchAxes: axis, counts };
    const loss = steps.top('Div', [
      negated,
      normalizer(steps, normalization(layer, 'VALID'), terms),
    ]);
    return layer.tops.length === 2 ? [loss, probabilities] : [loss];
  },
};

function axisOf(layer: Layer): number {
  return layer.param.softmax_param?.axis ?? 1;
}
