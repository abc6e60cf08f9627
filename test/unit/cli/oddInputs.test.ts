import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeCaffemodel } from '../../../src/caffe/writeCaffemodel';
import { Workplace, type CliResult } from '../../support/cli';

let place: Workplace;

/** A net of two classes whose first number says which: what it decides is what it reads. */
const layers = `
  layer { name: "fc" type: "InnerProduct" bottom: "data" top: "fc" inner_product_param { num_output: 2 } }`;
const input =
  'layer { name: "d" type: "Input" top: "data" input_param { shape { dim: 2 dim: 3 dim: 1 dim: 1 } } }';

function npy(name: string, shape: readonly number[], values: readonly number[]): void {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`;
  const start = Buffer.from('\x93NUMPY\x01\x00\x76\x00', 'latin1');
  const data = Buffer.from(Float32Array.from(values).buffer);
  writeFileSync(
    place.path(name),
    Buffer.concat([start, Buffer.from(`${header.padEnd(117)}\n`), data]),
  );
}

function weights(name: string, ...values: number[]): void {
  writeCaffemodel(place.path(name), {
    name: 'n',
    layers: [
      {
        name: 'fc',
        type: 'InnerProduct',
        blobs: [
          { shape: [2, 3], data: Float32Array.from(values) },
          { shape: [2], data: new Float32Array(2) },
        ],
      },
    ],
  });
}

const sound = [1, 0, 0, 0, 1, 0];
const data = [1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0];

beforeAll(() => {
  place = new Workplace();
  writeFileSync(place.path('deploy.prototxt'), input + layers);
  writeFileSync(
    place.path('labelled.prototxt'),
    `${input} layer { name: "l" type: "Input" top: "label" input_param { shape { dim: 2 } } } ${layers}
     layer { name: "a" type: "Accuracy" bottom: "fc" bottom: "label" top: "acc" }`,
  );
  weights('w.caffemodel', ...sound);
  npy('x.npy', [4, 3, 1, 1], data);
  npy('l.npy', [4], [0, 1, 0, 1]);
  for (const name of ['a.ppm', 'b c.ppm', 'ü.ppm']) {
    writeFileSync(
      place.path(name),
      Buffer.concat([Buffer.from('P6 1 1 255\n'), Buffer.from([0, 0, 9])]),
    );
  }
});
afterAll(() => place.remove());

const score = (...flags: string[]): CliResult =>
  place.run('score', '--weights=w.caffemodel', ...flags);
const arrays = (x: string, label: string): CliResult =>
  score('--model=labelled.prototxt', `--input=data=${x},label=${label}`);
const listed = (text: string | Buffer, ...flags: string[]): CliResult => {
  writeFileSync(place.path('list.txt'), text);
  return score('--model=deploy.prototxt', '--images=list.txt', ...flags);
};

function expectError({ code, stdout, stderr }: CliResult, ...says: (string | RegExp)[]): void {
  expect(code, stderr).toBe(1);
  expect(stdout).toBe('');
  const line = stderr.trimEnd().split('\n').at(-1) ?? '';
  expect(line).toMatch(/^ristretto: /);
  for (const text of says) expect(line).toMatch(text);
}

describe('numbers that are none', () => {
  it.each([
    ['NaN', NaN],
    ['Infinity', Infinity],
    ['-Infinity', -Infinity],
  ])('%s in an array', (text, value) => {
    npy('odd.npy', [4, 3, 1, 1], [...data.slice(0, 7), value, ...data.slice(8)]);
    expectError(
      arrays('odd.npy', 'l.npy'),
      `odd.npy: entry 2 of input "data" has the value ${text}`,
      'number 1 of 3',
    );
  });

  it('in weights are told beside the score, and where they are written as ONNX', () => {
    weights('nan.caffemodel', NaN, ...sound.slice(1));
    const { code, stdout, stderr } = place.run(
      'score',
      '--weights=nan.caffemodel',
      '--model=labelled.prototxt',
      '--input=data=x.npy,label=l.npy',
    );
    expect(code, stderr).toBe(0);
    expect(stdout).toContain('acc = ');
    expect(stderr).toContain(
      'note: 1 of the 8 weights of layer "fc" in nan.caffemodel are NaN or infinite',
    );
    const convert = place.run(
      'convert',
      '--model=deploy.prototxt',
      '--weights=nan.caffemodel',
      '--output=out/n.onnx',
    );
    expect(convert.code).toBe(0);
    expect(convert.stderr).toContain('1 of the 8 weights of layer "fc"');
    expect(arrays('x.npy', 'l.npy').stderr).not.toContain('NaN');
  });

  it.each([
    [1e-30, /layer "fc" \(InnerProduct\): puts out 2e-29 at most, too little for a format to hold/],
    [3e38, /layer "fc" \(InnerProduct\): puts out infinite numbers/],
  ])('beyond all formats, from weights of %d', (factor, says) => {
    npy(
      'large.npy',
      [4, 3, 1, 1],
      data.map((value) => value * 20),
    );
    weights('extreme.caffemodel', ...sound.map((value) => value * factor));
    const result = place.run(
      'quantize',
      '--model=labelled.prototxt',
      '--weights=extreme.caffemodel',
      '--model_quantized=out/q.prototxt',
      '--trimming_mode=dynamic_fixed_point',
      '--calibration=test',
      '--input=data=large.npy,label=l.npy',
    );
    expectError(result, says);
    expect(place.outputs).not.toContain('q.prototxt');
  });

  it.each(['scale', 'mean_value'])('as %s of a data layer', (name) => {
    writeFileSync(place.path('list.txt'), 'a.ppm 0\n');
    writeFileSync(
      place.path('data.prototxt'),
      `layer { name: "d" type: "ImageData" top: "data" top: "label" transform_param { ${name}: nan }
         image_data_param { source: "list.txt" batch_size: 1 } } ${layers}
       layer { name: "a" type: "Accuracy" bottom: "fc" bottom: "label" top: "acc" }`,
    );
    expectError(
      score('--model=data.prototxt', '--iterations=1'),
      `data.prototxt:1:7: ${name} is NaN`,
    );
  });
});

describe('labels', () => {
  it.each([
    ['too high', [0, 1, 2, 1], 'entry 2 has label 2'],
    ['negative', [-1, 1, 0, 1], 'entry 0 has label -1'],
    ['no number', [0, 1, 0, NaN], 'entry 3 has label NaN'],
  ])('%s: the error names their own file', (_, labels, says) => {
    npy('bad.npy', [4], labels);
    expectError(arrays('x.npy', 'bad.npy'), `bad.npy: ${says}`, 'classes 0 to 1');
  });

  it('with a fraction are cut off, as Caffe casts them', () => {
    npy('half.npy', [4], [0.5, 1.5, 0.9, 1.1]);
    expect(arrays('x.npy', 'half.npy').stdout).toContain('acc = 1\n');
  });
});

describe('lists of images', () => {
  it('may have any line ends, blank lines, a byte order mark, spaces and the same image twice', () => {
    const text = '\u{feff}a.ppm 0\r\n\r\nb c.ppm 0\rü.ppm +0\n  a.ppm\t0  \n\n';
    const { code, stdout, stderr } = listed(text);
    expect(code, stderr).toBe(0);
    expect(stdout).toContain('accuracy = 1\n');
  });

  it.each([
    ['a.ppm\na.ppm 1\n', 'list.txt:1:1: "a.ppm" has no label, but 1 of the 2 lines have one'],
    ['a.ppm 0\na.ppm 0\nb c.ppm\n', 'list.txt:3:1: "b c.ppm" has no label, but 2 of the 3 lines'],
    ['a.ppm 0\na.ppm 0.5\n', /list.txt:2:1: .*a label is a whole number/],
    ['a.ppm 0.5\n', /list.txt:1:1: cannot find "a.ppm 0.5".*a label is a whole number/],
    ['a.ppm nan\n', /a label is a whole number/],
    ['"b c.ppm" 0\n', /list.txt:1:1: cannot find .*without quotes/],
    ['a.ppm,0\n', /list.txt:1:1: cannot find .*no comma/],
    ['a.ppm 0 1\n', /list.txt:1:1: cannot find .*one label/],
    ['a.ppm 0\nnone.ppm 0\n', /list.txt:2:1: .*none.ppm cannot be read as an image/],
    ['a.ppm 7\na.ppm 0', 'the image in line 1 (a.ppm) has label 7'],
    ['a.ppm -1\na.ppm 0', 'the image in line 1 (a.ppm) has label -1'],
    ['\n\n', 'list.txt: this list names no image'],
    [Buffer.from('\u{feff}a.ppm 0\n', 'utf16le'), 'list.txt: this list is no text in UTF-8'],
  ])('%j', (text, says) => {
    const escaped = typeof says === 'string' ? says.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : says;
    expectError(listed(text), new RegExp(escaped));
  });

  it('with labels in some lines serve where nothing reads them', () => {
    expect(listed('a.ppm\na.ppm 1\n', '--score=agreement').code).toBe(0);
  });
});

describe('shapes of an input', () => {
  it.each([
    ['dim: 0 dim: 3 dim: 1 dim: 1', /sized.prototxt:1:7: input "data" is 0x3x1x1 in a batch/],
    ['dim: -1 dim: 3 dim: 1 dim: 1', /sized.prototxt:1:7: .*-1x3x1x1: every dim must be 1 or more/],
    ['dim: 2 dim: 3 dim: 0 dim: 1', /2x3x0x1: every dim must be 1 or more/],
    ['dim: 99999999999 dim: 3 dim: 1 dim: 1', /no blob can have more than 2147483647 numbers/],
  ])('%s', (dims, says) => {
    writeFileSync(place.path('sized.prototxt'), input.replace(/dim: 2 .*dim: 1/, dims) + layers);
    expectError(score('--model=sized.prototxt', '--input=data=x.npy'), says);
  });
});
