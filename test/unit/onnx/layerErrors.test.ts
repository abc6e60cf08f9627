import { describe, expect, it } from 'vitest';
import { convertNet } from '../../../src/onnx/convertNet';
import { checkSupported } from '../../../src/onnx/registry';
import { quantizeBlob } from '../../../src/quantize/quantizedWeights';
import { weightsOf } from '../../support/runModel';
import {
  both,
  errorOf,
  expectRefused,
  fc,
  image,
  input,
  labelled,
  layerErrorOf,
  matrix,
  netOf,
  one,
  quantized,
  type ErrorCase,
} from './layerErrorSupport';

const cases: readonly ErrorCase[] = [
  [
    'no inner_product_param',
    matrix,
    `${one} type: "InnerProduct"`,
    'layer/param',
    /inner_product_param/,
  ],
  [
    'an axis beyond the bottom',
    matrix,
    `${fc} { num_output: 1 axis: 2 }`,
    'layer/axis',
    /axis 2 is outside of a 2-axis/,
  ],
  [
    'an axis before the bottom',
    matrix,
    `${fc} { num_output: 1 axis: -3 }`,
    'layer/axis',
    /axis -3/,
  ],
  [
    'inner product of two',
    labelled,
    `${both} type: "InnerProduct" inner_product_param { num_output: 1 }`,
    'layer/bottoms',
    /exactly one bottom, has 2/,
  ],
  [
    'weights that are missing',
    matrix,
    `${fc} { num_output: 1 }`,
    'weights/missing-layer',
    /layer "l" \(test.prototxt:3\) has no weights/,
  ],
  [
    'an even LRN',
    image,
    `${one} type: "LRN" lrn_param { local_size: 4 }`,
    'layer/param',
    /odd, is 4/,
  ],
  [
    'LRN within a matrix',
    matrix,
    `${one} type: "LRN" lrn_param { norm_region: WITHIN_CHANNEL }`,
    'layer/bottoms',
    /NCHW/,
  ],
  [
    'Concat of other shapes',
    [input('x', 2, 3), input('label', 3, 3)],
    `${both} type: "Concat"`,
    'layer/shapes',
    /2x3 and 3x3 cannot be joined along axis 1/,
  ],
  ['Concat of other ranks', labelled, `${both} type: "Concat"`, 'layer/shapes', /2x3 and 2 /],
  [
    'Softmax on no axis',
    matrix,
    `${one} type: "Softmax" softmax_param { axis: 2 }`,
    'layer/axis',
    /axis 2/,
  ],
  [
    'too few labels',
    [input('x', 2, 3), input('label', 1)],
    `${both} type: "SoftmaxWithLoss"`,
    'layer/labels',
    /2x3 scores need 2 labels, there are 1 \(1\)/,
  ],
  [
    'too many labels',
    [input('x', 2, 3), input('label', 2, 3)],
    `${both} type: "Accuracy"`,
    'layer/labels',
    /2 labels, there are 6/,
  ],
  ['no labels', matrix, `${one} type: "SoftmaxWithLoss"`, 'layer/bottoms', /two bottoms, has 1/],
  [
    'three tops of a loss',
    labelled,
    `top: "a" top: "b" ${both} type: "SoftmaxWithLoss"`,
    'layer/tops',
    /at most two tops/,
  ],
  [
    'three tops of an accuracy',
    labelled,
    `top: "a" top: "b" ${both} type: "Accuracy"`,
    'layer/tops',
    /at most two tops, not 3/,
  ],
  [
    'top_k above the classes',
    labelled,
    `${both} type: "Accuracy" accuracy_param { top_k: 4 }`,
    'layer/top-k',
    /top_k 4 does not fit 3 classes/,
  ],
  [
    'top_k 0',
    labelled,
    `${both} type: "Accuracy" accuracy_param { top_k: 0 }`,
    'layer/top-k',
    /top_k 0/,
  ],
  [
    '0 bits',
    matrix,
    `${quantized} quantization_param { bw_params: 0 }`,
    'layer/quantization',
    /weights bit-width 0 is not in 1..32/,
  ],
  [
    '33 bits',
    matrix,
    `${quantized} quantization_param { bw_layer_in: 33 }`,
    'layer/quantization',
    /input bit-width 33/,
  ],
  [
    'a fractional length out of range',
    matrix,
    `${quantized} quantization_param { fl_layer_out: -127 }`,
    'layer/quantization',
    /output fractional length -127/,
  ],
  [
    '9 exponent bits',
    matrix,
    `${quantized} quantization_param { precision: MINIFLOAT exp_bits: 9 }`,
    'layer/quantization',
    /exponent bits 9/,
  ],
  [
    '32 mantissa bits',
    matrix,
    `${quantized} quantization_param { precision: MINIFLOAT mant_bits: 32 }`,
    'layer/quantization',
    /mantissa bits 32/,
  ],
  [
    'exp_min above exp_max',
    matrix,
    `${quantized} quantization_param { precision: INTEGER_POWER_OF_2_WEIGHTS exp_min: 0 }`,
    'layer/quantization',
    /exp_min 0 is above exp_max -1/,
  ],
];

describe('layers that do not fit', () => {
  it.each(cases.map((c) => [c[0], c] as const))('%s', (_, c) => expectRefused(c));

  it('weights of another net', () => {
    const weights = { l: [{ shape: [2, 4], data: new Array<number>(8).fill(0) }] };
    const error = layerErrorOf(matrix, `${fc} { num_output: 2 bias_term: false }`, weights);
    expect(error.message).toContain('needs weights of shape 2x3, this file has 2x4');
  });

  it('an Input layer whose shape nobody knows', () => {
    const net = netOf('layer { name: "in" type: "Input" top: "x" }');
    const options = { weights: weightsOf({}), inputShapes: new Map(), quantizeBlob };
    expect(errorOf(() => convertNet(net, options)).message).toContain('a shape for top "x"');
  });
});

describe('layer types that are not supported', () => {
  const layer = (name: string, type: string): string =>
    `layer { name: "${name}" type: "${type}" bottom: "x" top: "${name}" }`;

  it('are named with the line where there is one', () => {
    const error = errorOf(() => checkSupported(netOf(`${input('x', 1)}\n${layer('a', 'Python')}`)));
    expect(error.code).toBe('layer/unsupported');
    expect(error.message).toBe(
      'test.prototxt:2:7: layer "a" has type "Python", which is not supported: its code is not ' +
        'part of the net',
    );
  });

  it('are named all at once, with how many and the first line of each', () => {
    const prototxt = [
      input('x', 1),
      layer('ok', 'ReLU'),
      layer('a', 'Python'),
      layer('b', 'WindowData'),
      layer('c', 'Python'),
    ].join('\n');
    const error = errorOf(() => checkSupported(netOf(prototxt)));
    expect(error.message).toBe(
      'test.prototxt:3:7: layer "a" has type "Python", which is not supported: its code is not ' +
        'part of the net; unsupported in this net: Python (2 layers, first in line 3), WindowData (line 4)',
    );
  });

  it('are none in a net of supported layers', () => {
    expect(() => checkSupported(netOf(`${input('x', 1)} ${layer('a', 'ReLU')}`))).not.toThrow();
  });
});
