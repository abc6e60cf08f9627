import { describe, expect, it } from 'vitest';
import { PrototxtEdit } from '../../../src/prototxt/edit';
import type { FieldSpec } from '../../../src/prototxt/fieldSpec';
import { SourceText } from '../../../src/prototxt/source';
import { applyEdits } from '../../../src/prototxt/textEdit';
import type { MessageNode } from '../../../src/prototxt/tree';
import { messagesOf, parseText } from './support';

/** Applies changes to the message whose opening bracket is the first in the text, or the file. */
function change(
  text: string,
  edit: (edit: PrototxtEdit, first: MessageNode, root: MessageNode) => void,
): string {
  const { root, diagnostics } = parseText(text);
  expect(diagnostics).toEqual([]);
  const changes = new PrototxtEdit(new SourceText('test.prototxt', text), root);
  edit(changes, messagesOf(root)[1] ?? root, root);
  const after = changes.apply();
  expect(parseText(after).diagnostics).toEqual([]);
  return after;
}

const quantization: readonly FieldSpec[] = [
  { name: 'precision', value: 'DYNAMIC_FIXED_POINT' },
  { name: 'bw_params', value: '8' },
];

describe('setScalar', () => {
  it.each<[string, string, string]>([
    ['a value', 'l { a: 1 # c\n b: 2 }', 'l { a: 9 # c\n b: 2 }'],
    ['no blanks', 'l{a:1b:2}'.replace('1b', '"x"b'), 'l{a:9 b:2}'],
    ['odd blanks', 'l {\n\ta  :   1\t;\n}', 'l {\n\ta  :   9\t;\n}'],
    ['a negative value', 'l { a: - 1.5, b: 2 }', 'l { a: 9, b: 2 }'],
    ['a string in parts', `l { a: "x" # y\n "z" b: 2 }`, 'l { a: 9 b: 2 }'],
    ['a list', 'l { a: [1, 2] b: 2 }', 'l { a: 9 b: 2 }'],
    ['an empty list', 'l { a: [] }', 'l { a: 9 }'],
    ['a message', 'l { a { x: 1 }b: 2 }', 'l { a: 9 b: 2 }'],
    ['the last of several', 'l { a: 1 a: 2 }', 'l { a: 1 a: 9 }'],
  ])('changes %s', (_, before, after) => {
    expect(change(before, (edit, first) => edit.setScalar(first, 'a', '9'))).toBe(after);
  });

  it.each<[string, string, string]>([
    ['siblings', 'l {\n    b: 1\n}\n', 'l {\n    b: 1\n    a: 9\n}\n'],
    ['tabs', 'l {\n\tb: 1\n}\n', 'l {\n\tb: 1\n\ta: 9\n}\n'],
    ['CRLF', 'l {\r\n  b: 1\r\n}\r\n', 'l {\r\n  b: 1\r\n  a: 9\r\n}\r\n'],
    ['one line', 'l { b: 1 }', 'l { b: 1 a: 9 }'],
    ['one line without blanks', 'l{b:1}', 'l{b:1 a: 9}'],
    ['one line with commas', 'l { b: 1, c: 2 }', 'l { b: 1, c: 2, a: 9 }'],
    ['one line with a last comma', 'l { b: 1, c: 2, }', 'l { b: 1, c: 2, a: 9 }'],
    ['one line with semicolons', 'l { b: 1; c: 2 }', 'l { b: 1; c: 2; a: 9 }'],
    ['an empty message', 'l {}', 'l { a: 9 }'],
    ['an empty message with blanks', 'l {  }', 'l { a: 9 }'],
    ['an empty message on lines', '  l {\n  }', '  l {\n    a: 9\n  }'],
    ['a message of comments', 'l { # c\n  # d\n}', 'l { # c\n  # d\n  a: 9\n}'],
    ['a trailing comment', 'l {\n  b: 1 # }\n}', 'l {\n  b: 1 # }\n  a: 9\n}'],
    ['a comment before the bracket', 'l {\n  b: 1\n  # end\n}', 'l {\n  b: 1\n  # end\n  a: 9\n}'],
    ['angle brackets', 'l <\n  b: 1\n>', 'l <\n  b: 1\n  a: 9\n>'],
    ['angle brackets on one line', 'l: < b: 1 >', 'l: < b: 1 a: 9 >'],
    ['a bracket after the last field', 'l { b: 1\n    c: 2 }', 'l { b: 1\n    c: 2\n    a: 9 }'],
    ['two brackets in a row', 'l { m {\n  x: 1\n} }', 'l { m {\n  x: 1\n}\n  a: 9 }'],
    ['a last field with separator', 'l {\n  b: 1\n  c: 2 ; }', 'l {\n  b: 1\n  c: 2 ;\n  a: 9 }'],
    ['a nested message', 'x: 1\n\tl {\n\t}\n', 'x: 1\n\tl {\n\t  a: 9\n\t}\n'],
    ['a list', 'l: [{ b: 1 }, { b: 2 }]', 'l: [{ b: 1 a: 9 }, { b: 2 }]'],
  ])('adds after %s', (_, before, after) => {
    expect(change(before, (edit, first) => edit.setScalar(first, 'a', '9'))).toBe(after);
  });

  it.each<[string, string, string]>([
    ['nothing', '', 'a: 9\n'],
    ['a byte order mark', '\uFEFF', '\uFEFFa: 9\n'],
    ['a line', 'b: 1\n', 'b: 1\na: 9\n'],
    ['a CRLF line', 'b: 1\r\n', 'b: 1\r\na: 9\r\n'],
    ['a line without end', 'b: 1', 'b: 1\na: 9'],
    ['a comment without end', 'b: 1 # c', 'b: 1 # c\na: 9'],
    ['blanks on the last line', 'b: 1\n  ', 'b: 1\na: 9\n  '],
  ])('adds to a file of %s', (_, before, after) => {
    expect(change(before, (edit, __, root) => edit.setScalar(root, 'a', '9'))).toBe(after);
  });

  it('finds the indent unit in the file', () => {
    const before = 'l {\n   m {\n      x: 1\n   }\n   n {\n   }\n}\n';
    const after = change(before, (edit, first) => {
      const n = first.fields[1]?.values[0];
      if (n?.kind === 'message') edit.setScalar(n, 'a', '9');
    });
    expect(after).toBe('l {\n   m {\n      x: 1\n   }\n   n {\n      a: 9\n   }\n}\n');
  });
});

