import { describe, expect, it } from 'vitest';
import { DiagnosticList } from '../../../src/prototxt/diagnostic';
import { tokenize } from '../../../src/prototxt/tokens';
import { places } from './support';

function read(text: string): { tokens: string[]; faults: string[] } {
  const diagnostics = new DiagnosticList();
  const tokens = tokenize(text, diagnostics).map(({ kind, start, end }) =>
    `${kind} ${text.slice(start, end)}`.trim(),
  );
  return { tokens: tokens.slice(0, -1), faults: places(text, diagnostics.items) };
}

describe('tokens', () => {
  it.each<[string, string[]]>([
    ['', []],
    ['\uFEFFname', ['identifier name']],
    ['# only a comment', []],
    ['a # b\r\nc', ['identifier a', 'identifier c']],
    ['_a1 B', ['identifier _a1', 'identifier B']],
    ['0 7 0x1F 017 12', ['number 0', 'number 7', 'number 0x1F', 'number 017', 'number 12']],
    ['1.5 .5 1. 1e3 1E-3', ['number 1.5', 'number .5', 'number 1.', 'number 1e3', 'number 1E-3']],
    ['1f 2.5F 1e3f', ['number 1f', 'number 2.5F', 'number 1e3f']],
    ['-1', ['- -', 'number 1']],
    [`"a" 'b'`, ['string "a"', "string 'b'"]],
    [`"a\\"b" 'c"d'`, ['string "a\\"b"', `string 'c"d'`]],
    [`"# no comment"`, ['string "# no comment"']],
    ['a:{b}<>', ['identifier a', ': :', '{ {', 'identifier b', '} }', '< <', '> >']],
    ['[x.y/z],;', ['[ [', 'identifier x', '. .', 'identifier y', '/ /', 'identifier z', '] ]', ', ,', '; ;']], // prettier-ignore
    ['a\t\v\fb', ['identifier a', 'identifier b']],
  ])('%j', (text, tokens) => {
    expect(read(text)).toEqual({ tokens, faults: [] });
  });

  it.each<[string, string[], string[]]>([
    ['0x', ['number 0x'], ['1:1 syntax/bad-number']],
    ['08', ['number 08'], ['1:1 syntax/bad-number']],
    ['00.5', ['number 00.5'], ['1:1 syntax/bad-number']],
    ['1.2.3', ['number 1.2.3'], ['1:1 syntax/bad-number']],
    ['0x1.5', ['number 0x1.5'], ['1:1 syntax/bad-number']],
    ['a 1e', ['identifier a', 'number 1e'], ['1:3 syntax/bad-number']],
    ['1e+', ['number 1e+'], ['1:1 syntax/bad-number']],
    ['20bias', ['number 20', 'identifier bias'], ['1:1 syntax/missing-space']],
    ['"a\nb', ['string "a', 'identifier b'], ['1:1 syntax/unterminated-string']],
    ['"a\r\nb', ['string "a', 'identifier b'], ['1:1 syntax/unterminated-string']],
    ['"a\\\nb', ['string "a\\', 'identifier b'], ['1:1 syntax/unterminated-string']],
    ["'", ["string '"], ['1:1 syntax/unterminated-string']],
    ['\n é€ a', ['invalid é€', 'identifier a'], ['2:2 syntax/invalid-character']],
    ['a = 1', ['identifier a', 'invalid =', 'number 1'], ['1:3 syntax/invalid-character']],
    ['a\u0000', ['identifier a', 'invalid \u0000'], ['1:2 syntax/invalid-character']],
  ])('reports %j', (text, tokens, faults) => {
    expect(read(text)).toEqual({ tokens, faults });
  });
});
