import { describe, expect, it } from 'vitest';
import { maximumDepth } from '../../../src/prototxt/parse';
import type { FieldNode } from '../../../src/prototxt/tree';
import { parseText, places, type Plain, toPlain, walk } from './support';

/** A compact form to compare with: `name=value`, `name=[...]` for lists, `name{...}`. */
function show(plain: Plain): string {
  return plain
    .map(({ name, isList, values }) => {
      const shown = values.map((value) =>
        typeof value === 'string' ? value.replace(/^\w+ /, '') : `{${show(value)}}`,
      );
      return isList ? `${name}=[${shown.join(' ')}]` : `${name}=${shown.join(' ')}`;
    })
    .join(' ');
}

function firstField(text: string): FieldNode {
  const [field] = parseText(text).root.fields;
  if (field === undefined) throw new Error('The text has no field');
  return field;
}

describe('parsePrototxt', () => {
  it.each<[string, string]>([
    ['', ''],
    ['name: "a"', 'name=a'],
    ['name:"a"type:"b"', 'name=a type=b'],
    ['a: 1, b: 2; c: 3', 'a=1 b=2 c=3'],
    ['a { } b: { } c <> d: < >', 'a={} b={} c={} d={}'],
    ['a { b: < c { d: 1 } > }', 'a={b={c={d=1}}}'],
    ['a: { b: 1 };c: 2', 'a={b=1} c=2'],
    ['a: [1, 2, -3]', 'a=[1 2 -3]'],
    ['a: []', 'a=[]'],
    ['a [{ b: 1 }, < b: 2 >]', 'a=[{b=1} {b=2}]'],
    ['a: ["x" "y", "z"]', 'a=[xy z]'],
    ['a: - 1.5', 'a=-1.5'],
    ['a: - # why\n inf', 'a=-inf'],
    ['a: inf b: nan c: MAX', 'a=inf b=nan c=MAX'],
    ['a\n:\n1', 'a=1'],
    ['a: MAX\nb { }', 'a=MAX b={}'],
    ['\uFEFFa: 1\r\nb: 2\r\n', 'a=1 b=2'],
    ['true: 1 inf: 2', 'true=1 inf=2'],
  ])('%j', (text, expected) => {
    const { root, diagnostics } = parseText(text);
    expect(diagnostics).toEqual([]);
    expect(show(toPlain(root))).toBe(expected);
  });

  it('remembers where everything stands', () => {
    const text = `# c\nlayer : { name: 'a' # d\n} # e`;
    const layer = firstField(text);
    const slice = ({ start, end }: { start: number; end: number }): string =>
      text.slice(start, end);
    expect(slice(layer.nameRange)).toBe('layer');
    expect(slice(layer.range)).toBe(`layer : { name: 'a' # d\n}`);
    expect(text[layer.colon ?? -1]).toBe(':');
    const [message] = layer.values;
    if (message?.kind !== 'message') throw new Error('Expected a message');
    expect(text[message.open ?? -1]).toBe('{');
    expect(text[message.close ?? -1]).toBe('}');
    expect(slice(message.range)).toBe(slice(layer.valueRange));
    const [name] = message.fields;
    expect(name?.values[0]).toMatchObject({ form: 'string', text: `'a'`, value: 'a' });
    const { root } = parseText(text);
    expect(root.range).toEqual({ start: 0, end: text.length });
    expect([root.open, root.close]).toEqual([undefined, undefined]);
  });

  it('gives a list the range of its brackets', () => {
    const text = 'dim: [ 1, 2 ];';
    const { valueRange, range, isList } = firstField(text);
    expect(text.slice(valueRange.start, valueRange.end)).toBe('[ 1, 2 ]');
    expect(text.slice(range.start, range.end)).toBe('dim: [ 1, 2 ]');
    expect(isList).toBe(true);
  });

  it('tolerates extensions with a warning', () => {
    const text = '[foo.bar]: 3 [a.b/c.d] { x: 1 } y: 2';
    const { root, diagnostics } = parseText(text);
    expect(diagnostics.map(({ severity }) => severity)).toEqual(['warning', 'warning']);
    expect(show(toPlain(root))).toBe('[foo.bar]=3 [a.b/c.d]={x=1} y=2');
  });
});

