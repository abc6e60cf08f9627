import type { Layer } from '../../caffe/net';
import { formatShape } from '../../caffe/matchWeights';
import type { ConvolutionParameter } from '../../caffe/schema';
import { isSet } from '../../prototxt/bind';
import type { Shape } from '../graph';
import type { LayerConverter } from '../layerConverter';
import { layerError } from '../layerError';

interface Geometry {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly pad: readonly number[];
  readonly dilation: readonly number[];
}

/**
 * Convolution over any number of spatial axes. Output size per axis, as in Caffe's
 * ConvolutionLayer: `floor((size + 2 pad - (dilation (kernel - 1) + 1)) / stride) + 1`.
 */
export const convolution: LayerConverter = {
  types: ['Convolution'],
  summary: 'convolution over any number of spatial axes, in groups, dilated',
  params: ['convolution_param'],
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
      const { kernel, stride, pad, dilation } = geometry(layer, param, bottom);
      const spatial = bottom.slice(2).map((size, axis) => {
        const extent = at(dilation, axis) * (at(kernel, axis) - 1) + 1;
        const room = size + 2 * at(pad, axis) - extent;
        if (room < 0) {
          throw layerError(
            layer,
            'layer/kernel',
            `the kernel (${formatShape(kernel)}) is larger than its padded bottom ` +
              `(${formatShape(bottom)})`,
          );
        }
        return Math.floor(room / at(stride, axis)) + 1;
      });
      return [at(bottom, 0), param.num_output, ...spatial];
    });
  },

  blobShapes(layer, bottoms) {
    const param = paramOf(layer);
    const bottom = bottoms[0] ?? [];
    const channels = at(bottom, 1);
    const { kernel } = geometry(layer, param, bottom);
    const weights = {
      role: 'weights',
      shape: [param.num_output, channels / param.group, ...kernel],
    };
    return param.bias_term ? [weights, { role: 'bias', shape: [param.num_output] }] : [weights];
  },

  emit({ builder, layer, bottoms, blobs, topShapes, topNames }) {
    const param = paramOf(layer);
    const constants = blobs.map((blob, index) =>
      builder.initializer(
        `${layer.name}:${index === 0 ? 'weights' : 'bias'}`,
        blob.shape,
        blob.data,
      ),
    );
    return bottoms.map((bottom, index) => {
      const { kernel, stride, pad, dilation } = geometry(layer, param, bottom.shape);
      return builder.node(
        'Conv',
        [bottom, ...constants],
        { name: topNames[index] ?? layer.name, shape: topShapes[index] ?? [] },
        {
          kernel_shape: kernel,
          strides: stride,
          pads: [...pad, ...pad],
          dilations: dilation,
          group: param.group,
        },
      );
    });
  },
};

function paramOf(layer: Layer): ConvolutionParameter {
  const param = layer.param.convolution_param;
  if (param === undefined || !(param.num_output > 0)) {
    throw layerError(layer, 'layer/param', 'needs convolution_param with num_output above 0');
  }
  return param;
}

function geometry(layer: Layer, param: ConvolutionParameter, bottom: Shape): Geometry {
  const axes = bottom.length - 2;
  if (param.axis !== 1 && param.axis !== 1 - bottom.length) {
    throw layerError(layer, 'layer/axis', `axis ${param.axis} is not supported, only 1`);
  }
  if (axes < 1) {
    throw layerError(
      layer,
      'layer/bottoms',
      `needs a bottom with spatial axes, has ${formatShape(bottom)}`,
    );
  }
  const channels = at(bottom, 1);
  if (param.group < 1 || channels % param.group !== 0 || param.num_output % param.group !== 0) {
    throw layerError(
      layer,
      'layer/group',
      `group ${param.group} does not divide both ${channels} input channels and ` +
        `num_output ${param.num_output}`,
    );
  }
  const kernel = perAxis(layer, param, 'kernel', axes);
  if (kernel.some((size) => size < 1)) {
    throw layerError(layer, 'layer/kernel', 'needs a kernel_size above 0');
  }
  const stride = perAxis(layer, param, 'stride', axes);
  if (stride.some((size) => size < 1)) {
    throw layerError(layer, 'layer/stride', 'needs a stride above 0');
  }
  return {
    kernel,
    stride,
    pad: perAxis(layer, param, 'pad', axes),
    dilation: expand(layer, 'dilation', param.dilation, axes, 1),
  };
}

const repeatedField = { kernel: 'kernel_size', stride: 'stride', pad: 'pad' } as const;
const fallback = { kernel: 0, stride: 1, pad: 0 } as const;

/** `kernel_h`/`kernel_w` and the like win over the repeated field; both at once is an error. */
function perAxis(
  layer: Layer,
  param: ConvolutionParameter,
  what: keyof typeof repeatedField,
  axes: number,
): readonly number[] {
  const repeated = param[repeatedField[what]];
  const hasPair = isSet(param, `${what}_h`) || isSet(param, `${what}_w`);
  if (!hasPair) return expand(layer, repeatedField[what], repeated, axes, fallback[what]);
  if (axes !== 2 || repeated.length > 0) {
    throw layerError(
      layer,
      `layer/${what}`,
      `${what}_h and ${what}_w are for two spatial axes and exclude ${repeatedField[what]}`,
    );
  }
  return [param[`${what}_h`], param[`${what}_w`]];
}

function expand(
  layer: Layer,
  field: string,
  values: readonly number[],
  axes: number,
  absent: number,
): readonly number[] {
  if (values.length === axes) return values;
  if (values.length > 1) {
    throw layerError(layer, 'layer/param', `${field} has ${values.length} values for ${axes} axes`);
  }
  return new Array<number>(axes).fill(values[0] ?? absent);
}

function at(values: readonly number[], index: number): number {
  return values[index] ?? 0;
}
