import { formatShape } from '../../../base/shape';
import type { Layer } from '../../../caffe/net';
import type { DetectionOutputParameter } from '../../../caffe/schema';
import { isSet } from '../../../prototxt/bind';
import { unknownDimension, type Value } from '../../graph';
import type { Shape } from '../../../base/shape';
import type { LayerConverter } from '../../layerConverter';
import { layerError } from '../../layerError';
import { Steps } from '../../steps';
import { decodeBoxes, withoutTurned } from './decodeBoxes';

const lowest = -3.4028234663852886e38;

/**
 * DetectionOutput (SSD): decodes boxes, keeps the best of each class by non-maximum suppression and of
 * those the best of each image. One row a box: image, label, score, left, top, right, bottom, by
 * image, then label, then falling score. Without any box, one row of -1 for each image, which begins
 * with the image's number.
 */
export const detectionOutput: LayerConverter = {
  types: ['DetectionOutput'],
  summary: "SSD's boxes: decoded, the best of each class and image kept",
  params: ['detection_output_param'],
  limits: 'eta other than 1; save_output_param and visualize do nothing',
  topShapes(layer, bottoms) {
    sizes(layer, bottoms);
    return [[1, 1, unknownDimension, 7]];
  },
  emit(emission) {
    const { layer, bottoms } = emission;
    const steps = new Steps(emission);
    const [locations, confidences, priors] = bottoms as readonly [Value, Value, Value];
    const shapes = bottoms.map(({ shape }) => shape);
    const { images, boxes, classes, labels, isShared } = sizes(layer, shapes);
    const param = paramOf(layer);

    const decoded = decodeBoxes(steps, param, {
      locations,
      priors,
      shape: [images, boxes, isShared ? 1 : classes, 4],
    });
    // Images x labels x boxes, without the background.
    const scores = pickLabels(
      steps,
      reshape(steps, confidences, [images, boxes, classes], 'scores'),
      { labels, axis: 2, perm: [0, 2, 1], part: 'label-scores' },
    );
    const perLabel = isShared
      ? steps.step(
          'Expand',
          [
            reshape(steps, decoded, [images, 1, boxes, 4], 'shared'),
            steps.integers('per-label', [images, labels.length, boxes, 4]),
          ],
          'label-boxes',
          { shape: [images, labels.length, boxes, 4] },
        )
      : pickLabels(steps, decoded, { labels, axis: 2, perm: [0, 2, 1, 3], part: 'label-boxes' });

    const topK = param.nms_param?.top_k ?? 0;
    const isLimited = param.nms_param !== undefined && isSet(param.nms_param, 'top_k') && topK >= 0;
    const kept = isLimited ? Math.min(topK, boxes) : boxes;
    const best = bestOf(steps, scores, perLabel, kept);
    const chosen = suppress(steps, best.scores, best.boxes, param);
    return [rows(steps, { ...best, chosen, labels, keepTopK: param.keep_top_k })];
  },
};

interface Sizes {
  readonly images: number;
  readonly boxes: number;
  readonly classes: number;
  /** Classes that are not the background. */
  readonly labels: readonly number[];
  readonly isShared: boolean;
}

function sizes(layer: Layer, bottoms: readonly Shape[]): Sizes {
  const { num_classes, share_location, background_label_id } = paramOf(layer);
  const [locations, confidences, priors] = bottoms;
  if (
    locations === undefined ||
    confidences === undefined ||
    priors === undefined ||
    bottoms.length !== 3
  ) {
    throw layerError(
      layer,
      'layer/bottoms',
      `needs three bottoms (locations, confidences, prior boxes), has ${bottoms.length}`,
    );
  }
  const [images = 1] = locations;
  const count = (shape: Shape): number => shape.reduce((product, dim) => product * dim, 1);
  const boxes = (priors[2] ?? 0) / 4;
  const places = share_location ? 1 : num_classes;
  const fits =
    priors[1] === 2 &&
    count(locations) === images * boxes * places * 4 &&
    count(confidences) === images * boxes * num_classes;
  if (!fits) {
    throw layerError(
      layer,
      'layer/shapes',
      `${boxes} prior boxes and num_classes ${num_classes} do not fit locations ` +
        `${formatShape(locations)} and confidences ${formatShape(confidences)}`,
    );
  }
  const labels = Array.from({ length: num_classes }, (_, i) => i).filter(
    (label) => label !== background_label_id,
  );
  return { images, boxes, classes: num_classes, labels, isShared: share_location };
}

function paramOf(layer: Layer): DetectionOutputParameter {
  const param = layer.param.detection_output_param;
  if (param === undefined || param.num_classes < 1) {
    throw layerError(layer, 'layer/param', 'needs detection_output_param with num_classes');
  }
  const { nms_threshold = 0.3, top_k = -1 } = param.nms_param ?? {};
  if (!(nms_threshold >= 0)) {
    throw layerError(
      layer,
      'layer/param',
      `nms_threshold must not be below 0, is ${nms_threshold}`,
    );
  }
  if (param.nms_param !== undefined && isSet(param.nms_param, 'top_k') && top_k === 0) {
    throw layerError(layer, 'layer/param', 'top_k: 0 keeps no box; leave it out to keep all');
  }
  if ((param.nms_param?.eta ?? 1) !== 1) {
    throw layerError(layer, 'layer/param', 'nms_param: eta other than 1 is not supported');
  }
  return param;
}

