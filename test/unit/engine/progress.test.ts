import { describe, expect, it } from 'vitest';
import { PassProgress, type Progress } from '../../../src/engine/files/progress';

function record(most: { passes: number; batches: number }): {
  readonly progress: PassProgress;
  readonly seen: Progress[];
} {
  const seen: Progress[] = [];
  return { progress: new PassProgress(most, (p) => seen.push(p)), seen };
}

describe('progress', () => {
  it('counts batches of a pass and of the run, and guesses the time left', () => {
    const { progress, seen } = record({ passes: 3, batches: 30 });
    progress.pass('a', 10, 100)(10);
    progress.pass('b', 10, 100)(5);
    expect(
      seen.map((p) => [p.what, p.batch, p.batches, p.pass, p.mostPasses, p.runBatch, p.runBatches]),
    ).toEqual([
      ['a', 0, 10, 1, 3, 0, 30],
      ['a', 10, 10, 1, 3, 10, 30],
      ['b', 0, 10, 2, 3, 10, 30],
      ['b', 5, 10, 2, 3, 15, 30],
    ]);
    expect(seen[0]?.secondsLeft).toBeUndefined();
    expect(seen[3]?.secondsLeft).toBeGreaterThanOrEqual(0);
    expect(seen.map((p) => p.imagesPerSecond !== undefined)).toEqual([false, true, false, true]);
    expect(seen[3]?.imagesPerSecond).toBeGreaterThan(0);
  });

  it('counts what is not needed as done, and ends at the whole', () => {
    const { progress, seen } = record({ passes: 6, batches: 50 });
    progress.pass('baseline', 10)(10);
    progress.pass('16 bit', 10)(10);
    progress.skip(2, 10);
    progress.pass('final', 10)(10);
    expect(seen.map(({ runBatch }) => runBatch)).toEqual([0, 10, 10, 20, 40, 50]);
    expect(seen.at(-1)).toMatchObject({ pass: 3, mostPasses: 4, runBatches: 50, secondsLeft: 0 });
  });

  it('shows nothing of a second round over the same batches', () => {
    const { progress, seen } = record({ passes: 1, batches: 3 });
    const onBatch = progress.pass('baseline', 3);
    [1, 2, 3, 1, 2, 3].forEach((done) => onBatch(done));
    expect(seen.map(({ batch }) => batch)).toEqual([0, 1, 2, 3]);
  });

  it('counts a pass as whole once the next one begins', () => {
    const { progress, seen } = record({ passes: 2, batches: 20 });
    progress.pass('a', 10)(2.5);
    progress.pass('b', 10);
    expect(seen.map(({ batch, runBatch }) => [batch, runBatch])).toEqual([
      [0, 0],
      [2, 2.5],
      [0, 10],
    ]);
  });
});
