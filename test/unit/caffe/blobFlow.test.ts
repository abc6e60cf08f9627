import { said } from '../../support/said';
import { describe, expect, it } from 'vitest';
import { netState } from '../../../src/caffe/phase';
import { errorOf, inputs, layer, netOf } from '../../support/nets';

/** One layer a line, so that line n holds layer n. */
const lines = (...layers: readonly string[]): string => layers.join('\n');
const relu = (name: string, bottom: string, top: string): string =>
  layer(name, 'ReLU', bottom, top);

describe('blobs that do not fit together', () => {
  it.each([
    [
      'a bottom nobody makes',
      lines(inputs('x'), relu('l', 'nothing', 'y')),
      'net/missing-bottom',
      2,
      ['layer "l": bottom "nothing" is not made by any layer of the TEST phase'],
    ],
    [
      'a bottom that only the other phase makes',
      lines(
        inputs('x'),
        layer('a', 'ReLU', 'x', 'a', 'include { phase: TRAIN }'),
        relu('l', 'a', 'y'),
      ),
      'net/missing-bottom',
      3,
      ['bottom "a" is not made by any layer of the TEST phase'],
    ],
    [
      'a bottom made later',
      lines(inputs('x'), relu('l', 'a', 'y'), relu('maker', 'x', 'a')),
      'net/missing-bottom',
      2,
      ['layer "l": bottom "a" is made only later, by layer "maker" (line 3)', 'move'],
    ],
    [
      'a layer that reads itself',
      lines(inputs('x'), relu('l', 'y', 'y')),
      'net/cycle',
      2,
      ['bottom "y" is made by the layer itself', 'cycle'],
    ],
    [
      'a cycle of two layers',
      lines(inputs('x'), relu('a', 'q', 'p'), relu('b', 'p', 'q')),
      'net/cycle',
      2,
      ['layer "a": bottom "q" is made by layer "b" (line 3)', 'cycle'],
    ],
    [
      'a cycle of three layers',
      lines(inputs('x'), relu('a', 'r', 'p'), relu('b', 'p', 'q'), relu('c', 'q', 'r')),
      'net/cycle',
      2,
      ['is made by layer "c" (line 4)'],
    ],
    [
      'a top made twice',
      lines(inputs('x'), relu('a', 'x', 'y'), relu('b', 'x', 'y')),
      'net/duplicate-top',
      3,
      ['layer "b": top "y" is already made by layer "a" (line 2)'],
    ],
    [
      'one layer with a top twice',
      lines(inputs('x'), layer('a', 'Slice', 'x', 'y y')),
      'net/duplicate-top',
      2,
      ['top "y" is already made by layer "a"'],
    ],
    [
      'in place at another index',
      lines(inputs('x', 'z'), layer('a', 'Slice', 'x z', 'z')),
      'net/duplicate-top',
      2,
      ['top "z" is already made by layer "z"'],
    ],
  ])('%s', (_, prototxt, code, line, parts) => {
    const error = errorOf(() => netOf(prototxt));
    expect(error.code).toBe(code);
    expect(error.place).toMatchObject({ file: 'test.prototxt', line });
    expect(said(error.said)).toMatch(new RegExp(`^test\\.prototxt:${line}:\\d+: `));
    for (const part of parts) expect(said(error.detail)).toContain(part);
  });

  it('takes layers that work in place, one after the other', () => {
    const net = netOf(
      inputs('x') + relu('a', 'x', 'y') + relu('b', 'y', 'y') + layer('c', 'Dropout', 'y', 'y'),
    );
    expect(net.outputs).toEqual(['y']);
  });
});

describe('net outputs', () => {
  it.each([
    ['are in alphabetical order', inputs('x') + relu('1', 'x', 'z') + relu('2', 'x', 'a'), 'a z'],
    ['include inputs nobody reads', inputs('x', 'b') + relu('1', 'x', 'c'), 'b c'],
    ['leave out what is read', inputs('x') + relu('1', 'x', 'y') + relu('2', 'y', 'z'), 'z'],
    ['hold a blob changed in place again', inputs('x') + relu('1', 'x', 'x'), 'x'],
    [
      'are ordered by bytes: upper case, digits and _ as ASCII has them',
      inputs('x') + ['a', 'B', '_', '9', 'aa'].map((top) => relu(top, 'x', top)).join(''),
      '9 B _ a aa',
    ],
    [
      'order letters beyond U+FFFF after the rest, as UTF-8 does',
      inputs('x') + relu('1', 'x', '\u{1F600}') + relu('2', 'x', '\uFB01'),
      '\uFB01 \u{1F600}',
    ],
  ])('%s', (_, prototxt, outputs) => {
    expect(netOf(prototxt).outputs).toEqual(outputs.split(' '));
  });
});

describe('inputs in the header of a file', () => {
  const readers = relu('1', 'a', 'y') + relu('2', 'b', 'z');

  it.each([
    [
      'input_dim, four a blob',
      'input: "a" input_dim: 1 input_dim: 2 input_dim: 3 input_dim: 4 ' +
        'input: "b" input_dim: 5 input_dim: 6 input_dim: 7 input_dim: 8',
      [
        [1, 2, 3, 4],
        [5, 6, 7, 8],
      ],
    ],
    [
      'input_shape',
      'input: "a" input_shape { dim: 10 dim: 3 } input: "b" input_shape { dim: 7 }',
      [[10, 3], [7]],
    ],
  ])('%s', (_, header, shapes) => {
    const net = netOf(`name: "n" ${header} ${readers}`, netState('TEST'));
    const made = net.layers.filter(({ type }) => type === 'Input');
    expect(made.map(({ tops }) => tops)).toEqual([['a'], ['b']]);
    expect(made.map(({ param }) => param.input_param?.shape[0]?.dim)).toEqual(shapes);
    expect(net.layers.slice(0, 2)).toEqual(made);
    expect(net.name).toBe('n');
    expect(net.outputs).toEqual(['y', 'z']);
  });
});
