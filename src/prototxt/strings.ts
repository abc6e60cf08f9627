import { DiagnosticList } from './diagnostic';
import type { SourceRange } from './source';
import { tokenize } from './tokens';

const simpleEscapes = new Map<string, number>([
  ['a', 0x07],
  ['b', 0x08],
  ['f', 0x0c],
  ['n', 0x0a],
  ['r', 0x0d],
  ['t', 0x09],
  ['v', 0x0b],
  ['\\', 0x5c],
  ["'", 0x27],
  ['"', 0x22],
  ['?', 0x3f],
]);
const escapePattern =
  /\\(?:([0-7]{1,3})|[xX]([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([^]))/y;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The string that adjacent literals make together. Faults go to `diagnostics`. */
export function decodeLiterals(
  text: string,
  literals: readonly SourceRange[],
  diagnostics: DiagnosticList,
): string {
  const contents = literals.map((literal) => contentOf(text, literal));
  const raw = contents.map(({ start, end }) => text.slice(start, end)).join('');
  if (!raw.includes('\\')) return raw;
  const bytes = contents.flatMap((content) => decodeContent(text, content, diagnostics));
  try {
    return strictDecoder.decode(Uint8Array.from(bytes));
  } catch {
    const range = { start: literals[0]?.start ?? 0, end: literals.at(-1)?.end ?? 0 };
    diagnostics.warning('syntax/invalid-utf8', 'The bytes of this string are not UTF-8', range);
    return decoder.decode(Uint8Array.from(bytes));
  }
}

/** The bytes of one or more adjacent literals as written, faults passed over. */
export function decodeBytes(literals: string): Uint8Array {
  const ignored = new DiagnosticList();
  const tokens = tokenize(literals, ignored).filter(({ kind }) => kind === 'string');
  return Uint8Array.from(
    tokens.flatMap((token) => decodeContent(literals, contentOf(literals, token), ignored)),
  );
}

/** A literal in double quotes whose value is `value`. */
export function quote(value: string): string {
  // eslint-disable-next-line no-control-regex
  const escaped = value.replace(/["\\\u0000-\u001f\u007f]/g, (character) => {
    if (character === '"' || character === '\\') return `\\${character}`;
    if (character === '\n') return '\\n';
    if (character === '\t') return '\\t';
    return `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`;
  });
  return `"${escaped}"`;
}

function contentOf(text: string, literal: SourceRange): SourceRange {
  const closed = literal.end - literal.start >= 2 && text[literal.end - 1] === text[literal.start];
  return { start: literal.start + 1, end: closed ? literal.end - 1 : literal.end };
}

function decodeContent(text: string, content: SourceRange, diagnostics: DiagnosticList): number[] {
  const bytes: number[] = [];
  let at = content.start;
  while (at < content.end) {
    const rest = text.slice(at, content.end);
    const escape = rest.indexOf('\\');
    const plainEnd = escape < 0 ? content.end : at + escape;
    for (const byte of encoder.encode(text.slice(at, plainEnd))) bytes.push(byte);
    if (plainEnd === content.end) break;
    at = decodeEscape(text, plainEnd, content.end, bytes, diagnostics);
  }
  return bytes;
}

/** Appends the bytes of the escape at `start`; returns where it ends. */
function decodeEscape(
  text: string,
  start: number,
  limit: number,
  bytes: number[],
  diagnostics: DiagnosticList,
): number {
  escapePattern.lastIndex = start;
  const [whole = '\\', octal, hex, short, long, simple = ''] = escapePattern.exec(text) ?? [];
  const end = Math.min(start + whole.length, limit);
  const fail = (why: string): void => {
    diagnostics.error('syntax/bad-escape', `'${text.slice(start, end)}': ${why}`, { start, end });
  };
  if (octal !== undefined) {
    const byte = parseInt(octal, 8);
    if (byte > 255) fail('an octal escape is \\377 at most');
    bytes.push(byte & 255);
  } else if (hex !== undefined) {
    bytes.push(parseInt(hex, 16));
  } else if (short !== undefined) {
    return decodeUnit(text, parseInt(short, 16), end, bytes, fail);
  } else if (long !== undefined) {
    pushCodePoint(parseInt(long, 16), bytes, fail);
  } else if (simpleEscapes.has(simple)) {
    bytes.push(simpleEscapes.get(simple) ?? 0);
  } else {
    fail('unknown escape; a backslash itself is written \\\\');
  }
  return end;
}

/** A `\u` escape, with the `\u` escape after it where both make one character. */
function decodeUnit(
  text: string,
  unit: number,
  end: number,
  bytes: number[],
  fail: (why: string) => void,
): number {
  const low = /^\\u(d[c-f][0-9a-f]{2})/i.exec(text.slice(end, end + 6))?.[1];
  if (unit >= 0xd800 && unit < 0xdc00 && low !== undefined) {
    pushCodePoint(0x10000 + ((unit - 0xd800) << 10) + (parseInt(low, 16) - 0xdc00), bytes, fail);
    return end + 6;
  }
  pushCodePoint(unit, bytes, fail);
  return end;
}

function pushCodePoint(code: number, bytes: number[], fail: (why: string) => void): void {
  if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) {
    fail('not a Unicode character');
    return;
  }
  for (const byte of encoder.encode(String.fromCodePoint(code))) bytes.push(byte);
}
