import type { Layer } from '../../../caffe/net';
import type { ConvolutionParameter } from '../../../caffe/schema';
import { isSet } from '../../../prototxt/bind';
import type { Shape } from '../../../base/shape';
import type { ConverterDescription, LayerConverter } from '../../layerConverter';
import { convolution } from '../convolution';

/** Convolution by another name, for a kernel that is faster on GPUs; a `group` it gives counts. */
const named = depthwiseConverter('DepthwiseConvolution', {
  summary: 'Convolution with as many groups as channels, or as it says; stays float in search',
  adapt: (layer, channels) => {
    const param = layer.param.convolution_param;
    const isGrouped = param !== undefined && isSet(param, 'group');
    return isGrouped ? layer : withParam(layer, { group: channels });
  },
});

/**
 * A convolution of each channel by itself. Its set-up takes the channels from the bottom and never
 * looks at `num_output`, `group` or `axis` (conv_dw_layer.cpp of BVLC/caffe pull request 5665).
 */
const eachChannel = depthwiseConverter('ConvolutionDepthwise', {
  summary: 'Convolution with as many groups as channels; stays float when a net is quantized',
  limits: 'num_output, group and axis change nothing: the bottom gives the channels',
  adapt: (layer, channels) => withParam(layer, { num_output: channels, group: channels, axis: 1 }),
});

export const depthwise: readonly LayerConverter[] = [named, eachChannel];

interface Kind extends Pick<ConverterDescription, 'summary' | 'limits'> {
  /** The layer as a Convolution of a bottom with so many channels. */
  readonly adapt: (layer: Layer, channels: number) => Layer;
}

function depthwiseConverter(type: string, { adapt, ...description }: Kind): LayerConverter {
  const grouped = (layer: Layer, bottoms: readonly Shape[]): Layer =>
    adapt(layer, bottoms[0]?.[1] ?? 1);
  return {
    ...convolution,
    ...description,
    types: [type],
    topShapes: (layer, bottoms) => convolution.topShapes(grouped(layer, bottoms), bottoms),
    blobShapes: (layer, bottoms) =>
      convolution.blobShapes?.(grouped(layer, bottoms), bottoms) ?? [],
    emit: (emission) => {
      const shapes = emission.bottoms.map(({ shape }) => shape);
      return convolution.emit?.({ ...emission, layer: grouped(emission.layer, shapes) }) ?? [];
    },
  };
}

function withParam(layer: Layer, changes: Partial<ConvolutionParameter>): Layer {
  const param = layer.param.convolution_param;
  if (param === undefined) return layer;
  return { ...layer, param: copied(layer.param, { convolution_param: copied(param, changes) }) };
}

/** A message with some fields changed: own fields say what a file sets, and must stay own. */
function copied<T extends object>(message: T, changes: Partial<T>): T {
  return Object.assign(
    Object.create(Object.getPrototypeOf(message) as object) as T,
    message,
    changes,
  );
}
