import { tellTo } from '../../../src/engine/files/events';
import { plain } from '../../../src/base/words';
import {
  cpSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { ClassicLevel } from 'classic-level';
import * as h5wasm from 'h5wasm/node';
import { beforeAll, describe, expect, it } from 'vitest';
import { inFlags } from '../../../src/cli/flagWords';
import { writeCaffemodel } from '../../../src/caffe/writeCaffemodel';
import { LmdbReader } from '../../../src/data/lmdb';
import { quantizeNet } from '../../../src/engine/jobs/quantizeNet';
import type { QuantizeOptions } from '../../../src/engine/search/quantizeOptions';
import { inSettings } from '../../../src/runs/view/settingWords';
import { fixture, recordsOf, rejectionOf, temporaryFolder } from '../data/fixtures';

const folder = temporaryFolder();
const at = (name: string): string => path.join(folder, name);
const put = (name: string, content: string | Uint8Array): void => writeFileSync(at(name), content);

/** When every file was written, as far as the file system knows: seconds since 1970. */
const then = 1000;

/** Another content of the same size and time. */
function alter(name: string, change: (content: Buffer) => void): void {
  const content = readFileSync(at(name));
  const { length } = content;
  change(content);
  put(name, content);
  utimesSync(at(name), then, then);
  expect(statSync(at(name))).toMatchObject({ size: length, mtimeMs: 1000 * then });
}

/** A value changed of which nobody but its readers knows. */
const lastByte = (content: Buffer): void => {
  content[content.length - 1] = (content.at(-1) ?? 0) ^ 1;
};

const classifier = `
layer { name: "fc" type: "InnerProduct" bottom: "data" top: "fc" inner_product_param { num_output: 10 } }
layer { name: "out" type: "Power" bottom: "fc" top: "out" }
layer { name: "acc" type: "Accuracy" bottom: "fc" bottom: "label" top: "acc" }
`;
const net = (type: string, settings: string): string =>
  `layer { name: "d" type: "${type}" top: "data" top: "label" ${settings} } ${classifier}`;
const ofImages = net('ImageData', 'image_data_param { source: "images.txt" batch_size: 2 }');
const deploy = `layer { name: "d" type: "Input" top: "data"
  input_param { shape { dim: 2 dim: 3 dim: 6 dim: 6 } } }
layer { name: "fc" type: "InnerProduct" bottom: "data" top: "fc" inner_product_param { num_output: 10 } }
layer { name: "out" type: "Power" bottom: "fc" top: "out" }
layer { name: "p" type: "Softmax" bottom: "fc" top: "p" }`;
/** A stage that is not asked for leaves the net as it is. */
const staged = `${ofImages}
layer { name: "s" type: "Silence" bottom: "fc" include { stage: "deploy" } }`;

const [model, weights] = [at('net.prototxt'), at('w.caffemodel')];
const reportFile = at('report.json');

function quantize(options: Partial<QuantizeOptions>, onRow: () => void): Promise<unknown> {
  return quantizeNet(
    {
      ...{ model, weights, reportFile, modelQuantized: at('quantized.prototxt') },
      mode: 'dynamic_fixed_point',
      iterations: 1,
      errorMargin: 5,
      provider: { kind: 'cpu' },
      calibration: 'test',
      scoreBlob: 'out[1]',
      cwd: folder,
      force: true,
      ...options,
    },
    tellTo({ row: onRow, note: (note) => void notes.push(plain(note)) }),
  );
}

const notes: string[] = [];

/** Leaves the scores of a run that is cut off. */
async function cutOff(options: Partial<QuantizeOptions>): Promise<void> {
  const abort = new AbortController();
  const { signal } = abort;
  const cut = quantize({ ...options, signal }, () => abort.abort(new Error('cut off')));
  await expect(cut).rejects.toThrow('cut off');
}

interface Case {
  readonly before: Partial<QuantizeOptions>;
  readonly change?: () => void | Promise<void>;
  readonly now?: Partial<QuantizeOptions>;
  readonly reason: string;
  /** Where the editor has another word for it. */
  readonly editor?: string;
}

const cases: Readonly<Record<string, Case>> = {
  'an image of a list of the net': {
    before: { model: at('images.prototxt') },
    change: () => alter('a.ppm', lastByte),
    reason: `files that ${at('images.txt')} lists have changed`,
  },
  'the label of an image': {
    before: { model: at('images.prototxt') },
    change: () => alter('images.txt', (content) => content.write('1', content.indexOf('0'))),
    reason: `${at('images.txt')} has changed`,
  },
  'given images in another order, in the same file': {
    before: { model: at('deploy.prototxt'), images: { list: 'given.txt' } },
    change: () => alter('given.txt', (content) => content.write('b.ppm 1\na.ppm 0\n')),
    reason: `${at('given.txt')} has changed`,
  },
  'given images in another order, in another file': {
    before: { model: at('deploy.prototxt'), images: { list: 'given.txt' } },
    now: { images: { list: 'swapped.txt' } },
    reason: `${at('swapped.txt')} was not read for them`,
  },
  'how given images are prepared': {
    before: { model: at('deploy.prototxt'), images: { list: 'given.txt' } },
    now: { images: { list: 'given.txt', scale: 0.5 } },
    reason: '--scale has changed (not given then, 0.5 now)',
    editor: 'scale of the list of images has changed (not given then, 0.5 now)',
  },
  'an array': {
    before: { model: at('deploy.prototxt'), inputs: { data: 'x.npy' } },
    change: () => alter('x.npy', lastByte),
    reason: `${at('x.npy')} has changed`,
  },
  'the score': {
    before: { model: at('deploy.prototxt'), images: { list: 'given.txt' } },
    now: { scoreBlob: 'agreement' },
    reason: '--score has changed (out[1] then, agreement now)',
    editor: 'the setting ristretto.scoreBy has changed (out[1] then, agreement now)',
  },
  'an LMDB': {
    before: { model: at('lmdb.prototxt') },
    change: () => alter('lmdb/data.mdb', changeImage),
    reason: `${at('lmdb')} has changed`,
  },
  "an LMDB's meta page": {
    before: { model: at('lmdb.prototxt') },
    // An address that LMDB keeps there, and that no reader of ours looks at.
    change: () => alter('lmdb/data.mdb', (content) => content.writeUInt8(1, 4096 + 16 + 8)),
    reason: `${at('lmdb')} has changed`,
  },
  'a LevelDB': {
    before: { model: at('leveldb.prototxt') },
    change: () => writeLevelDb(1),
    reason: `${at('leveldb')} has changed`,
  },
  'an HDF5 file': {
    before: { model: at('hdf5.prototxt') },
    change: () => alter('data.h5', lastByte),
    reason: `${at('data.h5')} has changed`,
  },
  'the time of a file': {
    before: { model: at('hdf5.prototxt') },
    change: () => utimesSync(at('data.h5'), then, then + 1),
    reason: `${at('data.h5')} has changed`,
  },
  'a stage': {
    before: { model: at('staged.prototxt') },
    now: { stages: ['deploy'] },
    reason: '--stage has changed (not given then, deploy now)',
    editor: 'the choice of stages has changed (not given then, deploy now)',
  },
  'the level': {
    before: { model: at('staged.prototxt') },
    now: { level: 2 },
    reason: '--level has changed (not given then, 2 now)',
    editor: 'the level of the net has changed (not given then, 2 now)',
  },
  'the weights': {
    before: { model: at('images.prototxt') },
    change: () => alter('w.caffemodel', (content) => content.writeUInt8(1, 300)),
    reason: `${at('w.caffemodel')} has changed`,
  },
};

/** A number in the middle of the first record's value. */
function changeImage(content: Buffer): void {
  const reader = LmdbReader.open(at('lmdb'));
  const [first] = recordsOf(reader);
  const value = Buffer.from(first?.value ?? []);
  reader.close();
  const from = content.indexOf(value);
  expect(from).toBeGreaterThan(0);
  const middle = from + (value.length >> 1);
  content[middle] = (content[middle] ?? 0) ^ 1;
}

/** The records of the LMDB in a LevelDB; the sizes and times of its files are always the same. */
async function writeLevelDb(change: number): Promise<void> {
  rmSync(at('leveldb'), { recursive: true, force: true });
  const db = new ClassicLevel<Buffer, Buffer>(at('leveldb'), {
    keyEncoding: 'buffer',
    valueEncoding: 'buffer',
  });
  const reader = LmdbReader.open(fixture('color'));
  for (const { key, value } of recordsOf(reader)) {
    const changed = Buffer.from(value);
    const middle = changed.length >> 1;
    changed[middle] = (changed[middle] ?? 0) ^ change;
    await db.put(Buffer.from(key), changed);
  }
  reader.close();
  await db.close();
  for (const name of readdirSync(at('leveldb'))) {
    utimesSync(path.join(at('leveldb'), name), then, then);
  }
}

function arrayFile(): Buffer {
  const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3, 6, 6), }";
  const begin = Buffer.from(`\x93NUMPY\x01\0${String.fromCharCode(118)}\0`, 'latin1');
  return Buffer.concat([
    begin,
    Buffer.from(header.padEnd(118)),
    Buffer.from(new Float32Array(216).fill(1).buffer),
  ]);
}

