import { formatShape } from '../../../base/shape';
import { elementTypes, type Value } from '../../graph';
import { ignoredLabel } from '../../labels';
import type { LayerConverter } from '../../layerConverter';
import { elementCount, layerError, twoBottoms } from '../../layerError';
import { Steps } from '../../steps';
import { atMostTops } from './bottoms';
import { normalization, normalizer } from './normalizer';

/**
 * Cross-entropy of sigmoids, `-sum (t log p + (1 - t) log(1 - p)) / normalizer` with p the sigmoid
 * of the score, computed as `x (t - [x >= 0]) - log(1 + exp(-|x|))`. Other than elsewhere, the
 * normalizer is the batch size unless told otherwise. A target counts as ignored by its whole part.
 */
export const sigmoidCrossEntropyLoss: LayerConverter = {
  types: ['SigmoidCrossEntropyLoss'],
  summary: 'cross-entropy of independent sigmoids; normalization is BATCH_SIZE unless given',
  params: ['loss_param'],
  topShapes(layer, bottoms) {
    atMostTops(layer, 1);
    const [scores, targets] = twoBottoms(layer, bottoms);
    if (elementCount(scores) !== elementCount(targets) || scores.length === 0) {
      throw layerError(
        layer,
        'layer/shapes',
        `${formatShape(scores)} scores need a target each, there are ${formatShape(targets)}`,
      );
    }
    return [[]];
  },
  emit(emission) {
    const { layer } = emission;
    const steps = new Steps(emission);
    const [scores, targetBlob] = twoBottoms(layer, emission.bottoms);
    const { shape } = scores;
    const targets =
      formatShape(targetBlob.shape) === formatShape(shape)
        ? targetBlob
        : steps.step('Reshape', [targetBlob, steps.integers('shape', shape)], 'targets', { shape });
    const isPositive = steps.step('GreaterOrEqual', [scores, steps.scalar(0)], 'is-positive', {
      type: 'bool',
    });
    const side = steps.step('Cast', [isPositive], 'side', {
      type: 'float32',
      attributes: { to: elementTypes.float32 },
    });
    const slope = steps.step('Mul', [scores, steps.step('Sub', [side, targets], 'off')], 'slope');
    const negative = steps.step('Neg', [steps.step('Abs', [scores], 'size')], 'negative');
    const bend = steps.step('Softplus', [negative], 'bend');
    const terms = steps.step('Add', [slope, bend], 'terms');
    const counts = countsOf(steps, targets, ignoredLabel(layer.param.loss_param));
    const counted = counts === undefined ? terms : steps.step('Mul', [terms, counts], 'counted');
    const sum = steps.step('ReduceSum', [counted], 'sum', {
      shape: [],
      attributes: { keepdims: 0 },
    });
    const mode = normalization(layer, 'BATCH_SIZE');
    return [steps.top('Div', [sum, normalizer(steps, mode, { shape, batchAxes: 1, counts })])];
  },
};

/** 1 for targets that count, 0 for the ignored; undefined where all count. */
function countsOf(steps: Steps, targets: Value, ignored: number | undefined): Value | undefined {
  if (ignored === undefined) return undefined;
  const whole = steps.step('Cast', [targets], 'whole-targets', {
    type: 'int64',
    attributes: { to: elementTypes.int64 },
  });
  const isIgnored = steps.step(
    'Equal',
    [whole, steps.integers('ignored-label', [ignored])],
    'ignored',
    {
      type: 'bool',
    },
  );
  return steps.step('Where', [isIgnored, steps.scalar(0), steps.scalar(1)], 'counts', {
    type: 'float32',
  });
}
