import { describe, expect, it } from 'vitest';
import { Announcements } from '../../../src/runs/view/announcements';
import { notificationText } from '../../../src/runs/view/notificationText';
import { reportCsv, reportJson } from '../../../src/runs/reportFiles';
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

describe('exports', () => {
  const report = finishedRun().report as QuantizeReport;
  it('JSON is the report itself', () => {
    expect(JSON.parse(reportJson(report))).toEqual(report);
  });
  it('CSV has both tables in full precision', () => {
    const lines = reportCsv(report).split('\r\n');
    expect(lines[0]).toBe('group,bits,accuracy,drop,within margin,seconds');
    expect(lines[2]).toBe('CONV weights,16,0.9914,0,yes,0.25');
    const empty = lines.indexOf('');
    expect(lines[empty + 1]).toMatch(/^layer,type,weights/);
    expect(lines[empty + 2]).toContain('"8 bit, il 1, fl 7"');
  });
  it('CSV gives the rise of a loss', () => {
    const kind = { scoreIsAccuracy: false, scoreBlob: 'loss', scoreDirection: 'lower' } as const;
    const rows = [0.25, 0.75].map((score, at) => ({
      group: 'conv_params' as const,
      bits: 16 / 2 ** at,
      score,
      loss: null,
      seconds: 1,
    }));
    const lines = reportCsv({ ...report, ...kind, baseline: 0.5, rows }).split('\r\n');
    expect(lines[0]).toBe('group,bits,loss,rise,within margin,seconds');
    expect(lines[2]).toBe('CONV weights,16,0.25,-0.25,yes,1');
    expect(lines[3]).toBe('CONV weights,8,0.75,0.25,no,1');
  });
  it('CSV is ASCII but for names, shows control characters and has one integer length', () => {
    const [, second] = report.layers;
    if (second === undefined) throw new Error('the sample has layers');
    const named = (name: string): string => reportCsv({ ...report, layers: [{ ...second, name }] });
    expect(named('ip1')).toContain('"4 bit, il -1, fl 5"');
    expect(named('ip1')).not.toContain('il in');
    expect(named('a\u001b]0;x\nb')).toContain('\r\n"a\\x1b]0;x\\x0ab",InnerProduct');
    expect(named('-3')).toContain('\r\n-3,InnerProduct');
    expect(named('＝1+1')).toContain("\r\n'＝1+1,InnerProduct");
  });
  it('CSV cannot be mistaken for a formula', () => {
    const [first] = report.layers;
    if (first === undefined) throw new Error('the sample has layers');
    const csv = reportCsv({ ...report, layers: [{ ...first, name: '=1+1,"x"' }] });
    expect(csv).toContain(`"'=1+1,""x""",Convolution`);
    const cell = (name: string): string | undefined =>
      reportCsv({ ...report, layers: [{ ...first, name }] })
        .split('\r\n')
        .find((line) => line.includes(',Convolution,'))
        ?.replace(/,Convolution.*/, '');
    expect(['+x', '-x', '@x', ' =x', '-1+2'].map(cell)).toEqual([
      "'+x",
      "'-x",
      "'@x",
      "' =x",
      "'-1+2",
    ]);
    // Escaped, so that it begins nothing; and where cells are parted at semicolons.
    expect(['\t=x', '\r=x', 'a;=x', '\u202ex\u2028'].map(cell)).toEqual([
      '\\x09=x',
      '\\x0d=x',
      '"a;=x"',
      '\\u202ex\\u2028',
    ]);
    expect(['-1.5', '+2', 'conv1'].map(cell)).toEqual(['-1.5', '+2', 'conv1']);
  });
});
