import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { buildNet } from '../../../src/caffe/buildNet';
import { parseNetFile, readNetFile } from '../../../src/caffe/netFile';
import { SourceText } from '../../../src/prototxt/source';
import { netState } from '../../../src/caffe/phase';
import { float32 } from '../../../src/formats/float32';
import { encodeText } from '../../../src/prototxt/encoding';
import { rewritePrototxt } from '../../../src/quantize/rewritePrototxt';
import { errorOf, inputs, netOf } from '../../support/nets';

const folder = mkdtempSync(path.join(tmpdir(), 'ristretto-netfile-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = path.join(folder, 'net.prototxt');

const layer = (comment: string | Uint8Array): Buffer =>
  Buffer.concat([
    Buffer.from('name: "n" # '),
    Buffer.from(comment),
    Buffer.from('\nlayer { name: "c" type: "Convolution" }\n'),
  ]);
const gbk = Uint8Array.of(0xbe, 0xed, 0xbb, 0xfd, 0xb2, 0xe3);
const mixed = Buffer.concat([Buffer.from('é '), gbk]);
const bom = Buffer.from('\uFEFF');

describe('text that is not UTF-8', () => {
  it.each([
    ['ASCII', layer('')],
    ['UTF-8', layer('卷积层 é')],
    ['UTF-8 with a byte order mark', Buffer.concat([bom, layer('é')])],
    ['Latin-1', layer(Uint8Array.of(0xe9))],
    ['GBK', layer(gbk)],
    ['GBK after a byte order mark', Buffer.concat([bom, layer(gbk)])],
    ['a mixture', layer(mixed)],
    ['a cut off UTF-8 sequence', layer(Uint8Array.of(0xe5, 0x8d))],
    ['UTF-8 of a surrogate', layer(Uint8Array.of(0xed, 0xa0, 0x80))],
  ])('%s keeps every other byte', (_, bytes) => {
    writeFileSync(file, bytes);
    const net = readNetFile(file);
    expect(net.bound.message.layer.map(({ name }) => name)).toEqual(['c']);
    const format = { kind: 'fixedPoint', bits: 8, fractionalLength: 4 } as const;
    const formats = { input: format, output: format, weights: format, bias: float32 };
    const text = rewritePrototxt(net, new Map([['c', formats]]));
    const written = Buffer.from(encodeText(text, net.encoding));
    const undone = written
      .toString('latin1')
      .replace('Ristretto', '')
      .replace(/ quantization_param \{[^}]*\}/, '');
    expect(Buffer.from(undone, 'latin1').equals(bytes)).toBe(true);
  });

  it.each([
    ['binary', Uint8Array.of(0x0a, 0x05, 0x4c, 0x00, 0xff), 'net/binary', 'give the prototxt here'],
    ['UTF-16', Buffer.from('\uFEFFname: "x"', 'utf16le'), 'net/utf-16', 'save it as UTF-8'],
  ])('%s is refused', (_, bytes, code, message) => {
    writeFileSync(file, bytes);
    const error = errorOf(() => readNetFile(file));
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
  });
});

describe('what cannot be read', () => {
  it.each(['/dev/zero', '/dev/null'])('%s: no ordinary file', (device) => {
    expect(errorOf(() => readNetFile(device)).message).toBe(
      `${device}: this is no ordinary file: give a net definition (.prototxt)`,
    );
  });

  it.skipIf(process.platform === 'win32')('a pipe does not block', () => {
    const pipe = path.join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    expect(errorOf(() => readNetFile(pipe)).message).toContain('no ordinary file');
  });

  it('a folder, and nothing', () => {
    expect(errorOf(() => readNetFile(folder)).message).toContain(
      'this is a folder: give a net definition',
    );
    expect(errorOf(() => readNetFile('/no/where')).message).toContain(
      'there is no such file: give a net',
    );
  });
});

describe('names', () => {
  it('a blob called __proto__ is refused with its layer', () => {
    const error = errorOf(() => netOf(inputs('x') + '\n' + inputs('__proto__')));
    expect(error.code).toBe('net/blob-name');
    expect(error.message).toMatch(
      /^test\.prototxt:2:\d+: layer "__proto__": a blob cannot be called/,
    );
  });

  it('of the header give Input layers with their shapes', () => {
    const net = netOf(
      'input: "a" input: "b" input_dim: 1 input_dim: 2 input_dim: 3 input_dim: 4 ' +
        'input_dim: 5 input_dim: 6 input_dim: 7 input_dim: 8 ' +
        'layer { name: "r" type: "ReLU" bottom: "a" top: "r" }',
    );
    expect(net.layers.map(({ name, type, tops }) => [name, type, tops])).toEqual([
      ['a', 'Input', ['a']],
      ['b', 'Input', ['b']],
      ['r', 'ReLU', ['r']],
    ]);
    expect(net.layers[1]?.param.input_param?.shape[0]?.dim).toEqual([5, 6, 7, 8]);
    expect(net.layers[1]?.param.include).toEqual([]);
    expect(net.layers[1]?.place.line).toBe(1);
    writeFileSync(
      file,
      'input: "a" input_shape { dim: 7 } layer { name: "r" type: "ReLU" top: "r" }',
    );
    const [input] = buildNet(readNetFile(file), netState('TEST')).layers;
    expect(input?.param.input_param?.shape[0]?.dim).toEqual([7]);
  });

  it.each([
    [
      'input: "a"\ninput: "b" input_shape { dim: 7 }',
      'test.prototxt:2:8: input "b" has no shape: there is 1 input_shape for 2 inputs: give each one',
    ],
    [
      'input: "a" input_dim: 1 input_dim: 2 input_dim: 3 input_dim: 4\ninput: "b" input_dim: 5',
      'test.prototxt:2:8: input "b" has no shape: there are 5 input_dim for 2 inputs: give each ' +
        'four, or an input_shape',
    ],
    [
      'input: "a" input_dim: 1',
      'test.prototxt:1:8: input "a" has no shape: there is 1 input_dim for 1 inputs: give each ' +
        'four, or an input_shape',
    ],
  ])('of the header without a shape are refused: %s', (header, message) => {
    const error = errorOf(() => netOf(`${header} layer { name: "r" type: "ReLU" }`));
    expect(error.message).toBe(message);
  });

  it('of the header with no shapes at all are left to be fed', () => {
    const [input] = netOf(
      'input: "a" layer { name: "r" type: "ReLU" bottom: "a" top: "r" }',
    ).layers;
    expect(input?.param.input_param?.shape).toEqual([]);
  });
});

describe('a layer type that only a fork has, in a net of the old form', () => {
  it.each(['ROI_POOLING', 'VIDEO_DATA', 'UPSAMPLE'])('%s is named', (type) => {
    const text = `input: "d" input_dim: 1 layers { name: "x" type: ${type} bottom: "d" top: "x" }`;
    expect(() => parseNetFile(new SourceText('net.prototxt', text))).toThrow(
      `layer type ${type} is not supported under "layers"`,
    );
  });

  it('a slip is told as one', () => {
    const text = 'layers { name: "x" type: CONVOLUTON top: "x" }';
    expect(() => parseNetFile(new SourceText('net.prototxt', text))).toThrow(
      "did you mean 'CONVOLUTION'",
    );
  });
});
