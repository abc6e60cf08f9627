import { formatShape } from '../base/shape';
import type { Layer } from '../caffe/net';
import type { ConvolutionParameter } from '../caffe/schema';
import { isSet } from '../prototxt/bind';
import type { Shape } from '../base/shape';
import { canonicalAxis, layerError } from './layerError';

/** A window that moves over the spatial axes of a bottom. One entry a spatial axis. */
export interface SpatialWindow {
  /** Axis of the channels; the spatial axes follow it. */
  readonly axis: number;
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly pad: readonly number[];
  readonly dilation: readonly number[];
}

/**
 * Reads and checks the settings of a window that moves over a bottom.
 *
 * @throws UserError naming the layer and the field
 */
export function windowOf(layer: Layer, param: ConvolutionParameter, bottom: Shape): SpatialWindow {
  const axis = channelAxis(layer, param, bottom);
  const axes = bottom.length - axis - 1;
  if (axes < 1) {
    throw layerError(
      layer,
      'layer/bottoms',
      `needs a bottom with spatial axes, has ${formatShape(bottom)}`,
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
    axis,
    kernel,
    stride,
    pad: perAxis(layer, param, 'pad', axes),
    dilation: expand(layer, 'dilation', param.dilation, axes, 1),
  };
}

/** Extent of a dilated kernel along one of the spatial axes. */
export function kernelExtent({ kernel, dilation }: SpatialWindow, axis: number): number {
  return at(dilation, axis) * (at(kernel, axis) - 1) + 1;
}

/**
 * Sizes of the spatial axes after a window has moved over a bottom, as in Caffe's ConvolutionLayer:
 * `floor((size + 2 pad - (dilation (kernel - 1) + 1)) / stride) + 1`.
 */
export function windowedSizes(layer: Layer, window: SpatialWindow, bottom: Shape): number[] {
  return bottom.slice(window.axis + 1).map((size, axis) => {
    const room = size + 2 * at(window.pad, axis) - kernelExtent(window, axis);
    if (room < 0) {
      throw layerError(
        layer,
        'layer/kernel',
        `the kernel (${formatShape(window.kernel)}) is larger than its padded bottom ` +
          `(${formatShape(bottom)})`,
      );
    }
    return Math.floor(room / at(window.stride, axis)) + 1;
  });
}

/** Attributes of ONNX's operators with such a window. */
export function windowAttributes({
  kernel,
  stride,
  pad,
  dilation,
}: SpatialWindow): Record<string, readonly number[]> {
  return { kernel_shape: kernel, strides: stride, pads: [...pad, ...pad], dilations: dilation };
}

function channelAxis(layer: Layer, param: ConvolutionParameter, bottom: Shape): number {
  const axis = canonicalAxis(layer, param.axis, bottom.length);
  if (axis > 0) return axis;
  throw layerError(layer, 'layer/axis', `axis ${param.axis} leaves no axis for the images`);
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
