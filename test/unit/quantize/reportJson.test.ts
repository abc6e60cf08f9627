import { describe, expect, it } from 'vitest';
import { fromJson, toJson } from '../../../src/base/oddNumbers';
import type { QuantizeReport } from '../../../src/quantize/report';
import { readReport, reportJson } from '../../../src/quantize/reportJson';
import { bestRun } from '../runs/sampleBest';
import { finishedRun } from '../runs/sampleRun';

describe('the report as a file', () => {
  it.each([
    ['of the original', finishedRun().report],
    ['of the best search', bestRun().report],
  ])('%s is plain JSON, and reads back as it was', (_, report) => {
    if (report === undefined) throw new Error('the sample has a report');
    const text = reportJson(report);
    expect(JSON.parse(text)).toEqual(report);
    expect(readReport(text)).toEqual(report);
  });

  it('keeps numbers that JSON has no words for', () => {
    const report = finishedRun().report as QuantizeReport;
    const broken = { ...report, baseline: NaN, baselineLoss: null, seconds: -Infinity };
    const text = reportJson(broken);
    expect(JSON.parse(text)).toMatchObject({
      baseline: { oddNumber: 'NaN' },
      baselineLoss: null,
      seconds: { oddNumber: '-Infinity' },
    });
    expect(readReport(text)).toEqual(broken);
  });

  it('of a version that knew one search and no losses is one of the original search', () => {
    const { search, best, scoreDirection, final, ...early } = finishedRun()
      .report as QuantizeReport;
    expect([search, best, scoreDirection]).toEqual(['original', undefined, 'higher']);
    const { standardError, verdict, ...score } = final;
    expect([standardError, verdict]).toEqual([0.001, 'firm']);
    expect(readReport(JSON.stringify({ ...early, final: score }))).toEqual({
      ...finishedRun().report,
      final: { ...score, standardError: null, verdict: 'unknown' },
    });
  });
});

it('names of layers are no numbers, whatever they are', () => {
  const formats = { oddNumber: { kind: 'float32' }, NaN: 'NaN', name: 'Infinity', x: [NaN, 1] };
  expect(fromJson(toJson(formats))).toEqual(formats);
});
