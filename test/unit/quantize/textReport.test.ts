import { describe, expect, it } from 'vitest';
import type { QuantizeReport } from '../../../src/quantize/report';
import type { Group, SweepRow } from '../../../src/quantize/groups';
import { formatFloat } from '../../../src/quantize/formatFloat';
import { textReport } from '../../../src/quantize/original/textReport';

const row = (group: Group, bits: number, score: number): SweepRow => ({
  group,
  bits,
  score,
  loss: null,
  seconds: 0,
});

const report: QuantizeReport = {
  mode: 'dynamic_fixed_point',
  search: 'original',
  baseline: Math.fround(0.9915),
  baselineLoss: null,
  rows: [],
  chosen: { conv_params: 8, fc_params: 4, activations: 16 },
  final: {
    score: Math.fround(0.9881),
    loss: null,
    seconds: 0,
    withinMargin: true,
    standardError: null,
    verdict: 'unknown',
  },
  layers: [],
  net: 'LeNet',
  scoreBlob: 'accuracy',
  scoreIsAccuracy: true,
  scoreDirection: 'higher',
  weightBytes: { float: 0, quantized: 0 },
  errorMargin: 1,
  iterations: 1,
  batchSize: 1,
  calibration: 'train',
  provider: 'cpu',
  seconds: 0,
  output: '',
  inputs: [],
  versions: { ristretto: '', onnxruntime: '', node: '' },
  notes: [],
};

describe('the text report, letter for letter', () => {
  it('of dynamic fixed point', () => {
    const rows = [
      row('conv_params', 16, Math.fround(0.9915)),
      row('conv_params', 8, Math.fround(0.0987)),
      row('fc_params', 16, 1),
      row('activations', 16, 0),
      row('activations', 8, 1e-5),
    ];
    expect(textReport({ ...report, rows })).toBe(
      'Network accuracy analysis for\n' +
        'Convolutional (CONV) and fully\n' +
        'connected (FC) layers.\n' +
        'Baseline 32bit float: 0.9915\n' +
        'Dynamic fixed point CONV\n' +
        'weights: \n' +
        '16bit: \t0.9915\n' +
        '8bit: \t0.0987\n' +
        'Dynamic fixed point FC\n' +
        'weights: \n' +
        '16bit: \t1\n' +
        'Dynamic fixed point layer\n' +
        'activations:\n' +
        '16bit: \t0\n' +
        '8bit: \t1e-05\n' +
        'Dynamic fixed point net:\n' +
        '8bit CONV weights,\n' +
        '4bit FC weights,\n' +
        '16bit layer activations:\n' +
        'Accuracy: 0.9881\n' +
        'Please fine-tune.',
    );
  });

  it('of minifloat', () => {
    const rows = [row('net', 16, Math.fround(0.9915)), row('net', 8, Math.fround(0.9881))];
    expect(textReport({ ...report, mode: 'minifloat', rows })).toBe(
      'Network accuracy analysis for\n' +
        'Convolutional (CONV) and fully\n' +
        'connected (FC) layers.\n' +
        'Baseline 32bit float: 0.9915\n' +
        'Minifloat net:\n' +
        '16bit: \t0.9915\n' +
        '8bit: \t0.9881\n' +
        'Please fine-tune.',
    );
  });

  it('of powers of two', () => {
    const rows = [row('net', 4, Math.fround(0.9881))];
    expect(textReport({ ...report, mode: 'integer_power_of_2_weights', rows })).toBe(
      'Network accuracy analysis for\n' +
        'Integer-power-of-two weights\n' +
        'in Convolutional (CONV) and\n' +
        'fully connected (FC) layers.\n' +
        'Baseline 32bit float: 0.9915\n' +
        'Quantized net:\n' +
        '4bit: \t0.9881\n' +
        'Please fine-tune.',
    );
  });
});

