import { isSet } from '../prototxt/bind';
import { floatType } from './layerTypes';
import type { Layer } from './net';
import type { FillerParameter } from './schema';

/** One blob that a layer learns. */
export interface WeightSlot {
  /** What the prototxt says it begins with; undefined where it says nothing. */
  readonly filler: FillerParameter | undefined;
  /** A bias begins at 0 for everybody: no value need be written. */
  readonly isBias: boolean;
}

/**
 * The blobs that a layer of one of Caffe's own types learns, in Caffe's order; undefined for other
 * types, which may or may not learn some.
 */
export function weightSlots(layer: Layer): readonly WeightSlot[] | undefined {
  const { param, bottoms } = layer;
  switch (floatType(layer.type)) {
    case 'Convolution':
    case 'Deconvolution':
    case 'DepthwiseConvolution':
    case 'ConvolutionDepthwise':
      return withBias(param.convolution_param);
    case 'InnerProduct':
      return withBias(param.inner_product_param);
    case 'Embed':
      return withBias(param.embed_param);
    case 'PReLU':
      return [weights(param.prelu_param?.filler)];
    case 'Scale': {
      const { filler, bias_filler, bias_term } = param.scale_param ?? {};
      const factors = bottoms.length === 1 ? [weights(filler)] : [];
      return bias_term === true ? [...factors, bias(bias_filler)] : factors;
    }
    case 'Bias':
      return bottoms.length === 1 ? [bias(param.bias_param?.filler)] : [];
    case 'BatchNorm':
      return [weights(undefined), weights(undefined), weights(undefined)];
    case 'Normalize':
      return [weights(param.norm_param?.scale_filler)];
    case 'BN': {
      const { slope_filler, bias_filler, bn_mode } = param.bn_param ?? {};
      const learned = [weights(slope_filler), bias(bias_filler)];
      // SegNet's has its statistics worked into these two.
      if (bn_mode === 'INFERENCE') return learned;
      return [...learned, weights(undefined), weights(undefined)];
    }
    case 'Parameter':
      return [weights(undefined)];
    case 'LSTM':
    case 'RNN': {
      const w = weights(param.recurrent_param?.weight_filler);
      const b = bias(param.recurrent_param?.bias_filler);
      const inputs = bottoms.length > 2 ? [w, b, w] : [w, b];
      return layer.type === 'LSTM' ? [...inputs, w] : [...inputs, w, w, b];
    }
    default:
      return undefined;
  }
}

function weights(filler: FillerParameter | undefined): WeightSlot {
  return { filler, isBias: false };
}

function bias(filler: FillerParameter | undefined): WeightSlot {
  return { filler, isBias: true };
}

interface WithBias {
  readonly bias_term: boolean;
  readonly weight_filler?: FillerParameter;
  readonly bias_filler?: FillerParameter;
}

function withBias(param: WithBias | undefined): WeightSlot[] {
  const slots = [weights(param?.weight_filler)];
  return param?.bias_term === false ? slots : [...slots, bias(param?.bias_filler)];
}

/** Whether the prototxt itself says, number for number, what a blob holds. */
export function isDeterministic({ filler, isBias }: WeightSlot): boolean {
  if (filler === undefined) return false;
  if (filler.type === 'bilinear') return true;
  if (filler.type !== 'constant') return false;
  return isSet(filler, 'value') || (isBias && isSet(filler, 'type'));
}

/**
 * The numbers of a {@link isDeterministic} filler, row-major in float32.
 *
 * @returns undefined where a bilinear filler meets a blob that is not N x C x K x K
 */
export function fillerValues(
  { type, value }: FillerParameter,
  shape: readonly number[],
): Float32Array | undefined {
  const count = shape.reduce((product, dim) => product * dim, 1);
  if (type === 'constant') return new Float32Array(count).fill(value);
  const [, , height, width = 0] = shape;
  if (shape.length !== 4 || height !== width) return undefined;
  // Caffe's BilinearFiller, the weights of an upsampling by ceil(K / 2).
  const factor = Math.ceil(width / 2);
  const center = Math.fround((width - 1) / (2 * factor));
  const weightAt = (at: number): number => 1 - Math.abs(Math.fround(at / factor) - center);
  return Float32Array.from(
    { length: count },
    (_, i) => weightAt(i % width) * weightAt(Math.floor(i / width) % width),
  );
}
