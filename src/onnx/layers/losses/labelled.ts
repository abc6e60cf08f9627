import { formatShape } from '../../../base/shape';
import type { Layer } from '../../../caffe/net';
import type { Shape } from '../../../base/shape';
import { atLabel, classMask, readLabels, type LabelledScores } from '../../labels';
import type { Emission, LabelUse, LayerConverter } from '../../layerConverter';
import { elementCount, layerError, twoBottoms } from '../../layerError';
import { Steps } from '../../steps';
import { atMostTops, imageSize } from './bottoms';

/** Probabilities are kept above it before the logarithm is taken. */
export const logThreshold = 1e-20;

const toScalar = { shape: [], attributes: { keepdims: 0 } };

/**
 * `sum max(0, 1 - s y)` over all scores, where y is 1 for the label and -1 for every other class,
 * squared for `norm: L2`, over the N images. All axes but the first together are the classes.
 */
const hingeLoss: LayerConverter = {
  types: ['HingeLoss'],
  summary: 'one-against-all hinge loss, linear or squared, a mean over the images',
  params: ['hinge_loss_param'],
  topShapes,
  labels,
  emit(emission) {
    const { layer, builder } = emission;
    const steps = new Steps(emission);
    const labelled = readImageLabels(emission, steps);
    const { scores } = labelled;
    const isLabel = classMask(builder, layer, labelled);
    const one = steps.scalar(1);
    const { shape } = scores;
    const right = steps.step('Sub', [one, scores], 'right', { shape });
    const wrong = steps.step('Add', [one, scores], 'wrong', { shape });
    const signed = steps.step('Where', [isLabel, right, wrong], 'signed', { type: 'float32' });
    const hinges = steps.step('Max', [signed, steps.scalar(0)], 'hinges');
    const isSquared = layer.param.hinge_loss_param?.norm === 'L2';
    const sum = steps.step(isSquared ? 'ReduceSumSquare' : 'ReduceSum', [hinges], 'sum', toScalar);
    return [steps.top('Div', [sum, steps.scalar(shape[0] ?? 1)])];
  },
};

/** `-sum log p(label) / N` of probabilities, which are kept above 1e-20. */
const multinomialLogisticLoss: LayerConverter = {
  types: ['MultinomialLogisticLoss'],
  summary: 'cross-entropy of probabilities, a mean over the images',
  params: [],
  topShapes,
  labels,
  emit(emission) {
    const { layer, builder } = emission;
    const steps = new Steps(emission);
    const labelled = readImageLabels(emission, steps);
    const likely = atLabel(builder, layer, labelled.scores, labelled);
    const kept = steps.step('Max', [likely, steps.scalar(logThreshold)], 'clamped');
    const sum = steps.step('ReduceSum', [steps.step('Log', [kept], 'log')], 'sum', toScalar);
    return [steps.top('Div', [sum, steps.scalar(-(labelled.scores.shape[0] ?? 1))])];
  },
};

function topShapes(layer: Layer, bottoms: readonly Shape[]): Shape[] {
  atMostTops(layer, 1);
  const [scores, labelShape] = twoBottoms(layer, bottoms);
  const [images] = scores;
  if (images === undefined) {
    throw layerError(layer, 'layer/shapes', 'the scores are a scalar; they need an axis of images');
  }
  if (labelShape[0] === images && elementCount(labelShape) === images) return [[]];
  throw layerError(
    layer,
    'layer/labels',
    `${formatShape(scores)} scores need ${images} labels, one an image; there are ` +
      `${elementCount(labelShape)} (${formatShape(labelShape)})`,
  );
}

function labels(): readonly LabelUse[] {
  return [{ scores: 0, labels: 1, axis: 1, isFlat: true, ignored: undefined }];
}

/** The scores as one row an image, with a label each. */
function readImageLabels({ layer, builder, bottoms }: Emission, steps: Steps): LabelledScores {
  const [scores, labelBlob] = twoBottoms(layer, bottoms);
  const shape = [scores.shape[0] ?? 1, imageSize(scores.shape)];
  const rows =
    scores.shape.length === 2
      ? scores
      : steps.step('Reshape', [scores, steps.integers('rows-shape', shape)], 'rows', { shape });
  return readLabels(builder, layer, [rows, labelBlob], { axis: 1, ignoreLabel: undefined });
}

/** Losses with one label an image. */
export const labelledLosses: readonly LayerConverter[] = [hingeLoss, multinomialLogisticLoss];
