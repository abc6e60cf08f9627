import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as h5wasm from 'h5wasm/node';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeCaffemodel } from '../../../src/caffe/writeCaffemodel';
import { exportOnnx } from '../../../src/engine/jobs/exportOnnx';
import { inspectNet } from '../../../src/engine/jobs/inspectNet';
import { quantizeNet } from '../../../src/engine/jobs/quantizeNet';
import { scoreNet } from '../../../src/engine/jobs/scoreNet';
import { standIns } from '../../support/standIns';
import { fixture, rejectionOf, temporaryFolder } from '../data/fixtures';
import { tellTo } from '../../../src/engine/files/events';

const folder = temporaryFolder();
const at = (name: string): string => path.join(folder, name);

/** What may be wrong with any file. */
const kinds: Readonly<Record<string, { readonly content?: Buffer; readonly says: RegExp }>> = {
  'nothing there': { says: /no such file|cannot find/ },
  'a folder': { says: /folder/ },
  'a device': { says: /this is no ordinary file/ },
  'a pipe': { says: /this is no ordinary file/ },
  ...standIns,
};

/** A new name for a file that is put there. */
let count = 0;
function put(kind: string, name = `bad${count++}`): string {
  const { content } = kinds[kind] ?? {};
  mkdirSync(path.dirname(at(name)), { recursive: true });
  if (kind === 'a folder') mkdirSync(at(name));
  // One that has no end.
  else if (kind === 'a device') symlinkSync('/dev/zero', at(name));
  else if (kind === 'a pipe') execFileSync('mkfifo', [at(name)]);
  else if (content !== undefined) writeFileSync(at(name), content);
  return name;
}

function file(content: string | Buffer): string {
  const name = `file${count++}`;
  writeFileSync(at(name), content);
  return name;
}

const classifier = `
layer { name: "fc" type: "InnerProduct" bottom: "data" top: "fc" inner_product_param { num_output: 2 } }
layer { name: "p" type: "Softmax" bottom: "fc" top: "p" }
`;
const scored = `${classifier}
layer { name: "acc" type: "Accuracy" bottom: "fc" bottom: "label" top: "acc" }
`;
const deploy = `layer { name: "d" type: "Input" top: "data"
  input_param { shape { dim: 1 dim: 3 dim: 6 dim: 6 } } } ${classifier}`;

const dataLayer = (type: string, settings: string): string =>
  `layer { name: "d" type: "${type}" top: "data" top: "label" ${settings} } ${scored}`;
const ofImages = (list: string, more = ''): string =>
  dataLayer('ImageData', `image_data_param { source: "${list}" batch_size: 1 } ${more}`);
const ofDatabase = (source: string): string =>
  dataLayer('Data', `data_param { source: "${source}" batch_size: 1 }`);
const ofHdf5 = (list: string): string =>
  dataLayer('HDF5Data', `hdf5_data_param { source: "${list}" batch_size: 1 }`);
const ofInfogain = (source: string): string =>
  `${ofImages('images.txt')} layer { name: "loss" type: "InfogainLoss" bottom: "p" bottom: "label"
    top: "loss" infogain_loss_param { source: "${source}" } }`;

type Job = 'quantize' | 'score' | 'export' | 'inspect';
const all: readonly Job[] = ['quantize', 'score', 'export', 'inspect'];

interface Given {
  readonly model?: string;
  readonly weights?: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly images?: { readonly list: string; readonly meanFile?: string };
  /** Report to go on from. */
  readonly resumed?: string;
}

