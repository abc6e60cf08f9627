import { describe, expect, it } from 'vitest';
import {
  floatType,
  isRistrettoType,
  parameterGroup,
  ristrettoType,
} from '../../../src/caffe/layerTypes';
import { float32 } from '../../../src/formats/float32';
import { formatKey, type NumberFormat } from '../../../src/formats/formats';
import { readQuantizationParam } from '../../../src/formats/quantizationParam';
import type { LayerFormats } from '../../../src/formats/layerFormats';
import { inputs, layer, netOf } from '../../support/nets';

const fixed = (bits: number, fractionalLength: number): NumberFormat => ({
  kind: 'fixedPoint',
  bits,
  fractionalLength,
});
const mini = (exponentBits: number, mantissaBits: number): NumberFormat => ({
  kind: 'minifloat',
  exponentBits,
  mantissaBits,
});

function formatsOf(fields: string): LayerFormats {
  const param = `quantization_param { ${fields} }`;
  const net = netOf(inputs('x') + layer('l', 'FcRistretto', 'x', 'y', param));
  const read = net.layers[1]?.param.quantization_param;
  if (read === undefined) throw new Error('the layer has a quantization_param');
  return readQuantizationParam(read);
}

describe('what a quantization_param means', () => {
  it.each<[string, NumberFormat, NumberFormat, NumberFormat, NumberFormat]>([
    ['', fixed(32, 16), fixed(32, 16), fixed(32, 16), fixed(32, 16)],
    [
      'bw_layer_in: 8 fl_layer_in: -2 bw_layer_out: 4 fl_layer_out: 7 bw_params: 2 fl_params: 3',
      fixed(8, -2),
      fixed(4, 7),
      fixed(2, 3),
      fixed(2, 3),
    ],
    ['bw_params: 8', fixed(32, 16), fixed(32, 16), fixed(8, 16), fixed(8, 16)],
    ['fl_layer_out: 3', fixed(32, 16), fixed(32, 3), fixed(32, 16), fixed(32, 16)],
    ['precision: MINIFLOAT', mini(8, 23), mini(8, 23), mini(8, 23), mini(8, 23)],
    [
      'precision: MINIFLOAT mant_bits: 3 exp_bits: 4 bw_params: 2',
      mini(4, 3),
      mini(4, 3),
      mini(4, 3),
      mini(4, 3),
    ],
    [
      'precision: INTEGER_POWER_OF_2_WEIGHTS',
      fixed(32, 16),
      fixed(32, 16),
      { kind: 'powerOfTwo', minExponent: -8, maxExponent: -1 },
      float32,
    ],
    [
      'precision: INTEGER_POWER_OF_2_WEIGHTS exp_min: -4 exp_max: 0 bw_layer_in: 8 fl_layer_in: 5',
      fixed(8, 5),
      fixed(32, 16),
      { kind: 'powerOfTwo', minExponent: -4, maxExponent: 0 },
      float32,
    ],
  ])('{ %s }', (fields, input, output, weights, bias) => {
    expect(formatsOf(fields)).toEqual({ input, output, weights, bias });
  });
});

describe('number formats as keys', () => {
  const formats: readonly NumberFormat[] = [
    float32,
    fixed(8, 4),
    fixed(4, 8),
    fixed(8, -4),
    mini(4, 3),
    mini(3, 4),
    { kind: 'powerOfTwo', minExponent: -8, maxExponent: -1 },
    { kind: 'powerOfTwo', minExponent: -7, maxExponent: -1 },
  ];

  it('differ for all that differ', () => {
    expect(new Set(formats.map(formatKey)).size).toBe(formats.length);
  });

  it('are the same for the same', () => {
    expect(formats.map((format) => formatKey({ ...format }))).toEqual(formats.map(formatKey));
  });
});

describe('layer types', () => {
  it.each([
    ['Convolution', 'ConvolutionRistretto', 'conv_params'],
    ['InnerProduct', 'FcRistretto', 'fc_params'],
    ['Deconvolution', undefined, undefined],
    ['LRN', undefined, undefined],
  ])('%s is written as %s', (type, quantized, group) => {
    expect(ristrettoType(type)).toBe(quantized);
    expect(parameterGroup(type)).toBe(group);
    expect(isRistrettoType(type)).toBe(false);
    expect(floatType(type)).toBe(type);
    if (quantized === undefined) return;
    expect(isRistrettoType(quantized)).toBe(true);
    expect(floatType(quantized)).toBe(type);
    expect(parameterGroup(quantized)).toBeUndefined();
  });
});
