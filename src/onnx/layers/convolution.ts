import { formatShape } from '../../base/shape';
import type { Layer } from '../../caffe/net';
import type { ConvolutionParameter } from '../../caffe/schema';
import type { Value } from '../graph';
import type { Shape } from '../../base/shape';
import type { ConverterDescription, Emission, LayerConverter } from '../layerConverter';
import { elementCount, layerError } from '../layerError';
import { kernelExtent, windowAttributes, windowedSizes, windowOf } from '../spatialWindow';
import { Steps } from '../steps';

/** The two directions of a convolution. */
interface Direction extends ConverterDescription {
  readonly type: string;
  readonly opType: string;
  readonly sizes: (layer: Layer, param: ConvolutionParameter, bottom: Shape) => number[];
  /** Shape of the weights without the kernel. */
  readonly weightShape: (param: ConvolutionParameter, channels: number) => Shape;
}

/** Convolution over any number of spatial axes, in groups and dilated. */
export const convolution = convolving({
  type: 'Convolution',
  summary: 'convolution over any number of spatial axes, in groups, dilated',
  params: ['convolution_param'],
  opType: 'Conv',
  sizes: (layer, param, bottom) => windowedSizes(layer, windowOf(layer, param, bottom), bottom),
  weightShape: (param, channels) => [param.num_output, channels / param.group],
});

/** Transposed convolution: `stride (size - 1) + dilation (kernel - 1) + 1 - 2 pad` per axis. */
export const deconvolution = convolving({
  type: 'Deconvolution',
  summary: 'transposed convolution over any number of spatial axes, in groups, dilated',
  params: ['convolution_param'],
  opType: 'ConvTranspose',
  sizes(layer, param, bottom) {
    const window = windowOf(layer, param, bottom);
    return bottom.slice(window.axis + 1).map((size, axis) => {
      const stride = window.stride[axis] ?? 1;
      const pad = window.pad[axis] ?? 0;
      const output = stride * (size - 1) + kernelExtent(window, axis) - 2 * pad;
      if (output > 0) return output;
      throw layerError(
        layer,
        'layer/pad',
        `the padding (${formatShape(window.pad)}) leaves nothing of a bottom of shape ` +
          formatShape(bottom),
      );
    });
  },
  weightShape: (param, channels) => [channels, param.num_output / param.group],
});

function convolving(direction: Direction): LayerConverter {
  const { type, summary, params, opType, sizes, weightShape } = direction;
  return {
    types: [type],
    summary,
    params,
    isImagewise: () => true,

    topShapes(layer, bottoms) {
      if (bottoms.length === 0 || bottoms.length !== layer.tops.length) {
        throw layerError(
          layer,
          'layer/bottoms',
          `needs as many tops as bottoms, has ${layer.tops.length} and ${bottoms.length}`,
        );
      }
      const param = paramOf(layer);
      return bottoms.map((bottom) => {
        const { axis } = windowOf(layer, param, bottom);
        checkGroup(layer, param, bottom[axis] ?? 0);
        return [...bottom.slice(0, axis), param.num_output, ...sizes(layer, param, bottom)];
      });
    },

    blobShapes(layer, bottoms) {
      const param = paramOf(layer);
      const bottom = bottoms[0] ?? [];
      const { axis, kernel } = windowOf(layer, param, bottom);
      const weights = {
        role: 'weights',
        shape: [...weightShape(param, bottom[axis] ?? 0), ...kernel],
      };
      return param.bias_term ? [weights, { role: 'bias', shape: [param.num_output] }] : [weights];
    },

    emit(emission) {
      const { layer, bottoms, blobs } = emission;
      const steps = new Steps(emission);
      const constants = blobs.map(({ shape, data }, index) =>
        steps.constant(index === 0 ? 'weights' : 'bias', shape, data),
      );
      return bottoms.map((_, index) => one(emission, steps, opType, constants, index, layer));
    },
  };
}

/** The node for one of the bottoms; axes before the channels are joined to one of images. */
function one(
  { bottoms, topShapes }: Emission,
  steps: Steps,
  opType: string,
  constants: readonly Value[],
  index: number,
  layer: Layer,
): Value {
  const param = paramOf(layer);
  const bottom = bottoms[index] as Value;
  const window = windowOf(layer, param, bottom.shape);
  const attributes = { ...windowAttributes(window), group: param.group };
  if (window.axis === 1) return steps.top(opType, [bottom, ...constants], attributes, index);
  const top = topShapes[index] ?? [];
  const joined = (shape: Shape): Shape => [
    elementCount(shape.slice(0, window.axis)),
    ...shape.slice(window.axis),
  ];
  const shape = joined(bottom.shape);
  const images = steps.step(
    'Reshape',
    [bottom, steps.integers(`images-shape${index}`, shape)],
    `images${index}`,
    { shape },
  );
  const made = steps.step(opType, [images, ...constants], `made${index}`, {
    shape: joined(top),
    attributes,
  });
  return steps.top('Reshape', [made, steps.integers(`shape${index}`, top)], {}, index);
}

function paramOf(layer: Layer): ConvolutionParameter {
  const param = layer.param.convolution_param;
  if (param === undefined || !(param.num_output > 0)) {
    throw layerError(layer, 'layer/param', 'needs convolution_param with num_output above 0');
  }
  return param;
}

function checkGroup(layer: Layer, param: ConvolutionParameter, channels: number): void {
  if (param.group > 0 && channels % param.group === 0 && param.num_output % param.group === 0) {
    return;
  }
  throw layerError(
    layer,
    'layer/group',
    `group ${param.group} does not divide both ${channels} input channels and ` +
      `num_output ${param.num_output}`,
  );
}