function start(job: Job, given: Given): Promise<unknown> {
  const { model = 'net.prototxt', weights = 'w.caffemodel', inputs, images, resumed } = given;
  const options = {
    model: at(model),
    weights: at(weights),
    inputs,
    images,
    cwd: folder,
    iterations: 2,
    provider: { kind: 'cpu' as const },
    force: false,
  };
  const ignore = (): void => undefined;
  switch (job) {
    case 'quantize':
      return quantizeNet(
        {
          ...options,
          modelQuantized: at('quantized.prototxt'),
          mode: 'dynamic_fixed_point',
          errorMargin: 5,
          calibration: 'test',
          ...(resumed === undefined ? {} : { resume: true, reportFile: at(resumed) }),
        },
        tellTo({}),
      );
    case 'score':
      return scoreNet(options, tellTo({}));
    case 'export':
      return exportOnnx({ ...options, output: at('net.onnx'), phase: 'TEST' }, ignore);
    case 'inspect':
      return inspectNet(options);
  }
}

/** A file that jobs read: which jobs, and what to give so that they read the one of a name. */
interface Role {
  readonly jobs: readonly Job[];
  readonly give: (name: string) => Given;
  /** The name that the file must have, within a folder of its own. */
  readonly as?: string;
  /** Where nothing is meant to be wrong with one that is not there. */
  readonly optional?: boolean;
  /** A right one, to be cut short; its damage is told so. */
  readonly whole?: () => Buffer;
}

const withWeights: readonly Job[] = ['quantize', 'score', 'export'];
const withData: readonly Job[] = ['quantize', 'score', 'inspect'];
const list = (image: string): string => file(`${image} 0\na.ppm 1\n`);
const inNet = (text: (name: string) => string) => (name: string) => ({ model: file(text(name)) });

const roles: Readonly<Record<string, Role>> = {
  'the net': { jobs: all, give: (model) => ({ model }) },
  'the weights': {
    jobs: withWeights,
    give: (weights) => ({ weights }),
    whole: () => readFileSync(at('w.caffemodel')),
  },
  'the weights in HDF5': {
    jobs: withWeights,
    give: (weights) => ({ weights }),
    whole: () => readFileSync(at('whole.h5')),
  },
  "the mean of a net's layer": {
    jobs: all,
    give: inNet((name) => ofImages('images.txt', `transform_param { mean_file: "${name}" }`)),
    whole: meanImage,
  },
  'the mean of given images': {
    jobs: withData,
    give: (meanFile) => ({ model: 'deploy.prototxt', images: { list: 'images.txt', meanFile } }),
    whole: meanImage,
  },
  'a database': { jobs: all, give: inNet(ofDatabase) },
  "an LMDB's file": {
    jobs: all,
    give: inNet((name) => ofDatabase(path.dirname(name))),
    as: 'data.mdb',
    optional: true,
    whole: () => readFileSync(path.join(fixture('color'), 'data.mdb')),
  },
  "a LevelDB's beginning": {
    jobs: all,
    give: inNet((name) => ofDatabase(path.dirname(name))),
    as: 'CURRENT',
    optional: true,
  },
  "a LevelDB's table": {
    jobs: all,
    give: (name) => {
      writeFileSync(path.join(path.dirname(at(name)), 'CURRENT'), 'MANIFEST-000002\n');
      return { model: file(ofDatabase(path.dirname(name))) };
    },
    as: '000005.ldb',
    optional: true,
  },
  'a list of HDF5 files': { jobs: all, give: inNet(ofHdf5) },
  'an HDF5 file': {
    jobs: all,
    give: (name) => ({ model: file(ofHdf5(file(`${name}\n`))) }),
    whole: () => readFileSync(at('whole.h5')),
  },
  'a list of images': { jobs: all, give: inNet(ofImages) },
  'an image': {
    jobs: all,
    give: (name) => ({ model: file(ofImages(list(name))) }),
    whole: () => readFileSync(at('a.ppm')),
  },
  'a given list': {
    jobs: withData,
    give: (name) => ({ model: 'deploy.prototxt', images: { list: name } }),
  },
  'a given image': {
    jobs: withData,
    give: (name) => ({ model: 'deploy.prototxt', images: { list: list(name) } }),
    whole: () => readFileSync(at('a.ppm')),
  },
  'an array': {
    jobs: withData,
    give: (data) => ({ model: 'deploy.prototxt', inputs: { data } }),
    whole: () => {
      const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 3, 6, 6), }";
      const begin = Buffer.from(`\x93NUMPY\x01\0${String.fromCharCode(118)}\0`, 'latin1');
      return Buffer.concat([begin, Buffer.from(header.padEnd(118)), Buffer.alloc(432)]);
    },
  },
  'the matrix of an InfogainLoss': {
    jobs: withWeights,
    give: inNet(ofInfogain),
    whole: meanImage,
  },
  'the report to go on from': {
    jobs: ['quantize'],
    give: (resumed) => ({ resumed }),
    // A run that is resumed whenever it is started has none at first.
    optional: true,
    whole: () => Buffer.from('{"unfinished":true,"run":"ab","scored":{}}'),
  },
};

