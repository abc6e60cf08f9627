import type { Layer } from '../../caffe/net';
import type { ConvolutionParameter } from '../../caffe/schema';
import type { LayerConverter } from '../layerConverter';
import { elementCount, layerError, singleBottom } from '../layerError';
import { windowAttributes, windowedSizes, windowOf } from '../spatialWindow';
import { Steps } from '../steps';

/**
 * Im2col: every window of every channel as a column. A convolution of each channel by itself with
 * kernels that hold a single 1 gives the very numbers in the very order.
 */
export const im2col: LayerConverter = {
  types: ['Im2col'],
  summary: 'the windows of a convolution, laid out as columns',
  params: ['convolution_param'],
  isImagewise: () => true,
  topShapes(layer, bottoms) {
    const bottom = singleBottom(layer, bottoms);
    const window = windowOf(layer, paramOf(layer), bottom);
    if (window.axis !== 1) throw layerError(layer, 'layer/axis', 'is supported with axis 1 only');
    const columns = (bottom[1] ?? 0) * elementCount(window.kernel);
    return [[bottom[0] ?? 0, columns, ...windowedSizes(layer, window, bottom)]];
  },
  emit(emission) {
    const { layer, bottoms } = emission;
    const steps = new Steps(emission);
    const bottom = singleBottom(layer, bottoms);
    const window = windowOf(layer, paramOf(layer), bottom.shape);
    const channels = bottom.shape[1] ?? 0;
    const size = elementCount(window.kernel);
    const picks = new Float32Array(channels * size * size);
    for (let row = 0; row < channels * size; row++) picks[row * size + (row % size)] = 1;
    const kernels = steps.constant('kernels', [channels * size, 1, ...window.kernel], picks);
    return [steps.top('Conv', [bottom, kernels], { ...windowAttributes(window), group: channels })];
  },
};

function paramOf(layer: Layer): ConvolutionParameter {
  const param = layer.param.convolution_param;
  if (param === undefined) throw layerError(layer, 'layer/param', 'needs convolution_param');
  return param;
}
