import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readCaffemodel } from '../../../src/caffe/caffemodel';
import type { Layer, Net } from '../../../src/caffe/net';
import { buildNet } from '../../../src/caffe/buildNet';
import { parseNetFile, readNetFile } from '../../../src/caffe/netFile';
import { netState } from '../../../src/caffe/phase';
import { Evaluator } from '../../../src/engine/scoring/evaluator';
import { LabelCheck } from '../../../src/engine/inputs/labelCheck';
import { NetData } from '../../../src/engine/inputs/netData';
import { checkNotRead, writeOutput } from '../../../src/engine/files/outputFile';
import { planCut } from '../../../src/engine/scoring/reuse';
import { SourceText } from '../../../src/prototxt/source';
import { UserError } from '../../../src/base/userError';
import { dynamicFixedPointCandidate } from '../../../src/quantize/original/candidates';
import { layer, netOf } from '../../support/nets';
import { repositoryRoot } from '../../support/shared';

const example = path.join(repositoryRoot, 'examples/mnist');
const model = path.join(example, 'lenet_train_test.prototxt');
const weights = readCaffemodel(path.join(example, 'lenet.caffemodel'));
const lenet = buildNet(readNetFile(model), netState('TEST'));
const opened: NetData[] = [];
afterAll(() => Promise.all(opened.map((data) => data.close())));

async function evaluatorOf(net: Net = lenet, signal?: AbortSignal): Promise<Evaluator> {
  const data = await NetData.open(net, { cwd: repositoryRoot });
  opened.push(data);
  return new Evaluator({ net, weights, data, provider: { kind: 'cpu' }, signal });
}

const silent = (): void => undefined;
const fcLayers = [
  { name: 'ip1', type: 'InnerProduct', maxIn: 12, maxOut: 12, maxParams: 0.1 },
  { name: 'ip2', type: 'InnerProduct', maxIn: 12, maxOut: 25, maxParams: 0.3 },
];

