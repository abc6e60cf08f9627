import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCaffemodel } from '../../../src/caffe/caffemodel';
import { writeCaffemodel } from '../../../src/caffe/writeCaffemodel';
import { Workplace } from '../../support/cli';

let place: Workplace;
beforeAll(() => {
  place = new Workplace();
});
afterAll(() => place.remove());

const model = 'examples/mnist/lenet_train_test.prototxt';
const weights = 'examples/mnist/lenet.caffemodel';

/** The example's weights, each number replaced. */
function filledWeights(value: number): string {
  const file = `filled_${value}.caffemodel`;
  const { layers } = readCaffemodel(place.path(weights));
  writeCaffemodel(place.path(file), {
    name: 'filled',
    layers: layers.map((layer) => ({
      name: layer.name,
      type: layer.type ?? '',
      blobs: layer.blobs.map(({ shape, data }) => ({ shape, data: data.map(() => value) })),
    })),
  });
  return file;
}

function changedModel(name: string, from: string | RegExp, to: string): string {
  const text = readFileSync(place.path(model), 'utf8');
  expect(text).toMatch(from);
  writeFileSync(place.path(name), text.replace(from, to));
  return name;
}

describe('quantize says', () => {
  it('baseline and ranges as soon as they are known', () => {
    const { code, stderr } = place.quantize();
    expect(code).toBe(0);
    const lines = stderr.split('\n');
    expect(lines[0]).toMatch(/^baseline: (1|0\.\d+) \(\d+\.\d s\)$/);
    expect(lines.slice(1, 5).map((line) => line.split(':')[0])).toEqual(
      ['conv1', 'conv2', 'ip1', 'ip2'].map((name) => `ranges of ${name}`),
    );
    expect(lines[5]).toMatch(/^net 4 bit: /);
  });

  it.each([0, NaN])('that weights of %d make no sense of the search, and ends', (value) => {
    const { code, stderr } = place.quantize({
      weights: filledWeights(value),
      model_quantized: 'out/senseless.prototxt',
    });
    expect(code, stderr).toBe(1);
    expect(stderr).toContain(
      'note: the float net scores 0: every width is within the margin of 2 %',
    );
    expect(stderr).toMatch(
      /the score "accuracy" cannot tell a broken net from a sound one: the net without any weights scores 0, where the float net scores 0 \(margin 2 %\)/,
    );
    expect(existsSync(place.path('out/senseless.prototxt'))).toBe(false);
  });

  it('that a score is not a number', () => {
    const { stderr } = place.quantize({ weights: filledWeights(NaN), score: 'loss' });
    expect(stderr).toContain("note: the float net's score is not a number, so that no width is");
  });

  it('nothing about a margin that leaves room', () => {
    expect(place.quantize({ error_margin: '50' }).stderr).not.toContain('every width');
    expect(place.quantize({ error_margin: '100' }).stderr).toContain('every width is within');
  });
});

describe('score', () => {
  it('says what it is doing', () => {
    const { stderr } = place.run(
      'score',
      `--model=${model}`,
      `--weights=${weights}`,
      '--iterations=2',
    );
    expect(stderr.split('\n')[0]).toBe(`Scoring ${model}: 2 x 100 images on cpu`);
  });

  it.each(['score', 'quantize'])('%s of a deploy net: the error and no note', (command) => {
    writeFileSync(
      place.path('deploy.prototxt'),
      'layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 1 } } }\n' +
        'layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip" inner_product_param { num_output: 1 } }',
    );
    const { code, stderr } =
      command === 'score'
        ? place.run('score', '--model=deploy.prototxt', `--weights=${weights}`)
        : place.quantize({ model: 'deploy.prototxt' });
    expect(code).toBe(1);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toContain('give the train_val definition');
  });
});

describe('data that are not there', () => {
  it('name the flag for their folder', () => {
    const file = changedModel('lost.prototxt', 'mnist_test_lmdb', 'lost_lmdb');
    const { stderr } = place.quantize({ model: file });
    expect(stderr).toContain('cannot find "lost_lmdb"');
    expect(stderr).toContain('or name that folder with --caffe_root');
    expect(place.quantize({ model: model, caffe_root: 'examples/mnist' }).code).toBe(0);
  });

  it('convert points to the deploy definition, and names the place once', () => {
    const file = changedModel('lost.prototxt', /mnist_test_lmdb/, 'lost_lmdb');
    const { code, stderr } = place.run(
      'convert',
      `--model=${file}`,
      `--weights=${weights}`,
      '--output=out/net.onnx',
    );
    expect(code).toBe(1);
    expect(stderr.match(/lost\.prototxt:\d+/g)).toHaveLength(1);
    expect(stderr).toContain('convert the deploy definition');
  });

  it.skipIf(process.platform === 'win32')('are no pipe: nothing hangs', () => {
    execFileSync('mkfifo', [place.path('pipe')]);
    for (const flags of [
      { model: 'pipe' },
      { weights: 'pipe' },
      { model: changedModel('pipe.prototxt', 'mnist_test_lmdb', 'pipe') },
      { model: changedModel('mean.prototxt', 'scale: 0.00390625', 'mean_file: "pipe"') },
    ]) {
      const { code, stderr } = place.quantize({ caffe_root: 'examples/mnist', ...flags });
      expect(code, stderr).toBe(1);
      expect(stderr).toContain('no ordinary file');
    }
  });
});
