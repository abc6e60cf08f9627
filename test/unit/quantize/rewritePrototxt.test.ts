import { describe, expect, it } from 'vitest';
import { parseNetFile } from '../../../src/caffe/netFile';
import { readQuantizationParam } from '../../../src/formats/quantizationParam';
import type { LayerFormats } from '../../../src/formats/layerFormats';
import { SourceText } from '../../../src/prototxt/source';
import { UserError } from '../../../src/base/userError';
import {
  dynamicFixedPointCandidate,
  minifloatCandidate,
  powerOfTwoCandidate,
  type QuantizableLayer,
} from '../../../src/quantize/original/candidates';
import { rewritePrototxt } from '../../../src/quantize/rewritePrototxt';
import { quantizationFields } from '../../../src/formats/quantizationParam';

const layers: readonly QuantizableLayer[] = [
  { name: 'conv', type: 'Convolution', maxIn: 0.99, maxOut: 3.4, maxParams: 0.6 },
  { name: 'fc', type: 'InnerProduct', maxIn: 13.2, maxOut: 2 ** 20, maxParams: 0.27 },
];
const parse = (text: string): ReturnType<typeof parseNetFile> =>
  parseNetFile(new SourceText('test.prototxt', text));
const rewrite = (text: string, candidate: ReturnType<typeof minifloatCandidate>): string =>
  rewritePrototxt(parse(text), candidate);
const all = dynamicFixedPointCandidate(layers, { conv_params: 8, fc_params: 4, activations: 16 });

/** Lines of one text that the other lacks. */
const without = (text: string, other: string): string[] => {
  const lines = new Set(other.split('\n'));
  return text.split('\n').filter((line) => !lines.has(line));
};

const net = `# A net    with odd spacing
name: 'net'   # single quotes
input: "data" input_shape { dim: [1, 1, 4, 4] }

layer {
  name: "conv"  type : "Convolution"   # the first
  bottom: "data"
  top: "conv"
  convolution_param < num_output: 2, kernel_size: 3; >
}
layer { name: "relu" type: "ReLU" bottom: "conv" top: "conv" }
# before fc
layer {
  type: "InnerProduct"
  name: "fc"
  bottom: "conv"
  top: "fc"
  inner_product_param { num_output: 0xA }

  # the end
}
`;

