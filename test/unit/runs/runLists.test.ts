import { describe, expect, it } from 'vitest';
import { runsToForget } from '../../../src/runs/keptRuns';
import { lastResult } from '../../../src/runs/lastResult';
import { relatedRuns } from '../../../src/runs/view/relatedRuns';
import type { RunRecord } from '../../../src/runs/runRecord';
import { describeOptions, describeOutcome } from '../../../src/runs/view/runSummary';
import { stoppedBest } from './sampleBest';
import { finishedRun, runningRun } from './sampleRun';

const now = finishedRun().startedAt;
let count = 0;
/** A run that began after all that were made before it. */
const make = (
  run: RunRecord,
  change: Partial<RunRecord['request']> = {},
  id?: string,
): RunRecord => ({
  ...run,
  id: id ?? `run-${++count}`,
  startedAt: now + ++count,
  request: { ...run.request, ...change },
});
const search = (id?: string): RunRecord => make(finishedRun(), {}, id);
const trial = (trialOf: string): RunRecord => make(finishedRun(), { base: {}, trialOf });
const cancelled = (): RunRecord => make(runningRun(2, { status: 'cancelled' }));

describe('the last result of a net', () => {
  it('is not hidden by runs that were cancelled, failed or interrupted after it', () => {
    const found = search();
    const dead = (['cancelled', 'failed', 'interrupted'] as const).map((status) =>
      make(runningRun(2, { status })),
    );
    expect(lastResult([...dead, found])).toBe(found);
    expect(lastResult(dead)).toBeUndefined();
    expect(lastResult([make(stoppedBest()), found])).toBe(found);
  });
  it('is that of a search before that of a trial', () => {
    const found = search();
    expect(lastResult([trial(found.id), found])).toBe(found);
    const only = trial('gone');
    expect(lastResult([cancelled(), only])).toBe(only);
  });
});

describe('related runs', () => {
  const links = (record: RunRecord, runs: readonly RunRecord[]): string[] =>
    relatedRuns(record, runs, now).map(({ action, runId }) => `${action}: ${runId}`);
  it('lead from a trial back to its search', () => {
    const found = search('found');
    const bits = trial('found');
    expect(links(bits, [bits, found])).toEqual(['Back to the search: found']);
    expect(links(bits, [bits])).toEqual([]);
  });
  it('lead from a dead run to the last result, and to later ones that failed', () => {
    const found = search('found');
    const dead = cancelled();
    expect(links(dead, [dead, found])).toEqual(['Show the last result: found']);
    expect(links(found, [dead, found])).toEqual([`Show the later run: ${dead.id}`]);
  });
  it('lead to what works and to what waits', () => {
    const found = search('found');
    const works = make(runningRun(1), {}, 'works');
    const waits = make(runningRun(0, { status: 'queued' }), {}, 'waits');
    expect(links(found, [waits, works, found])).toEqual([
      'Show the run that is going on: works',
      'Show the run that waits: waits',
    ]);
    expect(links(works, [waits, works, found])).toEqual([
      'Show the last result: found',
      'Show the run that waits: waits',
    ]);
    const [first] = relatedRuns(found, [works, found], now);
    expect(first?.text).toMatch(/^running, today \d\d:\d\d$/);
  });
});

describe('runs to forget', () => {
  it('are old ones of a kind that is full, never the last result nor what a kept one leads to', () => {
    const found = search('found');
    const trials = Array.from({ length: 14 }, () => trial('found')).reverse();
    const dead = Array.from({ length: 9 }, () => cancelled()).reverse();
    const forgotten = runsToForget([...dead, ...trials, found]);
    expect(forgotten).toEqual([...dead.slice(5), ...trials.slice(10)]);
  });
  it('leaves a search that a kept trial came from', () => {
    const searches = Array.from({ length: 12 }, (_, at) => search(`s${at}`)).reverse();
    const bits = trial('s0');
    expect(runsToForget([bits, ...searches]).map(({ id }) => id)).toEqual(['s1']);
  });
  it('leaves what works', () => {
    const working = Array.from({ length: 30 }, () => make(runningRun(1))).reverse();
    expect(runsToForget(working)).toEqual([]);
  });
});

describe('a run in words', () => {
  it('says how it stands', () => {
    expect(describeOutcome(finishedRun())).toBe('4/4/8 bit, 98.94 %');
    expect(describeOutcome(cancelled())).toBe('cancelled');
    expect(describeOutcome(runningRun(0, { status: 'queued' }))).toBe('waiting');
  });
  it('says what it was asked for', () => {
    expect(describeOptions(finishedRun())).toBe(
      'search as the original, dynamic fixed point, margin 1 %',
    );
    expect(describeOptions(trial('x'))).toBe('bits set by hand, dynamic fixed point, margin 1 %');
    const keep = { conv1: { weights: 8, input: 8, output: 8 } };
    expect(describeOptions(make(finishedRun(), { search: 'best', keep }))).toBe(
      'best search, dynamic fixed point, margin 1 %, bits of 1 layer kept',
    );
  });
});
