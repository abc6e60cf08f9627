import { describe, expect, it } from 'vitest';
import { formatDocument, formatOnType, formatRange } from '../../../src/prototxt/format';
import { SourceText } from '../../../src/prototxt/source';
import { applyEdits } from '../../../src/prototxt/textEdit';

const sourceOf = (text: string): SourceText => new SourceText('a.prototxt', text);
const format = (text: string): string => applyEdits(text, formatDocument(sourceOf(text)));

/** Formats from the first `|` to the second. */
function formatMarked(marked: string): string {
  const [before = '', inside = '', after = ''] = marked.split('|');
  const text = before + inside + after;
  const range = { start: before.length, end: before.length + inside.length };
  return applyEdits(text, formatRange(sourceOf(text), range));
}

/** The text after the character before `|` was typed. */
function type(marked: string): string {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  const edits = formatOnType(sourceOf(text), offset, text[offset - 1] ?? '');
  return applyEdits(text, edits);
}

const lines = (...all: readonly string[]): string => `${all.join('\n')}\n`;

describe('formatDocument', () => {
  it('puts each field on a line, two spaces a level', () => {
    expect(format('layer {name:"a" type : "T" param{lr_mult:1\n}}')).toBe(
      lines('layer {', '  name: "a"', '  type: "T"', '  param {', '    lr_mult: 1', '  }', '}'),
    );
  });

  it('leaves short messages on one line and breaks those past 100 columns', () => {
    const short = 'layer { name: "r" include { phase: TRAIN } }\n';
    expect(format('layer{name:"r"include{phase:TRAIN}}')).toBe(short);
    const name = 'n'.repeat(100 - 'layer { name: "" }'.length);
    expect(format(`layer { name: "${name}" }`)).toBe(`layer { name: "${name}" }\n`);
    expect(format(`layer { name: "${name}n" a{b:1} }`)).toBe(
      lines('layer {', `  name: "${name}n"`, '  a { b: 1 }', '}'),
    );
  });

  it('keeps one blank line between fields, none inside of brackets or at the ends', () => {
    expect(format('\n\nname: "n"\n\n\n\nlayer {\n\n  a: 1\n\n\n  b: 2\n\n}\n\n\n')).toBe(
      lines('name: "n"', '', 'layer {', '  a: 1', '', '  b: 2', '}'),
    );
  });

  it('keeps every comment in its place', () => {
    const text = [
      '   # head\n\n\n# more\nlayer# front\n{   # open\n# first\na: 1# end   \n\n\n  # own\n b: [ # list\n',
      '1, # one\n  # two\n2 ]\nc: # value\n3\n  # before close\n}   # after\n# last',
    ].join('');
    expect(format(text)).toBe(
      lines(
        '# head',
        '',
        '# more',
        'layer # front',
        '{ # open',
        '  # first',
        '  a: 1 # end',
        '',
        '  # own',
        '  b: [ # list',
        '    1, # one',
        '    # two',
        '    2',
        '  ]',
        '  c: # value',
        '    3',
        '  # before close',
        '} # after',
        '# last',
      ),
    );
  });

  it('keeps separators, delimiters, lists and adjacent strings', () => {
    expect(
      format(`a:1,b:2;c<d:1>e:['x',"y" ]f:"a""b"\n'c' g:- 1 h:-inf [x.y] : 1 s[{a:1},<\nb:2>]`),
    ).toBe(
      lines(
        ...['a: 1,', 'b: 2;', 'c < d: 1 >', `e: ['x', "y"]`, 'f: "a" "b"', `  'c'`, 'g: -1'],
        ...['h: -inf', '[x.y]: 1', 's [{ a: 1 }, <', '  b: 2', '>]'],
      ),
    );
  });

  it('keeps the line ends of the file and its byte order mark', () => {
    expect(format('\uFEFF a:1\r\nb{\r\nc:2}')).toBe('\uFEFFa: 1\r\nb {\r\n  c: 2\r\n}\r\n');
  });

  it('makes nothing of nothing', () => {
    expect(['', ' \n\n', '\uFEFF', '# c'].map(format)).toEqual(['', '', '\uFEFF', '# c\n']);
  });

  it('leaves a field with a syntax error alone, and only that', () => {
    expect(format('a:1\nlayer{b:  c   :2}\nd  :3')).toBe('a: 1\nlayer{b:  c   :2}\nd: 3\n');
    expect(format('layer{b:  :2}\nd:3\ne:4')).toBe('layer{b:  :2}\nd: 3\ne: 4\n');
  });

  it('changes nothing where a message is never closed', () => {
    expect(format('a:1\nlayer{\nb:2\n')).toBe('a:1\nlayer{\nb:2\n');
  });

  it('gives no edit for a text that is laid out already', () => {
    expect(formatDocument(sourceOf('a: 1\n\nb {\n  c: 2\n}\n'))).toEqual([]);
  });
});

describe('formatRange', () => {
  it('changes the lines of the range only', () => {
    expect(formatMarked('a:1\n b:|2|\n c:3\n')).toBe('a:1\nb: 2\n c:3\n');
    expect(formatMarked('l {\na:1\n|b:2\n|c:3\n}\n')).toBe('l {\na:1\n  b: 2\nc:3\n}\n');
  });
});

describe('formatOnType', () => {
  it('lays out the message that a bracket closes', () => {
    expect(type('a:1\nl {\n b:1\nc { d:2\n   }|\n}\n')).toBe(
      'a:1\nl {\n b:1\n  c {\n    d: 2\n  }\n}\n',
    );
  });

  it('lays out the line that a line end leaves, without moving the cursor', () => {
    expect(type('l {\n   a:1\n|\n}\n')).toBe('l {\n  a: 1\n\n}\n');
    expect(type('a:1\n|')).toBe('a: 1\n');
  });

  it('does nothing where no message ends', () => {
    expect(type('a: "}|"\nb:1')).toBe('a: "}"\nb:1');
  });
});
