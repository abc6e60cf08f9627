import { DiagnosticList, type Diagnostic } from './diagnostic';
import { indentUnit, planGaps, type Gap } from './formatGaps';
import { lineStart } from './layout';
import { parsePrototxt } from './parse';
import type { SourceRange, SourceText } from './source';
import type { TextEdit } from './textEdit';
import { tokenize, type Token } from './tokens';
import type { FieldNode, MessageNode } from './tree';

/**
 * Lays a text out: two spaces a level, a field a line, no more than one blank line. Only blanks
 * change: tokens and comments stay as they are and in their order. A message on one line stays there
 * if it fits. Top-level fields with a syntax error stay as they are; where a message is never closed
 * nobody can tell what belongs to it, and nothing is changed at all.
 */
export function formatDocument(source: SourceText): readonly TextEdit[] {
  return layOut(source);
}

/** Lays out the lines that a range touches. The rest of the text decides how, but does not change. */
export function formatRange(source: SourceText, { start, end }: SourceRange): readonly TextEdit[] {
  const { text } = source;
  const from = lineStart(text, start);
  const isPastLine = end > start && text[end - 1] === '\n';
  const lineEnd = text.indexOf('\n', isPastLine ? end - 1 : end);
  const to = lineEnd < 0 ? text.length : lineEnd;
  // The line ends before the range belong to the blanks of its first token.
  return layOut(source).filter(({ range }) => range.end >= from && range.end <= to);
}

/**
 * Lays out what was just finished: the message that a closing bracket ends, or the line that a line
 * end leaves. `offset` is behind the character that was typed; nothing behind it changes.
 */
export function formatOnType(
  source: SourceText,
  offset: number,
  character: string,
): readonly TextEdit[] {
  if (character === '\n') {
    const end = lineStart(source.text, offset) - 1;
    if (end < 0) return [];
    const start = lineStart(source.text, end);
    return layOut(source).filter(({ range }) => range.end >= start && range.end <= end);
  }
  const field = fieldEndingAt(parsePrototxt(source).root, offset);
  if (field === undefined) return [];
  const start = lineStart(source.text, field.range.start);
  return layOut(source).filter(({ range }) => range.end >= start && range.end < offset);
}

function fieldEndingAt(message: MessageNode, offset: number): FieldNode | undefined {
  for (const field of message.fields) {
    if (offset < field.range.start || offset > field.range.end) continue;
    for (const value of field.values) {
      const inner = value.kind === 'message' ? fieldEndingAt(value, offset) : undefined;
      if (inner !== undefined) return inner;
      if (value.range.end === offset) return field;
    }
    if (field.range.end === offset) return field;
  }
  return undefined;
}

function layOut(source: SourceText): TextEdit[] {
  const { text } = source;
  const { root, diagnostics } = parsePrototxt(source);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.some(({ code }) => code === 'syntax/unclosed-message')) return [];
  const tokens = tokenize(text, new DiagnosticList());
  const gaps = planGaps(text, root, tokens, brokenParts(root, errors));
  // One line end for the whole file, whichever way its first line happens to end.
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const edits: TextEdit[] = [];
  tokens.forEach((token, index) => {
    const gap = gaps[index];
    if (gap === undefined || gap.line === 'asIs') return;
    edits.push(...new GapWriter(text, lineEnd, tokens[index - 1], token, gap).edits());
  });
  return edits;
}

/** Each part goes from one top-level field up to the next one. */
function brokenParts({ fields, range }: MessageNode, errors: readonly Diagnostic[]): SourceRange[] {
  const starts = [range.start, ...fields.map((field) => field.range.start)];
  return starts
    .map((start, index) => ({ start, end: starts[index + 1] ?? range.end + 1 }))
    .filter(({ start, end }) =>
      errors.some((error) => error.range.start >= start && error.range.start < end),
    );
}

/** Writes the blanks between two tokens and around the comments there. */
class GapWriter {
  private readonly written: TextEdit[] = [];
  private at: number;
  /** Nothing but comments at line ends stands between this place and a bracket or the file's start. */
  private isFirst: boolean;

  constructor(
    private readonly text: string,
    private readonly lineEnd: string,
    private readonly previous: Token | undefined,
    private readonly token: Token,
    private readonly gap: Gap,
  ) {
    this.at = previous?.end ?? (text.startsWith('\uFEFF') ? 1 : 0);
    this.isFirst = previous === undefined || '{<['.includes(previous.kind);
  }

  edits(): readonly TextEdit[] {
    const { token, gap } = this;
    let hasComment = false;
    for (let hash = this.nextHash(); hash >= 0; hash = this.nextHash()) {
      this.writeComment(hash, hasComment);
      hasComment = true;
    }
    if (token.kind === 'end') {
      const isEmpty = this.previous === undefined && !hasComment;
      this.replaceUpTo(token.start, isEmpty ? '' : this.lineEnd);
    } else if (this.previous === undefined && !hasComment) {
      this.replaceUpTo(token.start, '');
    } else if (hasComment || gap.line === 'new' || (gap.line === 'keep' && this.lines(token) > 0)) {
      const mayBeApart = gap.line === 'new' && !'}>]'.includes(token.kind);
      this.beginLine(token.start, gap.depth, mayBeApart);
    } else {
      this.replaceUpTo(token.start, gap.space);
    }
    return this.written;
  }

  /** The start of the next comment before the token; to look further would be slow. */
  private nextHash(): number {
    const hash = this.text.slice(this.at, this.token.start).indexOf('#');
    return hash < 0 ? -1 : this.at + hash;
  }

  private writeComment(start: number, hasComment: boolean): void {
    const isAtFileStart = this.previous === undefined && !hasComment;
    if (isAtFileStart) this.replaceUpTo(start, '');
    else if (this.lines({ start }) === 0) this.replaceUpTo(start, ' ');
    else this.beginLine(start, this.gap.commentDepth, true);
    if (isAtFileStart) this.isFirst = false;
    const lineEnd = this.text.indexOf('\n', start);
    const line = this.text.slice(start, lineEnd < 0 ? this.text.length : lineEnd);
    this.at = start + line.trimEnd().length;
  }

  private beginLine(end: number, depth: number, mayBeApart: boolean): void {
    const isApart = mayBeApart && !this.isFirst && this.lines({ start: end }) > 1;
    this.replaceUpTo(end, this.lineEnd.repeat(isApart ? 2 : 1) + indentUnit.repeat(depth));
    this.isFirst = false;
  }

  /** How many lines end before what comes next. */
  private lines({ start }: { readonly start: number }): number {
    return this.text.slice(this.at, start).split('\n').length - 1;
  }

  private replaceUpTo(end: number, newText: string): void {
    if (this.text.slice(this.at, end) !== newText) {
      this.written.push({ range: { start: this.at, end }, newText });
    }
    this.at = end;
  }
}
