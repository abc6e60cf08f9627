import { existsSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workplace, type CliResult } from '../../support/cli';

let place: Workplace;
beforeAll(() => {
  place = new Workplace();
});
afterAll(() => place.remove());

/** The example without its accuracy and loss: the label becomes an output. */
const net = `layer { name: "d" type: "Data" top: "data" top: "label" transform_param { scale: 0.00390625 }
    data_param { source: "examples/mnist/mnist_test_lmdb" batch_size: 50 backend: LMDB } }
  layer { name: "conv1" type: "Convolution" bottom: "data" top: "conv1" convolution_param { num_output: 20 kernel_size: 5 } }
  layer { name: "pool1" type: "Pooling" bottom: "conv1" top: "pool1" pooling_param { kernel_size: 2 stride: 2 } }
  layer { name: "conv2" type: "Convolution" bottom: "pool1" top: "conv2" convolution_param { num_output: 50 kernel_size: 5 } }
  layer { name: "pool2" type: "Pooling" bottom: "conv2" top: "pool2" pooling_param { kernel_size: 2 stride: 2 } }
  layer { name: "ip1" type: "InnerProduct" bottom: "pool2" top: "ip1" inner_product_param { num_output: 500 } }
  layer { name: "relu1" type: "ReLU" bottom: "ip1" top: "ip1" }
  layer { name: "ip2" type: "InnerProduct" bottom: "ip1" top: "ip2" inner_product_param { num_output: 10 } }`;

function model(name: string, end = ''): string {
  writeFileSync(place.path(`${name}.prototxt`), `${net}\n${end}`);
  return `${name}.prototxt`;
}

const quantize = (file: string, score?: string): CliResult =>
  place.quantize({
    model: file,
    model_quantized: `out/${file}`,
    trimming_mode: 'dynamic_fixed_point',
    calibration: 'test',
    iterations: '2',
    score,
  });

describe('a score that is none is refused before the search', () => {
  it.each([
    [
      'none',
      '',
      undefined,
      /no output that says how good it is.*--score=ip2 takes.*--score=agreement/,
    ],
    ['label', '', 'label', /"label" comes straight from the data.*computes are ip2/],
    [
      'constant',
      'layer { name: "c" type: "Power" bottom: "ip2" top: "c" power_param { scale: 0 shift: 3 } }',
      'c',
      /the score "c" cannot tell a broken net from a sound one: the net without the weights of "ip1", its largest layer, scores 3, where the float net scores 3/,
    ],
    [
      'zero',
      'layer { name: "c" type: "Power" bottom: "ip2" top: "c" power_param { scale: 0 } }',
      'c:mean',
      /the score "c:mean" cannot tell .*: it is 0 for the float net itself/,
    ],
    [
      'channel',
      'layer { name: "c" type: "ArgMax" bottom: "ip2" top: "c" }',
      'c:agreement',
      /"c" has one channel \(50x1x1\), so that every net agrees/,
    ],
    [
      'apart',
      'layer { name: "e" type: "BatchNorm" bottom: "data" top: "e" param { lr_mult: 0 } param { lr_mult: 0 } param { lr_mult: 0 } }',
      'e',
      /has no weights|no layer that is quantized has a part in it/,
    ],
  ])('%s', (name, end, score, message) => {
    const file = model(name, end);
    const { code, stderr } = quantize(file, score);
    expect(code, stderr).toBe(1);
    expect(stderr).toMatch(message);
    expect(existsSync(place.path('out', file))).toBe(false);
  });
});

describe('agreement', () => {
  it('is taken where a Softmax puts out classes, which is said', () => {
    const file = model('softmax', 'layer { name: "p" type: "Softmax" bottom: "ip2" top: "prob" }');
    const { code, stderr } = quantize(file);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain(
      'note: the net has no Accuracy layer, and there is no loss: scoring by how often the highest value of ' +
        '"prob" is where the float net has it; --score=BLOB chooses another score',
    );
  });

  it('is of the only output where it is asked for', () => {
    const { code, stderr } = quantize(model('plain'), 'agreement');
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('the highest value of "ip2"');
  });
});

describe('score prints an output of many values', () => {
  const score = (...flags: string[]): CliResult =>
    place.run(
      'score',
      `--model=${model('many')}`,
      '--weights=examples/mnist/lenet.caffemodel',
      '--iterations=1',
      ...flags,
    );

  it('in one line', () => {
    const { code, stdout, stderr } = score();
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(
      /^ip2: 500 values \(50x10\): least -[\d.]+, mean [-\d.]+, largest [\d.]+; first (?:[-\d.]+, ){4}\.\.\.$/m,
    );
    expect(stdout.trimEnd().split('\n')).toHaveLength(3);
    expect(stdout).toContain('--values prints every value');
  });

  it('one by one where that is asked for', () => {
    const { stdout } = score('--values');
    expect(stdout.match(/^ip2 = /gm)).toHaveLength(500);
    expect(stdout).not.toContain('least');
  });
});
