import type { FieldNode, MessageNode } from './tree';

/** How a file is laid out, for new text to look like the rest. */
export interface Layout {
  readonly lineEnd: '\n' | '\r\n';
  /** What one level of nesting adds in front of a line. */
  readonly indentUnit: string;
}

/** Finds the layout; two spaces and `\n` where the text does not tell. */
export function detectLayout(text: string, root: MessageNode): Layout {
  const lineEnd = /\r?\n/.exec(text)?.[0] === '\r\n' ? '\r\n' : '\n';
  return { lineEnd, indentUnit: findIndentUnit(text, root) ?? '  ' };
}

function findIndentUnit(text: string, message: MessageNode): string | undefined {
  for (const field of message.fields) {
    const outer = ownLineIndent(text, field.range.start);
    for (const value of field.values) {
      if (value.kind !== 'message') continue;
      const inner = siblingIndent(text, value);
      if (outer !== undefined && inner !== undefined && isDeeper(inner, outer)) {
        return inner.slice(outer.length);
      }
      const nested = findIndentUnit(text, value);
      if (nested !== undefined) return nested;
    }
  }
  return undefined;
}

function isDeeper(inner: string, outer: string): boolean {
  return inner.length > outer.length && inner.startsWith(outer);
}

/** Offset of the first character of the line that `at` is on. */
export function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

/** The blanks that start the line of `at`. */
export function lineIndent(text: string, at: number): string {
  const start = lineStart(text, at);
  return /^[ \t]*/.exec(text.slice(start, at))?.[0] ?? '';
}

/** The blanks in front of `at` where nothing else precedes it on its line. */
function ownLineIndent(text: string, at: number): string | undefined {
  const before = text.slice(lineStart(text, at), at).replace(/^\uFEFF/, '');
  return /^[ \t]*$/.test(before) ? before : undefined;
}

/** The blanks in front of the last field of a message that starts a line. */
export function siblingIndent(text: string, message: MessageNode): string | undefined {
  for (const field of [...message.fields].reverse()) {
    const indent = ownLineIndent(text, field.range.start);
    if (indent !== undefined) return indent;
  }
  return undefined;
}

/** What a new line in a message starts with. */
export function fieldIndent(text: string, message: MessageNode, layout: Layout): string {
  const sibling = siblingIndent(text, message);
  if (sibling !== undefined) return sibling;
  if (message.open === undefined) return '';
  return lineIndent(text, message.open) + layout.indentUnit;
}

/** Whether a message, brackets and all, is on one line. */
export function isOneLine(text: string, message: MessageNode): boolean {
  if (message.open === undefined || message.close === undefined) return false;
  return !text.slice(message.open, message.close).includes('\n');
}

/** The separator that fields of a one-line message have between them: `,`, `;` or nothing. */
export function separatorBetween(text: string, fields: readonly FieldNode[]): string {
  const last = fields.at(-1);
  const previous = fields.at(-2);
  if (previous === undefined || last === undefined) return '';
  return /^\s*([,;])/.exec(text.slice(previous.range.end, last.range.start))?.[1] ?? '';
}

/** Whether a part of a line holds nothing. */
export function isBlankText(text: string): boolean {
  return /^[ \t]*$/.test(text);
}

/** Offset after the last character before `at` that is no space or tab. */
export function trimEnd(text: string, at: number): number {
  while (text[at - 1] === ' ' || text[at - 1] === '\t') at--;
  return at;
}
