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
  const pieces: string[] = [];
  let at = 0;
  for (const { range, newText } of sortEdits(edits)) {
    if (range.start < at || range.end < range.start || range.end > text.length) {
      throw new Error(`Text edit at ${range.start} to ${range.end} overlaps or is out of range`);
    }
    pieces.push(text.slice(at, range.start), newText);
    at = range.end;
  }
  pieces.push(text.slice(at));
  return pieces.join('');
}

/** The edits in file order, inserts before what is changed at the same place. */
export function sortEdits(edits: readonly TextEdit[]): TextEdit[] {
  return [...edits].sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
}

/**
 * Adds a space where edits, in file order, would make one word of two: `a: [1]b: 2` needs one when
 * the list becomes a number.
 */
export function keepApart(text: string, sorted: readonly TextEdit[]): TextEdit[] {
  const result: TextEdit[] = [];
  let next: { readonly start: number; readonly first: string } | undefined;
  for (let index = sorted.length - 1; index >= 0; index--) {
    const { range, newText } = sorted[index] as TextEdit;
    const after = next?.start === range.end ? next.first : (text[range.end] ?? '');
    // Where an edit ends right here, it is that one which sees what comes after.
    const touches = sorted[index - 1]?.range.end === range.start;
    const before = newText.at(-1) ?? (touches ? '' : (text[range.start - 1] ?? ''));
    const joins = isWordCharacter(before) && isWordCharacter(after);
    result.push({ range, newText: joins ? `${newText} ` : newText });
    next = { start: range.start, first: newText.charAt(0) || (joins ? ' ' : after) };
  }
  return result.reverse();
}

function isWordCharacter(character: string): boolean {
  return /[\w.]/.test(character);
}