describe('writing a candidate into a prototxt', () => {
  it('changes only types and adds only parameters', () => {
    const result = rewrite(net, all);
    expect(without(net, result)).toEqual([
      '  name: "conv"  type : "Convolution"   # the first',
      '  type: "InnerProduct"',
    ]);
    expect(without(result, net).map((line) => line.trim())).toEqual([
      'name: "conv"  type : "ConvolutionRistretto"   # the first',
      'quantization_param {',
      'bw_layer_in: 16',
      'bw_layer_out: 16',
      'bw_params: 8',
      'fl_layer_in: 16',
      'fl_layer_out: 14',
      'fl_params: 7',
      '}',
      'type: "FcRistretto"',
      'quantization_param {',
      'bw_layer_in: 16',
      'bw_layer_out: 16',
      'bw_params: 4',
      'fl_layer_in: 12',
      'fl_layer_out: -4',
      'fl_params: 4',
      '}',
    ]);
  });

  it.each([
    ['dynamic fixed point', all],
    ['CONV parameters alone', dynamicFixedPointCandidate(layers, { conv_params: 8 })],
    ['the fallback', dynamicFixedPointCandidate(layers, { activations: 32 })],
    ['minifloat', minifloatCandidate(layers, 8, 4)],
    ['powers of two', powerOfTwoCandidate(layers)],
    ['nothing', new Map()],
  ])('reads back as it was: %s', (_, candidate) => {
    const { message } = parse(rewrite(net, candidate)).bound;
    for (const { name, type, quantization_param: param } of message.layer) {
      expect(type.endsWith('Ristretto')).toBe(candidate.has(name));
      const formats = param === undefined ? undefined : readQuantizationParam(param);
      expect(formats).toEqual(candidate.get(name));
    }
    const layersBefore = parse(net).bound.message.layer;
    expect(message.layer.map(({ bottom, top }) => [bottom, top])).toEqual(
      layersBefore.map(({ bottom, top }) => [bottom, top]),
    );
  });

  it('gives back the same bytes for no candidate', () => {
    expect(rewrite(net, new Map())).toBe(net);
  });

  it('works on a layer in one line', () => {
    const line = 'layer { name: "fc" type: "InnerProduct" top: "y" } # one line\n';
    const result = rewrite(line, minifloatCandidate(layers, 8, 4));
    expect(result).toMatch(/^layer \{ name: "fc" type: "FcRistretto" top: "y"\s/);
    expect(result.endsWith(' # one line\n')).toBe(true);
    expect(parse(result).bound.message.layer[0]?.quantization_param).toMatchObject({
      precision: 'MINIFLOAT',
      mant_bits: 3,
      exp_bits: 4,
    });
  });

  it('replaces an earlier quantization_param of a float layer', () => {
    const old = `layer {
  name: "fc"
  type: "InnerProduct"
  quantization_param { precision: MINIFLOAT mant_bits: 1 exp_bits: 2 exp_min: -3 }
  top: "y"
}
`;
    const result = rewrite(old, all);
    expect(result.match(/quantization_param/g)).toHaveLength(1);
    expect(result).not.toContain('MINIFLOAT');
    const { layer } = parse(result).bound.message;
    const param = layer[0]?.quantization_param;
    expect(param === undefined ? undefined : readQuantizationParam(param)).toEqual(all.get('fc'));
    expect(layer[0]?.top).toEqual(['y']);
  });

  it('changes no other byte of a file', () => {
    const text = `# my net
name: "n"
layer { name: "conv" type: "Data" top: "data" top: "label" } # shares its name with the next
layer {
  name: "conv"
  type: "Convolution"  # the first
  convolution_param { num_output: 2 kernel_size: 1 }
  quantization_param { bw_params: 3 }
}
layer { name: "fc" type: "InnerProduct" bottom: "conv" inner_product_param { num_output: 2 } }
layer { name: "r" type: "ReLU" bottom: "fc" top: "fc" }
`;
    expect(rewrite(text, minifloatCandidate(layers, 8, 4))).toBe(`# my net
name: "n"
layer { name: "conv" type: "Data" top: "data" top: "label" } # shares its name with the next
layer {
  name: "conv"
  type: "ConvolutionRistretto"  # the first
  convolution_param { num_output: 2 kernel_size: 1 }
  quantization_param { precision: MINIFLOAT mant_bits: 3 exp_bits: 4 }
}
layer { name: "fc" type: "FcRistretto" bottom: "conv" inner_product_param { num_output: 2 } quantization_param { precision: MINIFLOAT mant_bits: 3 exp_bits: 4 } }
layer { name: "r" type: "ReLU" bottom: "fc" top: "fc" }
`);
  });

  it('leaves a data layer of the same name alone', () => {
    const shared =
      'layer { name: "fc" type: "Data" top: "x" }\n' +
      'layer { name: "fc" type: "InnerProduct" bottom: "x" top: "y" }\n';
    const types = parse(rewrite(shared, all)).bound.message.layer.map(({ type }) => type);
    expect(types).toEqual(['Data', 'FcRistretto']);
  });

  it('keeps CRLF line ends', () => {
    const windows = net.replaceAll('\n', '\r\n');
    expect(rewrite(windows, all)).toBe(rewrite(net, all).replaceAll('\n', '\r\n'));
  });
});

describe('fields of a quantization_param', () => {
  const fieldsOf = (formats: LayerFormats | undefined): string[] =>
    formats === undefined
      ? []
      : quantizationFields(formats).map(
          ({ name, value }) => `${name}: ${typeof value === 'string' ? value : ''}`,
        );

  it.each([
    [
      'minifloat',
      minifloatCandidate(layers, 16, 5),
      'precision: MINIFLOAT|mant_bits: 10|exp_bits: 5',
    ],
    [
      'powers of two',
      powerOfTwoCandidate(layers),
      'precision: INTEGER_POWER_OF_2_WEIGHTS|bw_layer_in: 8|bw_layer_out: 8|' +
        'fl_layer_in: 8|fl_layer_out: 6|exp_min: -8|exp_max: -1',
    ],
    [
      'parts that are left at their defaults, which the original writes too',
      dynamicFixedPointCandidate(layers, { conv_params: 8 }),
      'bw_layer_in: 32|bw_layer_out: 32|bw_params: 8|fl_layer_in: 16|fl_layer_out: 16|fl_params: 7',
    ],
  ])('of %s', (_, candidate, fields) => {
    expect(fieldsOf(candidate.get('conv'))).toEqual(fields.split('|'));
  });

  it('cannot hold float activations beside fixed-point weights', () => {
    const weights = { kind: 'fixedPoint', bits: 8, fractionalLength: 4 } as const;
    const float = { kind: 'float32' } as const;
    expect(() =>
      quantizationFields({ input: float, output: float, weights, bias: weights }),
    ).toThrow(UserError);
  });

  it('cannot hold float weights beside fixed-point activations', () => {
    const input = { kind: 'fixedPoint', bits: 8, fractionalLength: 4 } as const;
    const float = { kind: 'float32' } as const;
    expect(() => quantizationFields({ input, output: input, weights: float, bias: float })).toThrow(
      /cannot hold float32 weights/,
    );
  });
});
