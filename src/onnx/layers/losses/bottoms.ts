import { formatShape } from '../../../base/shape';
import type { Layer } from '../../../caffe/net';
import type { Shape } from '../../../base/shape';
import { elementCount, layerError } from '../../layerError';

/**
 * Checks the number of tops. None is allowed: Caffe then gives the loss a top without a name, which
 * is no output of the net.
 */
export function atMostTops(layer: Layer, most: 1 | 2): void {
  if (layer.tops.length <= most) return;
  const words = most === 1 ? 'one top' : 'two tops';
  throw layerError(layer, 'layer/tops', `has at most ${words}, not ${layer.tops.length}`);
}

/** Numbers of one image: all axes but the first. */
export function imageSize(shape: Shape): number {
  return elementCount(shape.slice(1));
}

/**
 * Checks that a loss may compare two bottoms image by image.
 *
 * @throws UserError where they have other numbers of images, or images of other sizes
 */
export function checkPair(layer: Layer, first: Shape, second: Shape): void {
  if (first.length === 0 || second.length === 0) {
    throw layerError(layer, 'layer/shapes', 'a bottom is a scalar; it needs an axis of images');
  }
  if (first[0] === second[0] && imageSize(first) === imageSize(second)) return;
  throw layerError(
    layer,
    'layer/shapes',
    `${formatShape(first)} and ${formatShape(second)} cannot be compared: both bottoms need the ` +
      'same number of images of the same size',
  );
}
