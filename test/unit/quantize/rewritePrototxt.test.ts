import { expect, it } from 'vitest';
import { parseNetFile } from '../../../src/caffe/netFile';
import { SourceText } from '../../../src/prototxt/source';
import {
  dynamicFixedPointCandidate,
  minifloatCandidate,
  powerOfTwoCandidate,
} from '../../../src/quantize/candidates';
import { rewritePrototxt } from '../../../src/quantize/rewritePrototxt';

const text = `# my net
name: "n"
layer { name: "c" type: "Data" top: "data" top: "label" } # shares its name with the next
layer {
  name: "c"
  type: "Convolution"  # the first
  bottom: "data"
  top: "c"
  convolution_param { num_output: 2 kernel_size: 1 }
  quantization_param { bw_params: 3 }
}
layer { name: "f" type: "InnerProduct" bottom: "c" top: "f" inner_product_param { num_output: 2 } }
layer { name: "r" type: "ReLU" bottom: "f" top: "f" }
`;

const layers = [
  { name: 'c', type: 'Convolution', maxIn: 1, maxOut: 3, maxParams: 0.6 },
  { name: 'f', type: 'InnerProduct', maxIn: 3, maxOut: 30, maxParams: 0.2 },
];

it('changes only type and quantization_param', () => {
  const file = parseNetFile(new SourceText('n.prototxt', text));
  const candidate = dynamicFixedPointCandidate(layers, {
    conv_params: 4,
    fc_params: 8,
    activations: 8,
  });
  expect(rewritePrototxt(file, candidate)).toBe(`# my net
name: "n"
layer { name: "c" type: "Data" top: "data" top: "label" } # shares its name with the next
layer {
  name: "c"
  type: "ConvolutionRistretto"  # the first
  bottom: "data"
  top: "c"
  convolution_param { num_output: 2 kernel_size: 1 }
  quantization_param { bw_layer_in: 8 bw_layer_out: 8 bw_params: 4 fl_layer_in: 8 fl_layer_out: 6 fl_params: 3 }
}
layer { name: "f" type: "FcRistretto" bottom: "c" top: "f" inner_product_param { num_output: 2 } quantization_param { bw_layer_in: 8 bw_layer_out: 8 bw_params: 8 fl_layer_in: 6 fl_layer_out: 3 fl_params: 9 } }
layer { name: "r" type: "ReLU" bottom: "f" top: "f" }
`);
});

it.each([
  [
    'minifloat',
    minifloatCandidate(layers, 8, 4),
    '{ precision: MINIFLOAT mant_bits: 3 exp_bits: 4 }',
  ],
  [
    'power of two',
    powerOfTwoCandidate(layers),
    '{ precision: INTEGER_POWER_OF_2_WEIGHTS bw_layer_in: 8 bw_layer_out: 8 fl_layer_in: 6 fl_layer_out: 3 exp_min: -8 exp_max: -1 }',
  ],
])('writes the fields of %s', (_, candidate, block) => {
  const file = parseNetFile(new SourceText('n.prototxt', text));
  expect(rewritePrototxt(file, candidate)).toContain(
    `quantization_param ${block} }\nlayer { name: "r"`,
  );
});
