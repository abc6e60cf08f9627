import { DiagnosticList } from '../prototxt/diagnostic';
import type { SourceRange } from '../prototxt/source';
import { tokenize, type Token } from '../prototxt/tokens';
import type { MessageNode } from '../prototxt/tree';
import type { Analysis } from './analysis';
import { placeAt, type Place } from './placeAt';

/** What can be typed at an offset. */
export type CompletionPlace =
  | {
      readonly kind: 'field';
      readonly place: Place;
      /** The word to replace, possibly empty. */
      readonly range: SourceRange;
      /** Whether a colon or bracket follows already. */
      readonly hasValue: boolean;
    }
  | {
      readonly kind: 'value';
      readonly place: Place;
      readonly field: string;
      /** The word, or what is between the quotes. */
      readonly range: SourceRange;
      readonly inString: boolean;
      /** What is typed of it before the offset. */
      readonly typed: string;
    };

/**
 * Tells whether a field name or a value is to be typed at an offset. The text counts more than the
 * tree here: what is being typed is seldom whole.
 *
 * @returns undefined in comments, behind a finished value, and where nothing may stand
 */
export function completionPlace(analysis: Analysis, offset: number): CompletionPlace | undefined {
  const place = placeAt(analysis, offset);
  const { text } = analysis;
  const from = startBefore(place.message, offset);
  const part = text.slice(from, offset);
  const tokens = tokenize(part, new DiagnosticList()).slice(0, -1);
  const last = tokens.at(-1);
  if (isInComment(part, last)) return undefined;
  const touches =
    last !== undefined &&
    last.end === part.length &&
    /^(identifier|number|string)$/.test(last.kind);
  const before = touches ? tokens.slice(0, -1) : tokens;
  const field = fieldOfValue(part, before);
  if (touches && last.kind === 'string') {
    if (field === undefined || isClosed(part, last)) return undefined;
    const typed = part.slice(last.start + 1);
    const range = {
      start: offset - typed.length,
      end: endOfString(text, offset, part[last.start] ?? '"'),
    };
    return { kind: 'value', place, field, range, inString: true, typed };
  }
  if (touches && last.kind === 'number') return undefined;
  const typed = touches ? part.slice(last.start) : '';
  const range = { start: offset - typed.length, end: endOfWord(text, offset) };
  if (field !== undefined) return { kind: 'value', place, field, range, inString: false, typed };
  // A value that a blank follows, or a name without its colon.
  const previous = before.at(-1)?.kind;
  if (previous !== undefined && /^[:[-]$/.test(previous)) return undefined;
  const hasValue = /^\s*[:{<]/.test(text.slice(range.end, range.end + 40)) && typed !== '';
  return { kind: 'field', place, range, hasValue };
}

/** Where to start reading: at the last field that begins before the offset. */
function startBefore(message: MessageNode, offset: number): number {
  const { fields } = message;
  let low = 0;
  let high = fields.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((fields[middle]?.range.start ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  const previous = fields[low - 1];
  // The one before it, too: what is typed right now may be taken for a field of its own.
  const start = fields[low - 2] ?? previous;
  if (start !== undefined) return start.range.start;
  return message.open === undefined ? 0 : message.open + 1;
}

function isInComment(part: string, last: Token | undefined): boolean {
  const rest = part.slice(last?.end ?? 0);
  return rest.slice(rest.lastIndexOf('\n') + 1).includes('#');
}

/** The field whose value comes next: behind `name:`, or within `name: [a, `. */
function fieldOfValue(part: string, tokens: readonly Token[]): string | undefined {
  let at = tokens.length - 1;
  if (tokens[at]?.kind === ',' || tokens[at]?.kind === '[') {
    at = tokens.findLastIndex(({ kind }) => kind === '[' || kind === ']');
    if (tokens[at]?.kind !== '[') return undefined;
    at--;
  }
  const name = tokens[at - 1];
  if (tokens[at]?.kind !== ':' || name?.kind !== 'identifier') return undefined;
  return part.slice(name.start, name.end);
}

function isClosed(part: string, { start, end }: Token): boolean {
  if (end - start < 2 || part[end - 1] !== part[start]) return false;
  const backslashes = /\\*$/.exec(part.slice(start, end - 1))?.[0].length ?? 0;
  return backslashes % 2 === 0;
}

function endOfWord(text: string, offset: number): number {
  return offset + (/^\w*/.exec(text.slice(offset, offset + 200))?.[0].length ?? 0);
}

/** The closing quote, if the string has one on this line. */
function endOfString(text: string, offset: number, quote: string): number {
  const line = /^[^\r\n]*/.exec(text.slice(offset, offset + 500))?.[0] ?? '';
  const close = line.indexOf(quote);
  return close < 0 || line.slice(0, close).includes('#') ? offset : offset + close;
}