describe('setMessage', () => {
  const block = '  q {\n    precision: DYNAMIC_FIXED_POINT\n    bw_params: 8\n  }\n';
  const line = 'q { precision: DYNAMIC_FIXED_POINT bw_params: 8 }';

  it.each<[string, string, string]>([
    ['to lines', 'l {\n  b: 1\n}\n', `l {\n  b: 1\n${block}}\n`],
    ['to CRLF lines', 'l {\r\n  b: 1\r\n}', `l {\r\n  b: 1\r\n${block.replace(/\n/g, '\r\n')}}`],
    ['to tabs', 'l {\n\tb: 1\n}', `l {\n\tb: 1\n${block.replace(/ {2}/g, '\t')}}`],
    ['to one line', 'l { b: 1 }', `l { b: 1 ${line} }`],
    ['to an empty message', 'l {}', `l { ${line} }`],
    ['over lines', 'l {\n  q {\n    x: 1 # y\n  } # z\n}', `l {\n${block.trimEnd()} # z\n}`],
    ['over one line', 'l {\n  q { x: 1 } # z\n}', `l {\n  ${line} # z\n}`],
    ['over angle brackets', 'l { q: < x: 1 > }', `l { q: < ${line.slice(4, -2)} > }`],
    ['over a list', 'l { q: [{ x: 1 }] }', `l { ${line} }`],
    ['over a scalar', 'l {\n  q: 1 # z\n}', `l {\n${block.trimEnd()} # z\n}`],
  ])('writes %s', (_, before, after) => {
    expect(change(before, (edit, first) => edit.setMessage(first, 'q', quantization))).toBe(after);
  });

  it('nests', () => {
    const body = [{ name: 'f', value: [{ name: 'type', value: '"x"' }] }];
    expect(change('l {\n}\n', (edit, first) => edit.setMessage(first, 'p', body))).toBe(
      'l {\n  p {\n    f {\n      type: "x"\n    }\n  }\n}\n',
    );
    expect(change('l { }', (edit, first) => edit.setMessage(first, 'p', body))).toBe(
      'l { p { f { type: "x" } } }',
    );
    expect(change('l { }', (edit, first) => edit.setMessage(first, 'p', []))).toBe('l { p { } }');
  });
});

describe('several changes', () => {
  it('go together', () => {
    const before = 'l {\n  name: "c" # the first\n  type: "Convolution"\n  a: 1\n}\nl2 { x: 1 }\n';
    const after = change(before, (edit, first, root) => {
      edit.setScalar(first, 'type', '"ConvolutionRistretto"');
      edit.setMessage(first, 'q', [{ name: 'bw', value: '8' }]);
      edit.setScalar(first, 'r', '1');
      edit.setScalar(root, 'name', '"n"');
    });
    expect(after).toBe(
      'l {\n  name: "c" # the first\n  type: "ConvolutionRistretto"\n' +
        '  a: 1\n  q {\n    bw: 8\n  }\n  r: 1\n}\nl2 { x: 1 }\nname: "n"\n',
    );
  });

  it('to one field: the last holds', () => {
    const edited = change('l { a: 1 }', (edit, first) => {
      edit.setScalar(first, 'a', '2').setScalar(first, 'a', '3');
    });
    expect(edited).toBe('l { a: 3 }');
  });

  it('cannot lie within each other', () => {
    const { root } = parseText('l { m { a: 1 } }');
    const [, first, inner] = messagesOf(root);
    const edit = new PrototxtEdit(new SourceText('t', 'l { m { a: 1 } }'), root);
    if (first === undefined || inner === undefined) throw new Error('Expected two messages');
    edit.setMessage(first, 'm', []).setScalar(inner, 'a', '2');
    expect(() => edit.apply()).toThrow('overlaps');
  });

  it('cannot add to a message without end', () => {
    const { root } = parseText('l { a: 1');
    const edit = new PrototxtEdit(new SourceText('t', 'l { a: 1'), root);
    edit.setScalar(messagesOf(root)[1] ?? root, 'b', '2');
    expect(() => edit.apply()).toThrow('without end');
  });
});

describe('applyEdits', () => {
  const at = (start: number, end: number, newText: string) => ({ range: { start, end }, newText });

  it('applies edits in any order', () => {
    expect(applyEdits('abcdef', [at(4, 6, 'X'), at(0, 1, ''), at(2, 2, '+')])).toBe('b+cdX');
  });

  it('keeps the order of inserts at one place', () => {
    expect(applyEdits('ab', [at(1, 1, '1'), at(1, 1, '2'), at(1, 2, 'B')])).toBe('a12B');
  });

  it.each([
    [[at(0, 2, ''), at(1, 3, '')]],
    [[at(0, 2, ''), at(1, 1, 'x')]],
    [[at(3, 9, '')]],
    [[at(2, 1, '')]],
    [[at(-1, 1, '')]],
  ])('rejects %j', (edits) => {
    expect(() => applyEdits('abcd', edits)).toThrow('overlaps or is out of range');
  });
});
