import { describe, expect, it } from 'vitest';
import { panelView } from '../../../src/runs/view/panelView';
import type { CellView, PanelView } from '../../../src/runs/panelMessages';
import { finishedRun, runningRun } from './sampleRun';

function states(view: PanelView, group: string): string[] {
  const cells = view.groups.find(({ group: own }) => own === group)?.cells ?? [];
  return cells.map(({ bits, state, chosen }) => `${bits} ${state}${chosen ? ' chosen' : ''}`);
}

function cell(view: PanelView, group: string, bits: number): CellView | undefined {
  return view.groups.find((g) => g.group === group)?.cells.find((c) => c.bits === bits);
}

describe('the view of a finished run', () => {
  const view = panelView(finishedRun());

  it('shows every width of every group, the chosen one marked', () => {
    expect(view.widths).toEqual([16, 8, 4, 2, 1]);
    expect(states(view, 'conv_params')).toEqual([
      '16 scored',
      '8 scored',
      '4 scored chosen',
      '2 scored',
      '1 untried',
    ]);
    expect(states(view, 'activations')).toEqual([
      '16 scored',
      '8 scored chosen',
      '4 scored',
      '2 untried',
      '1 untried',
    ]);
  });

  it('gives scores and drops in percent with two decimals', () => {
    expect(cell(view, 'conv_params', 8)).toMatchObject({ score: '99.15', drop: '+0.01' });
    expect(cell(view, 'activations', 16)).toMatchObject({ score: '98.95', drop: '−0.19' });
  });

  it('says by how much a failed width missed the margin', () => {
    // 99.14 - 1 = 98.14 is the least accepted score.
    expect(cell(view, 'fc_params', 2)).toMatchObject({ within: false, missedBy: '13.22' });
    expect(cell(view, 'fc_params', 4)).toMatchObject({ within: true, missedBy: undefined });
  });

  it('gives the verdict and the sizes', () => {
    expect(view.summary).toEqual([
      { label: 'Float', value: '99.14 %' },
      {
        label: 'Quantized',
        value: '98.94 %',
        remark: '−0.20, inside the margin of 1 %',
        verdict: 'inside',
      },
      { label: 'Weights', value: '18.1 kB → 2.27 kB', remark: '8.0× smaller' },
      { label: 'Activations', value: '8 bit', remark: 'float: 32 bit' },
    ]);
  });

  it('says so when the whole net falls outside', () => {
    const run = finishedRun();
    if (run.report === undefined) throw new Error('a finished run has a report');
    run.report = {
      ...run.report,
      final: { ...run.report.final, score: 0.96, withinMargin: false },
    };
    expect(panelView(run).summary[1]).toMatchObject({
      remark: '−3.14, outside the margin of 1 %',
      verdict: 'outside',
    });
  });

  it('names files, data and provider', () => {
    expect(view.facts.map(({ text }) => text)).toEqual([
      'lenet_train_test.prototxt',
      'lenet.caffemodel (1.72 MB)',
      'mnist_test_lmdb, 100 × 100 images',
      'CPU',
      'dynamic fixed point',
      'scored by accuracy',
      'margin 1 %',
      '8.1 s',
    ]);
  });

  it('draws a line a group and the margin', () => {
    expect(view.chart?.baseline).toBeCloseTo(99.14);
    expect(view.chart?.margin).toBeCloseTo(98.14);
    expect(view.chart?.series.map(({ points }) => points.map(({ bits }) => bits))).toEqual([
      [16, 8, 4, 2],
      [16, 8, 4, 2],
      [16, 8, 4],
    ]);
    expect(view.chart?.series[2]?.points[2]?.label).toBe(
      'Activations, 4 bit: 96.80 %, outside the margin',
    );
  });

  it('lists the layers with their formats and sizes', () => {
    const texts = view.layers.rows[1]?.cells.map(({ text }) => text);
    expect(texts).toEqual([
      'ip1',
      'InnerProduct',
      '4,010',
      '3.500',
      '8 bit, il 3, fl 5',
      '20.00',
      '8 bit, il 6, fl 2',
      '0.2000',
      '4 bit, il −1, fl 5',
      '16.0 kB',
      '2.00 kB',
    ]);
    expect(view.layers.rows[0]?.cells).toHaveLength(view.layers.columns.length);
  });

  it('offers what can be done with a result', () => {
    expect(view.actions).toContain('savePrototxt');
    expect(view.actions).not.toContain('cancel');
    expect(view.report).toContain('Accuracy: 0.9894');
  });
});

describe('the view of a run that goes on', () => {
  it('marks the cell that is being scored, and no choice before a sweep ended', () => {
    const view = panelView(runningRun(2));
    expect(states(view, 'conv_params')).toEqual([
      '16 scored',
      '8 scored',
      '4 running',
      '2 pending',
      '1 pending',
    ]);
    expect(states(view, 'fc_params')[0]).toBe('16 pending');
    expect(view.actions).toContain('cancel');
  });

  it('marks the choice of a group whose sweep ended, and goes on with the next', () => {
    const view = panelView(runningRun(4));
    expect(states(view, 'conv_params')).toEqual([
      '16 scored',
      '8 scored',
      '4 scored chosen',
      '2 scored',
      '1 untried',
    ]);
    expect(states(view, 'fc_params')[0]).toBe('16 running');
  });

  it('has no values before the baseline', () => {
    const view = panelView(
      runningRun(0, {
        baseline: undefined,
        layers: undefined,
        plan: undefined,
        status: 'starting',
      }),
    );
    expect(view.summary.every(({ value }) => value === undefined)).toBe(true);
    expect(view.groups).toEqual([]);
    expect(view.chart).toBeUndefined();
  });
});

