import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCaffemodel } from '../../../src/caffe/caffemodel';
import { writeCaffemodel } from '../../../src/caffe/writeCaffemodel';
import { Workplace } from '../../support/cli';
import { repositoryRoot } from '../../support/shared';

let place: Workplace;
beforeAll(() => {
  place = new Workplace();
});
afterAll(() => place.remove());

const model = 'examples/mnist/lenet_train_test.prototxt';
const weights = 'examples/mnist/lenet.caffemodel';

/** Runs quantize and expects one line that says what is wrong, and no file. */
function expectFailure(
  flags: Readonly<Record<string, string | undefined>>,
  ...patterns: (RegExp | string)[]
): void {
  const { code, stdout, stderr } = place.quantize(flags);
  expect(code, stderr).toBe(1);
  expect(stdout).toBe('');
  const lines = stderr.split('\n').filter((line) => line !== '' && !line.startsWith('note: '));
  expect(lines, stderr).toHaveLength(1);
  for (const pattern of patterns) expect(lines[0]).toMatch(pattern);
  expect(place.outputs).toEqual([]);
}

/** The example's prototxt with one change, as a new file. */
function changedModel(name: string, from: string | RegExp, to: string): string {
  const text = readFileSync(place.path(model), 'utf8');
  const changed = text.replace(from, to);
  expect(changed).not.toBe(text);
  const file = path.join('examples/mnist', name);
  writeFileSync(place.path(file), changed);
  return file;
}

/** The example reading another TEST database. */
function modelWithTestData(name: string, source: string): string {
  return changedModel(name, 'mnist_test_lmdb', source);
}

describe('caffemodel', () => {
  it('cut short', () => {
    cpSync(place.path(weights), place.path('cut.caffemodel'));
    truncateSync(place.path('cut.caffemodel'), 500_000);
    expectFailure({ weights: 'cut.caffemodel' }, 'cut.caffemodel', 'byte 500000', 'ip1');
  });

  it('not a caffemodel', () => {
    expectFailure({ weights: model }, model);
  });

  it('missing', () => {
    expectFailure({ weights: 'none.caffemodel' }, 'none.caffemodel');
  });

  it('of a net without one of the layers', () => {
    const { layers } = readCaffemodel(place.path(weights));
    writeCaffemodel(place.path('less.caffemodel'), {
      name: 'less',
      layers: layers.filter(({ name }) => name !== 'conv2'),
    });
    expectFailure({ weights: 'less.caffemodel' }, 'less.caffemodel', 'layer "conv2"', 'no weights');
  });

  it('with a blob of another shape', () => {
    const { layers } = readCaffemodel(place.path(weights));
    writeCaffemodel(place.path('other.caffemodel'), {
      name: 'other',
      layers: layers.map((layer) =>
        layer.name === 'ip2'
          ? { ...layer, blobs: [{ shape: [10, 400], data: new Float32Array(4000) }] }
          : layer,
      ),
    });
    expectFailure(
      { weights: 'other.caffemodel' },
      'other.caffemodel',
      'layer "ip2"',
      '1 weight blobs',
    );
    writeCaffemodel(place.path('other.caffemodel'), {
      name: 'other',
      layers: layers.map((layer) =>
        layer.name === 'ip2'
          ? {
              ...layer,
              blobs: [
                { shape: [10, 400], data: new Float32Array(4000) },
                { shape: [10], data: new Float32Array(10) },
              ],
            }
          : layer,
      ),
    });
    expectFailure({ weights: 'other.caffemodel' }, 'layer "ip2"', '10x500', '10x400');
  });
});

