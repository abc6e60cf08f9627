import { describe, expect, it } from 'vitest';
import { float32 } from '../../../src/formats/float32';
import { panelView } from '../../../src/runs/view/panelView';
import type { RunRecord } from '../../../src/runs/runRecord';
import { trialRequest } from '../../../src/runs/trialRequest';
import { describeResult } from '../../../src/runs/view/runSummary';
import { bestRun, formats, point } from './sampleBest';
import { finishedRun } from './sampleRun';

describe('the nets of a best search', () => {
  it('come smallest first, each with its verdict and how firm it is', () => {
    const { points } = panelView(bestRun());
    expect(points?.points).toMatchObject([
      { index: 2, kind: 'bound', firmness: 'stopped early' },
      { index: 1, kind: 'delivered', firmness: 'open: ±0.12' },
      { index: 0, kind: 'frontier', firmness: 'firm' },
    ]);
    expect(points?.columns.map(({ title }) => title)).toEqual([
      'Net',
      'Weights',
      'Activations',
      'Score',
      'Change',
      'Margin',
    ]);
    expect(points?.points.map(({ cells }) => cells.map(({ text }) => text))).toEqual([
      ['3', '2.00 kB', '4.3', '≤ 98.13', '−1.01', 'outside, stopped early'],
      ['2', '3.00 kB', '4.3', '98.20', '−0.94', 'inside, open: ±0.12'],
      ['1', '16.0 kB', '4.3', '99.14', '+0.00', 'inside, firm'],
    ]);
    expect(points?.points[1]?.label).toBe(
      'Delivered, net 2: weights 3.00 kB, activations 4.3 bit, 98.20 %, inside the margin',
    );
    expect(points).toMatchObject({ isOver: true, selected: 1, other: undefined });
    expect(points?.margin).toBeCloseTo(98.14, 9);
  });

  it('may be looked at one by one, the layers with their formats too', () => {
    const view = panelView(bestRun(), { selectedPoint: 0 });
    expect(view.points).toMatchObject({
      selected: 0,
      other: {
        name: 'net 1',
        text: 'Net 1 is shown, not the delivered one.',
        reason:
          'Net 1 was not delivered: it costs more as the search weighs: 16.0 kB against 3.00 kB.',
      },
    });
    expect(view.layers.bits?.[0]).toEqual({ layer: 'conv1', weights: 2, input: 2, output: 3 });
    expect(panelView(bestRun()).layers.bits?.[0]).toMatchObject({ weights: 3 });
    // One that is not there any more is the delivered one.
    expect(panelView(bestRun(), { selectedPoint: 99 }).points?.selected).toBe(1);
  });

  it('have their own figures in the summary while they are looked at', () => {
    const { summary } = panelView(bestRun(), { selectedPoint: 2 });
    expect(summary).toEqual([
      { label: 'Float', value: '99.14 %' },
      {
        label: 'Quantized, net 3',
        value: '≤ 98.13 %',
        remark: '−1.01, outside the margin of 1 %',
        verdict: 'outside',
      },
      { label: 'Weights', value: '18.1 kB → 2.00 kB', remark: '9.1× smaller' },
      { label: 'Activations', value: '4.3 bit on average', remark: 'float: 32 bit' },
    ]);
    expect(panelView(bestRun()).summary[1]).toMatchObject({ label: 'Quantized' });
  });

  it('say why one that needs less was not delivered: its score, or what it needs besides', () => {
    const run = bestRun();
    const costs = { weightBytes: 2900, activationBits: 7.5, bitOperations: 1e6 };
    const dear = point(3, 2900, 0.985, { costs });
    const lucky = point(4, 2800, 0.985);
    const broken = point(5, 100, Number.NaN);
    const withMore: RunRecord = { ...run, points: [...(run.points ?? []), dear, lucky, broken] };
    const view = panelView(withMore).points;
    expect(view?.whyNotCheaper).toBe(
      '4 nets need fewer weight bytes than the delivered one: 2 outside the margin, ' +
        '1 inside, but with more activation bits than that is worth, 1 inside, scored by the way.',
    );
    const why = (index: number): string | undefined =>
      panelView(withMore, { selectedPoint: index }).points?.other?.reason;
    expect(why(2)).toBe('Net 3 was not delivered: it misses the margin by 0.01 % at least.');
    expect(why(3)).toContain('7.50 bit activations against 4.25');
    expect(why(4)).toContain('it was scored by the way');
    expect(why(5)).toContain('its score is not a number');
    expect(view?.points.find(({ index }) => index === 3)?.label).toContain('; not delivered, for');
    const onlyDelivered: RunRecord = { ...run, points: (run.points ?? []).slice(0, 2) };
    expect(panelView(onlyDelivered).points?.whyNotCheaper).toBeUndefined();
  });

  it('give way to the best one inside so far while the search works', () => {
    const running = bestRun();
    delete running.report;
    const { summary } = panelView({ ...running, status: 'running' });
    expect(summary[1]).toEqual({
      label: 'Best so far',
      value: '98.20 %',
      remark: '−0.94, inside the margin of 1 % (open: ±0.12)',
      verdict: 'inside',
    });
    expect(summary[2]?.value).toBe('18.1 kB → 3.00 kB');
    // A bound is no score, and a net that is outside is not the best of anything.
    const outside = (running.points ?? []).slice(2);
    const none = panelView({ ...running, status: 'running', points: outside });
    expect(none.summary[1]).toEqual({ label: 'Quantized' });
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

  it('have as many digits as tell their sizes apart', () => {
    const run = bestRun();
    const sized = (...bytes: number[]): string[] =>
      panelView({
        ...run,
        points: bytes.map((size, index) => point(index, size, 0.99)),
      }).points?.points.map(({ cells }) => cells[1]?.text ?? '') ?? [];
    expect(sized(108_800, 109_400, 110_100)).toEqual(['108.8 kB', '109.4 kB', '110.1 kB']);
    expect(sized(108_800, 108_800, 862_160)).toEqual(['109 kB', '109 kB', '862 kB']);
    expect(sized(999_700, 999_800)).toEqual(['999.7 kB', '999.8 kB']);
  });

  it('are ordered and drawn by what the search saves above all', () => {
    const run = bestRun();
    expect(panelView(run).points?.cost).toEqual({ name: 'weights', unit: 'B' });
    const objective = { weightBytes: 0, activationBits: 0, bitOperations: 1 };
    const points = run.points?.map((p) => ({
      ...p,
      costs: { ...p.costs, bitOperations: 31_200_000 * (p.index + 1) },
    }));
    const running: RunRecord = { ...run, request: { ...run.request, objective } };
    delete running.report;
    running.points = points ?? [];
    const view = panelView(running).points;
    expect(view?.cost).toEqual({ name: 'operations', unit: '' });
    expect(view?.points.map(({ index, cost, cells }) => [index, cost, cells[3]?.text])).toEqual([
      [0, 31_200_000, '31.2 M'],
      [1, 62_400_000, '62.4 M'],
      [2, 93_600_000, '93.6 M'],
    ]);
    expect(view?.points[0]?.label).toContain('31.2 M bit operations');
    const bits = { ...objective, activationBits: 1 };
    const inBits = panelView({ ...running, request: { ...running.request, objective: bits } });
    expect(inBits.points?.cost.unit).toBe('bit');
    expect(inBits.points?.points[0]).toMatchObject({ cost: 4.25 });
  });
});

describe('bits of the layers', () => {
  const keep = { conv1: { weights: 3, input: 3, output: 4 } };

  it('say which of them the search was told to keep', () => {
    const run = bestRun();
    const view = panelView({ ...run, request: { ...run.request, keep } });
    expect(view.layers.bits?.map(({ kept }) => kept)).toEqual([true, undefined]);
  });

  it('were tried, not kept, where all were given', () => {
    const run = bestRun();
    const all = { ...keep, ip1: keep.conv1 };
    const view = panelView({ ...run, request: { ...run.request, keep: all } });
    expect(view.layers.bits?.map(({ kept }) => kept)).toEqual([undefined, undefined]);
  });

  it('are scored in the net that was shown when they were edited', () => {
    const run = bestRun();
    expect(trialRequest(run, undefined, keep).base).toEqual({ conv1: formats(3), ip1: formats(3) });
    expect(trialRequest(run, 2, keep)).toEqual({
      ...run.request,
      keep,
      base: { conv1: formats(4), ip1: formats(4) },
      trialOf: 'run-1',
      resumes: undefined,
    });
    // A trial of a trial leads back to the search all the same.
    const trial = { ...run, id: 'run-2', request: trialRequest(run, 2, keep) };
    expect(trialRequest(trial, undefined, keep).trialOf).toBe('run-1');
  });

  it('are one width a layer for minifloat', () => {
    const run = bestRun();
    expect(panelView(run).layers.oneWidth).toBeUndefined();
    const view = panelView({ ...run, request: { ...run.request, mode: 'minifloat' } });
    expect(view.layers.oneWidth).toBe(true);
  });
});

describe('the best search as a way on', () => {
  it('is offered where the original search left the net outside of the margin', () => {
    const offers = (run: RunRecord, withinMargin: boolean): boolean => {
      if (run.report === undefined) throw new Error('a finished run has a report');
      const final = { ...run.report.final, withinMargin };
      const { actions } = panelView({ ...run, report: { ...run.report, final } });
      return actions.includes('searchBest');
    };
    expect(offers(finishedRun(), false)).toBe(true);
    expect(offers(finishedRun(), true)).toBe(false);
    expect(offers(bestRun(), false)).toBe(false);
  });
});
