import { plain } from '../../../src/base/words';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { quantizationNotes } from '../../../src/caffe/quantizedLayers';
import { exportOnnx } from '../../../src/engine/jobs/exportOnnx';
import { quantizeNet } from '../../../src/engine/jobs/quantizeNet';
import { scoreNet, type ScoreResult } from '../../../src/engine/jobs/scoreNet';
import { layer, inputs, netOf } from '../../support/nets';
import { repositoryRoot } from '../../support/shared';
import { tellTo } from '../../../src/engine/files/events';

const folder = mkdtempSync(path.join(tmpdir(), 'ristretto-bare-'));
afterAll(() => rmSync(folder, { recursive: true }));
const example = path.join(repositoryRoot, 'examples/mnist');
const weights = path.join(example, 'lenet.caffemodel');
const float = readFileSync(path.join(example, 'lenet_train_test.prototxt'), 'utf8');

/** The example with quantized layers that a hand wrote: `conv1` and `ip2`. */
function written(quantization: string): string {
  const file = path.join(folder, 'net.prototxt');
  const conv1 = float.replace('type: "Convolution"', 'type: "ConvolutionRistretto"');
  const start = conv1.indexOf('name: "ip2"');
  const ip2 = conv1.slice(start).replace('"InnerProduct"', `"FcRistretto" ${quantization}`);
  writeFileSync(file, conv1.slice(0, start) + ip2);
  return file;
}

function score(model: string): Promise<ScoreResult> {
  return scoreNet(
    { model, weights, iterations: 2, provider: { kind: 'cpu' }, caffeRoot: example, cwd: folder },
    tellTo({}),
  );
}

const fine =
  'bw_layer_in: 16 fl_layer_in: 10 bw_layer_out: 16 fl_layer_out: 9 bw_params: 16 fl_params: 15';
const bareNote =
  /layer "conv1" \(line \d+\) without quantization_param: next to float, as in the original/;
const randomNote =
  /layer "ip2" \(line \d+\) with rounding_scheme: STOCHASTIC: rounded to the nearest/;

it('a layer without quantization_param scores as in float, with a note', async () => {
  const expected = await score(path.join(example, 'lenet_train_test.prototxt'));
  const made = await score(written(''));
  expect(made.score).toBe(expected.score);
  expect(made.loss).toBeCloseTo(expected.loss ?? Number.NaN, 4);
  expect(made.notes.map(plain).join('\n')).toMatch(
    /layers "conv1" \(line \d+\), "ip2" \(line \d+\) without quantization_param/,
  );
  expect(expected.notes.map(plain).join('\n')).not.toMatch(/quantization_param/);
});

it('STOCHASTIC rounds to the nearest, with a note', async () => {
  const nearest = await score(written(`quantization_param { ${fine} }`));
  const random = await score(written(`quantization_param { ${fine} rounding_scheme: STOCHASTIC }`));
  expect(random.score).toBe(nearest.score);
  expect(random.loss).toBe(nearest.loss);
  expect(nearest.notes.map(plain).join('\n')).not.toMatch(/STOCHASTIC/);
  expect(random.notes.map(plain).join('\n')).toMatch(bareNote);
  expect(random.notes.map(plain).join('\n')).toMatch(randomNote);
});

it('quantizing and converting tell the same', async () => {
  const model = written(`quantization_param { ${fine} rounding_scheme: STOCHASTIC }`);
  const common = { model, weights, caffeRoot: example, cwd: folder, force: true };
  const report = await quantizeNet(
    {
      ...common,
      modelQuantized: path.join(folder, 'quantized.prototxt'),
      mode: 'integer_power_of_2_weights',
      iterations: 1,
      errorMargin: 50,
      provider: { kind: 'cpu' },
      calibration: 'train',
    },
    tellTo({}),
  );
  expect(report.notes.filter((text) => bareNote.test(plain(text)))).toHaveLength(1);
  expect(report.notes.filter((text) => randomNote.test(plain(text)))).toHaveLength(1);
  const { notes } = await exportOnnx(
    { ...common, output: path.join(folder, 'net.onnx'), phase: 'TEST' },
    () => undefined,
  );
  expect(notes.filter((text) => bareNote.test(plain(text)))).toHaveLength(1);
});

it('a note names a few of many layers', () => {
  const many = Array.from({ length: 7 }, (_, i) => layer(`c${i}`, 'FcRistretto', 'x', `c${i}`));
  const [note, ...others] = quantizationNotes(netOf(inputs('x') + many.join(' ')));
  expect(note).toMatch(/^layers "c0" \(line 1\), .*"c4" \(line 1\) and 2 more without/);
  expect(others).toEqual([]);
});
