import type { Layer } from '../../caffe/net';
import { elementTypes, type Value } from '../graph';
import { canonicalAxis, elementCount, layerError } from '../layerError';
import {
  atLabel,
  checkLabels,
  classMask,
  ignoredLabel,
  readLabels,
  type LabelledScores,
} from '../labels';
import type { LayerConverter } from '../layerConverter';
import { Steps } from '../steps';
import { atMostTops } from './losses/bottoms';

/**
 * Share of predictions whose label is among the `top_k` best scores. As in Caffe, other classes
 * that tie with the label's score rank before it: `#{x >= x[label]} <= top_k`. Unlike in Caffe, a
 * score that is no number, of which nothing is greater or equal, is no hit. A second top has the
 * share of each class among the predictions with its label, 0 for a class without any.
 */
export const accuracy: LayerConverter = {
  types: ['Accuracy'],
  summary:
    'share of predictions whose label is among the top_k best scores; per class with a second top',
  params: ['accuracy_param'],

  topShapes(layer, bottoms) {
    atMostTops(layer, 2);
    const axis = axisOf(layer);
    checkLabels(layer, bottoms, axis);
    const [scores] = bottoms;
    const classes = scores?.[canonicalAxis(layer, axis, scores.length)] ?? 0;
    if (topK(layer) > classes || topK(layer) < 1) {
      throw layerError(
        layer,
        'layer/top-k',
        `top_k ${topK(layer)} does not fit ${classes} classes`,
      );
    }
    return layer.tops.length === 2 ? [[], [classes]] : [[]];
  },

  labels: (layer) => [
    {
      scores: 0,
      labels: 1,
      axis: axisOf(layer),
      ignored: ignoredLabel(layer.param.accuracy_param),
    },
  ],

  emit(emission) {
    const { builder, layer, bottoms } = emission;
    const steps = new Steps(emission);
    const labelled = readLabels(builder, layer, bottoms, {
      axis: axisOf(layer),
      ignoreLabel: ignoredLabel(layer.param.accuracy_param),
    });
    const { labelShape, counts } = labelled;
    const hits = hitsOf(steps, layer, labelled);
    const counted = counts === undefined ? hits : steps.step('Mul', [hits, counts], 'counted-hits');
    const sum = (from: Value, part: string): Value =>
      steps.step('ReduceSum', [from], part, { shape: [], attributes: { keepdims: 0 } });
    const total =
      counts === undefined
        ? steps.scalar(elementCount(labelShape))
        : steps.step('Max', [sum(counts, 'count'), steps.scalar(1)], 'total');
    const share = steps.top('Div', [sum(counted, 'hit-count'), total]);
    if (layer.tops.length < 2) return [share];

    const { axis } = labelled;
    const mask = toFloat(steps, classMask(builder, layer, labelled), 'label-marks');
    const perClass = (values: Value | undefined, part: string): Value => {
      const marked =
        values === undefined ? mask : steps.step('Mul', [mask, values], `${part}-marks`);
      const places = labelShape.map((_, index) => index).filter((index) => index !== axis);
      if (places.length === 0) return marked;
      return steps.step('ReduceSum', [marked, steps.integers(`${part}-axes`, places)], part, {
        shape: [mask.shape[axis] ?? 0],
        attributes: { keepdims: 0 },
      });
    };
    const ownCounts = steps.step(
      'Max',
      [perClass(counts, 'class-count'), steps.scalar(1)],
      'class-total',
    );
    return [share, steps.top('Div', [perClass(counted, 'class-hits'), ownCounts], {}, 1)];
  },
};

/** 1 where a label is among the best scores, 0 elsewhere, in the shape of the labels. */
function hitsOf(steps: Steps, layer: Layer, labelled: LabelledScores): Value {
  const { scores, labelShape, axis } = labelled;
  const own = atLabel(steps.builder, layer, scores, labelled);
  const notWorse = steps.step('GreaterOrEqual', [scores, own], 'not-worse', { type: 'bool' });
  const rank = steps.step(
    'ReduceSum',
    [toFloat(steps, notWorse, 'marks'), steps.integers('class-axis', [axis])],
    'rank',
    { shape: labelShape, attributes: { keepdims: 1 } },
  );
  const isHigh = steps.step('LessOrEqual', [rank, steps.scalar(topK(layer))], 'is-high', {
    type: 'bool',
  });
  const isNumber = steps.step('Greater', [rank, steps.scalar(0)], 'is-number', { type: 'bool' });
  return toFloat(steps, steps.step('And', [isHigh, isNumber], 'is-hit'), 'hits');
}

function toFloat(steps: Steps, from: Value, part: string): Value {
  const attributes = { to: elementTypes.float32 };
  return steps.step('Cast', [from], part, { type: 'float32', attributes });
}

function axisOf(layer: Layer): number {
  return layer.param.accuracy_param?.axis ?? 1;
}

function topK(layer: Layer): number {
  return layer.param.accuracy_param?.top_k ?? 1;
}
