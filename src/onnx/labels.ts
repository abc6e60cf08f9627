import type { Layer } from '../caffe/net';
import { isSet } from '../prototxt/bind';
import { formatShape } from '../base/shape';
import { elementTypes, type GraphBuilder, type Value } from './graph';
import type { Shape } from '../base/shape';
import { canonicalAxis, elementCount, layerError, twoBottoms } from './layerError';

/** Predictions and labels of a layer that compares them, ready to be gathered. */
export interface LabelledScores {
  /** Axis of the classes in `scores`. */
  readonly axis: number;
  /** Shape of `scores` with one class. */
  readonly labelShape: Shape;
  readonly scores: Value;
  /** Class indices as int64 in `labelShape`; ignored labels point at class 0. */
  readonly labels: Value;
  /** 1 where a label counts and 0 where it is ignored, in `labelShape`; absent if all count. */
  readonly counts: Value | undefined;
}

/**
 * Checks that there is a label for every prediction.
 *
 * @throws UserError naming the layer and both shapes.
 */
export function checkLabels(layer: Layer, bottoms: readonly Shape[], axis: number): void {
  const [scores, labels] = twoBottoms(layer, bottoms);
  const classAxis = canonicalAxis(layer, axis, scores.length);
  const predictions = elementCount(scores.filter((_, index) => index !== classAxis));
  if (elementCount(labels) !== predictions) {
    throw layerError(
      layer,
      'layer/labels',
      `${formatShape(scores)} scores need ${predictions} labels, there are ` +
        `${elementCount(labels)} (${formatShape(labels)})`,
    );
  }
}

/** The label that does not count; undefined where all do. */
export function ignoredLabel(
  param: { readonly ignore_label: number } | undefined,
): number | undefined {
  return param !== undefined && isSet(param, 'ignore_label') ? param.ignore_label : undefined;
}

/**
 * Writes the nodes that turn Caffe's float labels into indices along the class axis: the fraction is
 * cut off before anything is compared, as a cast in C++ does.
 */
export function readLabels(
  builder: GraphBuilder,
  layer: Layer,
  bottoms: readonly Value[],
  options: { readonly axis: number; readonly ignoreLabel: number | undefined },
): LabelledScores {
  const [scores, labelBlob] = twoBottoms(layer, bottoms);
  const axis = canonicalAxis(layer, options.axis, scores.shape.length);
  const labelShape = scores.shape.map((dim, index) => (index === axis ? 1 : dim));
  const target = builder.integers(`${layer.name}:label-shape`, labelShape);
  const name = (part: string): string => `${layer.name}:${part}`;
  const shaped = builder.node('Reshape', [labelBlob, target], {
    name: name('labels'),
    shape: labelShape,
  });
  const indices = builder.node(
    'Cast',
    [shaped],
    { name: name('label-indices'), shape: labelShape, type: 'int64' },
    { to: elementTypes.int64 },
  );
  if (options.ignoreLabel === undefined) {
    return { axis, labelShape, scores, labels: indices, counts: undefined };
  }
  const ignored = builder.node(
    'Equal',
    [indices, builder.integers(name('ignored-label'), [options.ignoreLabel])],
    { name: name('ignored'), shape: labelShape, type: 'bool' },
  );
  const counts = builder.node('Where', [ignored, builder.scalar(0), builder.scalar(1)], {
    name: name('counts'),
    shape: labelShape,
    type: 'float32',
  });
  const labels = builder.node('Where', [ignored, builder.integers(name('class-0'), [0]), indices], {
    name: name('valid-labels'),
    shape: labelShape,
    type: 'int64',
  });
  return { axis, labelShape, scores, labels, counts };
}

/** Which class each prediction's label names: a bool of the scores' shape. */
export function classMask(
  builder: GraphBuilder,
  layer: Layer,
  { scores, labels, axis }: LabelledScores,
): Value {
  const along = scores.shape.map((dim, index) => (index === axis ? dim : 1));
  const classes = builder.initializer(
    `${layer.name}:classes`,
    along,
    BigInt64Array.from({ length: scores.shape[axis] ?? 0 }, (_, index) => BigInt(index)),
  );
  return builder.node('Equal', [labels, classes], {
    name: `${layer.name}:is-label`,
    shape: scores.shape,
    type: 'bool',
  });
}

/** Picks each prediction's value at its label: shape `labelShape`. */
export function atLabel(
  builder: GraphBuilder,
  layer: Layer,
  from: Value,
  { labels, labelShape, axis }: LabelledScores,
): Value {
  return builder.node(
    'GatherElements',
    [from, labels],
    { name: `${layer.name}:at-label`, shape: labelShape },
    { axis },
  );
}
