import { formatShape } from '../../../base/shape';
import type { Layer } from '../../../caffe/net';
import type { Value } from '../../graph';
import type { Shape } from '../../../base/shape';
import type { LayerConverter } from '../../layerConverter';
import { layerError, singleBottom } from '../../layerError';
import { Steps } from '../../steps';

/** Permute (SSD): another order of the axes; those not named follow in their own order. */
const permute: LayerConverter = {
  types: ['Permute'],
  summary: 'puts the axes into another order',
  params: ['permute_param'],
  isImagewise: (layer) => (layer.param.permute_param?.order[0] ?? 0) === 0,
  topShapes(layer, bottoms) {
    const bottom = singleBottom(layer, bottoms);
    return [orderOf(layer, bottom).map((axis) => bottom[axis] ?? 1)];
  },
  emit(emission) {
    const { layer, bottoms } = emission;
    const bottom = singleBottom(layer, bottoms);
    const perm = orderOf(layer, bottom.shape);
    return [new Steps(emission).top('Transpose', [bottom], { perm })];
  },
};

/** ShuffleChannel (ShuffleNet): channels of all groups in turn. */
const shuffleChannel: LayerConverter = {
  types: ['ShuffleChannel'],
  summary: 'takes channels from all groups in turn',
  params: ['shuffle_channel_param'],
  isImagewise: () => true,
  topShapes(layer, bottoms) {
    const bottom = singleBottom(layer, bottoms);
    const group = layer.param.shuffle_channel_param?.group ?? 1;
    if (bottom.length < 2 || group < 1 || (bottom[1] ?? 0) % group !== 0) {
      throw layerError(
        layer,
        'layer/group',
        `group ${group} does not divide the channels of ${formatShape(bottom)}`,
      );
    }
    return [bottom];
  },
  emit(emission) {
    const { layer, bottoms } = emission;
    const bottom = singleBottom(layer, bottoms);
    const [images = 1, channels = 1, ...rest] = bottom.shape;
    const group = layer.param.shuffle_channel_param?.group ?? 1;
    const size = rest.reduce((product, dim) => product * dim, 1);
    const grouped = [images, group, channels / group, size];
    return [rearranged(new Steps(emission), bottom, grouped, [0, 2, 1, 3])];
  },
};

/**
 * Reorg (YOLOv2): blocks of `stride` x `stride` pixels become channels. As in Darknet, the numbers are
 * read as if the bottom had a stride-squared part of its channels and more pixels.
 */
const reorg: LayerConverter = {
  types: ['Reorg'],
  summary: "blocks of pixels become channels, or with reverse channels blocks, in Darknet's order",
  params: ['reorg_param'],
  isImagewise: () => true,
  topShapes(layer, bottoms) {
    const [images = 1, channels = 1, height = 1, width = 1] = imageOf(layer, bottoms);
    const { stride, reverse } = reorgParam(layer);
    const square = stride * stride;
    if (channels % square !== 0 || (!reverse && (height % stride > 0 || width % stride > 0))) {
      throw layerError(
        layer,
        'layer/stride',
        `stride ${stride} does not divide a bottom of shape ` +
          formatShape([images, channels, height, width]),
      );
    }
    return [
      reverse
        ? [images, channels / square, height * stride, width * stride]
        : [images, channels * square, height / stride, width / stride],
    ];
  },
  emit(emission) {
    const { layer, bottoms } = emission;
    const bottom = singleBottom(layer, bottoms);
    const [images = 1, channels = 1, height = 1, width = 1] = bottom.shape;
    const { stride, reverse } = reorgParam(layer);
    const inner = channels / (stride * stride);
    const steps = new Steps(emission);
    return [
      reverse
        ? rearranged(
            steps,
            bottom,
            [images, stride, stride, inner, height, width],
            [0, 3, 4, 1, 5, 2],
          )
        : rearranged(
            steps,
            bottom,
            [images, inner, height, stride, width, stride],
            [0, 3, 5, 1, 2, 4],
          ),
    ];
  },
};

export const arranging: readonly LayerConverter[] = [permute, shuffleChannel, reorg];

/** Reads the numbers in another shape, moves axes, and gives the top its own shape. */
function rearranged(steps: Steps, bottom: Value, shape: Shape, perm: readonly number[]): Value {
  const split = steps.step('Reshape', [bottom, steps.integers('split-shape', shape)], 'split', {
    shape,
  });
  const moved = perm.map((axis) => shape[axis] ?? 1);
  const turned = steps.step('Transpose', [split], 'turned', { shape: moved, attributes: { perm } });
  return steps.top('Reshape', [turned, steps.integers('shape', steps.topShape())]);
}

function orderOf(layer: Layer, bottom: Shape): number[] {
  const { order } = layer.param.permute_param ?? {};
  if (order === undefined) throw layerError(layer, 'layer/param', 'needs permute_param with order');
  const isGood =
    order.every((axis) => axis < bottom.length) && new Set(order).size === order.length;
  if (!isGood) {
    throw layerError(
      layer,
      'layer/param',
      `order ${order.join(', ')} is no order of the ${bottom.length} axes of its bottom`,
    );
  }
  return [...order, ...bottom.map((_, axis) => axis).filter((axis) => !order.includes(axis))];
}

function reorgParam(layer: Layer): { readonly stride: number; readonly reverse: boolean } {
  const param = layer.param.reorg_param;
  if (param === undefined || param.stride < 1) {
    throw layerError(layer, 'layer/param', 'needs reorg_param with stride above 0');
  }
  return param;
}

function imageOf(layer: Layer, bottoms: readonly Shape[]): Shape {
  const bottom = singleBottom(layer, bottoms);
  if (bottom.length === 4) return bottom;
  throw layerError(layer, 'layer/bottoms', `needs an NCHW bottom, has ${formatShape(bottom)}`);
}
