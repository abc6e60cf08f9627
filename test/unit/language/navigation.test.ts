import { describe, expect, it } from 'vitest';
import { documentLinks } from '../../../src/language/documentLinks';
import { definitionAt } from '../../../src/language/navigation/definition';
import { highlightsAt, referencesAt } from '../../../src/language/navigation/references';
import { renameEdits, renameTarget } from '../../../src/language/navigation/rename';
import { applyEdits } from '../../../src/prototxt/textEdit';
import { analysisOf, atCursor } from './support';

const net = `name: "n"
layer { name: "d" type: "Data" top: "data" top: "label" include { phase: TRAIN } }
layer { name: "d" type: "Data" top: "data" top: "label" include { phase: TEST } }
layer { name: "c" type: "Convolution" bottom: "data" top: "c" }
layer { name: "r" type: "ReLU" bottom: "c" top: "c" }
layer { name: "p" type: "Pooling" bottom: "c" top: 'p' }
layer { name: "l" type: "Softmax" bottom: 'p' top: "data2" }
`;

/** The net with the cursor at the n-th place of a text. */
function at(text: string, count = 1): ReturnType<typeof atCursor> {
  let offset = -1;
  for (let found = 0; found < count; found++) offset = net.indexOf(text, offset + 1);
  const cursor = offset + text.length - 1;
  return atCursor(`${net.slice(0, cursor)}|${net.slice(cursor)}`);
}

function linesOf(ranges: readonly { start: number }[]): number[] {
  return ranges.map(({ start }) => analysisOf(net).source.positionAt(start).line);
}

function rename(text: string, name: string, count = 1): string {
  const { analysis, offset } = at(text, count);
  return applyEdits(net, renameEdits(analysis, offset, name));
}

describe('definitionAt', () => {
  it('goes through layers that work in place', () => {
    const { analysis, offset } = at('bottom: "c"', 2);
    const found = definitionAt(analysis, offset);
    expect(linesOf(found?.targets.map(({ selection }) => selection) ?? [])).toEqual([4]);
    const [target] = found?.targets ?? [];
    expect(net.slice(target?.range.start, target?.range.end)).toMatch(/^\{ name: "c".*\}$/);
    expect(net.slice(found?.origin.start, found?.origin.end)).toBe('"c"');
  });

  it('gives the maker of each phase', () => {
    const { analysis, offset } = at('bottom: "data"');
    const targets = definitionAt(analysis, offset)?.targets ?? [];
    expect(linesOf(targets.map(({ selection }) => selection)).sort()).toEqual([2, 3]);
  });

  it('sees only layers of the same phase', () => {
    const text = net
      .replace('include { phase: TEST } }', '$& # t')
      .replace('bottom: "data"', 'bottom: "data" include { phase: TEST }');
    const analysis = analysisOf(text);
    const found = definitionAt(analysis, text.indexOf('bottom: "data"') + 10);
    expect(
      found?.targets.map(({ selection }) => analysis.source.positionAt(selection.start).line),
    ).toEqual([3]);
  });

  it('knows nothing of other words, nor of a blob that nobody makes', () => {
    for (const marked of ['layer { ty|pe: "A" }', 'layer { type: "A" bottom: "x|" }', '|']) {
      const { analysis, offset } = atCursor(marked);
      expect(definitionAt(analysis, offset)).toBeUndefined();
    }
  });

  it('finds inputs of the header', () => {
    const { analysis, offset } = atCursor('input: "d" layer { name: "l" bottom: "|d" top: "e" }');
    expect(definitionAt(analysis, offset)?.targets).toEqual([
      { range: { start: 7, end: 10 }, selection: { start: 7, end: 10 } },
    ]);
  });
});

describe('referencesAt', () => {
  it('finds every use from any of them', () => {
    for (const [text, count] of [
      ['top: "c"', 1],
      ['top: "c"', 2],
      ['bottom: "c"', 2],
    ] as const) {
      const { analysis, offset } = at(text, count);
      expect(linesOf(referencesAt(analysis, offset, true))).toEqual([4, 5, 5, 6]);
      expect(linesOf(referencesAt(analysis, offset, false))).toEqual([5, 5, 6]);
    }
  });

  it('joins what the phases share, and tells writing from reading', () => {
    const { analysis, offset } = at('top: "data"');
    const found = highlightsAt(analysis, offset);
    expect(linesOf(found.map(({ range }) => range))).toEqual([2, 3, 4]);
    expect(found.map(({ isWrite }) => isWrite)).toEqual([true, true, false]);
  });

  it('keeps two blobs of one name apart', () => {
    const text =
      'layer { name: "a" top: "x" } layer { name: "b" bottom: "x" top: "y" } ' +
      'layer { name: "c" top: "x" } layer { name: "d" bottom: "x" top: "z" }';
    const found = referencesAt(analysisOf(text), text.indexOf('"x"') + 1, true);
    expect(found.map(({ start }) => start)).toEqual([23, 55]);
  });
});

describe('rename', () => {
  it('changes a blob everywhere, in place as well, and nothing else', () => {
    expect(rename('bottom: "c"', 'conv/1')).toBe(
      net.replaceAll('bottom: "c"', 'bottom: "conv/1"').replaceAll('top: "c"', 'top: "conv/1"'),
    );
  });

  it('keeps single quotes and escapes what must be', () => {
    expect(rename("'p'", 'q')).toBe(net.replaceAll("'p'", "'q'"));
    expect(rename("'p'", 'q"')).toBe(net.replaceAll("'p'", '"q\\""'));
  });

  it('changes a layer in all phases, but not the blob of its name', () => {
    expect(rename('name: "d"', 'input')).toBe(net.replaceAll('name: "d"', 'name: "input"'));
    expect(rename('name: "c"', 'x')).toBe(net.replace('name: "c"', 'name: "x"'));
  });

  it.each([
    ['bottom: "c"', 'label', 'line 2 already has a blob "label": choose another name'],
    ['name: "c"', 'r', 'line 5 already has a layer "r": choose another name'],
    ['name: "c"', ' ', 'give a name that is not empty'],
    ['type: "Data"', 'x', 'place the cursor on the name of a blob or layer'],
  ])('refuses %s to "%s"', (text, name, message) => {
    expect(() => rename(text, name)).toThrow(message);
  });

  it('offers the name without quotes', () => {
    const { analysis, offset } = at('top: "data2"');
    const target = renameTarget(analysis, offset);
    expect(target?.name).toBe('data2');
    expect(net.slice(target?.range.start, target?.range.end)).toBe('data2');
  });
});

describe('documentLinks', () => {
  it('are the files that solvers and nets name, without quotes', () => {
    const links = (text: string): string[] =>
      documentLinks(analysisOf(text)).map(
        ({ field, path, range }) => `${field} ${path} ${text.slice(range.start, range.end)}`,
      );
    expect(links('net: "a.prototxt"\nbase_lr: 0.1\ntest_net: \'b\'')).toEqual([
      'net a.prototxt a.prototxt',
      'test_net b b',
    ]);
    expect(
      links('layer { data_param { source: "db" } transform_param { mean_file: "m" } }'),
    ).toEqual(['source db db', 'mean_file m m']);
  });
});
