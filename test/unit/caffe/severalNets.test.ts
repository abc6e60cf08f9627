import { said } from '../../support/said';
import { describe, expect, it } from 'vitest';
import { parseNetFile, type NetFile } from '../../../src/caffe/netFile';
import { float32 } from '../../../src/formats/float32';
import { SourceText } from '../../../src/prototxt/source';
import { rewritePrototxt } from '../../../src/quantize/rewritePrototxt';
import { errorOf } from '../../support/nets';

const net = (name: string, layer = 'c'): string =>
  `# ${name}\r\nname: "${name}"\r\nlayer {\r\n  name: "${layer}"  # é\r\n  type: "Convolution"\r\n}\r\n`;
const both = `${net('A')}\r\n${net('B')}\r\n${net('C')}`;

function read(text: string, netIndex?: number): NetFile {
  return parseNetFile(new SourceText('nets.prototxt', text), { netIndex });
}

describe('a file that defines several nets', () => {
  it('is refused where none is chosen, with their names and what to do', () => {
    const error = errorOf(() => read(both));
    expect(error.code).toBe('net/several');
    expect(said(error.said)).toBe(
      'nets.prototxt: this file defines 3 nets: "A" (line 2), "B" (line 9), "C" (line 16); choose ' +
        'one with --net=1 to --net=3',
    );
  });

  it.each([3, 7])('has no net %i', (index) => {
    const error = errorOf(() => read(both, index));
    expect(error.code).toBe('net/no-such-net');
    expect(said(error.said)).toContain(`--net=${index + 1}`);
    expect(said(error.said)).toContain('"A" (line 2), "B" (line 9), "C" (line 16)');
  });

  it('gives the net chosen, in its place', () => {
    const file = read(both, 1);
    expect(file.bound.message.name).toBe('B');
    expect(file.bound.message.layer).toHaveLength(1);
    expect(file.source.text).toHaveLength(both.length);
    const [layer] = file.bound.message.layer;
    const node = file.bound.nodes.messageNode(layer ?? {});
    expect(file.source.positionAt(node?.range.start ?? 0).line).toBe(10);
  });

  it('names the right line of an error in it, and passes over errors in the others', () => {
    const broken = both.replace('name: "A"', 'name: "A" oops: {}').replace('"C"', '"C" layer: 3');
    expect(read(broken, 1).warnings).toEqual([]);
    expect(errorOf(() => read(broken, 2)).place).toMatchObject({ line: 16 });
  });

  it.each([0, 1, 2])('net %i is written alone, with nothing but its own text', (index) => {
    const formats = { input: fixed, output: fixed, weights: fixed, bias: float32 };
    const written = rewritePrototxt(read(both, index), new Map([['c', formats]]));
    const name = 'ABC'.charAt(index);
    expect(written).toMatch(new RegExp(`^# ${name}\r\nname: "${name}"`));
    expect(
      written.replace(/ {2}quantization_param \{[^}]*\}\r\n/, '').replace('Ristretto', ''),
    ).toBe(net(name));
  });
});

const fixed = { kind: 'fixedPoint', bits: 8, fractionalLength: 4 } as const;

describe('a file that defines one net', () => {
  it.each([undefined, 0])('is read whole, netIndex %j', (index) => {
    expect(read(net('A'), index).source.text).toBe(net('A'));
  });

  it('has no second one', () => {
    expect(said(errorOf(() => read(net('A'), 1)).said)).toContain(
      'there is no net 2 in this file (--net=2), which defines 1: "A" (line 2)',
    );
  });

  it('tells a syntax error rather than that its second net is missing', () => {
    expect(errorOf(() => read('name: "A"\nlayer {', 1)).code).toMatch(/^syntax/);
  });
});
