import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { QuantizeReport } from '../../../src/quantize/report';
import { cudaDevices } from '../../../src/runs/cudaDevices';
import { findWeights } from '../../../src/runs/findWeights';
import { outputPath } from '../../../src/runs/outputName';
import type { RunRecord } from '../../../src/runs/runRecord';
import { RunStore } from '../../../src/runs/runStore';
import { describeStale } from '../../../src/runs/stale';
import { stampFile } from '../../../src/runs/fileStamp';
import { describeOutcome } from '../../../src/runs/view/runSummary';
import { finishedRun, runningRun } from './sampleRun';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ristretto-runs-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const touch = (name: string, modified = 0): string => {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, name);
  if (modified > 0) utimesSync(file, modified, modified);
  return file;
};

describe('findWeights', () => {
  const find = (model: string): string[] =>
    findWeights(path.join(folder, model)).map((file) => path.relative(folder, file));

  it('takes a file named like the net first, then snapshots with the highest iteration', () => {
    for (const name of ['other', 'lenet_iter_500', 'lenet_iter_10000', 'lenet']) {
      touch(`${name}.caffemodel`);
    }
    expect(find('lenet_train_test.prototxt')).toEqual([
      'lenet.caffemodel',
      'lenet_iter_10000.caffemodel',
      'lenet_iter_500.caffemodel',
      'other.caffemodel',
    ]);
  });

  it('prefers the newer of two unrelated files', () => {
    touch('a.caffemodel', 1000);
    touch('b.caffemodel', 2000);
    expect(find('net.prototxt')).toEqual(['b.caffemodel', 'a.caffemodel']);
  });

  it('looks into snapshot folders after the net’s own', () => {
    touch('snapshots/net_iter_7.caffemodel');
    touch('unrelated/net_iter_9.caffemodel');
    expect(find('net.prototxt')).toEqual(['snapshots/net_iter_7.caffemodel']);
  });

  it('finds nothing where there is nothing', () => {
    touch('net.solverstate');
    expect(find('net.prototxt')).toEqual([]);
  });
});

it('names the output after the net', () => {
  expect(outputPath('/nets/a.b.prototxt', '${name}_quantized.prototxt')).toBe(
    path.resolve('/nets/a.b_quantized.prototxt'),
  );
  expect(outputPath('/nets/a.prototxt', 'out/q.prototxt')).toBe(
    path.resolve('/nets/out/q.prototxt'),
  );
});

it.skipIf(process.platform !== 'linux')('lists CUDA devices in order', () => {
  for (const name of ['nvidia1', 'nvidia0', 'nvidiactl', 'nvidia-uvm', 'null']) touch(name);
  expect(cudaDevices(folder)).toEqual([0, 1]);
  expect(cudaDevices(path.join(folder, 'none'))).toEqual([]);
});

describe('RunStore', () => {
  it('brings a run back whole', async () => {
    const record = finishedRun();
    const store = new RunStore(folder, false);
    await store.create(record, Buffer.from('net'));
    await store.save(record);
    expect(new RunStore(folder, false).load('run-1')).toEqual(record);
  });

  it('gives the latest state while that is still being written', async () => {
    const store = new RunStore(folder, false);
    await store.create(runningRun(2), Buffer.from('net'));
    const written = store.save(finishedRun());
    expect(store.load('run-1')?.status).toBe('done');
    await written;
    expect(store.load('run-1')?.status).toBe('done');
  });

  it('keeps numbers that JSON cannot hold', async () => {
    const record = finishedRun({ baseline: { score: Number.NaN, loss: Infinity, seconds: 1 } });
    const store = new RunStore(folder, false);
    await store.create(record, Buffer.from('net'));
    await store.save(record);
    expect(new RunStore(folder, false).load('run-1')?.baseline).toEqual(record.baseline);
  });

  it('reads what a version stored that knew one search only', async () => {
    const record = finishedRun();
    const { search, best, scoreDirection, ...report } = record.report as QuantizeReport;
    expect([search, best, scoreDirection]).toEqual(['original', undefined, 'higher']);
    const store = new RunStore(folder, false);
    await store.create(record, Buffer.from('net'));
    await store.save({ ...record, report: report as QuantizeReport });
    const read = new RunStore(folder, false).load('run-1');
    expect(read?.report).toMatchObject({ search: 'original', scoreDirection: 'higher' });
    expect(describeOutcome(read as RunRecord)).toBe('4/4/8 bit, 98.94 %');
  });

  it('calls a run interrupted that another window left behind', async () => {
    const store = new RunStore(folder, false);
    await store.create(runningRun(2, { hostPid: process.ppid }), Buffer.from('net'));
    await store.save(runningRun(2, { hostPid: process.ppid }));
    expect(store.load('run-1')?.status).toBe('running');
    expect(new RunStore(folder, false).load('run-1')?.status).toBe('interrupted');
    // Where windows share the folder, a living process may still be at it.
    expect(new RunStore(folder, true).load('run-1')?.status).toBe('running');
  });

  it('lists the runs of a net, the latest first, and keeps ten', async () => {
    const store = new RunStore(folder, false);
    for (let i = 0; i < 13; i++) {
      const record = finishedRun({ id: `run-${i}`, startedAt: 1000 + i });
      await store.create(record, Buffer.from('net'));
      await store.save(record);
    }
    const ids = store.runsOf(finishedRun().request).map(({ id }) => id);
    expect(ids[0]).toBe('run-12');
    expect(ids.length).toBeLessThanOrEqual(11);
    expect(store.runsOf({ model: '/other.prototxt', netIndex: 0 })).toEqual([]);
  });

  it('does not follow an id out of its folder, nor trip over foreign files', () => {
    touch('stray/run.json');
    const store = new RunStore(folder, false);
    expect(store.load('../etc')).toBeUndefined();
    expect(store.load('none')).toBeUndefined();
    expect(store.all()).toEqual([]);
  });
});

it('notices that the net or the weights changed', () => {
  const model = touch('net.prototxt');
  const weights = touch('net.caffemodel');
  const run = finishedRun();
  const stamps = { model: stampFile(model)!, weights: stampFile(weights)! };
  const record = { ...run, request: { ...run.request, model, weights }, stamps };
  expect(describeStale(record)).toBeUndefined();
  utimesSync(weights, 5, 5);
  expect(describeStale(record)).toMatch(/^The weights have changed/);
  rmSync(model);
  expect(describeStale(record)).toMatch(/^The net and its weights have changed/);
  expect(describeStale({ ...record, status: 'running' })).toBeUndefined();
});