describe('the text report of a best search', () => {
  const fixed = (bits: number) => ({ kind: 'fixedPoint', bits, fractionalLength: 5 }) as const;
  const layer: QuantizeReport['layers'][number] = {
    name: 'conv1',
    type: 'Convolution',
    line: 1,
    weights: 500,
    biases: 20,
    operations: 1,
    maxIn: 1,
    maxOut: 1,
    maxParams: 1,
    ilIn: 1,
    ilOut: 1,
    ilParams: 1,
    formats: { input: fixed(4), output: fixed(8), weights: fixed(3), bias: fixed(3) },
  };
  const costs = { weightBytes: 64_470, activationBits: 4.375, bitOperations: 1 };
  const best: QuantizeReport = {
    ...report,
    search: 'best',
    mode: 'mixed',
    rows: [],
    chosen: null,
    best: {
      objective: { weightBytes: 1, activationBits: 0.25, bitOperations: 0 },
      calibrationImages: 1,
      calibrationScores: 1,
      points: [],
      floatCosts: costs,
      costs,
    },
    layers: [layer],
    weightBytes: { float: 1_724_320, quantized: 64_470 },
  };
  const advice =
    'Fine-tuning means training the quantized net on for a few epochs, which may win back some of\n' +
    'what rounding cost. The original tool advises it after every search; this one does not train.';

  it('of an accuracy', () => {
    expect(textReport(best)).toBe(
      'Bits per layer, searched for together.\n' +
        'Baseline 32bit float: 0.9915\n' +
        'Layer  Input format  Output format  Weight format\n' +
        'conv1  4 bit, fl 5   8 bit, fl 5    3 bit, fl 5\n' +
        'Weights: 64.5 kB of 1.72 MB\n' +
        'Activations: 4.38 bits on average\n' +
        'Accuracy: 0.9881\n' +
        'Within the margin of 1 %: the net can be used as it is.\n' +
        advice,
    );
  });

  it.each([
    ['accuracy', true, 'Accuracy: '],
    ['per_class:mean', true, 'Accuracy: '],
    ['agreement', true, 'agreement: '],
    ['prob:agreement', true, 'prob:agreement: '],
    ['loss', false, 'loss: '],
    ['a\u001b[2J', false, 'a\\x1b[2J: '],
  ])('calls a score of %j (accuracy: %s) by its name', (scoreBlob, scoreIsAccuracy, label) => {
    const text = textReport({ ...best, scoreBlob, scoreIsAccuracy });
    expect(text).toContain(`\n${label}0.9881\n`);
    if (label !== 'Accuracy: ') expect(text).not.toContain('Accuracy');
  });

  it('says what it is good for in place of three words', () => {
    const final = { ...report.final, withinMargin: false, standardError: 0.00123 };
    const text = textReport({ ...best, final, scoreBlob: 'loss', scoreDirection: 'lower' });
    expect(text).toContain('0.9881 (difference to float +- 0.0012)\n');
    expect(text).toContain('\nOutside of the margin of 0.01: more bits, or fine-tuning, may bring');
    expect(text).not.toContain('Please fine-tune.');
  });
});

describe('numbers as C++ streams print them', () => {
  it.each([
    [0, '0'],
    [-0, '-0'],
    [1, '1'],
    [-1, '-1'],
    [100, '100'],
    [0.5, '0.5'],
    [Math.fround(0.9915), '0.9915'],
    [Math.fround(0.1), '0.1'],
    [1 / 3, '0.333333'],
    [2 / 3, '0.666667'],
    [0.99999951, '1'],
    [0.0001, '0.0001'],
    [0.000123456789, '0.000123457'],
    [0.00001, '1e-05'],
    [0.0000123456789, '1.23457e-05'],
    [0.00009999999, '0.0001'],
    [-0.00001, '-1e-05'],
    [9.99999e-5, '9.99999e-05'],
    [0.0272692553, '0.0272693'],
    [-2.5, '-2.5'],
    [1e100, '1e+100'],
    [1e-10, '1e-10'],
    [1e-100, '1e-100'],
    [87.3365, '87.3365'],
    [87.33654, '87.3365'],
    [999999, '999999'],
    [999999.5, '1e+06'],
    [123456.7, '123457'],
    [1234567, '1.23457e+06'],
    [1e6, '1e+06'],
    [3.4028234663852886e38, '3.40282e+38'],
    [Infinity, 'inf'],
    [-Infinity, '-inf'],
    [Number.NaN, 'nan'],
  ])('%d is %s', (value, text) => {
    expect(formatFloat(value)).toBe(text);
  });
});

it.each([
  [125 / 128, '0.976562'],
  [127 / 128, '0.992188'],
  [-125 / 128, '-0.976562'],
  [1.0000005, '1'],
])('an exact tie goes to the even digit: %d is %s', (value, text) => {
  expect(formatFloat(value)).toBe(text);
});
