import type { LayerFormats, NumberFormat } from '../caffe/numberFormat';
import type { Layer } from '../caffe/net';
import { layerError } from './layerError';

/**
 * Refuses number formats that cannot be.
 *
 * @throws UserError naming the layer and the value.
 */
export function checkFormats(layer: Layer, formats: LayerFormats): void {
  for (const part of ['input', 'output', 'weights', 'bias'] as const) {
    const fault = faultOf(formats[part]);
    if (fault !== undefined) {
      throw layerError(layer, 'layer/quantization', `quantization_param: ${part} ${fault}`);
    }
  }
}

function faultOf(format: NumberFormat): string | undefined {
  switch (format.kind) {
    case 'float32':
      return undefined;
    case 'fixedPoint':
      if (format.bits < 1 || format.bits > 32) return `bit-width ${format.bits} is not in 1..32`;
      // 2^fl and 2^-fl must both be float32 numbers.
      if (Math.abs(format.fractionalLength) > 126) {
        return `fractional length ${format.fractionalLength} is not in -126..126`;
      }
      return undefined;
    case 'minifloat':
      if (format.exponentBits < 1 || format.exponentBits > 8) {
        return `exponent bits ${format.exponentBits} are not in 1..8`;
      }
      return format.mantissaBits > 31
        ? `mantissa bits ${format.mantissaBits} are above 31`
        : undefined;
    case 'powerOfTwo':
      return format.minExponent > format.maxExponent
        ? `exp_min ${format.minExponent} is above exp_max ${format.maxExponent}`
        : undefined;
  }
}
