import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RunController } from '../../../src/runs/runController';
import type { RunRecord, RunRequest } from '../../../src/runs/runRecord';
import { RunStore } from '../../../src/runs/runStore';
import { testBuildFolder } from '../../support/buildCli';
import { repositoryRoot } from '../../support/shared';

const engine = path.join(testBuildFolder, 'engine.js');
const example = path.join(repositoryRoot, 'examples/mnist');

let folder: string;
let store: RunStore;
let runs: RunController;
let request: RunRequest;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ristretto-controller-'));
  const model = path.join(folder, 'lenet.prototxt');
  copyFileSync(path.join(example, 'lenet_train_test.prototxt'), model);
  store = new RunStore(path.join(folder, 'runs'), false);
  runs = new RunController(store, engine);
  request = {
    model,
    netIndex: 0,
    netName: 'LeNet',
    weights: path.join(example, 'lenet.caffemodel'),
    output: path.join(folder, 'quantized.prototxt'),
    mode: 'dynamic_fixed_point',
    search: 'original',
    errorMargin: 2,
    iterations: 1,
    provider: { kind: 'cpu' },
    calibration: 'test',
    cwd: example,
  };
});
afterEach(async () => {
  runs.dispose();
  await Promise.all(runs.all().map(({ id }) => runs.cancel(id)));
  rmSync(folder, { recursive: true, force: true });
});

/** Resolves when a run fulfils a condition. */
function when(record: RunRecord, condition: (record: RunRecord) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const check = (changed: RunRecord): void => {
      if (changed.id !== record.id || !condition(changed)) return;
      runs.events.off('change', check);
      resolve();
    };
    runs.events.on('change', check);
    check(record);
  });
}

describe('runs that wait', () => {
  it('are cancelled at once, and those behind them still wait for the one that works', async () => {
    const first = runs.start({ ...request, iterations: 2000 });
    const second = runs.start(request);
    const third = runs.start(request);
    expect([first, second, third].map(({ record }) => record.status)).toEqual([
      'starting',
      'queued',
      'queued',
    ]);
    await when(first.record, ({ status }) => status === 'running');
    const before = performance.now();
    await runs.cancel(second.record.id);
    expect(performance.now() - before).toBeLessThan(100);
    expect(second.record.status).toBe('cancelled');
    expect((await second.ended).id).toBe(second.record.id);
    expect(first.record.status).toBe('running');
    expect(third.record.status).toBe('queued');
    expect(runs.waiting).toBe(1);
    await runs.cancel(first.record.id);
    expect((await third.ended).status).toBe('done');
    expect(store.load(second.record.id)?.status).toBe('cancelled');
  });

  it('keep their own time, not that of waiting', async () => {
    const first = runs.start(request);
    const second = runs.start(request);
    await second.ended;
    const all = (Date.now() - second.record.startedAt) / 1000;
    expect(second.record.seconds).toBeLessThan(all - (first.record.seconds ?? 0) / 2);
  });
});

describe('a run that was cut off', () => {
  it('is gone on from where it was, with the same figures', async () => {
    const whole = await runs.start({ ...request, iterations: 4 }).ended;
    const cut = runs.start({ ...request, iterations: 4 });
    await when(cut.record, ({ rows }) => rows.length >= 3);
    await runs.cancel(cut.record.id);
    expect(cut.record.status).toBe('cancelled');
    expect(store.hasScores(cut.record.id)).toBe(true);
    const again = await runs.start({ ...request, iterations: 4, resumes: cut.record.id }).ended;
    expect(again.status).toBe('done');
    expect(again.notes.join()).toMatch(/going on after \d+ scores/);
    expect(again.report?.chosen).toEqual(whole.report?.chosen);
    expect(again.rows.map(({ score }) => score)).toEqual(whole.rows.map(({ score }) => score));
    // What has ended needs them no more; of the one that was cut off they may be asked for again.
    expect(store.hasScores(again.id)).toBe(false);
    expect(store.hasScores(cut.record.id)).toBe(true);
  });

  it('scores only what was not scored yet: a best search runs no candidate twice', async () => {
    const best = { ...request, search: 'best' as const, iterations: 4 };
    const bestOf = ({ report }: RunRecord): number => report?.best?.calibrationScores ?? Number.NaN;
    const cut = runs.start(best);
    await when(cut.record, ({ points = [] }) => points.length >= 3);
    await runs.cancel(cut.record.id);
    const kept = JSON.parse(readFileSync(store.scoresPath(cut.record.id), 'utf8')) as {
      readonly scored: Readonly<Record<string, unknown>>;
    };
    const known = Object.keys(kept.scored).filter((key) => key.startsWith('calibration:'));
    expect(known.length).toBeGreaterThan(20);
    const again = await runs.start({ ...best, resumes: cut.record.id }).ended;
    const whole = await runs.start(best).ended;
    expect(again.report?.final.score).toBe(whole.report?.final.score);
    expect(bestOf(again) + known.length).toBe(bestOf(whole));
  }, 180_000);

  it('is scored anew, with a note, where the net has changed since', async () => {
    const cut = runs.start({ ...request, iterations: 4 });
    await when(cut.record, ({ rows }) => rows.length >= 2);
    await runs.cancel(cut.record.id);
    writeFileSync(request.model, `${readFileSync(request.model, 'utf8')}# changed\n`);
    const again = await runs.start({ ...request, iterations: 4, resumes: cut.record.id }).ended;
    expect(again.status).toBe('done');
    expect(again.notes.join()).toContain('all is scored anew');
  });
});

describe('results', () => {
  it('stay at hand whatever is cancelled after them', async () => {
    const found = await runs.start(request).ended;
    const dead = runs.start({ ...request, iterations: 2000 });
    expect(runs.workingOn(request)?.id).toBe(dead.record.id);
    await runs.cancel(dead.record.id);
    expect(runs.latestResult(request)?.id).toBe(found.id);
    expect(runs.runsOf(request).map(({ id }) => id)).toEqual([dead.record.id, found.id]);
    expect(runs.workingOn(request)).toBeUndefined();
  });

  it('can be forgotten, one that works too', async () => {
    const removed: string[] = [];
    runs.events.on('removed', ({ id }) => removed.push(id));
    const { record } = runs.start({ ...request, iterations: 2000 });
    await when(record, ({ status }) => status === 'running');
    await runs.remove(record.id);
    await runs.remove('none');
    expect(removed).toEqual([record.id]);
    expect(runs.all()).toEqual([]);
    expect(existsSync(path.dirname(store.originalPath(record.id)))).toBe(false);
  });
});
