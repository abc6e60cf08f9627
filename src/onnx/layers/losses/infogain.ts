import { formatShape } from '../../../base/shape';
import type { Layer } from '../../../caffe/net';
import { isSet } from '../../../prototxt/bind';
import type { Value } from '../../graph';
import type { Shape } from '../../../base/shape';
import { checkLabels, ignoredLabel, readLabels } from '../../labels';
import type { Emission, LayerConverter } from '../../layerConverter';
import { canonicalAxis, elementCount, layerError } from '../../layerError';
import { Steps } from '../../steps';
import { atMostTops } from './bottoms';
import { logThreshold } from './labelled';
import { normalization, normalizer } from './normalizer';

/**
 * Information gain loss, `-sum_l H(label, l) log p(l) / normalizer`, where p is the softmax of the
 * scores, kept above 1e-20. The matrix H is the third bottom or, where there is none, the BlobProto
 * file that `source` names. A second top gives the probabilities.
 */
export const infogainLoss: LayerConverter = {
  types: ['InfogainLoss'],
  summary: 'cross-entropy of the softmax, weighted by a matrix (third bottom, or a file)',
  params: ['infogain_loss_param', 'loss_param'],
  limits: 'loss_param { normalize } is refused, as in Caffe: it is `normalization` here',
  topShapes(layer, bottoms) {
    atMostTops(layer, 2);
    if (bottoms.length !== 2 && bottoms.length !== 3) {
      throw layerError(
        layer,
        'layer/bottoms',
        `needs two bottoms (scores, labels) or three (and the matrix), has ${bottoms.length}`,
      );
    }
    const { loss_param: lossParam } = layer.param;
    if (lossParam !== undefined && isSet(lossParam, 'normalize')) {
      const detail = 'loss_param { normalize } is not for this layer: use normalization';
      throw layerError(layer, 'layer/param', detail);
    }
    checkLabels(layer, bottoms.slice(0, 2), axisOf(layer));
    const [scores = [], , matrix] = bottoms;
    if (matrix !== undefined) checkMatrix(layer, matrix, classesOf(layer, scores));
    else if (sourceOf(layer) === '') {
      throw layerError(
        layer,
        'layer/param',
        'has no matrix: give it as a third bottom, or its file as infogain_loss_param { source }',
      );
    }
    return layer.tops.length === 2 ? [[], scores] : [[]];
  },
  labels: (layer) => [
    { scores: 0, labels: 1, axis: axisOf(layer), ignored: ignoredLabel(layer.param.loss_param) },
  ],
  emit(emission) {
    const { builder, layer, bottoms, topNames } = emission;
    const steps = new Steps(emission);
    const labelled = readLabels(builder, layer, bottoms.slice(0, 2), {
      axis: axisOf(layer),
      ignoreLabel: ignoredLabel(layer.param.loss_param),
    });
    const { axis, scores, labels, counts } = labelled;
    const probabilities = builder.node(
      'Softmax',
      [scores],
      { name: topNames[1] ?? `${layer.name}:probabilities`, shape: scores.shape },
      { axis },
    );
    const kept = steps.step('Max', [probabilities, steps.scalar(logThreshold)], 'clamped');
    const logs = classesLast(steps, steps.step('Log', [kept], 'log'), axis);
    const places = logs.shape.slice(0, -1);
    const squeeze = (from: Value, part: string): Value =>
      steps.step('Squeeze', [from, steps.integers(`${part}-axis`, [axis])], part, {
        shape: places,
      });
    const matrix = matrixOf(emission, steps, classesOf(layer, scores.shape));
    const rows = steps.step('Gather', [matrix, squeeze(labels, 'places')], 'rows', {
      shape: logs.shape,
    });
    const gains = steps.step(
      'ReduceSum',
      [steps.step('Mul', [rows, logs], 'products'), steps.integers('class-axis', [-1])],
      'gains',
      { shape: places, attributes: { keepdims: 0 } },
    );
    const valid = counts === undefined ? undefined : squeeze(counts, 'valid-places');
    const counted = valid === undefined ? gains : steps.step('Mul', [gains, valid], 'counted');
    const toScalar = { shape: [], attributes: { keepdims: 0 } };
    const sum = steps.step('ReduceSum', [counted], 'sum', toScalar);
    const terms = { shape: places, batchAxes: axis, counts: valid };
    const total = normalizer(steps, normalization(layer, 'VALID'), terms);
    const loss = steps.top('Div', [steps.step('Neg', [sum], 'negated'), total]);
    return layer.tops.length === 2 ? [loss, probabilities] : [loss];
  },
};

function classesLast(steps: Steps, from: Value, axis: number): Value {
  const axes = from.shape.map((_, index) => index);
  const perm = [...axes.filter((index) => index !== axis), axis];
  if (axis === axes.length - 1) return from;
  return steps.step('Transpose', [from], 'classes-last', {
    shape: perm.map((index) => from.shape[index] ?? 1),
    attributes: { perm },
  });
}

/** The matrix as classes x classes, a row a label. */
function matrixOf({ layer, bottoms, readBlob }: Emission, steps: Steps, classes: number): Value {
  const shape = [classes, classes];
  const [, , bottom] = bottoms;
  if (bottom !== undefined) {
    const target = steps.integers('matrix-shape', shape);
    return steps.step('Reshape', [bottom, target], 'matrix', { shape });
  }
  const stored = readBlob(sourceOf(layer));
  checkMatrix(layer, stored.shape, classes);
  return steps.constant('matrix', shape, stored.data);
}

function checkMatrix(layer: Layer, matrix: Shape, classes: number): void {
  if (elementCount(matrix) === classes * classes) return;
  throw layerError(
    layer,
    'layer/shapes',
    `${classes} classes need a matrix of ${classes}x${classes}, this one is ${formatShape(matrix)}`,
  );
}

function classesOf(layer: Layer, scores: Shape): number {
  return scores[canonicalAxis(layer, axisOf(layer), scores.length)] ?? 0;
}

function sourceOf(layer: Layer): string {
  return layer.param.infogain_loss_param?.source ?? '';
}

function axisOf(layer: Layer): number {
  return layer.param.infogain_loss_param?.axis ?? 1;
}
