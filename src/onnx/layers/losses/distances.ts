import { formatShape } from '../../../base/shape';
import type { Layer } from '../../../caffe/net';
import { elementTypes } from '../../graph';
import type { Shape } from '../../../base/shape';
import type { LayerConverter } from '../../layerConverter';
import { elementCount, layerError, twoBottoms } from '../../layerError';
import { Steps } from '../../steps';
import { atMostTops, checkPair } from './bottoms';

const toScalar = { shape: [], attributes: { keepdims: 0 } };

/** `sum (a - b)^2 / (2 N)` over N images. */
const euclideanLoss: LayerConverter = {
  types: ['EuclideanLoss'],
  summary: 'half the squared distance of two bottoms, a mean over the images',
  params: [],
  topShapes(layer, bottoms) {
    atMostTops(layer, 1);
    checkPair(layer, ...twoBottoms(layer, bottoms));
    return [[]];
  },
  emit(emission) {
    const steps = new Steps(emission);
    const [first, second] = twoBottoms(emission.layer, emission.bottoms);
    // Images of the same size may differ in shape.
    const flat = (from: typeof first, part: string): typeof first =>
      steps.step('Reshape', [from, steps.integers(`${part}-shape`, [-1])], part, {
        shape: [elementCount(from.shape)],
      });
    const difference = steps.step('Sub', [flat(first, 'first'), flat(second, 'second')], 'apart');
    const sum = steps.step('ReduceSumSquare', [difference], 'sum', toScalar);
    return [steps.top('Div', [sum, steps.scalar(2 * Math.max(1, first.shape[0] ?? 1))])];
  },
};

/**
 * Pairs of vectors, each with a mark that is not 0 for a similar pair. With the distance d of a pair
 * the loss is the sum of `d^2` (similar), of `max(margin - d, 0)^2` (not similar; `max(margin - d^2,
 * 0)` in the legacy version), over 2 N.
 */
const contrastiveLoss: LayerConverter = {
  types: ['ContrastiveLoss'],
  summary: 'pulls similar pairs of vectors together and others apart up to a margin',
  params: ['contrastive_loss_param'],
  topShapes(layer, bottoms) {
    atMostTops(layer, 1);
    checkPairs(layer, bottoms);
    return [[]];
  },
  emit(emission) {
    const { layer, bottoms } = emission;
    const { margin = 1, legacy_version: isLegacy = false } =
      layer.param.contrastive_loss_param ?? {};
    const steps = new Steps(emission);
    const [first, second, marks] = bottoms;
    if (first === undefined || second === undefined || marks === undefined) {
      throw new Error(`the bottoms of ${layer.name} were checked before`);
    }
    const pairs = first.shape[0] ?? 1;
    const shape = [pairs];
    const rows = (from: typeof first, part: string): typeof first => {
      const target = [pairs, elementCount(from.shape.slice(1))];
      return steps.step('Reshape', [from, steps.integers(`${part}-shape`, target)], part, {
        shape: target,
      });
    };
    const difference = steps.step('Sub', [rows(first, 'first'), rows(second, 'second')], 'apart');
    const square = steps.step('ReduceSumSquare', [difference], 'square', {
      shape,
      attributes: { axes: [1], keepdims: 0 },
    });
    const zero = steps.scalar(0);
    const toMargin = (from: typeof first): typeof first => {
      const lack = steps.step('Sub', [steps.scalar(margin), from], 'lack', { shape });
      return steps.step('Max', [lack, zero], 'missing', { shape });
    };
    const missing = toMargin(isLegacy ? square : steps.step('Sqrt', [square], 'distance'));
    const apart = isLegacy ? missing : steps.step('Mul', [missing, missing], 'missing-square');
    // A mark is cast to an integer: 0.5 is 0, and not similar.
    const isSimilar = steps.step(
      'Cast',
      [
        steps.step(
          'Cast',
          [
            steps.step('Reshape', [marks, steps.integers('marks-shape', shape)], 'marks', {
              shape,
            }),
          ],
          'whole-marks',
          { type: 'int32', attributes: { to: elementTypes.int32 } },
        ),
      ],
      'is-similar',
      { type: 'bool', attributes: { to: elementTypes.bool } },
    );
    const terms = steps.step('Where', [isSimilar, square, apart], 'terms', { type: 'float32' });
    const sum = steps.step('ReduceSum', [terms], 'sum', toScalar);
    return [steps.top('Div', [sum, steps.scalar(2 * pairs)])];
  },
};

function checkPairs(layer: Layer, bottoms: readonly Shape[]): void {
  const [first, second, marks] = bottoms;
  if (first === undefined || second === undefined || marks === undefined || bottoms.length !== 3) {
    throw layerError(
      layer,
      'layer/bottoms',
      `needs exactly three bottoms (two vectors a pair, and whether they are similar), has ` +
        `${bottoms.length}`,
    );
  }
  checkPair(layer, first, second);
  const isVector = [first, second].every((shape) => elementCount(shape.slice(2)) === 1);
  if (!isVector) {
    throw layerError(
      layer,
      'layer/shapes',
      `${formatShape(first)} and ${formatShape(second)} are no vectors: needs NxC or NxCx1x1`,
    );
  }
  if (marks[0] === first[0] && elementCount(marks) === first[0]) return;
  throw layerError(
    layer,
    'layer/labels',
    `${formatShape(first)} needs ${first[0]} marks of similar pairs, there are ` +
      `${elementCount(marks)} (${formatShape(marks)})`,
  );
}

/** Losses that compare two bottoms number by number. */
export const distanceLosses: readonly LayerConverter[] = [euclideanLoss, contrastiveLoss];
