import { writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LmdbRecords } from '../../../src/data/lmdbRecords';
import { Workplace, type CliResult } from '../../support/cli';
import { repositoryRoot } from '../../support/shared';

const images = 40;
const batch = 20;
const weights = '--weights=examples/mnist/lenet.caffemodel';
const scale = '--scale=0.00390625';
let place: Workplace;

/** The example's layers under an Input of its own, as a deploy definition. */
const layers = `
  layer { name: "conv1" type: "Convolution" bottom: "data" top: "conv1" convolution_param { num_output: 20 kernel_size: 5 } }
  layer { name: "pool1" type: "Pooling" bottom: "conv1" top: "pool1" pooling_param { kernel_size: 2 stride: 2 } }
  layer { name: "conv2" type: "Convolution" bottom: "pool1" top: "conv2" convolution_param { num_output: 50 kernel_size: 5 } }
  layer { name: "pool2" type: "Pooling" bottom: "conv2" top: "pool2" pooling_param { kernel_size: 2 stride: 2 } }
  layer { name: "ip1" type: "InnerProduct" bottom: "pool2" top: "ip1" inner_product_param { num_output: 500 } }
  layer { name: "relu1" type: "ReLU" bottom: "ip1" top: "ip1" }
  layer { name: "ip2" type: "InnerProduct" bottom: "ip1" top: "ip2" inner_product_param { num_output: 10 } }`;
const input = (dims: string): string =>
  `layer { name: "data" type: "Input" top: "data" input_param { shape { ${dims} } } }`;

