import { describe, expect, it } from 'vitest';
import { decodeBytes, quote } from '../../../src/prototxt/strings';
import { parseText, places } from './support';

function decode(literal: string): string | undefined {
  const value = parseText(`s: ${literal}`).root.fields[0]?.values[0];
  return value?.kind === 'scalar' ? value.value : undefined;
}

describe('strings', () => {
  it.each<[string, string]>([
    [`""`, ''],
    [`"plain"`, 'plain'],
    [`'single "double" inside'`, 'single "double" inside'],
    [`"a" 'b' "c"`, 'abc'],
    [`"a" # comment\n  "b"`, 'ab'],
    [`"\\n\\t\\r\\a\\b\\f\\v"`, '\n\t\r\x07\b\f\v'],
    [`"\\\\ \\' \\" \\?"`, `\\ ' " ?`],
    [`"\\101\\0\\7x\\1019"`, 'A\0\x07xA9'],
    [`"\\x41\\X42\\x4g\\x414"`, 'AB\x04gA4'],
    [`"\\303\\251"`, 'é'],
    [`"\\xc3" "\\xa9"`, 'é'],
    [`"\\u00e9\\U0001F600"`, 'é😀'],
    [`"\\ud83d\\ude00"`, '😀'],
    [`"naïve \\x41"`, 'naïve A'],
    [`"日本"`, '日本'],
  ])('%s', (literal, value) => {
    expect(decode(literal)).toBe(value);
    expect(parseText(`s: ${literal}`).diagnostics).toEqual([]);
  });

  it.each<[string, string]>([
    [`s: "ab\\q"`, '1:7 syntax/bad-escape'],
    [`s: "\\x"`, '1:5 syntax/bad-escape'],
    [`s: "\\400"`, '1:5 syntax/bad-escape'],
    [`s: "\\u12"`, '1:5 syntax/bad-escape'],
    [`s: "\\ud83d"`, '1:5 syntax/bad-escape'],
    [`s: "\\ude00"`, '1:5 syntax/bad-escape'],
    [`s: "\\U00110000"`, '1:5 syntax/bad-escape'],
    [`s: "\\8"`, '1:5 syntax/bad-escape'],
    [`s: "\\xff"`, '1:4 syntax/invalid-utf8'],
  ])('reports %s', (text, place) => {
    expect(places(text, parseText(text).diagnostics)).toEqual([place]);
  });

  it('keeps raw bytes for bytes fields', () => {
    expect([...decodeBytes(`"\\xff\\0" # x\n 'é'`)]).toEqual([255, 0, 0xc3, 0xa9]);
  });

  it.each(['', 'plain', 'a"b\\c', "it's", 'line\nbreak\ttab\r', '\u00011', 'é😀', '#{}'])(
    'quotes %j so that it reads back',
    (value) => {
      expect(decode(quote(value))).toBe(value);
    },
  );
});
