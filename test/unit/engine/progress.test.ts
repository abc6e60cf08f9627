import { describe, expect, it } from 'vitest';
import { PassProgress, StepProgress, type Progress } from '../../../src/engine/files/progress';

function record(): {
  readonly progress: PassProgress;
  readonly seen: Progress[];
  /** Lets seconds pass. */
  readonly wait: (seconds: number) => void;
} {
  const seen: Progress[] = [];
  let now = 0;
  return {
    progress: new PassProgress(
      { score: 1000, sample: 100 },
      (p) => seen.push(p),
      () => now,
    ),
    seen,
    wait: (seconds) => (now += seconds),
  };
}

describe('progress', () => {
  it('counts batches of a pass, and tells its speed', () => {
    const { progress, seen, wait } = record();
    const pass = { batches: 10, batchSize: 100, kind: 'score' } as const;
    const onBatch = progress.pass('a', pass);
    wait(1);
    onBatch(5);
    progress.pass('b', pass);
    expect(seen.map((p) => [p.what, p.batch, p.batches, p.imagesPerSecond])).toEqual([
      ['a', 0, 10, undefined],
      ['a', 5, 10, 500],
      ['b', 0, 10, undefined],
    ]);
  });

  it('tells the share by time, which never falls, and ends at the whole', () => {
    const { progress, seen, wait } = record();
    const pass = { batches: 2, batchSize: 500, kind: 'score' } as const;
    const run = (): void => {
      const onBatch = progress.pass('a', pass);
      for (const batch of [1, 2]) {
        wait(1);
        onBatch(batch);
      }
      progress.ended('score');
    };
    progress.expect({ score: 3, sample: 0 });
    run();
    expect(seen.at(-1)).toMatchObject({ share: 2 / 8, secondsLeft: 6 });
    progress.expect({ score: 2, sample: 0 });
    run();
    expect(seen.at(-1)?.share).toBeCloseTo(4 / 8);
    // More is to come than was thought.
    progress.expect({ score: 9, sample: 0 });
    run();
    expect(seen.at(-1)?.share).toBeCloseTo(4 / 8);
    progress.finish('b');
    expect(seen.at(-1)).toMatchObject({ what: 'b', share: 1, secondsLeft: undefined });
  });

  it('takes no time from passes that were known already', () => {
    const { progress, seen, wait } = record();
    const pass = { batches: 2, batchSize: 500, kind: 'score' } as const;
    progress.expect({ score: 1, sample: 0 });
    progress.pass('a', pass)(2);
    progress.ended(undefined);
    progress.pass('b', pass);
    wait(5);
    progress.ended('score');
    progress.begin('c');
    expect(seen.at(-1)?.secondsLeft).toBeCloseTo(5);
  });

  it('shows nothing of a second round over the same batches', () => {
    const { progress, seen } = record();
    const onBatch = progress.pass('baseline', { batches: 3 });
    [1, 2, 3, 1, 2, 3].forEach((done) => onBatch(done));
    expect(seen.map(({ batch }) => batch)).toEqual([0, 1, 2, 3]);
  });

  it('shows a batch that is done in part', () => {
    const { progress, seen } = record();
    progress.pass('a', { batches: 10 })(2.5);
    expect(seen.map(({ batch }) => batch)).toEqual([0, 2]);
  });
});

it('a job of steps tells its share by them', () => {
  const seen: Progress[] = [];
  const progress = new StepProgress(2, (p) => seen.push(p));
  progress.step('a')(0.5);
  progress.step('b')(1);
  expect(seen.map(({ what, share }) => [what, share])).toEqual([
    ['a', 0],
    ['a', 0.25],
    ['b', 0.5],
    ['b', 1],
  ]);
});
