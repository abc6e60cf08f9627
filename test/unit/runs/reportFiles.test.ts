import { describe, expect, it } from 'vitest';
import type { OriginalReport } from '../../../src/quantize/report';
import { csvCell } from '../../../src/runs/csv';
import { reportTables, type ReportTable } from '../../../src/runs/reportFiles';
import type { RunRecord } from '../../../src/runs/runRecord';
import { bestRun } from './sampleBest';
import { finishedRun } from './sampleRun';

function tables(run: RunRecord, selected?: number): readonly ReportTable[] {
  const { report } = run;
  if (report === undefined) throw new Error('the sample has a report');
  return reportTables({ ...run, report }, selected);
}

function linesOf(run: RunRecord, id: ReportTable['id'], selected?: number): string[] {
  const table = tables(run, selected).find((each) => each.id === id);
  return (table?.csv() ?? '').split('\r\n');
}

/** The sample with another report. */
function withReport(change: Partial<OriginalReport>): RunRecord {
  const run = finishedRun();
  return { ...run, report: { ...(run.report as OriginalReport), ...change } };
}

describe('a CSV file', () => {
  it('is one of the tables of the run, whatever its search', () => {
    expect(tables(finishedRun()).map(({ id, suffix }) => [id, suffix])).toEqual([
      ['widths', 'widths'],
      ['layers', 'layers'],
    ]);
    expect(tables(bestRun()).map(({ id, suffix }) => [id, suffix])).toEqual([
      ['nets', 'nets'],
      ['layers', 'layers'],
    ]);
  });

  it.each([
    ['widths', finishedRun()],
    ['layers', finishedRun()],
    ['nets', bestRun()],
    ['layers', bestRun()],
  ] as const)('of %s holds one table: as many cells in every line', (id, run) => {
    const lines = linesOf(run, id);
    expect(lines.pop()).toBe('');
    expect(lines.length).toBeGreaterThan(2);
    // Formats have commas of their own.
    const cells = (line: string): number => line.replaceAll(/"[^"]*"/g, 'x').split(',').length;
    expect(new Set(lines.map(cells)).size).toBe(1);
    expect(lines.join('')).toMatch(/^[\x20-\x7e]+$/);
  });

  it('of widths has the scores in full precision, and how far they are off', () => {
    const lines = linesOf(finishedRun(), 'widths');
    expect(lines[0]).toBe('group,bits,score,change,within margin,seconds');
    expect(lines[1]).toBe('float net,32,0.9914,0,yes,');
    expect(lines[2]).toBe('CONV weights,16,0.9914,0,yes,0.25');
    expect(lines.at(-2)).toMatch(/^final net,,0\.9894,-0\.00\d+,yes,0\.25$/);
  });

  it('of widths judges a loss by its rise', () => {
    const kind = { scoreIsAccuracy: false, scoreBlob: 'loss', scoreDirection: 'lower' } as const;
    const rows = [0.25, 0.75].map((score, at) => ({
      group: 'conv_params' as const,
      bits: 16 / 2 ** at,
      score,
      loss: null,
      seconds: 1,
    }));
    const lines = linesOf(withReport({ ...kind, baseline: 0.5, rows }), 'widths');
    expect(lines[2]).toBe('CONV weights,16,0.25,-0.25,yes,1');
    expect(lines[3]).toBe('CONV weights,8,0.75,0.25,no,1');
  });

  it('of nets begins with the float net', () => {
    const lines = linesOf(bestRun(), 'nets');
    expect(lines[0]).toBe(
      'net,weights (bytes),activations,operations,score,change,margin,verdict,standard error,' +
        'stopped early,on frontier,delivered',
    );
    expect(lines[1]).toBe('float,18120,32,1000000000,0.9914,0,,,,,,');
    expect(lines[3]).toMatch(
      /^2,3000,4\.25,1000000,0\.982,-0\.009\d+,inside,open,0\.0012,no,yes,yes$/,
    );
    expect(lines[4]).toMatch(/^3,2000,.*,outside,unknown,,yes,no,no$/);
  });

  it('of layers has one integer length, that of the format, and bits to count with', () => {
    const lines = linesOf(finishedRun(), 'layers');
    expect(lines[0]).toBe(
      'layer,type,weights,biases,input range,input format,input bits,output range,output format,' +
        'output bits,weight range,weight format,weight bits,float size (bytes),quantized size (bytes)',
    );
    expect(lines[1]).toBe(
      'conv1,Convolution,500,20,0.996,"8 bit, il 1, fl 7",8,3.5,"8 bit, il 3, fl 5",8,0.6,' +
        '"4 bit, il 0, fl 4",4,2080,260',
    );
    expect(lines[2]).toContain('"4 bit, il -1, fl 5"');
  });

  it('of layers is that of the net that the page shows, and is called so', () => {
    const run = bestRun();
    const delivered = linesOf(run, 'layers');
    expect(delivered[1]).toContain('"3 bit, il 1, fl 2"');
    const [, shown] = tables(run, 0);
    expect(shown).toMatchObject({ suffix: 'net1_layers' });
    expect(shown?.description).toContain('of net 1');
    expect(linesOf(run, 'layers', 0)[1]).toContain('"2 bit, il 0, fl 2"');
  });

  it('has names that begin no formula and no line', () => {
    const [first] = finishedRun().report?.layers ?? [];
    if (first === undefined) throw new Error('the sample has layers');
    const named = (name: string): string | undefined =>
      linesOf(withReport({ layers: [{ ...first, name }] }), 'layers')[1];
    expect(named('=1+1,"x"')).toMatch(/^"'=1\+1,""x""",Convolution,/);
    expect(named('a\u001b]0;x\nb')).toMatch(/^"a\\x1b\]0;x\\x0ab",Convolution,/);
    const numbers = linesOf(withReport({ baseline: -Infinity }), 'widths');
    expect(numbers[1]).toMatch(/^float net,32,'-Infinity,/);
  });
});

const formulas = ['=1', '+x', '-x', '@x', '-1+2', '−x', '＝1+1', '＋x', '－x', '＠x']
  .concat('﹦x', '﹢x', '﹣x', '﹫x')
  .concat(' =x', '\u00a0=x', '\u3000=x', '\u200b=x', '\ufeff=x');
it.each(formulas)('no cell begins as the formula %j', (text) => {
  expect(csvCell(text)).toBe(`'${text}`);
});

it.each<readonly [string | number, string]>([
  // Escaped, so that it begins nothing; and where cells are parted at semicolons.
  ['\t=x', '\\x09=x'],
  ['\r=x', '\\x0d=x'],
  ['a;=x', '"a;=x"'],
  ['\u202ex\u2028', '\\u202ex\\u2028'],
  ['-1.5', '-1.5'],
  ['+2', '+2'],
  ['conv1', 'conv1'],
  [-1.5, '-1.5'],
  [1e-7, '1e-7'],
  [Number.NaN, 'NaN'],
  [-Infinity, "'-Infinity"],
])('the cell of %j is %s', (value, cell) => {
  expect(csvCell(value)).toBe(cell);
});
