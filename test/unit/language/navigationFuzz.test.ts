import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { documentLinks } from '../../../src/language/documentLinks';
import { foldingRanges } from '../../../src/language/folding';
import { definitionAt } from '../../../src/language/navigation/definition';
import { highlightsAt } from '../../../src/language/navigation/references';
import { renameEdits, renameTarget } from '../../../src/language/navigation/rename';
import { outline, type OutlineItem } from '../../../src/language/outline';
import { selectionRanges } from '../../../src/language/selection';
import { DiagnosticList } from '../../../src/prototxt/diagnostic';
import { formatDocument } from '../../../src/prototxt/format';
import type { SourceRange } from '../../../src/prototxt/source';
import { applyEdits } from '../../../src/prototxt/textEdit';
import { tokenize } from '../../../src/prototxt/tokens';
import { repositoryRoot, shared } from '../../support/shared';
import { Random, walk } from '../prototxt/support';
import { analysisOf } from './support';

/** `FUZZ_EDITS=100000` makes the full run of some minutes. */
const edits = Number(process.env['FUZZ_EDITS'] ?? 4000);

const own = path.join(repositoryRoot, 'examples/mnist/lenet_train_test.prototxt');
const folder = shared('data', 'nets');
const others = existsSync(folder)
  ? readdirSync(folder)
      .filter((name) => name.endsWith('.prototxt'))
      .map((name) => path.join(folder, name))
  : [];
const texts = [own, ...others].map((file) => readFileSync(file, 'utf8'));

/** A stretch of a net: edits of long ones would only take longer. */
function stretch(text: string, random: Random): string {
  const lines = text.split('\n');
  const from = random.below(Math.max(1, lines.length - 60));
  return lines.slice(from, from + 60).join('\n');
}

/** Deletes a token, inserts one of the text elsewhere, or swaps two. */
function edit(text: string, random: Random): string {
  const tokens = tokenize(text, new DiagnosticList());
  const [a, b] = [random.pick(tokens), random.pick(tokens)].sort((x, y) => x.start - y.start);
  if (a === undefined || b === undefined) return text;
  const first = text.slice(a.start, a.end);
  switch (random.below(3)) {
    case 0:
      return text.slice(0, a.start) + text.slice(a.end);
    case 1:
      return `${text.slice(0, b.start)}${first} ${text.slice(b.start)}`;
    default:
      if (a === b) return text;
      return (
        text.slice(0, a.start) +
        text.slice(b.start, b.end) +
        text.slice(a.end, b.start) +
        first +
        text.slice(b.end)
      );
  }
}

function rangesOf(items: readonly OutlineItem[], within: SourceRange): SourceRange[] {
  return items.flatMap(({ range, selection, children }) => {
    if (!holds(within, range) || !holds(range, selection)) throw new Error('outline out of place');
    return [range, selection, ...rangesOf(children, range)];
  });
}

function holds(outer: SourceRange, inner: SourceRange): boolean {
  return outer.start <= inner.start && inner.start <= inner.end && inner.end <= outer.end;
}

function renamed(analysis: ReturnType<typeof analysisOf>, offset: number): SourceRange[] {
  const target = renameTarget(analysis, offset);
  if (target === undefined) return [];
  const found = renameEdits(analysis, offset, 'a name that no net has');
  applyEdits(analysis.text, found);
  return [...found.map(({ range }) => range), target.range];
}

describe('random edits of nets', () => {
  it(`are answered without throwing, with all places inside of the text (${edits})`, async () => {
    const random = new Random(2026);
    let text = '';
    for (let count = 0; count < edits; count++) {
      // Several edits one after the other, as damage adds up, then another net.
      if (count % 5 === 0) text = stretch(random.pick(texts), random);
      text = edit(text, random);
      // The test runner takes a process that never answers for a dead one.
      if (count % 1000 === 0) await new Promise(setImmediate);
      const analysis = analysisOf(text);
      const whole = { start: 0, end: text.length };
      const formatted = formatDocument(analysis.source);
      applyEdits(text, formatted);
      const { root, diagnostics } = analysis.syntax;
      const ranges: SourceRange[] = [
        ...[...walk(root)].map(({ range }) => range),
        ...[...diagnostics, ...analysis.schemaDiagnostics].map(({ range }) => range),
        ...formatted.map(({ range }) => range),
        ...rangesOf(outline(analysis), whole),
        ...foldingRanges(analysis),
        ...documentLinks(analysis).map(({ range }) => range),
      ];
      const offsets = [random.below(text.length + 1), text.indexOf('bottom: "') + 10];
      for (const offset of offsets) {
        const found = definitionAt(analysis, offset);
        ranges.push(...selectionRanges(analysis, offset), ...renamed(analysis, offset));
        ranges.push(...highlightsAt(analysis, offset).map(({ range }) => range));
        ranges.push(...(found?.targets.flatMap((one) => [one.range, one.selection]) ?? []));
      }
      const outside = ranges.filter((range) => !holds(whole, range));
      expect({ text, outside }).toEqual({ text, outside: [] });
    }
  }, 3_600_000);
});