beforeAll(async () => {
  const ppm = (value: number): Buffer =>
    Buffer.concat([Buffer.from('P6 6 6 255\n'), Buffer.alloc(108, value)]);
  put('a.ppm', ppm(9));
  put('b.ppm', ppm(99));
  put('images.txt', 'a.ppm 0\nb.ppm 1\n');
  put('given.txt', 'a.ppm 0\nb.ppm 1\n');
  put('swapped.txt', 'b.ppm 1\na.ppm 0\n');
  put('x.npy', arrayFile());
  put('images.prototxt', ofImages);
  put('deploy.prototxt', deploy);
  put('staged.prototxt', staged);
  const data = (source: string): string =>
    net(
      'Data',
      `data_param { source: "${source}" batch_size: 2 } transform_param { crop_size: 6 }`,
    );
  put('lmdb.prototxt', data('lmdb').replace('batch_size: 2', 'batch_size: 2 backend: LMDB'));
  put('leveldb.prototxt', data('leveldb'));
  put('hdf5.prototxt', net('HDF5Data', 'hdf5_data_param { source: "hdf5.txt" batch_size: 2 }'));
  put('hdf5.txt', 'data.h5\n');
  cpSync(fixture('color'), at('lmdb'), { recursive: true });
  await writeLevelDb(0);
  await h5wasm.ready;
  const h5 = new h5wasm.File(at('data.h5'), 'w');
  h5.create_dataset({ name: 'data', data: new Float32Array(216).fill(0.5), shape: [2, 3, 6, 6] });
  h5.create_dataset({ name: 'label', data: Float32Array.of(0, 1), shape: [2] });
  h5.close();
  const blobs = [
    {
      shape: [10, 108],
      data: Float32Array.from({ length: 1080 }, (_, i) => (i < 108 || i >= 216 ? 0 : 1)),
    },
    { shape: [10], data: Float32Array.of(0, -5832, 0, 0, 0, 0, 0, 0, 0, 0) },
  ];
  const layers = [{ name: 'fc', type: 'InnerProduct', blobs }];
  writeCaffemodel(weights, { name: 'n', layers });
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  for (const name of names) utimesSync(at(name), then, then);
});

