import { describe, expect, it } from 'vitest';
import { findingsIn } from './support';

/** Image data of 1x3x8x8 on the first line. */
const data =
  'layer { name: "in" type: "Input" top: "data" input_param { shape { dim: 1 dim: 3 dim: 8 dim: 8 } } }\n';

function layer(fields: string): string {
  return `layer { ${fields} }\n`;
}

const convolution = 'bottom: "data" top: "c" convolution_param { num_output: 2 kernel_size: 3 }';
const quantized = (param: string): string =>
  data +
  layer(`name: "c" type: "ConvolutionRistretto" ${convolution} quantization_param { ${param} }`);

describe('syntax', () => {
  it.each([
    ['name: "a" }\n', [`1 error syntax/unexpected-close «}» '}' closes nothing`]],
    [
      data.replace('top:', 'top'),
      [`1 error syntax/expected-colon «"data"» Expected ':' after 'top', found "data"`],
    ],
  ])('%j', (text, expected) => {
    expect(findingsIn(text)).toEqual(expected);
  });

  it('one error hides neither the next nor what is wrong with the net', () => {
    const text =
      data +
      'layer { name: "a type: "ReLU" }\n' +
      'layer { name: "p" type "ReLU" bottom: "dat" top: "p" }\n';
    const codes = findingsIn(text).map((line) => line.split(' ').slice(0, 3).join(' '));
    expect(codes).toEqual(
      expect.arrayContaining([
        '2 error syntax/unterminated-string',
        '3 error syntax/expected-colon',
        '3 error wiring/missing-bottom',
      ]),
    );
  });
});

describe('schema', () => {
  it.each([
    [
      'an unknown field, with the nearest one',
      data + layer('name: "r" type: "ReLU" botom: "x" bottom: "data" top: "r"'),
      [
        "2 warning schema/unknown-field «botom» Unknown field 'botom' in LayerParameter: ignored; did you mean 'bottom'?",
      ],
    ],
    [
      'a wrong enum value',
      data +
        layer(
          'name: "p" type: "Pooling" bottom: "data" top: "p" pooling_param { pool: MAXX kernel_size: 2 }',
        ),
      [
        "2 error schema/unknown-enum-value «MAXX» Unknown value 'MAXX' for 'pool': did you mean 'MAX'?",
      ],
    ],
    [
      'a wrong type, and no shape fault that follows from it',
      data +
        layer(
          'name: "p" type: "Pooling" bottom: "data" top: "p" pooling_param { kernel_size: 2.5 }',
        ),
      ["2 error schema/wrong-type «2.5» Expected an integer for 'kernel_size', found 2.5"],
    ],
    [
      'a list where one value belongs, and no missing type besides',
      data + layer('name: "p" type: ["ReLU"] bottom: "data" top: "p"'),
      [`2 error schema/not-repeated «["ReLU"]» 'type' takes one value, found a list`],
    ],
    [
      'a field given twice',
      data + layer('name: "p" name: "q" type: "ReLU" bottom: "data" top: "p"'),
      ["2 error schema/duplicate-field «name» 'name' is given more than once"],
    ],
    [
      'a required field that is missing',
      data + layer('name: "p" type: "Clip" bottom: "data" top: "p" clip_param { min: 0 }'),
      ["2 error schema/missing-required «{» ClipParameter needs a value for 'max'"],
    ],
    [
      'a solver, which has a schema of its own',
      'net: "a"\nlr_polcy: "fixed"\nsolver_mode: TPU\n',
      [
        "2 warning schema/unknown-field «lr_polcy» Unknown field 'lr_polcy' in SolverParameter: ignored; did you mean 'lr_policy'?",
        "3 error schema/unknown-enum-value «TPU» Unknown value 'TPU' for 'solver_mode': did you mean 'CPU'?",
      ],
    ],
    [
      'a V0 type',
      'layers { layer { name: "a" type: "convv" } top: "a" }',
      [
        `1 error net/old-type «"convv"» Unknown layer type "convv" in the V0 form: did you mean "conv"?`,
      ],
    ],
    ['what has no schema here', 'item { name: "x" id: 3 }', []],
    ['nothing at all', '', []],
  ])('%s', (_, text, expected) => {
    expect(findingsIn(text)).toEqual(expected);
  });
});

