import type { QuantizationParameter } from '../../caffe/schema';
import type { MessageText } from './texts';

const quantization: MessageText<QuantizationParameter> = {
  summary: 'The number formats of a quantized layer: of its weights, its inputs and its outputs.',
  fields: {
    precision: 'Kind of numbers. It decides which of the other fields count.',
    rounding_scheme:
      'NEAREST rounds to the nearest number, ties to the even one. STOCHASTIC, at random, is for training: scores are made with NEAREST.',
    bw_layer_in: 'Bits of the inputs (dynamic fixed point, and with power of two weights).',
    bw_layer_out: 'Bits of the outputs (dynamic fixed point, and with power of two weights).',
    bw_params: 'Bits of weights and biases (dynamic fixed point).',
    fl_layer_in: 'Fractional length of the inputs: they are multiples of 2^-fl. May be negative.',
    fl_layer_out: 'Fractional length of the outputs: they are multiples of 2^-fl. May be negative.',
    fl_params:
      'Fractional length of weights and biases: they are multiples of 2^-fl. May be negative.',
    mant_bits: 'Bits of the mantissa (minifloat).',
    exp_bits: 'Bits of the exponent (minifloat), 1 to 8.',
    exp_min:
      'Smallest exponent of weights that are powers of two: the smallest weight is 2^exp_min.',
    exp_max: 'Largest exponent of weights that are powers of two: the largest weight is 2^exp_max.',
  },
};

/** Ristretto's own message. */
export const quantizationTexts = { QuantizationParameter: quantization };
