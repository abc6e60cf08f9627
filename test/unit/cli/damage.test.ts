import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCaffemodel } from '../../../src/caffe/caffemodel';
import { writeCaffemodel } from '../../../src/caffe/writeCaffemodel';
import { Workplace, type CliResult } from '../../support/cli';
import { repositoryRoot } from '../../support/shared';

let place: Workplace;
let text: string;
beforeAll(() => {
  place = new Workplace();
  text = readFileSync(place.path(model), 'utf8');
});
afterAll(() => place.remove());

const model = 'examples/mnist/lenet_train_test.prototxt';
const weights = 'examples/mnist/lenet.caffemodel';
const commands = ['quantize', 'score', 'convert'] as const;
type Name = (typeof commands)[number];

function run(command: Name, flags: { model?: string; weights?: string }): CliResult {
  if (command === 'quantize') return place.quantize({ report: 'out/run.json', ...flags });
  const common = [`--model=${flags.model ?? model}`, `--weights=${flags.weights ?? weights}`];
  return command === 'score'
    ? place.run('score', ...common, '--iterations=1')
    : place.run('convert', ...common, '--output=out/net.onnx');
}

/** Runs a command that must end in the one line given (after `ristretto: `), with no file made. */
function expectFailure(
  command: Name,
  flags: { model?: string; weights?: string },
  message: string | RegExp,
): void {
  const listing = (): string[] =>
    readdirSync(place.folder, { recursive: true, encoding: 'utf8' }).sort();
  const before = listing();
  const { code, stdout, stderr } = run(command, flags);
  expect(code, stderr).toBe(1);
  expect(stdout).toBe('');
  // One line, so no row was scored before either.
  expect(stderr).toMatch(/^ristretto: [^\n]*\n$/);
  expect(stderr).toMatch(message);
  expect(listing()).toEqual(before);
}

/** Writes the example's prototxt with one change; returns the line the change is in. */
function change(name: string, from: string, to: string): number {
  expect(text).toContain(from);
  writeFileSync(place.path(name), text.replace(from, to));
  return lineOf(from);
}

function lineOf(part: string): number {
  return text.slice(0, text.indexOf(part)).split('\n').length;
}

/** Line of the `layer {` that holds the name. */
function layerLine(name: string): number {
  return lineOf(`name: "${name}"`) - 1;
}

describe.each(commands)('%s', (command) => {
  it.each([0.01, 0.5, 0.999])('a caffemodel cut to %d of its bytes', (part) => {
    const bytes = readFileSync(place.path(weights));
    writeFileSync(place.path('cut'), bytes.subarray(0, Math.floor(bytes.length * part)));
    expectFailure(command, { weights: 'cut' }, /^ristretto: cut: .*byte \d+.*/);
  });

  it('a caffemodel without a layer names it and its line', () => {
    const { layers } = readCaffemodel(place.path(weights));
    writeCaffemodel(place.path('less'), {
      name: 'less',
      layers: layers.filter(({ name }) => name !== 'ip1'),
    });
    const message = `less: layer "ip1" (${model}:${layerLine('ip1')}) has no weights`;
    expectFailure(command, { weights: 'less' }, escaped(message));
  });

  it('a weight blob of another shape: layer and both shapes', () => {
    const { layers } = readCaffemodel(place.path(weights));
    writeCaffemodel(place.path('wide'), {
      name: 'wide',
      layers: layers.map((layer) =>
        layer.name !== 'conv2'
          ? layer
          : {
              ...layer,
              blobs: layer.blobs.map((blob) =>
                blob.shape.length === 1
                  ? blob
                  : { shape: [50, 20, 3, 3], data: new Float32Array(9000) },
              ),
            },
      ),
    });
    const message =
      `wide: layer "conv2" (${model}:${layerLine('conv2')}) needs weights of shape 50x20x5x5, ` +
      'this file has 50x20x3x3; is this the caffemodel of another net?';
    expectFailure(command, { weights: 'wide' }, escaped(message));
  });

  it('a syntax error: line and column of it', () => {
    const line = change('s.prototxt', 'num_output: 50\n', 'num_output: 50 }\n}\n}\n');
    expectFailure(command, { model: 's.prototxt' }, new RegExp(`s\\.prototxt:${line + 2}:1: `));
  });

  it('an unsupported layer: name, type and line', () => {
    change('u.prototxt', 'type: "ReLU"', 'type: "Magic"');
    const message = `u.prototxt:${layerLine('relu1')}:7: layer "relu1" has type "Magic"`;
    expectFailure(command, { model: 'u.prototxt' }, escaped(message));
  });

  it('a cycle and a top made twice: both layers', () => {
    change('c.prototxt', 'bottom: "pool1"', 'bottom: "pool2"');
    const cycle = `c.prototxt:${layerLine('conv2')}:7: layer "conv2": bottom "pool2" is made by layer "pool2" (line ${layerLine('pool2')})`;
    expectFailure(command, { model: 'c.prototxt' }, escaped(cycle));
    change('t.prototxt', 'top: "pool2"', 'top: "pool1"');
    const twice = `t.prototxt:${layerLine('pool2')}:7: layer "pool2": top "pool1" is already made by layer "pool1" (line ${layerLine('pool1')})`;
    expectFailure(command, { model: 't.prototxt' }, escaped(twice));
  });
});

