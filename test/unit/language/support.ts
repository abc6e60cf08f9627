import { Analysis } from '../../../src/language/analysis';
import { completionsAt, type Completions } from '../../../src/language/completion';
import type { KnownImages } from '../../../src/language/dataTops';
import { diagnose } from '../../../src/language/diagnostics/diagnose';
import type { Finding } from '../../../src/language/diagnostics/finding';
import { hoverAt } from '../../../src/language/hover';
import { SourceText } from '../../../src/prototxt/source';
import { applyEdits } from '../../../src/prototxt/textEdit';

export function analysisOf(text: string, images: KnownImages = new Map()): Analysis {
  return new Analysis(new SourceText('net.prototxt', text), images);
}

/** A text with `|` at the cursor, taken apart. */
export function atCursor(marked: string): { analysis: Analysis; offset: number } {
  const offset = marked.indexOf('|');
  if (offset < 0) throw new Error('the text has no | in it');
  return { analysis: analysisOf(marked.slice(0, offset) + marked.slice(offset + 1)), offset };
}

/** `line severity code "what it is about": message`. */
export function show(analysis: Analysis, finding: Finding): string {
  const { severity, code, range, message } = finding;
  const { line } = analysis.source.positionAt(range.start);
  return `${line} ${severity} ${code} «${analysis.text.slice(range.start, range.end)}» ${message}`;
}

/** All that is found in a text, one line each. */
export function findingsIn(text: string): string[] {
  const analysis = analysisOf(text);
  return diagnose(analysis).map((finding) => show(analysis, finding));
}

/** The titles of the fixes of the only finding with a code, and the text after each. */
export function fixesIn(text: string, code: string): { title: string; after: string }[] {
  const found = diagnose(analysisOf(text)).filter((finding) => finding.code === code);
  const [finding] = found;
  if (finding === undefined || found.length > 1) {
    throw new Error(`${found.length} findings of ${code} in ${text}`);
  }
  return (finding.fixes?.() ?? []).map(({ title, edits }) => ({
    title,
    after: applyEdits(text, edits),
  }));
}

export function completionsIn(marked: string): Completions {
  const { analysis, offset } = atCursor(marked);
  const found = completionsAt(analysis, offset);
  if (found === undefined) {
    return { range: { start: 0, end: 0 }, isValue: false, items: [], path: undefined };
  }
  const items = [...found.items].sort((a, b) => (a.sortText < b.sortText ? -1 : 1));
  return { ...found, items };
}

/** Labels in the order they are shown. */
export function labelsIn(marked: string): string[] {
  return completionsIn(marked).items.map(({ label }) => label);
}

export function hoverIn(marked: string): string | undefined {
  const { analysis, offset } = atCursor(marked);
  return hoverAt(analysis, offset)?.text;
}
