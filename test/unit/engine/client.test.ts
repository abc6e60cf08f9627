import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runJob, type JobEvents } from '../../../src/engine/client';
import { EngineFault } from '../../../src/engine/failure';
import type { Jobs } from '../../../src/engine/protocol';
import type { SweepRow } from '../../../src/quantize/search';
import { UserError } from '../../../src/prototxt/userError';
import { testBuildFolder } from '../../support/buildCli';
import { repositoryRoot } from '../../support/shared';

const engine = path.join(testBuildFolder, 'engine.js');
const scratch = mkdtempSync(path.join(tmpdir(), 'ristretto-engine-'));
afterAll(() => rmSync(scratch, { recursive: true }));

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
    let progress = 0;
    let pid = 0;
    const events: JobEvents = {
      onStarted: (id) => (pid = id),
      onRow: (row) => rows.push(row),
      onProgress: () => progress++,
    };
    const report = await runJob('quantize', quantizeOptions(1), events, { engine });
    expect(rows).toEqual(report.rows);
    expect(progress).toBeGreaterThan(rows.length);
    await expect.poll(() => isRunning(pid)).toBe(false);
    rmSync(path.join(scratch, 'quantized.prototxt'));
  });

  it("passes a user's error on with its place", async () => {
    const options = { ...common, weights: common.model, iterations: 1 };
    const failure = runJob('score', options, {}, { engine });
    await expect(failure).rejects.toThrow(UserError);
    await expect(failure).rejects.toMatchObject({ place: { file: common.model } });
  });

  it('is cancelled within a second and leaves no file', async () => {
    const abort = new AbortController();
    let abortedAt = 0;
    let pid = 0;
    const events: JobEvents = {
      onStarted: (id) => (pid = id),
      onProgress: ({ batch }) => {
        if (batch !== 3 || abortedAt > 0) return;
        abortedAt = performance.now();
        abort.abort();
      },
    };
    const job = runJob('quantize', quantizeOptions(1000), events, { engine, signal: abort.signal });
    await expect(job).rejects.toMatchObject({ name: 'AbortError' });
    expect(performance.now() - abortedAt).toBeLessThan(1000);
    expect(readdirSync(scratch)).toEqual([]);
    await expect.poll(() => isRunning(pid)).toBe(false);
  });

  it.each(['SIGKILL', 'SIGABRT'] as const)(
    'tells the step at which %s ended it',
    async (signal) => {
      let pid = 0;
      const events: JobEvents = {
        onStarted: (id) => (pid = id),
        onProgress: ({ batch }) => {
          if (batch === 2) process.kill(pid, signal);
        },
      };
      const job = runJob('quantize', quantizeOptions(1000), events, { engine });
      await expect(job).rejects.toThrow(EngineFault);
      await expect(job).rejects.toThrow(
        new RegExp(`ended by ${signal} \\(baseline, batch \\d+ of 1000\\)`),
      );
      expect(readdirSync(scratch)).toEqual([]);
    },
  );

  it('repeats what a broken engine wrote last', async () => {
    const broken = path.join(scratch, 'broken.cjs');
    writeFileSync(broken, 'console.error("library not found"); process.exit(3);');
    const job = runJob('score', { ...common, iterations: 1 }, {}, { engine: broken });
    await expect(job).rejects.toThrow(/exit code 3 \(starting\); it last wrote: library not found/);
  });
});