describe('layer types', () => {
  it.each([
    [
      '"Relu"',
      '2 warning layer/unknown-type «"Relu"» Unknown layer type "Relu"; did you mean "ReLU"?',
    ],
    [
      '"RELU"',
      '2 warning layer/unknown-type «"RELU"» Unknown layer type "RELU"; did you mean "ReLU"?',
    ],
    [
      '"Frobnicate"',
      `2 information layer/unknown-type «"Frobnicate"» Layer type "Frobnicate" is not one of Caffe's or of a known fork: its shapes are not known`,
    ],
  ])('%s', (type, expected) => {
    expect(findingsIn(data + layer(`name: "r" type: ${type} bottom: "data" top: "r"`))).toEqual([
      expected,
    ]);
  });

  it('none at all', () => {
    expect(findingsIn(data + layer('name: "n" bottom: "data" top: "n" lrn_param { }'))).toEqual([
      '2 error layer/no-type «{» Layer "n" has no type: add one, such as type: "LRN"',
    ]);
  });
});

describe('wiring', () => {
  it.each([
    [
      'a bottom that nobody makes, with the nearest name',
      layer('name: "t" type: "TanH" bottom: "dat" top: "t"'),
      [
        '1 hint wiring/unused-top «"data"» No layer reads "data"',
        '2 error wiring/missing-bottom «"dat"» Bottom "dat" is not made by any layer; did you mean "data"?',
      ],
    ],
    [
      'a layer in place over a blob that nobody makes',
      layer('name: "t" type: "TanH" bottom: "data" top: "t"') +
        layer('name: "r" type: "ReLU" bottom: "u" top: "u"'),
      [
        '3 error wiring/missing-bottom «"u"» Bottom "u" is not made by any layer; did you mean "t"?',
      ],
    ],
    [
      'a bottom that is made later',
      layer('name: "a" type: "TanH" bottom: "b" top: "a"') +
        layer('name: "b" type: "TanH" bottom: "data" top: "b"'),
      [
        '2 error wiring/made-later «"b"» Bottom "b" is made only later, by layer "b" (line 3): move that layer up',
      ],
    ],
    [
      'a cycle',
      layer('name: "a" type: "Eltwise" bottom: "data" bottom: "b" top: "a"') +
        layer('name: "b" type: "TanH" bottom: "a" top: "b"'),
      [
        `2 error wiring/cycle «"b"» Bottom "b" is made by layer "b" (line 3), which needs this layer's own output: the net has a cycle`,
      ],
    ],
    [
      'a top made twice',
      layer('name: "a" type: "TanH" bottom: "data" top: "x"') +
        layer('name: "b" type: "TanH" bottom: "data" top: "x"'),
      [
        '3 error wiring/duplicate-top «"x"» Top "x" is already made by layer "a" (line 2); give one of them another name',
      ],
    ],
    [
      'a top that was forgotten',
      layer('name: "p" type: "Pooling" bottom: "data" top: "p" pooling_param { kernel_size: 2 }') +
        layer('name: "t" type: "TanH" bottom: "data" top: "t"'),
      ['2 hint wiring/unused-top «"p"» No layer reads "p"'],
    ],
    [
      'layers in place and results in the middle are right',
      layer(`name: "c" type: "Convolution" ${convolution}`) +
        layer('name: "r" type: "ReLU" bottom: "c" top: "c"') +
        layer('name: "a" type: "Softmax" bottom: "c" top: "a"') +
        layer(
          'name: "b" type: "Pooling" bottom: "c" top: "b" pooling_param { global_pooling: true }',
        ),
      [],
    ],
  ])('%s', (_, layers, expected) => {
    expect(findingsIn(data + layers)).toEqual(expected);
  });

  it('header inputs make their blobs', () => {
    const text = 'input: "x"\ninput_dim: 1\ninput_dim: 2\ninput_dim: 3\ninput_dim: 4\n';
    expect(findingsIn(text + layer('name: "t" type: "TanH" bottom: "x" top: "t"'))).toEqual([]);
  });

  it('a V1 net is walked where it stands', () => {
    const text =
      'input: "x" input_dim: 1 input_dim: 2 input_dim: 3 input_dim: 4\n' +
      'layers { name: "t" type: TANH bottom: "y" top: "t" }\n';
    expect(findingsIn(text)).toEqual([
      '1 hint wiring/unused-top «"x"» No layer reads "x"',
      '2 error wiring/missing-bottom «"y"» Bottom "y" is not made by any layer; did you mean "x"?',
    ]);
  });

  it('each net of a file that defines several is walked by itself', () => {
    const net = data + layer('name: "t" type: "TanH" bottom: "data" top: "t"');
    expect(findingsIn(`name: "one"\n${net}name: "two"\n${net}`)).toEqual([]);
    const [finding] = findingsIn(`name: "one"\n${net}name: "two"\n${net.replace(data, '')}`);
    expect(finding).toMatch(/^5 warning wiring\/missing-bottom «"data"»/);
  });

  describe('with rules', () => {
    const source = (tops: string, rule: string): string =>
      layer(`name: "d" type: "Data" ${tops} ${rule} data_param { source: "x" batch_size: 4 }`);
    const both = 'top: "data" top: "label"';
    const loss = layer('name: "l" type: "SoftmaxWithLoss" bottom: "data" bottom: "label" top: "l"');

    it('two data layers for two phases are no top made twice', () => {
      const text =
        source(both, 'include { phase: TRAIN }') + source(both, 'include { phase: TEST }');
      expect(findingsIn(text + loss)).toEqual([]);
    });

    it('a phase without data is not blamed', () => {
      expect(findingsIn(source(both, 'include { phase: TRAIN }') + loss)).toEqual([]);
    });

    it('what is missing in one phase is told with it', () => {
      const text =
        source(both, 'include { phase: TRAIN }') + source('top: "data"', 'include { phase: TEST }');
      expect(findingsIn(text + loss)).toEqual([
        '3 warning wiring/missing-bottom «"label"» Bottom "label" is not made by any layer in the TEST phase',
      ]);
    });

    it('stages that exclude each other are no top made twice', () => {
      const text =
        source(both, 'include { phase: TEST stage: "a" }') +
        source(both, 'include { phase: TEST stage: "b" }') +
        source(both, 'include { phase: TRAIN }');
      expect(findingsIn(text + loss)).toEqual([]);
    });

    it('levels count, too', () => {
      const text =
        source(both, 'include { max_level: 0 }') + source(both, 'include { min_level: 1 }');
      expect(findingsIn(text + loss)).toEqual([]);
    });
  });
});

