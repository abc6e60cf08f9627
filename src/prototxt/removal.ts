import { isBlankText, trimEnd } from './layout';
import type { SourceRange } from './source';
import type { TextEdit } from './textEdit';
import { skipBlanks } from './tokens';
import type { FieldNode } from './tree';

/**
 * Edits that take fields of one message out, with their separators and with lines that would be
 * left empty. Comments stay.
 */
export function removeFields(text: string, fields: readonly FieldNode[]): TextEdit[] {
  const ranges = fields.flatMap((field) => rangesOf(text, field));
  ranges.sort((a, b) => a.start - b.start);
  return joinNeighbours(text, ranges).map((range) => removeRange(text, range));
}

function rangesOf(text: string, { range }: FieldNode): SourceRange[] {
  const at = skipBlanks(text, range.end);
  if (text[at] !== ',' && text[at] !== ';') return [range];
  const separator = { start: at, end: at + 1 };
  // Between a field and its separator there may be a comment, which is not ours to remove.
  if (!isBlankText(text.slice(range.end, at))) return [range, separator];
  return [{ start: range.start, end: separator.end }];
}

/** Ranges with only blanks between them as one, so that what is done about blanks is done once. */
function joinNeighbours(text: string, ranges: readonly SourceRange[]): SourceRange[] {
  const joined: SourceRange[] = [];
  for (const range of ranges) {
    const last = joined.at(-1);
    if (last !== undefined && isBlankText(text.slice(last.end, range.start))) {
      joined[joined.length - 1] = { start: last.start, end: range.end };
    } else {
      joined.push(range);
    }
  }
  return joined;
}

const emptyRestPattern = /[ \t]*(?:\r?\n|$)/y;
const blanksPattern = /[ \t]*/y;

function removeRange(text: string, { start, end }: SourceRange): TextEdit {
  const from = trimEnd(text, start);
  const before = text[from - 1];
  const startsLine = before === undefined || before === '\n' || before === '\uFEFF';
  emptyRestPattern.lastIndex = end;
  if (startsLine && emptyRestPattern.test(text)) {
    return { range: { start: from, end: emptyRestPattern.lastIndex }, newText: '' };
  }
  if (startsLine) return { range: { start, end: endOfBlanks(text, end) }, newText: '' };
  return { range: { start: from, end }, newText: '' };
}

/** What follows on the line takes the place of the field; a closing bracket keeps its distance. */
function endOfBlanks(text: string, at: number): number {
  blanksPattern.lastIndex = at;
  blanksPattern.test(text);
  const end = blanksPattern.lastIndex;
  return text[end] === '}' || text[end] === '>' ? at : end;
}