describe('prototxt', () => {
  it('missing', () => {
    expectFailure({ model: 'none.prototxt' }, 'none.prototxt', 'no such file');
  });

  it('with a syntax error', () => {
    const file = changedModel('syntax.prototxt', 'num_output: 20', 'num_output: }');
    expectFailure({ model: file }, /syntax\.prototxt:\d+:\d+: /);
  });

  it('with a value of the wrong type', () => {
    const file = changedModel('type.prototxt', 'num_output: 20', 'num_output: "many"');
    expectFailure({ model: file }, /type\.prototxt:\d+:\d+: .*num_output/);
  });

  it('with a bottom nobody makes', () => {
    const file = changedModel('bottom.prototxt', 'bottom: "pool1"', 'bottom: "pool9"');
    expectFailure({ model: file }, /bottom\.prototxt:\d+:\d+: layer "conv2": bottom "pool9"/);
  });

  it('with a cycle', () => {
    const file = changedModel('cycle.prototxt', 'bottom: "pool1"', 'bottom: "pool2"');
    expectFailure({ model: file }, /cycle\.prototxt:\d+:\d+: layer "conv2"/, 'cycle');
  });

  it('with a top made twice', () => {
    const file = changedModel('twice.prototxt', 'top: "pool2"', 'top: "pool1"');
    expectFailure({ model: file }, /twice\.prototxt:\d+:\d+: layer "pool2"/, 'already made');
  });

  it('with an unsupported layer', () => {
    const file = changedModel('layer.prototxt', 'type: "ReLU"', 'type: "Magic"');
    expectFailure({ model: file }, /layer\.prototxt:\d+:\d+: layer "relu1" has type "Magic"/);
  });

  it('without data layers', () => {
    writeFileSync(
      place.path('deploy.prototxt'),
      `layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 1 dim: 1 dim: 28 dim: 28 } } }
layer { name: "ip2" type: "InnerProduct" bottom: "data" top: "ip2" inner_product_param { num_output: 10 } }`,
    );
    expectFailure(
      { model: 'deploy.prototxt' },
      'deploy.prototxt:1',
      'train_val definition with a data layer',
    );
  });

  it('with an unknown setting of a layer is not used: it may change the numbers', () => {
    const setting = 'num_output: 20 num_outputs: 3';
    const model = changedModel('unknown.prototxt', 'num_output: 20', setting);
    expectFailure(
      { model },
      /unknown\.prototxt:\d+:\d+: layer "conv1".*num_outputs: 3.*cannot be obeyed/,
    );
  });
});

describe('data', () => {
  it('missing', () => {
    const file = modelWithTestData('nodata.prototxt', 'no_lmdb');
    expectFailure(
      { model: file },
      /nodata\.prototxt:\d+:\d+: layer "mnist"/,
      place.path('no_lmdb'),
      place.path('examples/mnist/no_lmdb'),
    );
  });

  it('empty', () => {
    const source = path.join(repositoryRoot, 'test/fixtures/lmdb/empty');
    expectFailure({ model: modelWithTestData('empty.prototxt', source) }, 'data.mdb', 'no record');
  });

  it('cut short', () => {
    copyTestData('cut_lmdb');
    truncateSync(place.path('cut_lmdb/data.mdb'), 40 * 4096);
    const file = modelWithTestData('cut.prototxt', 'cut_lmdb');
    expectFailure({ model: file, iterations: '20' }, /cut_lmdb.*data\.mdb: /, 'page');
  });

  it('of LMDB format 2', () => {
    copyTestData('new_lmdb', (bytes) => {
      // Both meta pages: the version follows the magic number.
      for (const page of [0, 4096]) bytes.writeUInt32LE(2, page + 16 + 4);
    });
    expectFailure({ model: modelWithTestData('v2.prototxt', 'new_lmdb') }, 'data.mdb', 'format 2');
  });

  it('with a corrupt record', () => {
    copyTestData('corrupt_lmdb', (bytes) => {
      // The first record's height, 28, becomes 27: then the pixels do not fit.
      const at = bytes.indexOf(Buffer.from([0x08, 1, 0x10, 28, 0x18, 28]));
      expect(at).toBeGreaterThan(0);
      bytes[at + 3] = 27;
    });
    expectFailure(
      { model: modelWithTestData('corrupt.prototxt', 'corrupt_lmdb') },
      'data.mdb',
      /record \d+/,
    );
  });

  it('with a label out of range', () => {
    copyTestData('label_lmdb', (bytes) => {
      for (let at = 0; (at = bytes.indexOf(Buffer.from([0x28, 3]), at)) >= 0; at += 2) {
        bytes[at + 1] = 77;
      }
    });
    expectFailure(
      { model: modelWithTestData('label.prototxt', 'label_lmdb') },
      'data.mdb',
      /record \d+ \(key \d+\) has label 77/,
      'classes 0 to 9',
    );
  });

  it('for the ranges missing offers --calibration=test', () => {
    const file = changedModel('notrain.prototxt', 'mnist_train_lmdb', 'no_train');
    expectFailure({ model: file }, 'no_train', '--calibration=test');
    const { code, stderr } = place.quantize({
      model: file,
      calibration: 'test',
      model_quantized: 'calibrated.out',
      report: 'calibrated.json',
    });
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('ranges are taken from TEST-phase data');
    const report = JSON.parse(readFileSync(place.path('calibrated.json'), 'utf8')) as {
      calibration: string;
    };
    expect(report.calibration).toBe('test');
  });

  function copyTestData(name: string, change: (bytes: Buffer) => void = () => undefined): void {
    const bytes = readFileSync(place.path('examples/mnist/mnist_test_lmdb/data.mdb'));
    change(bytes);
    mkdirSync(place.path(name));
    writeFileSync(place.path(name, 'data.mdb'), bytes);
  }
});