function meanImage(): Buffer {
  // BlobProto: 1 x 3 x 6 x 6, its numbers packed.
  const sizes = [0x08, 1, 0x10, 3, 0x18, 6, 0x20, 6];
  return Buffer.concat([Buffer.from([...sizes, 0x2a, 0xb0, 0x03]), Buffer.alloc(432)]);
}

beforeAll(async () => {
  const image = Buffer.concat([Buffer.from('P6 6 6 255\n'), Buffer.alloc(108, 9)]);
  writeFileSync(at('a.ppm'), image);
  writeFileSync(at('images.txt'), 'a.ppm 0\na.ppm 1\n');
  writeFileSync(at('net.prototxt'), ofImages('images.txt'));
  writeFileSync(at('deploy.prototxt'), deploy);
  const blobs = [
    { shape: [2, 108], data: new Float32Array(216).fill(0.1) },
    { shape: [2], data: Float32Array.of(0, 1) },
  ];
  writeCaffemodel(at('w.caffemodel'), {
    name: 'n',
    layers: [{ name: 'fc', type: 'InnerProduct', blobs }],
  });
  await h5wasm.ready;
  const whole = new h5wasm.File(at('whole.h5'), 'w');
  const data = new Float32Array(216);
  whole.create_dataset({ name: 'label', data: new Float32Array(2), shape: [2] });
  // The same file has data by the tops' names and weights: a group that is called as a top is.
  whole.create_group('data').create_dataset({ name: 'fc', data, shape: [2, 108] });
  whole.close();
});

describe.each(Object.entries(roles))('%s', (_, { jobs, give, as, optional, whole }) => {
  /** Every job that reads the file must end in one line that names it. */
  async function expectRefusals(place: (name: string | undefined) => string, says: RegExp) {
    for (const job of jobs) {
      const name = place(as === undefined ? undefined : `place${count++}/${as}`);
      const { message } = await rejectionOf(() => start(job, give(name)));
      expect(message, job).toMatch(says);
      expect(message, job).not.toContain('\n');
      expect(message, job).toContain(name);
    }
  }

  it.each(Object.entries(kinds).filter(([kind]) => kind !== 'nothing there' || optional !== true))(
    'is %s',
    (kind, { says }) => expectRefusals((name) => put(kind, name), says),
  );

  it.runIf(whole !== undefined)('is cut short', async () => {
    const bytes = whole?.() ?? Buffer.alloc(0);
    const place = (name = `cut${count++}`): string => {
      mkdirSync(path.dirname(at(name)), { recursive: true });
      writeFileSync(at(name), bytes.subarray(0, Math.floor(bytes.length * 0.6)));
      return name;
    };
    await expectRefusals(place, /cut|damaged|short|whole|should hold/);
  });
});

describe('files that fit', () => {
  it('are read', async () => {
    expect(await start('inspect', {})).toMatchObject({ records: 2 });
    await start('score', {});
    await start('score', { model: 'deploy.prototxt', images: { list: 'images.txt' } });
    const mean = file(meanImage());
    await start('score', {
      model: 'deploy.prototxt',
      images: { list: 'images.txt', meanFile: mean },
    });
    await start('export', {});
  });
});