function npy(file: string, shape: readonly number[], data: Float32Array): void {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`;
  const start = Buffer.from('\x93NUMPY\x01\x00\x76\x00', 'latin1');
  writeFileSync(
    file,
    Buffer.concat([start, Buffer.from(`${header.padEnd(117)}\n`), Buffer.from(data.buffer)]),
  );
}

const score = (...flags: string[]): CliResult =>
  place.run('score', weights, `--iterations=${images / batch}`, ...flags);
const accuracyOf = ({ code, stdout, stderr }: CliResult): number => {
  expect(code, stderr).toBe(0);
  return Number(/^accuracy = (.*)$/m.exec(stdout)?.[1]);
};

/** What the same digits score from the database. */
let wanted: number;

beforeAll(async () => {
  place = new Workplace();
  const digits = new Float32Array(images * 784);
  const labels = new Float32Array(images);
  const lines: string[] = [];
  const database = path.join(repositoryRoot, 'examples/mnist/mnist_test_lmdb');
  const records = new LmdbRecords(database);
  const pictures: Promise<unknown>[] = [];
  await records.read(0, images, ({ pixels, label }, { index }) => {
    labels[index] = label;
    digits.set(
      Float32Array.from(pixels, (pixel) => pixel / 256),
      index * 784,
    );
    const raw = { raw: { width: 28, height: 28, channels: 1 } } as const;
    pictures.push(
      sharp(Uint8Array.from(pixels), raw)
        .png()
        .toFile(place.path(`d ${index}.png`)),
    );
    lines.push(`d ${index}.png ${label}`);
  });
  await Promise.all(pictures);
  await records.close();
  writeFileSync(place.path('list.txt'), lines.join('\n'));
  npy(place.path('digits.npy'), [images, 1, 28, 28], digits);
  npy(place.path('labels.npy'), [images], labels);
  writeFileSync(
    place.path('deploy.prototxt'),
    `${input(`dim: ${batch} dim: 1 dim: 28 dim: 28`)} ${layers}`,
  );
  writeFileSync(
    place.path('labelled.prototxt'),
    `${input(`dim: ${batch} dim: 1 dim: 28 dim: 28`)}
     layer { name: "label" type: "Input" top: "label" input_param { shape { dim: ${batch} } } } ${layers}
     layer { name: "a" type: "Accuracy" bottom: "ip2" bottom: "label" top: "accuracy" }`,
  );
  writeFileSync(
    place.path('memory.prototxt'),
    `layer { name: "m" type: "MemoryData" top: "data" top: "label"
       memory_data_param { batch_size: ${batch} channels: 1 height: 28 width: 28 } } ${layers}
     layer { name: "a" type: "Accuracy" bottom: "ip2" bottom: "label" top: "accuracy" }`,
  );
  writeFileSync(
    place.path('listed.prototxt'),
    `layer { name: "i" type: "ImageData" top: "data" top: "label" transform_param { scale: 0.00390625 }
       image_data_param { source: "list.txt" batch_size: ${batch} is_color: false } } ${layers}
     layer { name: "a" type: "Accuracy" bottom: "ip2" bottom: "label" top: "accuracy" }`,
  );
  writeFileSync(
    place.path('database.prototxt'),
    `layer { name: "d" type: "Data" top: "data" top: "label" transform_param { scale: 0.00390625 }
       data_param { source: "examples/mnist/mnist_test_lmdb" batch_size: ${batch} backend: LMDB } } ${layers}
     layer { name: "a" type: "Accuracy" bottom: "ip2" bottom: "label" top: "accuracy" }`,
  );
  wanted = accuracyOf(score('--model=database.prototxt'));
});
afterAll(() => place.remove());

describe('data given for a net', () => {
  it('scores the digits of the database well enough to compare with', () => {
    expect(wanted).toBeGreaterThan(0.9);
  });

  it('may be images, with labels and an accuracy of ours', () => {
    const result = score('--model=deploy.prototxt', '--images=list.txt', scale);
    expect(accuracyOf(result)).toBe(wanted);
    expect(result.stderr).toContain(
      'images of list.txt: read as gray, resized to 28x28, times 0.00390625',
    );
    expect(result.stderr).toMatch(/no Accuracy layer.*"ip2" \(20x10\)/);
  });

  it('may be images whose labels the net reads itself', () => {
    const result = score('--model=labelled.prototxt', '--images=list.txt', scale);
    expect(accuracyOf(result)).toBe(wanted);
    expect(result.stderr).not.toContain('no Accuracy layer');
  });

  it('may be arrays, for Input and for MemoryData', () => {
    for (const model of ['labelled', 'memory']) {
      const arrays = '--input=data=digits.npy,label=labels.npy';
      expect(accuracyOf(score(`--model=${model}.prototxt`, arrays)), model).toBe(wanted);
    }
  });

  it('may be a list that the net names', () => {
    expect(accuracyOf(score('--model=listed.prototxt'))).toBe(wanted);
  });

  it('is scored whole where nobody says how much of it', () => {
    writeFileSync(
      place.path('single.prototxt'),
      `${input('dim: 1 dim: 1 dim: 28 dim: 28')} ${layers}`,
    );
    const run = (...flags: string[]): CliResult =>
      place.run('score', '--model=single.prototxt', weights, '--images=list.txt', scale, ...flags);
    const all = run();
    expect(accuracyOf(all)).toBe(wanted);
    expect(all.stderr).toContain(`${images} x 1 images`);
    expect(all.stderr).not.toContain('--iterations');
    expect(run('--iterations=10').stderr).toContain(
      `10 of ${images} records are scored: --iterations=${images} takes them all`,
    );
  });

  it('ranks the candidates of the best search as well as it scores them, and says so', () => {
    const result = place.quantize({
      model: 'deploy.prototxt',
      images: 'list.txt',
      scale: '0.00390625',
      trimming_mode: 'dynamic_fixed_point',
      search: 'best',
      bits: '8',
      iterations: '2',
    });
    expect(result.code, result.stderr).toBe(0);
    expect(result.stderr).toContain('candidates are ranked on the data that they are scored on');
  });

  it('does not fit a net that reads data of its own, which is said', () => {
    writeFileSync(
      place.path('own.prototxt'),
      `layer { name: "i" type: "ImageData" top: "data" top: "label" transform_param { scale: 0.00390625 }
         image_data_param { source: "list.txt" batch_size: ${batch} is_color: false } } ${layers}`,
    );
    const { code, stderr } = score('--model=own.prototxt', '--images=list.txt', scale);
    expect(code).toBe(1);
    expect(stderr).toMatch(/--images=list\.txt: the net has no input of images/);
  });

  it('serves to quantize too', () => {
    const result = place.quantize({
      model: 'deploy.prototxt',
      images: 'list.txt',
      scale: '0.00390625',
      iterations: '2',
      model_quantized: 'out/deploy.prototxt',
    });
    expect(result.code, result.stderr).toBe(0);
    expect(result.stdout).toContain(`Baseline 32bit float: ${wanted}`);
    expect(place.outputs).toContain('deploy.prototxt');
  });

  it.each([
    [['--model=deploy.prototxt'], 1, /layer "data" \(Input\) brings no data.*--images=LIST/],
    [['--model=memory.prototxt'], 1, /layer "m" \(MemoryData\): .*--input data=FILE\.npy/],
    [
      ['--model=deploy.prototxt', '--input=dat=x.npy'],
      1,
      /--input dat: the net has no such input; its inputs are data/,
    ],
    [
      ['--model=deploy.prototxt', '--input=data=labels.npy'],
      1,
      /shape \(40\), but input "data" .* needs \(1 or more, 1, 28, 28\)/,
    ],
    [
      ['--model=deploy.prototxt', '--images=list.txt', '--resize=20x20'],
      1,
      /come out as 1x20x20.*needs 1x28x28/,
    ],
    [
      ['--model=deploy.prototxt', '--images=gone.txt'],
      1,
      /gone\.txt: there is no such file: give a text file with the path of an image a line/,
    ],
    [['--model=deploy.prototxt', '--scale=2'], 2, /--scale says how --images are prepared/],
    [['--model=deploy.prototxt', '--images=list.txt', '--resize=20'], 2, /as 256x256/],
    [['--model=deploy.prototxt', '--images=list.txt', '--mean_value=a'], 2, /"a" is no number/],
    [['--model=deploy.prototxt', '--input=data'], 2, /data=images\.npy/],
  ])('%j is refused', (flags, code, message) => {
    const result = score(...flags);
    expect(result.code).toBe(code);
    expect(result.stderr).toMatch(message);
    expect(result.stderr).not.toContain('unexpected fault');
  });
});
