import type { Words } from '../../../src/base/words';
import { said } from '../../support/said';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import * as h5wasm from 'h5wasm/node';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeCaffemodel } from '../../../src/caffe/writeCaffemodel';
import { LmdbReader } from '../../../src/data/lmdb';
import { quantizeNet } from '../../../src/engine/jobs/quantizeNet';
import type { QuantizeOptions } from '../../../src/engine/search/quantizeOptions';
import { scoreNet, type ScoreOptions } from '../../../src/engine/jobs/scoreNet';
import type { QuantizeReport } from '../../../src/quantize/report';
import { repositoryRoot } from '../../support/shared';
import { recordsOf, rejectionOf, temporaryFolder } from '../data/fixtures';
import { tellTo } from '../../../src/engine/files/events';

const folder = temporaryFolder();
const example = join(repositoryRoot, 'examples/mnist');
const notes: string[] = [];
const onNote = (note: Words): void => void notes.push(said(note));

function file(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

function quantize(options: Partial<QuantizeOptions>): Promise<QuantizeReport> {
  notes.length = 0;
  return quantizeNet(
    {
      model: '',
      weights: join(example, 'lenet.caffemodel'),
      modelQuantized: join(folder, 'q.prototxt'),
      mode: 'minifloat',
      iterations: 1,
      errorMargin: 50,
      provider: { kind: 'cpu' },
      calibration: 'test',
      cwd: folder,
      force: true,
      ...options,
    },
    tellTo({ note: onNote }),
  );
}

async function score(options: Partial<ScoreOptions>): Promise<number> {
  notes.length = 0;
  const { score } = await scoreNet(
    {
      model: '',
      weights: join(folder, 'fc.caffemodel'),
      iterations: 2,
      provider: { kind: 'cpu' },
      cwd: folder,
      ...options,
    },
    tellTo({ note: onNote }),
  );
  return score;
}

function npy(name: string, data: Float32Array, ...shape: number[]): string {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`;
  const start = Buffer.from('\x93NUMPY\x01\x00\x76\x00', 'latin1');
  const bytes = new Uint8Array(data.buffer);
  return file(name, Buffer.concat([start, Buffer.from(`${header.padEnd(117)}\n`), bytes]));
}

describe('LevelDB', () => {
  const records = 20;
  beforeAll(async () => {
    const db = new ClassicLevel<Buffer, Buffer>(join(folder, 'digits'), {
      keyEncoding: 'buffer',
      valueEncoding: 'buffer',
    });
    const reader = LmdbReader.open(join(example, 'mnist_test_lmdb'));
    let count = 0;
    for (const { key, value } of recordsOf(reader)) {
      if (count++ === records) break;
      await db.put(Buffer.from(key), Buffer.from(value));
    }
    reader.close();
    await db.close();
  });

  it('is quantized on whatever the file says of its kind, and its content is recorded', async () => {
    const text = readFileSync(join(example, 'lenet_train_test.prototxt'), 'utf8');
    expect(text).not.toContain('LEVELDB');
    const changed = text
      .replaceAll(/"mnist_\w+_lmdb"/g, '"digits"')
      .replace('batch_size: 100', `batch_size: ${records} rand_skip: 3`);
    const report = await quantize({ model: file('level.prototxt', changed) });
    const input = report.inputs.find(({ role }) => role === 'test data');
    expect(input?.path).toBe(join(folder, 'digits'));
    expect(input?.bytes).toBeGreaterThan(records);
    const wanted = createHash('sha256');
    const names = readdirSync(join(folder, 'digits')).sort();
    for (const name of names.filter((n) => /^(CURRENT|MANIFEST-\d+|\d+\.(log|ldb|sst))$/.test(n))) {
      wanted.update(readFileSync(join(folder, 'digits', name)));
    }
    expect(input?.sha256).toBe(wanted.digest('hex'));
    expect(notes).toContain(
      'layer "mnist" always begins with the same records: rand_skip is ignored',
    );
  });
});

/** Two classes: the larger of two numbers. */
const fc = `
  layer { name: "fc" type: "InnerProduct" bottom: "data" top: "fc"
    param { name: "w" } inner_product_param { num_output: 2 } }`;
const accuracy = `
  layer { name: "a" type: "Accuracy" bottom: "fc" bottom: "label" top: "accuracy" }`;
const identity = [1, 0, 0, 1];

beforeAll(async () => {
  await h5wasm.ready;
  const blobs = [
    { shape: [2, 2], data: Float32Array.from(identity) },
    { shape: [2], data: new Float32Array(2) },
  ];
  const layers = [{ name: 'fc', type: 'InnerProduct', blobs }];
  writeCaffemodel(join(folder, 'fc.caffemodel'), { name: 'fc', layers });
});

function hdf5(name: string, datasets: Readonly<Record<string, readonly number[][]>>): void {
  const h5 = new h5wasm.File(join(folder, name), 'w');
  for (const [dataset, rows] of Object.entries(datasets)) {
    const shape = [rows.length, rows[0]?.length ?? 0];
    h5.create_dataset({ name: dataset, data: Float32Array.from(rows.flat()), shape });
  }
  h5.close();
}

describe('HDF5Data', () => {
  const net = `
    layer { name: "rows" type: "HDF5Data" top: "data" top: "label"
      hdf5_data_param { source: "rows.txt" batch_size: 2 shuffle: true } } ${fc} ${accuracy}`;
  beforeAll(() => {
    // The label of the third row is wrong, the others are right.
    hdf5('one.h5', {
      data: [
        [2, 1],
        [1, 2],
        [5, 0],
      ],
      label: [[0], [1], [1]],
    });
    hdf5('two.h5', { data: [[0, 7]], label: [[1]] });
    file('rows.txt', 'one.h5\ntwo.h5\n');
  });

  it('is scored in order, across files', async () => {
    expect(await score({ model: file('h.prototxt', net), iterations: 1 })).toBe(1);
    expect(await score({ model: file('h.prototxt', net) })).toBe(0.75);
    expect(notes).toContain('layer "rows" always begins with the same records: shuffle is ignored');
  });

  it('is not written over, not even the files of its list', async () => {
    const error = await rejectionOf(() =>
      quantize({
        model: file('h.prototxt', net),
        weights: join(folder, 'fc.caffemodel'),
        modelQuantized: join(folder, 'two.h5'),
      }),
    );
    expect(said(error.said)).toMatch(
      /two\.h5: --model_quantized: this file is an input of the run/,
    );
  });

  it('needs the weights of a snapshot, in either form', async () => {
    const h5 = new h5wasm.File(join(folder, 'fc.caffemodel.h5'), 'w');
    const layer = h5.create_group('data').create_group('fc');
    layer.create_dataset({ name: '0', data: Float64Array.from(identity), shape: [2, 2] });
    layer.create_dataset({ name: '1', data: Float32Array.of(0, 0), shape: [2] });
    h5.close();
    const weights = join(folder, 'fc.caffemodel.h5');
    expect(await score({ model: file('h.prototxt', net), weights })).toBe(0.75);
  });

  it('measures the ranges of weights that another layer owns', async () => {
    const h5 = new h5wasm.File(join(folder, 'shared.h5'), 'w');
    const data = h5.create_group('data');
    const owner = data.create_group('fc');
    owner.create_dataset({ name: '0', data: Float32Array.of(6, 0, 0, 6), shape: [2, 2] });
    owner.create_dataset({ name: '1', data: Float32Array.of(0, 0), shape: [2] });
    const sharer = data.create_group('again');
    sharer.create_dataset({ name: '1', data: Float32Array.of(0, 0), shape: [2] });
    h5.close();
    const again = fc.replaceAll('"fc"', '"again"').replace('"data"', '"fc"');
    const model = file(
      'shared.prototxt',
      `${net.replace(accuracy, '')} ${again} ${accuracy.replace('"fc"', '"again"')}`,
    );
    const { layers } = await quantize({ model, weights: join(folder, 'shared.h5') });
    expect(layers.map(({ name, maxParams }) => [name, maxParams])).toEqual([
      ['fc', 6],
      ['again', 6],
    ]);
  });
});

describe('ImageData', () => {
  const net = `
    layer { name: "list" type: "ImageData" top: "data" top: "label" image_data_param {
      source: "gray.txt" batch_size: 4 is_color: false shuffle: true rand_skip: 2 } } ${fc} ${accuracy}`;
  beforeAll(async () => {
    const lines: string[] = [];
    for (let i = 0; i < 16; i++) {
      // Only the labels of the first four are right.
      const pixels = i % 2 === 0 ? Uint8Array.of(9, 1) : Uint8Array.of(1, 9);
      const raw = { raw: { width: 2, height: 1, channels: 1 } } as const;
      file(`g${i}.png`, await sharp(pixels, raw).png().toBuffer());
      lines.push(`g${i}.png ${i < 4 ? i % 2 : 1 - (i % 2)}`);
    }
    file('gray.txt', lines.join('\n'));
  });

  it('is read in the order of the list in TEST, and shuffled, always in one way, in TRAIN', async () => {
    const model = file('list.prototxt', net);
    expect(await score({ model, iterations: 1 })).toBe(1);
    expect(notes).toContain(
      'layer "list" always begins with the same records: shuffle and rand_skip are ignored',
    );
    const shuffled = await score({ model, iterations: 1, phase: 'TRAIN' });
    expect(notes).toContain(
      'layer "list" always begins with the same records: rand_skip is ignored',
    );
    expect(shuffled).toBeLessThan(1);
    expect(await score({ model, iterations: 1, phase: 'TRAIN' })).toBe(shuffled);
    expect(await score({ model, iterations: 4, phase: 'TRAIN' })).toBe(0.25);
  });
});

describe('inputs from outside', () => {
  const input = (name: string, dims: string): string =>
    `layer { name: "${name}" type: "Input" top: "${name}" input_param { shape { ${dims} } } }`;

  it('must begin again together with the images', async () => {
    const raw = { raw: { width: 2, height: 1, channels: 1 } } as const;
    file('dot.png', await sharp(Uint8Array.of(1, 2), raw).png().toBuffer());
    file('dots.txt', 'dot.png 1\ndot.png 1\ndot.png 0\n');
    const model = file(
      'in.prototxt',
      `${input('data', 'dim: 2 dim: 1 dim: 1 dim: 2')} ${input('label', 'dim: 2')} ${fc} ${accuracy}`,
    );
    const images = { list: 'dots.txt' };
    expect(await score({ model, images, iterations: 1 })).toBe(1);
    const label = npy('labels4.npy', new Float32Array(4), 4);
    const error = await rejectionOf(() => score({ model, images, inputs: { label } }));
    expect(error.message).toMatch(/labels4\.npy: this array has 4 entries, .* with the 3 images/);
    const same = npy('labels2.npy', Float32Array.of(1, 1), 2);
    expect(await score({ model, images, inputs: { label: same }, iterations: 1 })).toBe(1);
  });
});

describe('MemoryData', () => {
  it('takes its arrays as they are, and says so', async () => {
    const model = file(
      'm.prototxt',
      `layer { name: "m" type: "MemoryData" top: "data" top: "label" transform_param { scale: -1 }
         memory_data_param { batch_size: 2 channels: 2 height: 1 width: 1 } } ${fc} ${accuracy}`,
    );
    const inputs = {
      data: npy('rows.npy', Float32Array.of(2, 1, 1, 2), 2, 2, 1, 1),
      label: npy('classes.npy', Float32Array.of(0, 1), 2),
    };
    expect(await score({ model, inputs, iterations: 1 })).toBe(1);
    expect(notes).toContain(
      'layer "m" takes its arrays as they are: transform_param is ignored, as Caffe does',
    );
  });
});

describe('WindowData', () => {
  it('is refused with a way out', async () => {
    const model = file(
      'w.prototxt',
      `layer { name: "w" type: "WindowData" top: "data" top: "label" } ${fc} ${accuracy}`,
    );
    const error = await rejectionOf(() => score({ model }));
    expect(said(error.said)).toMatch(
      /layer "w" has type "WindowData", which is not supported: it cuts regions .* --input or --images/,
    );
  });
});