describe('scoring', () => {
  it('gives the same figures every time, from kept activations too', async () => {
    const evaluator = await evaluatorOf();
    const other = await evaluatorOf();
    await other.keepActivationsBefore(['ip1', 'ip2'], 2, silent);
    for (const bits of [16, 4, 1]) {
      const candidate = dynamicFixedPointCandidate(fcLayers, {
        fc_params: bits,
        activations: bits,
      });
      const runs = [];
      for (const runner of [evaluator, evaluator, other, other]) {
        const { outputs } = await runner.average(2, candidate, silent);
        runs.push([...outputs].map(([name, { data }]) => [name, ...data]));
      }
      for (const run of runs) expect(run).toEqual(runs[0]);
    }
  });

  it('does not hang on what is kept, nor on the number of threads', async () => {
    const fixed = (bits: number, fractionalLength: number) =>
      ({ kind: 'fixedPoint', bits, fractionalLength }) as const;
    const formats = {
      input: fixed(6, 3),
      output: fixed(6, 2),
      weights: fixed(4, 4),
      bias: fixed(4, 4),
    };
    const base = new Map(['conv1', 'conv2', 'ip1'].map((name) => [name, formats]));
    const data = await NetData.open(lenet, { cwd: repositoryRoot });
    opened.push(data);
    const runs: unknown[] = [];
    for (const [keptBytes, threads] of [
      [0, 1],
      [2 ** 28, 2],
      [2 ** 28, 3],
      // Room for the activations of one layer only.
      [3_000_000, 2],
    ] as const) {
      const provider = { kind: 'cpu', threads } as const;
      const evaluator = new Evaluator({ net: lenet, weights, data, provider, keptBytes });
      let passes = 0;
      for (const name of ['conv2', 'ip1', 'ip2']) {
        await evaluator.keepActivationsBefore([name], 2, () => passes++, base);
      }
      const outputs: unknown[] = [];
      for (const [name, bits] of [
        ['conv1', 3],
        ['conv2', 3],
        ['ip1', 3],
        ['ip2', 5],
      ] as const) {
        const candidate = new Map(base).set(name, { ...formats, weights: fixed(bits, 3) });
        const made = await evaluator.average(2, candidate, silent);
        outputs.push([...made.outputs].map(([blob, { data: values }]) => [blob, ...values]));
      }
      runs.push(outputs);
      expect(passes).toBeGreaterThan(0);
    }
    for (const run of runs) expect(run).toEqual(runs[0]);
  });

  it('ends a pass early when told to', async () => {
    const evaluator = await evaluatorOf();
    const seen: number[] = [];
    const { outputs } = await evaluator.average(5, undefined, silent, (_, index) => {
      seen.push(index);
      return index === 1 ? 'stop' : undefined;
    });
    const whole = await evaluator.average(2, undefined, silent);
    expect(seen).toEqual([0, 1]);
    expect(outputs.get('accuracy')?.data).toEqual(whole.outputs.get('accuracy')?.data);
  });

  it('runs no batch once it is aborted', async () => {
    const done: number[] = [];
    const signal = AbortSignal.abort(new Error('stop'));
    const pass = (await evaluatorOf(lenet, signal)).score(
      { blob: 'accuracy', pick: 0 },
      2,
      undefined,
      (n) => done.push(n),
    );
    await expect(pass).rejects.toThrow('stop');
    expect(done).toEqual([]);
  });

  it('stops between batches while it keeps activations', async () => {
    const abort = new AbortController();
    const pass = (await evaluatorOf(lenet, abort.signal)).keepActivationsBefore(['ip1'], 3, (n) => {
      if (n === 1) abort.abort(new Error('stop'));
    });
    await expect(pass).rejects.toThrow('stop');
  });

  it('measures the largest values of the layers given', async () => {
    const evaluator = await evaluatorOf();
    const [conv1, ip2] = ['conv1', 'ip2'].map((wanted) =>
      evaluator.net.layers.find(({ name }) => name === wanted),
    ) as [Layer, Layer];
    const largest = await evaluator.largest([conv1, ip2], 2, silent);
    expect([...largest.keys()]).toEqual([conv1, ip2]);
    expect(largest.get(conv1)?.maxIn).toBe(255 / 256);
    const more = await evaluator.largest([ip2], 4, silent);
    expect(more.get(ip2)?.maxOut).toBeGreaterThanOrEqual(largest.get(ip2)?.maxOut ?? Infinity);
  });

  it('samples layers with the extremes of all batches', async () => {
    const evaluator = await evaluatorOf();
    const layers = evaluator.net.layers.filter(({ name }) => ['conv2', 'ip1'].includes(name));
    const largest = await evaluator.largest(layers, 3, silent);
    const samples = await evaluator.samplesOf(layers, 3, silent);
    for (const layer of layers) {
      const { input, output } = samples.get(layer)!;
      expect(Math.max(-input.lowest, input.highest)).toBe(largest.get(layer)?.maxIn);
      expect(Math.max(-output.lowest, output.highest)).toBe(largest.get(layer)?.maxOut);
      expect(input.values.length).toBeGreaterThan(6000);
      expect(Math.max(...input.values)).toBeLessThanOrEqual(input.highest);
    }
  });

  it('refuses labels that the last layer has no class for', async () => {
    const text = readFileSync(model, 'utf8').replace(/num_output: 10\b/, 'num_output: 5');
    const net = buildNet(parseNetFile(new SourceText(model, text)), netState('TEST'));
    const layers = weights.layers.map((stored) =>
      stored.name === 'ip2'
        ? {
            ...stored,
            blobs: stored.blobs.map((blob) => ({
              ...blob,
              shape: [5, ...blob.shape.slice(1)],
              data: blob.data.subarray(0, blob.data.length / 2),
            })),
          }
        : stored,
    );
    const five = {
      ...weights,
      layers,
      byName: (name: string) => layers.find((l) => l.name === name),
    };
    const data = await NetData.open(net, { cwd: repositoryRoot });
    opened.push(data);
    const evaluator = new Evaluator({ net, weights: five, data, provider: { kind: 'cpu' } });
    evaluator.check();
    const error: unknown = await evaluator
      .score({ blob: 'accuracy', pick: 0 }, 1, undefined, silent)
      .catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({ code: 'data/label' });
    expect((error as UserError).message).toMatch(
      /has label [5-9], but layer "\w+" has classes 0 to 4/,
    );
  });
});