describe('shapes', () => {
  const pooled = layer(
    'name: "p" type: "Pooling" bottom: "data" top: "p" pooling_param { kernel_size: 2 stride: 2 }',
  );

  it.each([
    [
      'Concat',
      pooled + layer('name: "c" type: "Concat" bottom: "data" bottom: "p" top: "c"'),
      '3 error shape/shapes «"p"» Concat: bottoms of shape 1x3x8x8 and 1x3x4x4 cannot be joined along axis 1',
    ],
    [
      'Eltwise',
      pooled + layer('name: "e" type: "Eltwise" bottom: "data" bottom: "p" top: "e"'),
      '3 error shape/shapes «"p"» Eltwise: bottoms of shape 1x3x8x8 and 1x3x4x4 are not alike',
    ],
    [
      'InnerProduct after Reshape',
      layer(
        'name: "s" type: "Reshape" bottom: "data" top: "s" reshape_param { shape { dim: 1 dim: -1 } }',
      ) +
        layer(
          'name: "f" type: "InnerProduct" bottom: "s" top: "f" inner_product_param { num_output: 2 axis: 3 }',
        ),
      '3 error shape/axis «inner_product_param» InnerProduct: axis 3 is outside of a 2-axis bottom',
    ],
    [
      'a window larger than its image',
      layer(
        'name: "c" type: "Convolution" bottom: "data" top: "c" convolution_param { num_output: 2 kernel_size: 9 }',
      ),
      '2 error shape/kernel «convolution_param» Convolution: the kernel (9x9) is larger than its padded bottom (1x3x8x8)',
    ],
    [
      'settings that are missing',
      layer('name: "f" type: "InnerProduct" bottom: "data" top: "f"'),
      '2 error shape/param «"InnerProduct"» InnerProduct: needs inner_product_param with num_output above 0',
    ],
    [
      'what only this tool cannot do',
      layer(
        'name: "p" type: "Pooling" bottom: "data" top: "p" pooling_param { kernel_size: 2 pool: STOCHASTIC }',
      ),
      '2 information shape/unsupported «pooling_param» Pooling: stochastic pooling is not supported',
    ],
  ])('%s', (_, layers, expected) => {
    expect(findingsIn(data + layers)).toEqual([expected]);
  });

  describe('where the image size is not known', () => {
    const images =
      'layer { name: "d" type: "Data" top: "data" data_param { source: "x" batch_size: 4 } }\n';

    it('nothing that may fit is blamed', () => {
      const group = 'convolution_param { num_output: 7 kernel_size: 900 group: 7 }';
      const text = `${images}${layer(`name: "c" type: "Convolution" bottom: "data" top: "c" ${group}`)}`;
      expect(findingsIn(text)).toEqual([]);
    });

    it('what can never fit is', () => {
      const text = `${images}${layer('name: "c" type: "Convolution" bottom: "data" top: "c"')}`;
      expect(findingsIn(text)).toEqual([
        '2 error shape/param «"Convolution"» Convolution: needs convolution_param with num_output above 0',
      ]);
    });
  });
});

