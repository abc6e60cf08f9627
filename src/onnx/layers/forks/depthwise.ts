import type { Layer } from '../../../caffe/net';
import type { Shape } from '../../graph';
import type { LayerConverter } from '../../layerConverter';
import { convolution } from '../convolution';

/** Convolution by another name, for a kernel that is faster on GPUs. */
const sameAsConvolution: LayerConverter = {
  ...convolution,
  types: ['DepthwiseConvolution'],
  summary: 'Convolution by another name (MobileNet); stays float when a net is quantized',
};

/** A convolution of each channel by itself, without saying `group`. */
const eachChannel: LayerConverter = {
  ...convolution,
  types: ['ConvolutionDepthwise'],
  summary: 'Convolution with as many groups as channels; stays float when a net is quantized',
  topShapes: (layer, bottoms) => convolution.topShapes(grouped(layer, bottoms), bottoms),
  blobShapes: (layer, bottoms) => convolution.blobShapes?.(grouped(layer, bottoms), bottoms) ?? [],
  emit: (emission) => {
    const shapes = emission.bottoms.map(({ shape }) => shape);
    return convolution.emit?.({ ...emission, layer: grouped(emission.layer, shapes) }) ?? [];
  },
};

export const depthwise: readonly LayerConverter[] = [sameAsConvolution, eachChannel];

function grouped(layer: Layer, bottoms: readonly Shape[]): Layer {
  const param = layer.param.convolution_param;
  if (param === undefined) return layer;
  // What is not overwritten must still be read from the message behind it.
  const message = Object.assign(Object.create(param) as typeof param, {
    group: bottoms[0]?.[1] ?? 1,
  });
  const layerParam = Object.assign(Object.create(layer.param) as typeof layer.param, {
    convolution_param: message,
  });
  return { ...layer, param: layerParam };
}
