import { describe, expect, it } from 'vitest';
import { shown } from '../../../src/base/shown';

describe('what a terminal would obey', () => {
  it.each([
    ['a window title', '\x1b]0;owned\x07', '\\x1b]0;owned\\x07'],
    ['a cleared screen', '\x1b[2J', '\\x1b[2J'],
    ['the same in one character', '\x9b2J', '\\x9b2J'],
    ['a bell, a backspace, a delete', '\x07\b\x7f', '\\x07\\x08\\x7f'],
    ['a line that is written over', 'a\rb', 'a\\x0db'],
    ['lines of its own', 'a\nb\u2028c\u2029d\x85e', 'a\\x0ab\\u2028c\\u2029d\\x85e'],
    ['text turned round', 'a\u202eb\u202c\u2066c\u2069', 'a\\u202eb\\u202c\\u2066c\\u2069'],
    ['marks of direction', '\u200e\u200f\u061c', '\\u200e\\u200f\\u061c'],
  ])('%s is written as an escape', (_, text, safe) => expect(shown(text)).toBe(safe));

  it('other text stays as it is', () => {
    const text = 'conv1/7x7_s2 "naïve" 卷积 \\x1b 🙂 → ±';
    expect(shown(text)).toBe(text);
  });

  it('so do the characters that are named', () =>
    expect(shown('a\tb\nc', '\t')).toBe('a\tb\\x0ac'));
});