describe('the view of a run that ended early', () => {
  it('keeps the rows of a cancelled run and leaves the rest untried', () => {
    const view = panelView(runningRun(2, { status: 'cancelled' }));
    expect(states(view, 'conv_params')).toEqual([
      '16 scored',
      '8 scored',
      '4 untried',
      '2 untried',
      '1 untried',
    ]);
    expect(view.actions).toContain('tryAgain');
  });

  it('tells what happened and where', () => {
    const failure = {
      code: 'source/missing',
      message: 'cannot find "x": give the setting ristretto.caffeRoot',
      step: 'baseline, batch 2 of 5',
    };
    const view = panelView(runningRun(0, { status: 'failed', failure }));
    expect(view.failure).toEqual({
      title: 'The run could not go on',
      detail: 'cannot find "x": give the setting ristretto.caffeRoot',
      step: 'baseline, batch 2 of 5',
      actions: ['setCaffeRoot', 'tryAgain', 'showLog'],
    });
  });

  it('explains an interrupted run', () => {
    const view = panelView(runningRun(3, { status: 'interrupted' }));
    expect(view.failure?.title).toContain('reloaded');
    expect(view.failure?.detail).toContain('Try Again goes on from there');
    expect(view.actions).toContain('tryAgain');
  });
});

describe('scores of other kinds', () => {
  it('shows another number as it is, with four digits', () => {
    const run = finishedRun();
    if (run.plan === undefined) throw new Error('a finished run has a plan');
    run.plan = { ...run.plan, scoreIsAccuracy: false, scoreBlob: 'loss' };
    run.baseline = { score: 2.30258, loss: 2.3, seconds: 1 };
    run.rows = [{ group: 'conv_params', bits: 16, score: 2.31, loss: 2.31, seconds: 1 }];
    const view = panelView(run);
    expect(view.score).toEqual({ name: 'loss', unit: '', direction: 'higher' });
    expect(cell(view, 'conv_params', 16)).toMatchObject({ score: '2.310', drop: '+0.007420' });
  });

  it('turns the margin of a loss round', () => {
    const run = finishedRun();
    if (run.plan === undefined || run.report?.search !== 'original') throw new Error('it has both');
    const kind = { scoreIsAccuracy: false, scoreBlob: 'loss', scoreDirection: 'lower' } as const;
    run.plan = { ...run.plan, ...kind };
    const score = (value: number): typeof run.baseline => ({
      score: value,
      loss: null,
      seconds: 1,
    });
    run.baseline = { score: 0.25, loss: null, seconds: 1 };
    run.rows = [
      { group: 'conv_params', bits: 16, ...run.baseline, ...score(0.2) },
      { group: 'conv_params', bits: 8, ...run.baseline, ...score(0.2599) },
      { group: 'conv_params', bits: 4, ...run.baseline, ...score(0.5) },
    ];
    const final = { ...run.report.final, ...run.baseline, score: 0.2599, withinMargin: true };
    run.report = { ...run.report, ...kind, baseline: 0.25, rows: run.rows, final };
    const view = panelView(run);
    expect(view.score).toEqual({ name: 'loss', unit: '', direction: 'lower' });
    expect(states(view, 'conv_params')).toEqual([
      '16 scored',
      '8 scored chosen',
      '4 scored',
      '2 untried',
      '1 untried',
    ]);
    expect(cell(view, 'conv_params', 16)).toMatchObject({ within: true, drop: '−0.05000' });
    expect(cell(view, 'conv_params', 4)).toMatchObject({
      within: false,
      score: '0.5000',
      drop: '+0.2500',
      missedBy: '0.2400',
    });
    expect(view.chart).toMatchObject({ baseline: 0.25, margin: 0.26 });
    expect(view.summary[1]).toMatchObject({
      value: '0.2599',
      remark: '+0.009900, inside the margin of 0.01',
    });
    const texts = view.facts.map(({ text }) => text);
    expect(texts).toContain('scored by loss, lower is better');
    expect(texts).toContain('margin 0.01');
  });

  it('takes higher for better in a run that does not say', () => {
    const run = finishedRun();
    if (run.plan === undefined) throw new Error('a finished run has a plan');
    run.plan = { ...run.plan, scoreDirection: undefined } as unknown as typeof run.plan;
    expect(panelView(run).score.direction).toBe('higher');
    expect(states(panelView(run), 'conv_params')[2]).toBe('4 scored chosen');
  });

  it('has one column for minifloat, with the widths that have exponent bits', () => {
    const run = finishedRun({ rows: [] });
    if (run.plan === undefined) throw new Error('a finished run has a plan');
    run.plan = { ...run.plan, sweeps: [{ group: 'net', widths: [16, 8] }] };
    run.status = 'running';
    const view = panelView(run);
    expect(view.groups.map(({ name }) => name)).toEqual(['Whole net']);
    expect(view.widths).toEqual([16, 8]);
  });

  it('survives a score that is no number', () => {
    const run = finishedRun({ baseline: { score: Number.NaN, loss: null, seconds: 1 } });
    expect(cell(panelView(run), 'conv_params', 16)).toMatchObject({ drop: 'NaN', within: false });
  });
});