describe('a run that is resumed', () => {
  it.each(Object.entries(cases))(
    'does not trust the scores of before: %s',
    async (_, { before, change, now, reason, editor = reason }) => {
      await cutOff(before);
      await change?.();
      const resumed = { ...before, ...now, resume: true };
      const error = await rejectionOf(() => quantize(resumed, () => undefined));
      const start = 'the scores of the run that was cut off are not used, since ';
      expect(inFlags(error.said)).toContain(
        `--resume: ${start}${reason}; give the same as then, or`,
      );
      expect(inSettings(error.said)).toBe(`${reportFile}: ${start}${editor}`);
    },
  );

  it.each(['images', 'lmdb', 'leveldb', 'hdf5', 'staged'])(
    'goes on where all is as it was: %s',
    async (name) => {
      const options = { model: at(`${name}.prototxt`) };
      await cutOff(options);
      notes.length = 0;
      await quantize({ ...options, resume: true }, () => undefined);
      expect(notes.join('\n')).toMatch(/going on after [1-9]\d* scores/);
    },
  );

  it('knows a list that is read from elsewhere', async () => {
    const options = { model: at('deploy.prototxt'), images: { list: 'given.txt' } };
    await cutOff(options);
    notes.length = 0;
    await quantize(
      { ...options, images: { list: at('given.txt') }, resume: true },
      () => undefined,
    );
    expect(notes.join('\n')).toMatch(/going on after [1-9]\d* scores/);
  });
});
