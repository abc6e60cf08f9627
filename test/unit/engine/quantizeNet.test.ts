import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { phaseNames } from '../../../src/quantize/phases';
import type { Progress } from '../../../src/engine/files/progress';
import { quantizeNet } from '../../../src/engine/jobs/quantizeNet';
import type { QuantizeOptions } from '../../../src/engine/search/quantizeOptions';
import type { QuantizeReport } from '../../../src/quantize/report';
import { repositoryRoot } from '../../support/shared';
import { tellTo } from '../../../src/engine/files/events';

const folder = mkdtempSync(path.join(tmpdir(), 'ristretto-quantize-'));
afterAll(() => rmSync(folder, { recursive: true }));
const example = path.join(repositoryRoot, 'examples/mnist');
const output = path.join(folder, 'q.prototxt');
const model = readFileSync(path.join(example, 'lenet_train_test.prototxt'), 'utf8');

function quantize(
  options: Partial<QuantizeOptions>,
  onProgress: (progress: Progress) => void = () => undefined,
): Promise<QuantizeReport> {
  return quantizeNet(
    {
      model: path.join(example, 'lenet_train_test.prototxt'),
      weights: path.join(example, 'lenet.caffemodel'),
      modelQuantized: output,
      mode: 'integer_power_of_2_weights',
      iterations: 1,
      errorMargin: 2,
      provider: { kind: 'cpu' },
      calibration: 'train',
      cwd: folder,
      force: true,
      ...options,
    },
    tellTo({ progress: onProgress }),
  );
}

/** The example with other names for its blobs, beside its data. */
function renamed(from: string, to: string): string {
  const file = path.join(folder, 'renamed.prototxt');
  writeFileSync(file, model.replaceAll(`: "${from}"`, `: "${to}"`));
  return file;
}

describe('hashing', () => {
  it('comes after the result is written, and is shown', async () => {
    let writtenBefore = false;
    const seen: Progress[] = [];
    const report = await quantize({}, (progress) => {
      seen.push(progress);
      if (progress.what === phaseNames.files) writtenBefore = existsSync(output);
    });
    expect(writtenBefore).toBe(true);
    expect(seen.at(-1)).toMatchObject({ what: phaseNames.files, share: 1 });
    for (const { sha256 } of report.inputs) expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is not waited for by who cancels: the result is there', async () => {
    const abort = new AbortController();
    const report = await quantize({ signal: abort.signal }, ({ what }) => {
      if (what === phaseNames.files) abort.abort();
    });
    expect(report.inputs.map(({ sha256 }) => sha256)).toEqual([null, null, null, null]);
    expect(report.final.score).toBeGreaterThan(0.9);
  });

  it('before that, cancelling leaves nothing', async () => {
    rmSync(output);
    const abort = new AbortController();
    const run = quantize({ signal: abort.signal }, ({ what, batch }) => {
      if (what === 'Trying 4 bits: the whole net' && batch === 1) abort.abort();
    });
    await expect(run).rejects.toMatchObject({ name: 'AbortError' });
    expect(existsSync(output)).toBe(false);
  });
});

it.skipIf(process.platform !== 'linux')(
  'TRAIN data are closed once they are measured',
  async () => {
    const openFiles = (): string[] =>
      readdirSync('/proc/self/fd').flatMap((fd) => {
        const link = path.join('/proc/self/fd', fd);
        return existsSync(link) ? [readlinkSync(link)] : [];
      });
    const train = path.join(example, 'mnist_train_lmdb/data.mdb');
    const seen = new Map<string, boolean>();
    await quantize({}, ({ what, batch }) => {
      if (batch === 1) seen.set(what, openFiles().includes(train));
    });
    expect(Object.fromEntries(seen)).toMatchObject({
      [phaseNames.ranges]: true,
      'Trying 4 bits: the whole net': false,
    });
  },
);

describe('names of blobs and layers', () => {
  it.each([
    ['conv2', 'observed:conv1'],
    ['data', 'observed:conv1'],
    ['label', 'conv1:weights'],
    ['pool1', '__proto__'],
    ['accuracy', 'observed:ip2'],
    ['conv1', 'constructor'],
    ['data', 'const:0.5'],
  ])('%s called %s: the same result', async (from, to) => {
    const expected = await quantize({});
    const isLayerOfWeights = ['conv1', 'conv2'].includes(from);
    const file = renamed(from, to);
    const text = readFileSync(file, 'utf8');
    // A layer with weights keeps its name, by which they are found; no blob is called __proto__.
    const kept = isLayerOfWeights ? text.replace(`name: "${to}"`, `name: "${from}"`) : text;
    writeFileSync(file, kept.replaceAll(/(top|bottom): "__proto__"/g, '$1: "pool1"'));
    const report = await quantize({ model: file, modelFolder: example });
    expect(report.final.score).toBe(expected.final.score);
    expect(report.final.loss).toBe(expected.final.loss);
    expect(report.layers.map(({ maxIn, maxOut }) => [maxIn, maxOut])).toEqual(
      expected.layers.map(({ maxIn, maxOut }) => [maxIn, maxOut]),
    );
  });
});

it('a file in another encoding comes back with all its bytes', async () => {
  const file = path.join(folder, 'gbk.prototxt');
  const bytes = Buffer.from(model.replace('# ', '# \xbe\xed\xbb\xfd '), 'latin1');
  writeFileSync(file, bytes);
  await quantize({ model: file, modelFolder: example });
  const written = readFileSync(output);
  expect(written.includes(Buffer.from([0xbe, 0xed, 0xbb, 0xfd]))).toBe(true);
  const undone = written
    .toString('latin1')
    .replace(/^ {2}quantization_param \{\n(?: {4}.*\n)* {2}\}\n/gm, '')
    .replaceAll('"ConvolutionRistretto"', '"Convolution"')
    .replaceAll('"FcRistretto"', '"InnerProduct"');
  expect(Buffer.from(undone, 'latin1').equals(bytes)).toBe(true);
});
