import { describe, expect, it } from 'vitest';
import type { QuantizeReport } from '../../../src/quantize/report';
import { formatFloat, textReport } from '../../../src/quantize/textReport';

function reportOf(part: Pick<QuantizeReport, 'mode' | 'rows' | 'chosen'>): QuantizeReport {
  return {
    baseline: Math.fround(0.9914),
    baselineLoss: null,
    final: { score: Math.fround(0.9894), loss: null, seconds: 1, withinMargin: true },
    layers: [],
    scoreBlob: 'accuracy',
    errorMargin: 1,
    iterations: 100,
    batchSize: 100,
    calibration: 'train',
    provider: 'cpu',
    seconds: 1,
    output: 'q.prototxt',
    inputs: [],
    versions: { ristretto: '', onnxruntime: '', node: '' },
    notes: [],
    ...part,
  };
}

const row = (
  group: QuantizeReport['rows'][number]['group'],
  bits: number,
  score: number,
): QuantizeReport['rows'][number] => ({
  group,
  bits,
  score: Math.fround(score),
  loss: null,
  seconds: 0,
});

describe('textReport', () => {
  it('dynamic fixed point', () => {
    const report = reportOf({
      mode: 'dynamic_fixed_point',
      rows: [
        row('conv_params', 16, 0.9914),
        row('conv_params', 2, 0.95),
        row('fc_params', 16, 0.9914),
        row('activations', 8, 0),
      ],
      chosen: { conv_params: 16, fc_params: 16, activations: 32 },
    });
    expect(textReport(report).split('\n')).toEqual([
      'Network accuracy analysis for',
      'Convolutional (CONV) and fully',
      'connected (FC) layers.',
      'Baseline 32bit float: 0.9914',
      'Dynamic fixed point CONV',
      'weights: ',
      '16bit: \t0.9914',
      '2bit: \t0.95',
      'Dynamic fixed point FC',
      'weights: ',
      '16bit: \t0.9914',
      'Dynamic fixed point layer',
      'activations:',
      '8bit: \t0',
      'Dynamic fixed point net:',
      '16bit CONV weights,',
      '16bit FC weights,',
      '32bit layer activations:',
      'Accuracy: 0.9894',
      'Please fine-tune.',
    ]);
  });

  it('minifloat', () => {
    const report = reportOf({
      mode: 'minifloat',
      rows: [row('net', 16, 0.9911)],
      chosen: { conv_params: 16, fc_params: 16, activations: 16 },
    });
    expect(textReport(report).split('\n').slice(3)).toEqual([
      'Baseline 32bit float: 0.9914',
      'Minifloat net:',
      '16bit: \t0.9911',
      'Please fine-tune.',
    ]);
  });

  it('integer power of two', () => {
    const report = reportOf({
      mode: 'integer_power_of_2_weights',
      rows: [row('net', 4, 0.9884)],
      chosen: { conv_params: 4, fc_params: 4, activations: 8 },
    });
    expect(textReport(report).split('\n')).toEqual([
      'Network accuracy analysis for',
      'Integer-power-of-two weights',
      'in Convolutional (CONV) and',
      'fully connected (FC) layers.',
      'Baseline 32bit float: 0.9914',
      'Quantized net:',
      '4bit: \t0.9884',
      'Please fine-tune.',
    ]);
  });
});

it.each([
  [0, '0'],
  [1, '1'],
  [0.9914, '0.9914'],
  [Math.fround(0.1), '0.1'],
  [0.0272692553, '0.0272693'],
  [1e-4, '0.0001'],
  [9.99999e-5, '9.99999e-05'],
  [1.5e-5, '1.5e-05'],
  [123456, '123456'],
  [1234567, '1.23457e+06'],
  [999999.9, '1e+06'],
  [-2.5, '-2.5'],
  [1e100, '1e+100'],
  [Infinity, 'inf'],
  [-Infinity, '-inf'],
  [NaN, 'nan'],
])('formatFloat(%s) is %s', (value, text) => {
  expect(formatFloat(value)).toBe(text);
});