describe('quantization_param', () => {
  it.each([
    [
      'bw_params: 0',
      'bit-width «bw_params: 0» bw_params: 0 cannot be: there are no numbers of 0 bits',
    ],
    [
      'bw_layer_in: 33',
      'bit-width «bw_layer_in: 33» bw_layer_in: 33 cannot be: a number has 32 bits at most',
    ],
    [
      'fl_layer_out: 200',
      "fractional-length «fl_layer_out: 200» fl_layer_out: 200 cannot be: a step of 2^-200 is outside of float's range (-126 to 126)",
    ],
    [
      'precision: MINIFLOAT exp_bits: 0',
      'exponent-bits «exp_bits: 0» exp_bits: 0 cannot be: a minifloat needs exponent bits',
    ],
    [
      'precision: MINIFLOAT mant_bits: 40',
      'mantissa-bits «mant_bits: 40» mant_bits: 40 cannot be: there are 31 at most, and a float has 23',
    ],
    [
      'precision: INTEGER_POWER_OF_2_WEIGHTS exp_min: -1 exp_max: -8',
      'exponents «exp_min: -1» exp_min: -1 is above exp_max: -8',
    ],
  ])('%s', (param, expected) => {
    expect(findingsIn(quantized(param))).toEqual([`2 error quantization/${expected}`]);
  });

  it.each([
    '',
    'bw_params: 1 fl_params: -3',
    'precision: MINIFLOAT exp_bits: 1 mant_bits: 0 bw_params: 0',
  ])('{ %s } can be', (param) => {
    expect(findingsIn(quantized(param))).toEqual([]);
  });

  it('is not read by a float layer', () => {
    const text =
      data +
      layer(`name: "c" type: "Convolution" ${convolution} quantization_param { bw_params: 0 }`);
    expect(findingsIn(text)).toEqual([
      '2 information quantization/not-read «quantization_param» A Convolution layer does not read quantization_param; a ConvolutionRistretto layer would read it',
    ]);
  });
});

it('settings that Caffe never looks at', () => {
  const text =
    'layer { name: "d" type: "Data" top: "data" data_param { source: "x" batch_size: 4 scale: 2 } }\n' +
    layer('name: "t" type: "TanH" bottom: "data" top: "t"');
  expect(findingsIn(text).map((line) => line.slice(0, 34))).toEqual([
    '1 warning net/ignored-field «scale',
  ]);
});
