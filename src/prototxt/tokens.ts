import { describeCharacter } from '../base/shown';
import type { DiagnosticList } from './diagnostic';
import type { SourceRange } from './source';

/** Punctuation is its own kind. */
export type TokenKind =
  | 'identifier'
  | 'number'
  | 'string'
  | '{'
  | '}'
  | '<'
  | '>'
  | '['
  | ']'
  | ':'
  | ';'
  | ','
  | '-'
  | '.'
  | '/'
  | 'invalid'
  | 'end';

/** A piece of the text that means something; blanks and comments lie between tokens. */
export interface Token extends SourceRange {
  readonly kind: TokenKind;
  /** Set for a number that an error was reported for. */
  readonly malformed?: true;
}

const punctuation = new Set<string>('{}<>[]:;,-./');
const identifierPattern = /[A-Za-z_][A-Za-z0-9_]*/y;
const numberPattern = /0[xX][0-9a-fA-F]*|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]*)?[fF]?/y;
const restOfNumberPattern = /[0-9.]+/y;

/** Splits a text into tokens, the last of kind `end`. Faults go to `diagnostics`. */
export function tokenize(text: string, diagnostics: DiagnosticList): Token[] {
  const tokens: Token[] = [];
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  for (;;) {
    at = skipBlanks(text, at);
    if (at >= text.length) break;
    const token = readToken(text, at, diagnostics);
    tokens.push(token);
    at = token.end;
  }
  tokens.push({ kind: 'end', start: text.length, end: text.length });
  return tokens;
}

/** Offset of the first character at or after `at` that is neither blank nor in a comment. */
export function skipBlanks(text: string, at: number): number {
  for (; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === 0x23) {
      const lineEnd = text.indexOf('\n', at);
      if (lineEnd < 0) return text.length;
      at = lineEnd;
    } else if (!isBlank(character)) {
      return at;
    }
  }
  return text.length;
}

function isBlank(character: number): boolean {
  return character === 0x20 || (character >= 0x09 && character <= 0x0d);
}

function readToken(text: string, start: number, diagnostics: DiagnosticList): Token {
  const character = text[start] ?? '';
  identifierPattern.lastIndex = start;
  if (identifierPattern.test(text)) {
    return { kind: 'identifier', start, end: identifierPattern.lastIndex };
  }
  numberPattern.lastIndex = start;
  if (numberPattern.test(text)) {
    return readNumber(text, start, numberPattern.lastIndex, diagnostics);
  }
  if (character === '"' || character === "'") return readString(text, start, diagnostics);
  if (punctuation.has(character)) {
    return { kind: character as TokenKind, start, end: start + 1 };
  }
  return readInvalid(text, start, diagnostics);
}

function readNumber(text: string, start: number, end: number, diagnostics: DiagnosticList): Token {
  restOfNumberPattern.lastIndex = end;
  if (restOfNumberPattern.test(text)) end = restOfNumberPattern.lastIndex;
  const fault = findNumberFault(text.slice(start, end));
  if (fault !== undefined) {
    const range = { start, end };
    diagnostics.error('syntax/bad-number', `'${text.slice(start, end)}': ${fault}`, range);
    return { kind: 'number', start, end, malformed: true };
  }
  identifierPattern.lastIndex = end;
  if (identifierPattern.test(text)) {
    const range = { start, end: identifierPattern.lastIndex };
    const message = `Expected a space after the number '${text.slice(start, end)}'`;
    diagnostics.error('syntax/missing-space', message, range);
  }
  return { kind: 'number', start, end };
}

function findNumberFault(number: string): string | undefined {
  if (/^0x/i.test(number)) {
    if (number.includes('.')) return 'a hexadecimal number is an integer';
    return number.length === 2 ? 'expected hexadecimal digits after 0x' : undefined;
  }
  if (/^0[0-9]/.test(number)) {
    return /^[0-7]+$/.test(number)
      ? undefined
      : 'a number that starts with 0 is octal: expected digits from 0 to 7 only';
  }
  if (/[eE][+-]?f?$/i.test(number)) return 'expected digits after the exponent sign';
  return /\..*\.|[eE].*\.|f./i.test(number) ? 'expected one decimal point at most' : undefined;
}

function readString(text: string, start: number, diagnostics: DiagnosticList): Token {
  const quote = text.charCodeAt(start);
  let at = start + 1;
  for (; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === quote) return { kind: 'string', start, end: at + 1 };
    if (character === 0x0a) break;
    if (character === 0x5c && at + 1 < text.length && !startsLineEnd(text, at + 1)) at++;
  }
  const end = text[at - 1] === '\r' ? at - 1 : at;
  const message = `Expected a closing ${text[start] ?? ''} before the end of the line`;
  diagnostics.error('syntax/unterminated-string', message, { start, end });
  return { kind: 'string', start, end };
}

function startsLineEnd(text: string, at: number): boolean {
  return text[at] === '\n' || (text[at] === '\r' && text[at + 1] === '\n');
}

function readInvalid(text: string, start: number, diagnostics: DiagnosticList): Token {
  let end = start + 1;
  while (end < text.length && isInvalid(text, end)) end++;
  const first = String.fromCodePoint(text.codePointAt(start) ?? 0);
  const run = text.slice(start, Math.min(end, start + 20));
  const isPlain = run !== first && /^[!-~]+$/.test(run);
  const found = isPlain ? JSON.stringify(run) : describeCharacter(first);
  diagnostics.error('syntax/invalid-character', `Unexpected ${found}`, { start, end });
  return { kind: 'invalid', start, end };
}

function isInvalid(text: string, at: number): boolean {
  const character = text[at] ?? '';
  return !/[\sA-Za-z0-9_#"']/.test(character) && !punctuation.has(character);
}
