import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Listeners } from '../../../src/engine/files/events';
import { runJob } from '../../../src/engine/process/client';
import { EngineFault } from '../../../src/engine/process/failure';
import type { Progress } from '../../../src/engine/files/progress';
import type { Jobs } from '../../../src/engine/process/protocol';
import type { SweepRow } from '../../../src/quantize/groups';
import { UserError } from '../../../src/base/userError';
import { testBuildFolder } from '../../support/buildCli';
import { repositoryRoot } from '../../support/shared';

const engine = path.join(testBuildFolder, 'engine.js');
const scratch = mkdtempSync(path.join(tmpdir(), 'ristretto-engine-'));
const programs = mkdtempSync(path.join(tmpdir(), 'ristretto-fakes-'));
afterAll(() => [scratch, programs].forEach((folder) => rmSync(folder, { recursive: true })));

const common = {
  model: path.join(repositoryRoot, 'examples/mnist/lenet_train_test.prototxt'),
  weights: path.join(repositoryRoot, 'examples/mnist/lenet.caffemodel'),
  provider: { kind: 'cpu' },
  cwd: repositoryRoot,
} as const;

function quantizeOptions(iterations: number): Jobs['quantize']['options'] {
  return {
    ...common,
    modelQuantized: path.join(scratch, 'quantized.prototxt'),
    mode: 'dynamic_fixed_point',
    iterations,
    errorMargin: 2,
    calibration: 'train',
    force: false,
  };
}

/** A program that plays the engine. */
function fakeEngine(script: string): string {
  const file = path.join(programs, `${createHash('md5').update(script).digest('hex')}.cjs`);
  writeFileSync(file, script);
  return file;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // No such process: that is the answer.
    return false;
  }
}

