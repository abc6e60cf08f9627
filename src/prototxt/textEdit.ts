import type { SourceRange } from './source';

/** A replacement of a part of a text; an empty range inserts. */
export interface TextEdit {
  readonly range: SourceRange;
  readonly newText: string;
}

/**
 * The text after all edits; their ranges count in the text before. Inserts at the same place keep
 * their order.
 * @throws Error where edits overlap or lie outside the text.
 */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const sorted = [...edits].sort(
    (a, b) => a.range.start - b.range.start || a.range.end - b.range.end,
  );
  const pieces: string[] = [];
  let at = 0;
  for (const { range, newText } of sorted) {
    if (range.start < at || range.end < range.start || range.end > text.length) {
      throw new Error(`Text edit at ${range.start} to ${range.end} overlaps or is out of range`);
    }
    pieces.push(text.slice(at, range.start), newText);
    at = range.end;
  }
  pieces.push(text.slice(at));
  return pieces.join('');
}
