import { describe, expect, it } from 'vitest';
import { float32, type LayerFormats } from '../../../src/caffe/numberFormat';
import type { VisitedPoint } from '../../../src/quantize/report';
import { panelView } from '../../../src/runs/panelView';
import type { RunRecord } from '../../../src/runs/runRecord';
import { describeResult } from '../../../src/runs/runSummary';
import { finishedRun } from './sampleRun';

const fixed = (bits: number) => ({ kind: 'fixedPoint', bits, fractionalLength: 2 }) as const;
const formats = (bits: number): LayerFormats => ({
  input: fixed(bits),
  output: fixed(bits + 1),
  weights: fixed(bits),
  bias: fixed(bits),
});

function point(index: number, bytes: number, score: number, more: Partial<VisitedPoint> = {}) {
  const made: VisitedPoint = {
    index,
    score,
    loss: null,
    withinMargin: score >= 0.9814,
    standardError: 0.0012,
    verdict: 'firm',
    costs: { weightBytes: bytes, activationBits: 4.25, bitOperations: 1e6 },
    isBound: false,
    onFrontier: false,
    isDelivered: false,
    formats: { conv1: formats(index + 2), ip1: formats(index + 2) },
    ...more,
  };
  return made;
}

/** A finished best search of three nets, the second of which is delivered. */
function bestRun(): RunRecord {
  const run = finishedRun();
  if (run.report === undefined) throw new Error('a finished run has a report');
  const points = [
    point(0, 16_000, 0.9914, { onFrontier: true }),
    point(1, 3000, 0.982, { onFrontier: true, isDelivered: true, verdict: 'open' }),
    point(2, 2000, 0.9813, { isBound: true, standardError: null, verdict: 'unknown' }),
  ];
  return {
    ...run,
    request: { ...run.request, search: 'best', mode: 'mixed' },
    rows: [],
    points,
    report: {
      ...run.report,
      mode: 'mixed',
      search: 'best',
      chosen: null,
      rows: [],
      final: { ...run.report.final, score: 0.982, verdict: 'open', standardError: 0.0012 },
      weightBytes: { float: 18_120, quantized: 3000 },
      best: {
        objective: { weightBytes: 1, activationBits: 0.25, bitOperations: 0 },
        calibrationImages: 1000,
        calibrationScores: 300,
        points,
        floatCosts: { weightBytes: 18_120, activationBits: 32, bitOperations: 1e9 },
        costs: { weightBytes: 3000, activationBits: 4.25, bitOperations: 1e6 },
      },
    },
  };
}

describe('the nets of a best search', () => {
  it('come smallest first, each with its verdict and how firm it is', () => {
    const { points } = panelView(bestRun());
    expect(points?.points).toMatchObject([
      { index: 2, kind: 'bound', size: '2.00 kB', score: '≤ 98.13', firmness: 'stopped early' },
      { index: 1, kind: 'delivered', size: '3.00 kB', score: '98.20', firmness: 'open: ±0.12' },
      { index: 0, kind: 'frontier', size: '16.0 kB', change: '+0.00', firmness: 'firm' },
    ]);
    expect(points?.points[1]?.label).toBe(
      'Delivered: weights 3.00 kB, activations 4.3 bit, 98.20 %, inside the margin',
    );
    expect(points).toMatchObject({ isOver: true, selected: 1, selectedText: undefined });
    expect(points?.margin).toBeCloseTo(98.14, 9);
  });

  it('may be looked at one by one, the layers with their formats too', () => {
    const view = panelView(bestRun(), { selectedPoint: 0 });
    expect(view.points).toMatchObject({
      selected: 0,
      selectedText: 'Showing net 1 of 3, not the one the search delivered.',
    });
    expect(view.layers.bits?.[0]).toEqual({ layer: 'conv1', weights: 2, input: 2, output: 3 });
    expect(panelView(bestRun()).layers.bits?.[0]).toMatchObject({ weights: 3 });
    // One that is not there any more is the delivered one.
    expect(panelView(bestRun(), { selectedPoint: 99 }).points?.selected).toBe(1);
  });

  it('cannot be chosen before the end', () => {
    const running = bestRun();
    delete running.report;
    const view = panelView({ ...running, status: 'running' }, { selectedPoint: 0 });
    expect(view.points).toMatchObject({ isOver: false, selected: undefined });
    expect(view.points?.points).toHaveLength(3);
    expect(view.layers.bits).toBeUndefined();
  });

  it('are said in a few words above the net and in the summary', () => {
    const run = bestRun();
    expect(describeResult(run)).toBe('3.00 kB, 4.3-bit activations, 98.20 %');
    const { summary, facts } = panelView(run);
    expect(summary[1]?.remark).toContain('inside the margin of 1 % (open: ±0.12)');
    expect(summary[3]?.value).toBe('4.3 bit on average');
    expect(facts.map(({ text }) => text)).toContain('mixed formats, best search');
  });

  it('are no part of a run of the original search, nor of one stored early', () => {
    const run = finishedRun();
    expect(panelView(run).points).toBeUndefined();
    expect(panelView(run).layers.bits).toBeUndefined();
    expect(describeResult(run)).toBe('4/4/8 bit, 98.94 %');
  });

  it('keep layers that stay float at 32 bits', () => {
    const run = bestRun();
    const float = { input: float32, output: float32, weights: float32, bias: float32 };
    const points = run.points?.map((p) => ({ ...p, formats: { ...p.formats, conv1: float } }));
    const view = panelView({ ...run, points: points ?? [] });
    expect(view.layers.bits?.[0]).toEqual({ layer: 'conv1', weights: 32, input: 32, output: 32 });
  });
});