describe('where activations can be kept', () => {
  it.each([
    ['before the first FC layer', ['ip1', 'ip2'], ['pool2']],
    ['before the second alone', ['ip2'], ['ip1']],
    ['before a convolution', ['conv2'], ['pool1']],
    ['nowhere without layers', [], undefined],
    ['nowhere before the first layer', ['conv1', 'ip1'], undefined],
    ['nowhere for names that are no layers', ['nothing'], undefined],
  ])('%s', (_, layers, frontier) => {
    expect(planCut(lenet, new Set(layers), undefined)?.split.frontier).toEqual(frontier);
  });
});

describe('labels', () => {
  const net = netOf(
    layer('in', 'Input', '', 'x label other') +
      layer('acc', 'Accuracy', 'x label', 'a', 'accuracy_param { ignore_label: 255 }') +
      layer('loss', 'SoftmaxWithLoss', 'x other', 'l'),
  );
  const check = (blob: string, ...labels: number[]): Promise<void> => {
    const labelCheck = new LabelCheck(net);
    labelCheck.learnShapes(new Map([['x', [4, 3]]]));
    return labelCheck.check(blob, Float32Array.from(labels), (position) =>
      Promise.resolve({ file: 'db', record: `record ${position}` }),
    );
  };

  it.each([
    ['label', [0, 1, 2]],
    ['label', [255, 0]],
    ['other', [2, 2]],
    ['x', [99]],
  ])('"%s" may be %j', async (blob, labels) => {
    await expect(check(blob, ...labels)).resolves.toBeUndefined();
  });

  it.each([
    ['label', [0, 3], 'db: record 1 has label 3, but layer "acc" has classes 0 to 2'],
    ['label', [-1], 'db: record 0 has label -1, but layer "acc"'],
    ['other', [0, 1, 255], 'db: record 2 has label 255, but layer "loss"'],
    ['other', [Number.NaN], 'record 0 has label NaN'],
  ])('"%s" must not be %j', async (blob, labels, message) => {
    await expect(check(blob, ...labels)).rejects.toThrow(message);
  });
});

describe('writing an output', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'ristretto-write-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('leaves no temporary file, neither when it succeeds nor when it fails', async () => {
    const file = path.join(folder, 'out.txt');
    await writeOutput(file, 'first');
    // A part of a larger memory.
    await writeOutput(file, Buffer.from('0123456789').subarray(3, 6));
    expect(readFileSync(file, 'utf8')).toBe('345');
    await expect(writeOutput(folder, 'over a folder')).rejects.toThrow();
    await expect(writeOutput(path.join(file, 'below a file'), '')).rejects.toThrow();
    expect(readdirSync(folder)).toEqual(['out.txt']);
    expect(
      readdirSync(path.dirname(folder)).filter((name) =>
        name.startsWith(`${path.basename(folder)}.`),
      ),
    ).toEqual([]);
    expect(readFileSync(file, 'utf8')).toBe('345');
  });

  it('is refused over another file of the run', () => {
    const input = path.join(folder, 'in.txt');
    writeFileSync(input, '');
    const output = {
      path: path.join(folder, 'none', '..', 'in.txt'),
      option: 'reportFile' as const,
    };
    expect(() => checkNotRead(output, [input])).toThrow(/in\.txt: this file is an input/);
    expect(() => checkNotRead({ ...output, path: `${input}2` }, [input])).not.toThrow();
  });
});
