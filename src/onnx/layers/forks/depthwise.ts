import type { Layer } from '../../../caffe/net';
import { isSet } from '../../../prototxt/bind';
import type { Shape } from '../../graph';
import type { ConverterDescription, LayerConverter } from '../../layerConverter';
import { convolution } from '../convolution';

/** Convolution by another name, for a kernel that is faster on GPUs; a `group` it gives counts. */
const named = depthwiseConverter('DepthwiseConvolution', {
  summary: 'Convolution with as many groups as channels, or as it says; stays float in search',
  isGrouped: (layer) => {
    const param = layer.param.convolution_param;
    return param !== undefined && isSet(param, 'group');
  },
});

/** A convolution of each channel by itself, whatever `group` says. */
const eachChannel = depthwiseConverter('ConvolutionDepthwise', {
  summary: 'Convolution with as many groups as channels; stays float when a net is quantized',
  isGrouped: () => false,
});

export const depthwise: readonly LayerConverter[] = [named, eachChannel];

interface Kind extends Pick<ConverterDescription, 'summary'> {
  /** Whether a layer's own `group` counts. */
  readonly isGrouped: (layer: Layer) => boolean;
}

function depthwiseConverter(type: string, { summary, isGrouped }: Kind): LayerConverter {
  const grouped = (layer: Layer, bottoms: readonly Shape[]): Layer =>
    isGrouped(layer) ? layer : withGroup(layer, bottoms[0]?.[1] ?? 1);
  return {
    ...convolution,
    types: [type],
    summary,
    topShapes: (layer, bottoms) => convolution.topShapes(grouped(layer, bottoms), bottoms),
    blobShapes: (layer, bottoms) =>
      convolution.blobShapes?.(grouped(layer, bottoms), bottoms) ?? [],
    emit: (emission) => {
      const shapes = emission.bottoms.map(({ shape }) => shape);
      return convolution.emit?.({ ...emission, layer: grouped(emission.layer, shapes) }) ?? [];
    },
  };
}

function withGroup(layer: Layer, group: number): Layer {
  const param = layer.param.convolution_param;
  if (param === undefined) return layer;
  return { ...layer, param: copied(layer.param, { convolution_param: copied(param, { group }) }) };
}

/** A message with some fields changed: own fields say what a file sets, and must stay own. */
function copied<T extends object>(message: T, changes: Partial<T>): T {
  return Object.assign(
    Object.create(Object.getPrototypeOf(message) as object) as T,
    message,
    changes,
  );
}