describe('the engine in its own process', () => {
  it('scores: maps and typed arrays come back whole', async () => {
    const result = await runJob('score', { ...common, iterations: 2 }, {}, { engine });
    expect(result.score).toBeGreaterThan(0.9);
    expect(result.outputs.get('accuracy')?.data).toBeInstanceOf(Float32Array);
  });

  it('quantizes with progress and rows, and ends', async () => {
    const rows: SweepRow[] = [];
    const told: unknown[] = [];
    const progress: Progress[] = [];
    let pid = 0;
    const onStarted = (id: number): number => (pid = id);
    const listeners: Listeners = {
      row: (row) => rows.push(row),
      progress: (p) => progress.push(p),
      plan: (plan) => told.push(plan),
      baseline: (score) => told.push(score),
      layers: (layers) => told.push(layers),
    };
    const report = await runJob('quantize', quantizeOptions(1), listeners, { engine, onStarted });
    expect(rows).toEqual(report.rows);
    const shares = progress.map(({ share }) => share);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.at(-1)).toBe(1);
    expect(progress.some(({ secondsLeft }) => (secondsLeft ?? 0) > 0)).toBe(true);
    expect(progress.at(-1)?.best?.weightBytes).toBeLessThan(report.weightBytes.float);
    expect(progress.some(({ imagesPerSecond }) => (imagesPerSecond ?? 0) > 0)).toBe(true);
    expect(told).toEqual([
      {
        net: 'LeNet',
        provider: 'cpu',
        scoreBlob: 'accuracy',
        scoreIsAccuracy: true,
        scoreDirection: 'higher',
        iterations: 1,
        batchSize: 100,
        testSources: [path.join(repositoryRoot, 'examples/mnist/mnist_test_lmdb')],
        weightsBytes: statSync(common.weights).size,
        search: 'original',
        sweeps: ['conv_params', 'fc_params', 'activations'].map((group) => ({
          group,
          widths: [16, 8, 4, 2, 1],
        })),
      },
      { score: report.baseline, loss: report.baselineLoss, seconds: expect.any(Number) as number },
      report.layers.map(({ formats, ...layer }) => {
        expect(formats.weights).toMatchObject({ kind: 'fixedPoint' });
        return layer;
      }),
    ]);
    expect(report.layers.map(({ name, weights, biases }) => [name, weights, biases])).toEqual([
      ['conv1', 500, 20],
      ['conv2', 25000, 50],
      ['ip1', 400000, 500],
      ['ip2', 5000, 10],
    ]);
    expect(report.weightBytes.float).toBe(4 * 431_080);
    if (report.chosen === null) throw new Error('the original search chooses widths');
    const { conv_params, fc_params } = report.chosen;
    const bytes = (bits: number, ...numbers: number[]): number =>
      numbers.reduce((total, count) => total + Math.ceil((count * bits) / 8), 0);
    expect(report.weightBytes.quantized).toBe(
      bytes(conv_params, 500, 20, 25000, 50) + bytes(fc_params, 400000, 500, 5000, 10),
    );
    const lines = readFileSync(common.model, 'utf8').split('\n');
    for (const { line, name } of report.layers) {
      expect(lines.slice(line - 1, line + 1).join()).toContain(`name: "${name}"`);
    }
    await expect.poll(() => isRunning(pid)).toBe(false);
    rmSync(path.join(scratch, 'quantized.prototxt'));
  });

  it("passes a user's error on with its place", async () => {
    const options = { ...common, weights: common.model, iterations: 1 };
    const failure = runJob('score', options, {}, { engine });
    await expect(failure).rejects.toThrow(UserError);
    await expect(failure).rejects.toMatchObject({ place: { file: common.model } });
  });

  it('is cancelled after a few batches of many and leaves no file', async () => {
    const abort = new AbortController();
    let batchesAfter = 0;
    let pid = 0;
    const listeners: Listeners = {
      progress: ({ batch }) => {
        if (abort.signal.aborted) batchesAfter++;
        else if (batch === 3) abort.abort();
      },
    };
    const job = runJob('quantize', quantizeOptions(1000), listeners, {
      engine,
      signal: abort.signal,
      onStarted: (id) => (pid = id),
    });
    await expect(job).rejects.toMatchObject({ name: 'AbortError' });
    // A batch takes some milliseconds: these are no more than a second's.
    expect(batchesAfter).toBeLessThan(100);
    expect(readdirSync(scratch)).toEqual([]);
    await expect.poll(() => isRunning(pid)).toBe(false);
  });

  it.each(['SIGKILL', 'SIGABRT'] as const)(
    'tells the step at which %s ended it',
    async (signal) => {
      let pid = 0;
      const listeners: Listeners = {
        progress: ({ batch }) => {
          if (batch === 2) process.kill(pid, signal);
        },
      };
      const job = runJob('quantize', quantizeOptions(1000), listeners, {
        engine,
        onStarted: (id) => (pid = id),
      });
      await expect(job).rejects.toThrow(EngineFault);
      await expect(job).rejects.toMatchObject({
        step: expect.stringMatching(/^Scoring the float net, batch \d+ of 1000$/) as string,
      });
      await expect(job).rejects.toThrow(
        new RegExp(`ended by ${signal} \\(Scoring the float net, batch \\d+ of 1000\\)`),
      );
      expect(readdirSync(scratch)).toEqual([]);
    },
  );

  it('repeats what a broken engine wrote last', async () => {
    const broken = fakeEngine('console.error("library not found"); process.exit(3);');
    const job = runJob('score', { ...common, iterations: 1 }, {}, { engine: broken });
    await expect(job).rejects.toThrow(/exit code 3 \(starting\); it last wrote: library not found/);
    await expect(job).rejects.toMatchObject({ step: 'starting' });
  });

  it('tells the step at which the engine itself failed', async () => {
    const failing = fakeEngine(`
      process.send({ type: 'event', event: 'progress', value: { what: 'FC weights 4 bit', batch: 3, batches: 20 } });
      process.send({ type: 'failed', failure: { kind: 'fault', message: 'out of luck' } }, () => process.exit());
    `);
    const job = runJob('score', { ...common, iterations: 1 }, {}, { engine: failing });
    await expect(job).rejects.toThrow('out of luck');
    await expect(job).rejects.toMatchObject({ step: 'FC weights 4 bit, batch 3 of 20' });
  });

  it.each([
    ['runtime/no-cuda', 'no CUDA (not found: libcublasLt.so.13, libcudnn.so.9)'],
    ['net/binary', 'no CUDA'],
  ])('%s: libraries the loader missed are told only on stderr', async (code, message) => {
    const failing = fakeEngine(`
      const failure = { kind: 'user', code: ${JSON.stringify(code)}, detail: 'no CUDA' };
      process.send({ type: 'failed', failure }, () => {
        // Later than the message, as it may be.
        setTimeout(() => {
          for (const name of ['libcublasLt.so.13', 'libcudnn.so.9']) {
            console.error('with error: ' + name + ': cannot open shared object file: No such file');
          }
          process.exit();
        }, 50);
      });
    `);
    const job = runJob('score', { ...common, iterations: 1 }, {}, { engine: failing });
    await expect(job).rejects.toThrow(UserError);
    await expect(job).rejects.toMatchObject({ code, message });
  });

  it('inspects a net and its data', async () => {
    const { model, cwd } = common;
    const result = await runJob('inspect', { model, cwd }, {}, { engine });
    expect(result).toEqual({ records: 2000, batchSize: 100, trainProblem: undefined });
  });
});
