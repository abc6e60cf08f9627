import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readCaffemodel } from '../../../src/caffe/caffemodel';
import { buildNet } from '../../../src/caffe/buildNet';
import { readNetFile } from '../../../src/caffe/netFile';
import type { Candidate } from '../../../src/formats/layerFormats';
import { netState } from '../../../src/caffe/phase';
import { Evaluator } from '../../../src/engine/scoring/evaluator';
import { NetData } from '../../../src/engine/inputs/netData';
import { checkOutput, writeOutput } from '../../../src/engine/files/outputFile';
import { dynamicFixedPointCandidate } from '../../../src/quantize/original/candidates';
import { repositoryRoot } from '../../support/shared';

const example = path.join(repositoryRoot, 'examples/mnist');
const net = buildNet(
  readNetFile(path.join(example, 'lenet_train_test.prototxt')),
  netState('TEST'),
);
const weights = readCaffemodel(path.join(example, 'lenet.caffemodel'));
const layers = [
  { name: 'conv1', type: 'Convolution', maxIn: 1, maxOut: 4, maxParams: 0.6 },
  { name: 'conv2', type: 'Convolution', maxIn: 4, maxOut: 12, maxParams: 0.3 },
  { name: 'ip1', type: 'InnerProduct', maxIn: 12, maxOut: 12, maxParams: 0.1 },
  { name: 'ip2', type: 'InnerProduct', maxIn: 12, maxOut: 25, maxParams: 0.3 },
];
const opened: NetData[] = [];
afterAll(() => Promise.all(opened.map((data) => data.close())));

async function evaluator(signal?: AbortSignal): Promise<Evaluator> {
  const data = await NetData.open(net, { cwd: repositoryRoot });
  opened.push(data);
  return new Evaluator({ net, weights, data, provider: { kind: 'cpu' }, signal });
}

describe('kept activations', () => {
  const candidates: Record<string, Candidate | undefined> = {
    float: undefined,
    'FC weights': dynamicFixedPointCandidate(layers, { fc_params: 2 }),
    'CONV weights': dynamicFixedPointCandidate(layers, { conv_params: 4 }),
    all: dynamicFixedPointCandidate(layers, { conv_params: 4, fc_params: 4, activations: 4 }),
  };

  it('change no score and no loss by a single bit', async () => {
    const whole = await evaluator();
    const keeping = await evaluator();
    let batches = 0;
    await keeping.keepActivationsBefore(['ip1', 'ip2'], 3, () => batches++);
    expect(batches).toBe(3);
    for (const [name, candidate] of Object.entries(candidates)) {
      const expected = await whole.score(
        { blob: 'accuracy', pick: 0 },
        3,
        candidate,
        () => undefined,
      );
      const actual = await keeping.score(
        { blob: 'accuracy', pick: 0 },
        3,
        candidate,
        () => undefined,
      );
      expect([name, actual.score, actual.loss]).toEqual([name, expected.score, expected.loss]);
      // More batches than were kept run the whole net.
      const more = await keeping.score(
        { blob: 'accuracy', pick: 0 },
        4,
        candidate,
        () => undefined,
      );
      expect(more.score).toBe(
        (await whole.score({ blob: 'accuracy', pick: 0 }, 4, candidate, () => undefined)).score,
      );
    }
  });
});

it('an aborted pass ends between two batches', async () => {
  const abort = new AbortController();
  let done = 0;
  const pass = (await evaluator(abort.signal)).score(
    { blob: 'accuracy', pick: 0 },
    20,
    undefined,
    (n) => {
      done = n;
      if (n === 2) abort.abort();
    },
  );
  await expect(pass).rejects.toMatchObject({ name: 'AbortError' });
  expect(done).toBe(2);
});

describe('output files', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'ristretto-output-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const request = {
    path: path.join(folder, 'q.txt'),
    option: 'output' as const,
    inputs: [path.join(folder, 'in.txt')],
    force: false,
    isEarlierResult: (content: Buffer) => content.toString() === 'ours',
  };

  it('a new or an earlier result may be written; the check leaves nothing behind', async () => {
    checkOutput(request);
    expect(readdirSync(folder)).toEqual([]);
    await writeOutput(request.path, 'ours');
    checkOutput(request);
    await writeOutput(request.path, Uint8Array.of(111, 117, 114, 115));
    expect(readFileSync(request.path, 'utf8')).toBe('ours');
    expect(readdirSync(folder)).toEqual(['q.txt']);
  });

  it.each([
    ['output/exists', { path: path.join(folder, 'user.txt') }],
    ['output/is-input', { path: path.join(folder, '.', 'in.txt') }],
    ['output/no-folder', { path: path.join(folder, 'none', 'q.txt') }],
    ['output/is-folder', { path: path.join(folder, 'sub') }],
  ])('%s', (code, change) => {
    mkdirSync(path.join(folder, 'sub'), { recursive: true });
    writeFileSync(path.join(folder, 'user.txt'), 'precious');
    expect(() => checkOutput({ ...request, ...change })).toThrow(
      expect.objectContaining({ code }) as Error,
    );
    expect(readFileSync(path.join(folder, 'user.txt'), 'utf8')).toBe('precious');
  });
});