describe('syntax errors', () => {
  it.each<[string, string[], string]>([
    ['name "a"', ['1:6 syntax/expected-colon'], 'name=a'],
    ['name:\ntype: "b"', ['1:5 syntax/expected-value'], 'name= type=b'],
    ['name\ntype: "b"', ['1:1 syntax/expected-value'], 'name= type=b'],
    ['a:\nb {\n}', ['1:2 syntax/expected-value'], 'a= b={}'],
    ['a: }', ['1:4 syntax/expected-value', '1:4 syntax/unexpected-close'], 'a='],
    ['a:', ['1:2 syntax/expected-value'], 'a='],
    ['a', ['1:1 syntax/expected-value'], 'a='],
    ['a: -\nb: 1', ['1:4 syntax/expected-value'], 'a=- b=1'],
    ['a: 1;; b: 2', ['1:6 syntax/expected-field'], 'a=1 b=2'],
    ['; a: 1', ['1:1 syntax/expected-field'], 'a=1'],
    ['a: 1 2 3 b: 4', ['1:6 syntax/expected-field'], 'a=1 b=4'],
    ['a: 1 { x: 1 } b: 2', ['1:6 syntax/expected-field'], 'a=1 b=2'],
    ['a: 1 } b: 2', ['1:6 syntax/unexpected-close'], 'a=1 b=2'],
    ['a { b: 1 > c: 2', ['1:10 syntax/mismatched-close'], 'a={b=1} c=2'],
    ['x: 1\na {\n  b: 1\n', ['2:3 syntax/unclosed-message'], 'x=1 a={b=1}'],
    ['a { b { c: 1 }', ['1:3 syntax/unclosed-message'], 'a={b={c=1}}'],
    // A message at the start of a line ends those that are open, unless nothing is indented.
    [
      'a {\n  b { c: 1\na { d: 2 }\n',
      ['1:3 syntax/unclosed-message', '2:5 syntax/unclosed-message'],
      'a={b={c=1}} a={d=2}',
    ],
    ['a {\nb { c: 1 }\nb { c: 2 }\n', ['1:3 syntax/unclosed-message'], 'a={} b={c=1} b={c=2}'],
    [
      'a {\nb { c: 1 }\n}\na {\nb { c: 2 }\n',
      ['4:3 syntax/unclosed-message'],
      'a={b={c=1}} a={b={c=2}}',
    ],
    ['a: [1, 2,]', ['1:10 syntax/expected-value'], 'a=[1 2]'],
    ['a: [1 2]', ['1:7 syntax/expected-comma'], 'a=[1 2]'],
    ['a: [1, 2\nb: 3', ['1:4 syntax/unclosed-list'], 'a=[1 2] b=3'],
    ['m { a: [1, 2 }', ['1:8 syntax/unclosed-list'], 'm={a=[1 2]}'],
    ['a: [', ['1:4 syntax/unclosed-list'], 'a=[]'],
    ['a: [[1], 2]', ['1:5 syntax/expected-value'], 'a=[2]'],
    ['a [1]', ['1:3 syntax/expected-colon'], 'a=[1]'],
    ['a: [,1]', ['1:5 syntax/expected-value'], 'a=[1]'],
    ['a: ]', ['1:4 syntax/expected-value', '1:4 syntax/expected-field'], 'a='],
    ['[foo: 1', ['1:1 syntax/expected-field'], ''],
    ['a: 1 = 2 b: 3', ['1:6 syntax/invalid-character'], 'a=1 b=3'],
    ['name: "conv1\ntype: "x"', ['1:7 syntax/unterminated-string'], 'name=conv1 type=x'],
    ['a: 1.2.3 b: 2', ['1:4 syntax/bad-number'], 'a=1.2.3 b=2'],
    ['n { o:20b:true }', ['1:7 syntax/missing-space'], 'n={o=20 b=true}'],
  ])('%j', (text, expected, tree) => {
    const { root, diagnostics } = parseText(text);
    expect(places(text, diagnostics)).toEqual(expected);
    expect(show(toPlain(root))).toBe(tree);
  });

  it('reports each of several faults, in file order', () => {
    const text = 'layer { name "a" }\nlayer { type: }\nlayer { bad ! }\nlayer { top: "t" }';
    const { root, diagnostics } = parseText(text);
    expect(places(text, diagnostics)).toEqual([
      '1:14 syntax/expected-colon',
      '2:15 syntax/expected-value',
      '3:13 syntax/invalid-character',
      '3:13 syntax/expected-value',
    ]);
    expect(show(toPlain(root))).toContain('layer={top=t}');
  });

  it('says what was found and what was expected', () => {
    const messages = (text: string): string[] =>
      parseText(text).diagnostics.map(({ message }) => message);
    expect(messages('name "a"')).toEqual([`Expected ':' after 'name', found "a"`]);
    expect(messages('name:')).toEqual([`Expected a value for 'name', found the end of the file`]);
    expect(messages('a { b: 1 >')).toEqual([`Expected '}', found '>'`]);
  });

  it.each([
    ['{', 'a {', '}'],
    ['<', 'a <', '>'],
    ['[', 'a: [', ']'],
    ['[{', 'a [{', '}]'],
  ])('survives 10,000 levels of %s', (_, open, close) => {
    const { root, diagnostics } = parseText(`${open.repeat(10_000)}${close.repeat(10_000)} z: 1`);
    expect(diagnostics.length).toBeGreaterThan(0);
    expect(root.fields.at(-1)?.name).toBe('z');
  });

  it(`reads ${maximumDepth} levels and reports the next once`, () => {
    const nest = (levels: number): string => `${'a{'.repeat(levels)}${'}'.repeat(levels)}`;
    expect(parseText(nest(maximumDepth)).diagnostics).toEqual([]);
    const text = nest(maximumDepth + 5);
    const place = `1:${2 * maximumDepth + 2} syntax/too-deep`;
    expect(places(text, parseText(text).diagnostics)).toEqual([place]);
  });

  it('survives many fields in a row and many unclosed messages', () => {
    expect(parseText('a: 1\n'.repeat(200_000)).root.fields).toHaveLength(200_000);
    const unclosed = parseText('a {\n'.repeat(100_000));
    expect([...walk(unclosed.root)].length).toBeLessThan(1000);
  });
});