describe.each(['quantize', 'score'] as const)('%s, data', (command) => {
  const source = 'source: "mnist_test_lmdb"';
  const original = 'examples/mnist/mnist_test_lmdb/data.mdb';

  function expectBadData(
    name: string,
    bytes: Buffer,
    message: string | RegExp,
    also?: string,
  ): void {
    mkdirSync(place.path(name), { recursive: true });
    writeFileSync(place.path(name, 'data.mdb'), bytes);
    change('data.prototxt', source, `source: "${name}"`);
    expectFailure(command, { model: 'data.prototxt' }, message);
    if (also !== undefined) expectFailure(command, { model: 'data.prototxt' }, also);
  }

  it('empty', () => {
    const bytes = readFileSync(`${repositoryRoot}/test/fixtures/lmdb/empty/data.mdb`);
    expectBadData('empty', bytes, escaped(place.path('empty/data.mdb: ')), 'no records');
  });

  it('cut within a page, and to nothing', () => {
    const bytes = readFileSync(place.path(original));
    const place0 = escaped(place.path('cut_lmdb/data.mdb: this LMDB is cut off'));
    expectBadData('cut_lmdb', bytes.subarray(0, 100), place0, 'has 100 bytes');
    expectBadData('cut_lmdb', bytes.subarray(0, 0), 'data.mdb: this is no LMDB but an empty file');
  });

  it('in the layout of data format 2, whose header is 8 bytes longer', () => {
    const bytes = readFileSync(place.path(original));
    for (const page of [0, 4096]) {
      Buffer.from(bytes.subarray(page + 16, page + 160)).copy(bytes, page + 24);
      bytes.fill(0, page + 16, page + 24);
      bytes.writeUInt32LE(2, page + 28);
    }
    expectBadData('v2', bytes, /v2\/data\.mdb: .*data format 2.*liblmdb 0\.9/);
  });

  it('missing, below --caffe_root too: every place that was tried', () => {
    change('data.prototxt', source, 'source: "no/such"');
    mkdirSync(place.path('caffe'), { recursive: true });
    const args = [`--model=examples/m.prototxt`, `--weights=${weights}`, '--caffe_root=caffe'];
    writeFileSync(place.path('examples/m.prototxt'), readFileSync(place.path('data.prototxt')));
    const rest = ['--model_quantized=out/q', '--trimming_mode=minifloat'];
    const { code, stderr } = place.run(command, ...args, ...(command === 'score' ? [] : rest));
    expect(code).toBe(1);
    expect(stderr).toMatch(/^ristretto: examples\/m\.prototxt:\d+:7: layer "mnist": [^\n]*\n$/);
    const places = ['no/such', 'examples/no/such', 'caffe/no/such'].map((p) => place.path(p));
    expect(stderr).toContain(`tried ${places.join(', ')}: `);
    expect(place.outputs).toEqual([]);
  });
});

function escaped(message: string): RegExp {
  return new RegExp(message.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
}
