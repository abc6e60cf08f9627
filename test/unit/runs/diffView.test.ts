import { describe, expect, it } from 'vitest';
import { diffView } from '../../../src/runs/view/diffView';
import type { DiffRow } from '../../../src/runs/panelMessages';

const show = (row: DiffRow): string =>
  row.kind === 'folded'
    ? `... ${row.lines.length}`
    : `${{ same: ' ', added: '+', removed: '-' }[row.kind]}${row.oldLine ?? ''}|${row.newLine ?? ''}|` +
      row.spans.map(({ text }) => text).join('');

const lines = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, i) => `line: ${from + i}\n`).join('');

describe('diffView', () => {
  it('numbers the lines and folds what did not change', () => {
    const before = `${lines(1, 10)}type: "Convolution"\n${lines(12, 20)}`;
    const after = `${lines(1, 10)}type: "ConvolutionRistretto"\nbits: 8\n${lines(12, 20)}`;
    const view = diffView('net.prototxt', before, after);
    expect([view.added, view.removed]).toEqual([2, 1]);
    expect(view.rows.map(show)).toEqual([
      '... 7',
      ' 8|8|line: 8',
      ' 9|9|line: 9',
      ' 10|10|line: 10',
      '-11||type: "Convolution"',
      '+|11|type: "ConvolutionRistretto"',
      '+|12|bits: 8',
      ' 12|13|line: 12',
      ' 13|14|line: 13',
      ' 14|15|line: 14',
      '... 6',
    ]);
  });

  it('does not fold a single line', () => {
    const before = `a: 1\n${lines(2, 8)}b: 1\n`;
    const after = `a: 2\n${lines(2, 8)}b: 2\n`;
    expect(diffView('n', before, after).rows.filter(({ kind }) => kind === 'folded')).toEqual([]);
  });

  it('colours by token, comments and strings over their whole length', () => {
    const [, added] = diffView('n', 'x: 1\n', 'name: "a # b" # why\n').rows;
    expect(added?.kind === 'added' ? added.spans : []).toEqual([
      { text: 'name', token: 'field' },
      { text: ':', token: 'plain' },
      { text: ' ', token: 'plain' },
      { text: '"a # b"', token: 'string' },
      { text: ' ', token: 'plain' },
      { text: '# why', token: 'comment' },
    ]);
  });

  it('keeps every character of both texts', () => {
    const before = 'layer {\r\n  pool: MAX\r\n}';
    const after = 'layer {\r\n  pool: AVE  # half\r\n}';
    const rows = diffView('n', before, after).rows.flatMap((row) =>
      row.kind === 'folded' ? row.lines : [row],
    );
    const text = (kinds: readonly string[]): string =>
      rows
        .filter(({ kind }) => kinds.includes(kind))
        .map(({ spans }) => spans.map((span) => span.text).join(''))
        .join('\r\n');
    expect(text(['same', 'removed'])).toBe(before);
    expect(text(['same', 'added'])).toBe(after);
  });

  it('does not fail on a text that is no prototxt', () => {
    expect(diffView('n', '"open', 'layer { "').rows.length).toBeGreaterThan(0);
  });
});