describe('output', () => {
  it('equal to an input, also through a link', () => {
    symlinkSync(place.path(weights), place.path('link'));
    for (const model_quantized of [model, weights, `./${model}`, 'link']) {
      const before = readFileSync(place.path(model_quantized));
      expectFailure({ model_quantized }, 'is an input');
      expect(readFileSync(place.path(model_quantized)).equals(before)).toBe(true);
    }
    expectFailure({ report: model }, '--report', 'is an input');
    expectFailure({ report: 'out/quantized.prototxt' }, '--report');
  });

  it('in a folder that does not exist, or below a file', () => {
    expectFailure({ model_quantized: 'nowhere/q.prototxt' }, 'nowhere');
    expectFailure({ model_quantized: `${model}/q.prototxt` }, `${model} is no folder`);
    expectFailure({ model_quantized: 'out' }, 'folder');
  });

  it('that is a file of the user stays as it is without --force', () => {
    writeFileSync(place.path('mine.txt'), 'precious');
    expectFailure({ model_quantized: 'mine.txt' }, 'mine.txt', '--force');
    expect(readFileSync(place.path('mine.txt'), 'utf8')).toBe('precious');
    const forced = place.run(
      'quantize',
      ...place.quantizeFlags({ model_quantized: 'mine.txt' }),
      '--force',
    );
    expect(forced.code).toBe(0);
    expect(readFileSync(place.path('mine.txt'), 'utf8')).toContain('ConvolutionRistretto');
    expect(place.quantize({ model_quantized: 'mine.txt' }).code).toBe(0);
  });
});

describe('execution', () => {
  const cuda =
    'node_modules/onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime_providers_cuda.so';

  it.skipIf(existsSync(path.join(repositoryRoot, cuda)))('CUDA asked for and not there', () => {
    expectFailure({ gpu: '0' }, 'CUDA', '--gpu=0', /providers_cuda|no CUDA provider/);
    expectFailure({ gpu: 'all' }, '--gpu=0');
    expectFailure({ gpu: '1,0' }, '--gpu=1');
  });

  it('WebGPU asked for and not there', () => {
    const { code, stderr } = place.quantize({ provider: 'webgpu' });
    // With an adapter it works.
    if (code === 0) return;
    expect(stderr).toContain('ristretto: WebGPU was asked for but could not be used (');
    expect(stderr).not.toMatch(/^ {4}at .*\.js/m);
  });

  it('a score that is no output', () => {
    expectFailure({ score: 'nonsense' }, 'nonsense', 'accuracy, loss');
  });
});

describe.each(['quantize', 'score', 'convert'])('%s', (command) => {
  const gone = 'not_there.caffemodel';
  const others = {
    quantize: ['--model_quantized=out/q', '--trimming_mode=minifloat'],
    convert: ['--output=out/x'],
  };

  it.each([
    ['weights that are not there', model, gone, `${gone}: there is no such file: give the trained`],
    ['a net that is a Git LFS pointer', 'lfs.prototxt', weights, 'lfs.prototxt: this is no net'],
  ])('%s: one line, no stack, no file', (_, net, trained, message) => {
    writeFileSync(place.path('lfs.prototxt'), 'version https://git-lfs.github.com/spec/v1\n');
    const more = Object.entries(others).find(([name]) => name === command)?.[1] ?? [];
    const result = place.run(command, `--model=${net}`, `--weights=${trained}`, ...more);
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toMatch(/^ristretto: [^\n]*\n$/);
    expect(result.stderr).toContain(message);
    expect(place.outputs).toEqual([]);
  });
});

describe('prototxt mix-ups', () => {
  it('a caffemodel given as the net', () => {
    expectFailure({ model: weights }, weights, 'binary file');
  });

  it('layers of two versions in one net', () => {
    writeFileSync(
      place.path('old.prototxt'),
      'layer { name: "x" type: "Input" top: "x" }\nlayers { name: "d" type: DATA top: "d" }\n',
    );
    expectFailure({ model: 'old.prototxt' }, 'old.prototxt:2:1', "write all of them as 'layer'");
  });

  it('a net that is quantized already', () => {
    expect(place.quantize({ model_quantized: 'done.prototxt' }).code).toBe(0);
    expectFailure({ model: 'done.prototxt' }, 'done.prototxt', 'quantized already');
  });

  it('a layer without a type', () => {
    const file = changedModel('typeless.prototxt', 'type: "ReLU"', '');
    expectFailure({ model: file }, /typeless\.prototxt:\d+:\d+: layer "relu1" has no type/);
  });
});