function reshape(steps: Steps, from: Value, shape: Shape, part: string): Value {
  const target = steps.integers(`${part}-shape`, shape);
  return steps.step('Reshape', [from, target], part, { shape });
}

/** Leaves the background out along an axis and puts the axes into another order. */
function pickLabels(
  steps: Steps,
  from: Value,
  options: {
    readonly labels: readonly number[];
    readonly axis: number;
    readonly perm: readonly number[];
    readonly part: string;
  },
): Value {
  const { labels, axis, perm, part } = options;
  const shape = from.shape.map((dim, index) => (index === axis ? labels.length : dim));
  const picked = steps.step(
    'Gather',
    [from, steps.integers(`${part}-labels`, labels)],
    `${part}-p`,
    {
      shape,
      attributes: { axis },
    },
  );
  return steps.step('Transpose', [picked], part, {
    shape: perm.map((index) => shape[index] ?? 1),
    attributes: { perm },
  });
}

/** The `count` best boxes of each label of each image, best first. */
function bestOf(
  steps: Steps,
  scores: Value,
  boxes: Value,
  count: number,
): { readonly scores: Value; readonly boxes: Value } {
  const [images = 1, labels = 1] = scores.shape;
  const shape = [images, labels, count];
  const [values, places] = steps.builder.nodeOf(
    'TopK',
    [scores, steps.integers('top-k', [count])],
    [
      { name: `${scores.name}:best`, shape },
      { name: `${scores.name}:best-places`, shape, type: 'int64' },
    ],
    { axis: 2, largest: 1, sorted: 1 },
  ) as [Value, Value];
  const index = steps.step(
    'Expand',
    [
      reshape(steps, places, [...shape, 1], 'place-rows'),
      steps.integers('place-grid', [...shape, 4]),
    ],
    'box-places',
    { shape: [...shape, 4] },
  );
  const picked = steps.step('GatherElements', [boxes, index], 'best-boxes', {
    shape: [...shape, 4],
    attributes: { axis: 2 },
  });
  return { scores: values, boxes: picked };
}

/** 1 where a box stays after non-maximum suppression within its label, else 0: shape of the scores. */
function suppress(
  steps: Steps,
  scores: Value,
  boxes: Value,
  param: DetectionOutputParameter,
): Value {
  const [images = 1, labels = 1, count = 1] = scores.shape;
  const groups = images * labels;
  const threshold = isSet(param, 'confidence_threshold') ? param.confidence_threshold : lowest;
  const selected = steps.builder.node(
    'NonMaxSuppression',
    [
      reshape(steps, withoutTurned(steps, boxes), [groups, count, 4], 'group-boxes'),
      reshape(steps, scores, [groups, 1, count], 'group-scores'),
      steps.integers('most-boxes', [count]),
      // No overlap is above 1, and the operator takes no more than that.
      steps.scalar(Math.min(1, param.nms_param?.nms_threshold ?? 0.3)),
      steps.scalar(threshold),
    ],
    { name: `${scores.name}:selected`, shape: [unknownDimension, 3], type: 'int64' },
    { center_point_box: 0 },
  );
  const columns = steps.step(
    'Gather',
    [selected, steps.integers('group-and-box', [0, 2])],
    'where',
    {
      shape: [unknownDimension, 2],
      attributes: { axis: 1 },
    },
  );
  const empty = steps.step(
    'Expand',
    [steps.scalar(0), steps.integers('groups', [groups, count])],
    'none-chosen',
    { shape: [groups, count] },
  );
  const ones = steps.step(
    'Expand',
    [
      steps.scalar(1),
      steps.step(
        'Slice',
        [
          steps.step('Shape', [columns], 'where-shape', { shape: [2], type: 'int64' }),
          steps.integers('first', [0]),
          steps.integers('second', [1]),
        ],
        'chosen-count',
        { shape: [1] },
      ),
    ],
    'ones',
    { shape: [unknownDimension] },
  );
  const marks = steps.step('ScatterND', [empty, columns, ones], 'marks');
  return reshape(steps, marks, scores.shape, 'chosen');
}

interface RowOptions {
  readonly scores: Value;
  readonly boxes: Value;
  readonly chosen: Value;
  readonly labels: readonly number[];
  readonly keepTopK: number;
}

