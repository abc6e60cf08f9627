import { diffLines } from 'diff';
import { DiagnosticList } from '../../prototxt/diagnostic';
import { tokenize, type Token } from '../../prototxt/tokens';
import type { DiffLine, DiffRow, DiffView, TokenKind } from '../panelMessages';

/** Unchanged lines shown on each side of a change. */
const context = 3;

type Span = DiffLine['spans'][number];

/** The change from one prototxt to another, line by line, with long unchanged runs folded. */
export function diffView(file: string, before: string, after: string): DiffView {
  const oldLines = colourLines(before);
  const newLines = colourLines(after);
  const lines: DiffLine[] = [];
  let oldAt = 0;
  let newAt = 0;
  for (const { count, added, removed } of diffLines(before, after)) {
    for (let i = 0; i < count; i++) {
      if (removed) {
        lines.push({ kind: 'removed', oldLine: oldAt + 1, spans: oldLines[oldAt] ?? [] });
        oldAt++;
      } else if (added) {
        lines.push({ kind: 'added', newLine: newAt + 1, spans: newLines[newAt] ?? [] });
        newAt++;
      } else {
        const spans = newLines[newAt] ?? [];
        lines.push({ kind: 'same', oldLine: oldAt + 1, newLine: newAt + 1, spans });
        oldAt++;
        newAt++;
      }
    }
  }
  const count = (kind: DiffLine['kind']): number => lines.filter((l) => l.kind === kind).length;
  return { file, added: count('added'), removed: count('removed'), rows: fold(lines) };
}

function fold(lines: readonly DiffLine[]): DiffRow[] {
  const rows: DiffRow[] = [];
  for (let at = 0; at < lines.length;) {
    let end = at;
    while (end < lines.length && lines[end]?.kind === 'same') end++;
    if (end === at) {
      const line = lines[at];
      if (line !== undefined) rows.push(line);
      at++;
      continue;
    }
    const from = at === 0 ? at : Math.min(at + context, end);
    const to = end === lines.length ? end : Math.max(end - context, from);
    rows.push(...lines.slice(at, from));
    // A fold of one line would take as much room as the line.
    if (to - from > 1) rows.push({ kind: 'folded', lines: lines.slice(from, to) });
    else rows.push(...lines.slice(from, to));
    rows.push(...lines.slice(to, end));
    at = end;
  }
  return rows;
}

/** Every line of a text as coloured pieces, by the language's own tokens. */
function colourLines(text: string): Span[][] {
  const pieces: { readonly start: number; readonly end: number; readonly token: TokenKind }[] = [];
  const tokens = tokenize(text, new DiagnosticList());
  let at = 0;
  tokens.forEach((token, i) => {
    pieces.push(...gapPieces(text, at, token.start));
    pieces.push({ start: token.start, end: token.end, token: kindOf(token, tokens[i + 1]) });
    at = token.end;
  });
  const lines: Span[][] = [[]];
  for (const { start, end, token } of pieces) {
    text
      .slice(start, end)
      .split('\n')
      .forEach((part, i) => {
        if (i > 0) lines.push([]);
        const shown = part.replace(/\r$/, '');
        if (shown !== '') lines.at(-1)?.push({ text: shown, token });
      });
  }
  return lines;
}

/** What lies between two tokens: blanks and comments. */
function gapPieces(
  text: string,
  start: number,
  end: number,
): { start: number; end: number; token: TokenKind }[] {
  const pieces: { start: number; end: number; token: TokenKind }[] = [];
  for (let at = start; at < end;) {
    const isComment = text[at] === '#';
    const stop = isComment ? text.indexOf('\n', at) : text.indexOf('#', at);
    const next = stop < 0 || stop > end ? end : stop;
    pieces.push({ start: at, end: next, token: isComment ? 'comment' : 'plain' });
    at = next;
  }
  return pieces;
}

function kindOf(token: Token, next: Token | undefined): TokenKind {
  switch (token.kind) {
    case 'string':
      return 'string';
    case 'number':
      return 'number';
    case 'identifier':
      return next !== undefined && [':', '{', '<'].includes(next.kind) ? 'field' : 'keyword';
    default:
      return 'plain';
  }
}
