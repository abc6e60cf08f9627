import { describe, expect, it } from 'vitest';
import { Announcements } from '../../../src/runs/view/announcements';
import { notificationText } from '../../../src/runs/view/notificationText';
import { summarizeRun } from '../../../src/runs/view/runSummary';
import type { QuantizeReport } from '../../../src/quantize/report';
import { finishedRun, runningRun } from './sampleRun';

describe('summarizeRun', () => {
  const now = finishedRun().startedAt;
  it('is short', () => {
    expect(summarizeRun(finishedRun(), now)).toBe('4/4/8 bit, 98.94 %, today');
  });
  it('does not hide that the net fell outside', () => {
    const run = finishedRun();
    const report = run.report as QuantizeReport;
    const final = { ...report.final, score: 0.9, withinMargin: false };
    expect(summarizeRun({ ...run, report: { ...report, final } }, now)).toBe(
      '4/4/8 bit, 90.00 %, outside the margin, today',
    );
  });
  it('has one width for minifloat', () => {
    const run = finishedRun();
    const report = { ...(run.report as QuantizeReport), mode: 'minifloat' as const };
    report.chosen = { conv_params: 8, fc_params: 8, activations: 8 };
    expect(summarizeRun({ ...run, report }, now)).toBe('8 bit, 98.94 %, today');
  });
  it('is nothing for a run without a result', () => {
    expect(summarizeRun(runningRun(3), now)).toBeUndefined();
  });
});

describe('Announcements', () => {
  it('says each thing once', () => {
    const announcements = new Announcements();
    expect(announcements.next(runningRun(0, { baseline: undefined }))).toEqual([]);
    expect(announcements.next(runningRun(1))).toEqual([
      'Float net: 99.14 %',
      'CONV weights, 16 bit: 99.14 %, inside the margin',
    ]);
    expect(announcements.next(runningRun(1))).toEqual([]);
    expect(announcements.next(finishedRun()).at(-1)).toBe('Done: 98.94 %, inside the margin');
    expect(announcements.next(finishedRun())).toEqual([]);
  });
  it('judges a loss by its rise', () => {
    const run = runningRun(0);
    if (run.plan === undefined) throw new Error('the sample has a plan');
    run.plan = { ...run.plan, scoreIsAccuracy: false, scoreDirection: 'lower' };
    run.baseline = { score: 0.1, loss: null, seconds: 1 };
    run.rows = [0.05, 0.2].map((score, at) => ({
      group: 'conv_params',
      bits: 16 / 2 ** at,
      score,
      loss: null,
      seconds: 1,
    }));
    expect(new Announcements().next(run)).toEqual([
      'Float net: 0.1000',
      'CONV weights, 16 bit: 0.05000, inside the margin',
      'CONV weights, 8 bit: 0.2000, outside the margin',
    ]);
  });
  it('starts again with another run', () => {
    const announcements = new Announcements();
    announcements.next(finishedRun());
    expect(announcements.next(runningRun(1, { id: 'run-2' }))).toHaveLength(2);
  });
});

describe('notifications', () => {
  it('make no link of a name', () => {
    const text = 'net.prototxt:1: layer "[OK](command:x) [a](https://b)\n": bad';
    expect(notificationText(text)).toBe(
      'net.prototxt:1: layer "[OK] (command:x) [a] (https://b)\\x0a": bad',
    );
  });
});