/** The rows of the top from what was chosen. */
function rows(steps: Steps, { scores, boxes, chosen, labels, keepTopK }: RowOptions): Value {
  const [images = 1, labelCount = 1, count = 1] = scores.shape;
  const isChosen = steps.step('Cast', [chosen], 'is-chosen', {
    type: 'bool',
    attributes: { to: 9 },
  });
  const all = labelCount * count;
  const isKept =
    keepTopK < 0 || keepTopK >= all
      ? isChosen
      : bestOfImage(steps, scores, isChosen, Math.max(0, keepTopK));
  const transposed = steps.step('NonZero', [isKept], 'kept-columns', {
    shape: [3, unknownDimension],
    type: 'int64',
  });
  const places = steps.step('Transpose', [transposed], 'kept', {
    shape: [unknownDimension, 3],
    attributes: { perm: [1, 0] },
  });
  const number = (index: number, part: string): Value => {
    const picked = steps.step('Gather', [places, steps.integers(`${part}-at`, [index])], part, {
      shape: [unknownDimension, 1],
      attributes: { axis: 1 },
    });
    return picked;
  };
  const asFloat = (from: Value, part: string): Value =>
    steps.step('Cast', [from], part, { type: 'float32', attributes: { to: 1 } });
  const names = steps.constant('label-numbers', [labels.length], Float32Array.from(labels));
  const label = steps.step('Gather', [names, number(1, 'label-index')], 'label', {
    shape: [unknownDimension, 1],
    attributes: { axis: 0 },
  });
  const score = steps.step('GatherND', [scores, places], 'kept-scores', {
    shape: [unknownDimension],
  });
  const scoreColumn = steps.step('Unsqueeze', [score, steps.integers('column', [1])], 'score', {
    shape: [unknownDimension, 1],
  });
  const box = steps.step('GatherND', [boxes, places], 'box', { shape: [unknownDimension, 4] });
  const found = steps.step(
    'Concat',
    [asFloat(number(0, 'image-index'), 'image'), label, scoreColumn, box],
    'found',
    { shape: [unknownDimension, 7], attributes: { axis: 1 } },
  );
  return steps.top('Unsqueeze', [orNothing(steps, found, images), steps.integers('outer', [0, 1])]);
}

/** Of the chosen boxes of all labels of an image, those with the `count` best scores. */
function bestOfImage(steps: Steps, scores: Value, isChosen: Value, count: number): Value {
  const [images = 1, labels = 1, boxes = 1] = scores.shape;
  const flat = [images, labels * boxes];
  const known = steps.step('Where', [isChosen, scores, steps.scalar(lowest)], 'chosen-scores', {
    shape: scores.shape,
    type: 'float32',
  });
  const [, places] = steps.builder.nodeOf(
    'TopK',
    [reshape(steps, known, flat, 'image-scores'), steps.integers('keep-top-k', [count])],
    [
      { name: `${scores.name}:image-best`, shape: [images, count] },
      { name: `${scores.name}:image-places`, shape: [images, count], type: 'int64' },
    ],
    { axis: 1, largest: 1, sorted: 1 },
  ) as [Value, Value];
  const empty = steps.step('Expand', [steps.scalar(0), steps.integers('all', flat)], 'none-kept', {
    shape: flat,
  });
  const ones = steps.step(
    'Expand',
    [steps.scalar(1), steps.integers('best', [images, count])],
    'best-ones',
    { shape: [images, count] },
  );
  const marks = steps.step('ScatterElements', [empty, places, ones], 'best-marks', {
    attributes: { axis: 1 },
  });
  const isBest = steps.step('Cast', [reshape(steps, marks, scores.shape, 'best-grid')], 'is-best', {
    type: 'bool',
    attributes: { to: 9 },
  });
  return steps.step('And', [isChosen, isBest], 'is-kept');
}

/** The rows found, or where there are none a row for each image that begins with its number. */
function orNothing(steps: Steps, found: Value, images: number): Value {
  const nothing = Float32Array.from({ length: images * 7 }, (_, i) => (i % 7 === 0 ? i / 7 : -1));
  const either = steps.step(
    'Concat',
    [found, steps.constant('nothing', [images, 7], nothing)],
    'found-or-nothing',
    { shape: [unknownDimension, 7], attributes: { axis: 0 } },
  );
  const shape = steps.step('Shape', [found], 'found-shape', { shape: [2], type: 'int64' });
  const count = steps.step(
    'Slice',
    [shape, steps.integers('count-from', [0]), steps.integers('count-to', [1])],
    'found-count',
    { shape: [1] },
  );
  const yes = steps.builder.initializer('yes', [], Uint8Array.of(1));
  const isFound = steps.step('Expand', [yes, count], 'is-found', { shape: [unknownDimension] });
  const isNone = steps.step('Equal', [count, steps.integers('zero', [0])], 'is-none', {
    type: 'bool',
  });
  const isNothing = steps.step(
    'Expand',
    [isNone, steps.integers('images', [images])],
    'is-nothing',
    {
      shape: [images],
    },
  );
  const isRow = steps.step('Concat', [isFound, isNothing], 'is-row', {
    shape: [unknownDimension],
    attributes: { axis: 0 },
  });
  return steps.step('Compress', [either, isRow], 'rows', { attributes: { axis: 0 } });
}
