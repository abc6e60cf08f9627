import type { Layer } from '../../caffe/net';
import type { Value } from '../graph';
import { canonicalAxis, elementCount, layerError } from '../layerError';
import { atLabel, checkLabels, ignoredLabel, readLabels } from '../labels';
import type { LayerConverter } from '../layerConverter';

/**
 * Share of predictions whose label is among the `top_k` best scores. As in Caffe, other classes
 * that tie with the label's score rank before it: `#{x >= x[label]} <= top_k`. Unlike in Caffe, a
 * score that is no number, of which nothing is greater or equal, is no hit.
 */
export const accuracy: LayerConverter = {
  types: ['Accuracy'],
  summary:
    'share of predictions whose label is among the top_k best scores; per class with a second top',
  params: ['accuracy_param'],

  topShapes(layer, bottoms) {
    if (layer.tops.length !== 1) {
      throw layerError(layer, 'layer/tops', 'accuracy per class (a second top) is not supported');
    }
    const axis = layer.param.accuracy_param?.axis ?? 1;
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
    return [[]];
  },

  emit({ builder, layer, bottoms, topNames }) {
    const param = layer.param.accuracy_param;
    const labelled = readLabels(builder, layer, bottoms, {
      axis: param?.axis ?? 1,
      ignoreLabel: ignoredLabel(param),
    });
    const { scores, labelShape, axis, counts } = labelled;
    const name = (part: string): string => `${layer.name}:${part}`;
    const own = atLabel(builder, layer, scores, labelled);
    const notWorse = builder.node('GreaterOrEqual', [scores, own], {
      name: name('not-worse'),
      shape: scores.shape,
      type: 'bool',
    });
    const marks = builder.node(
      'Cast',
      [notWorse],
      { name: name('marks'), shape: scores.shape, type: 'float32' },
      { to: 1 },
    );
    const rank = builder.node(
      'ReduceSum',
      [marks, builder.integers(name('class-axis'), [axis])],
      { name: name('rank'), shape: labelShape },
      { keepdims: 1 },
    );
    const test = (opType: string, inputs: Value[], part: string): Value =>
      builder.node(opType, inputs, { name: name(part), shape: labelShape, type: 'bool' });
    const isHigh = test('LessOrEqual', [rank, builder.scalar(topK(layer))], 'is-high');
    const isNumber = test('Greater', [rank, builder.scalar(0)], 'is-number');
    const isHit = test('And', [isHigh, isNumber], 'is-hit');
    const hits = builder.node(
      'Cast',
      [isHit],
      { name: name('hits'), shape: labelShape, type: 'float32' },
      { to: 1 },
    );
    const sum = (from: Value, part: string): Value =>
      builder.node('ReduceSum', [from], { name: name(part), shape: [] }, { keepdims: 0 });
    const counted =
      counts === undefined
        ? hits
        : builder.node('Mul', [hits, counts], { name: name('counted-hits'), shape: labelShape });
    const total =
      counts === undefined
        ? builder.scalar(elementCount(labelShape))
        : builder.node('Max', [sum(counts, 'count'), builder.scalar(1)], {
            name: name('total'),
            shape: [],
          });
    return [
      builder.node('Div', [sum(counted, 'hit-count'), total], {
        name: topNames[0] ?? layer.name,
        shape: [],
      }),
    ];
  },
};

function topK(layer: Layer): number {
  return layer.param.accuracy_param?.top_k ?? 1;
}
