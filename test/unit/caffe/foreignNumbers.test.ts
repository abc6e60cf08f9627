import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { fromHalf } from '../../../src/caffe/halfFloat';
import { readBlobFile } from '../../../src/data/blobFile';
import { describeForeign } from '../../../src/base/foreignContent';
import { describeCharacter, shown } from '../../../src/base/shown';

const folder = mkdtempSync(path.join(tmpdir(), 'ristretto-foreign-'));
afterAll(() => rmSync(folder, { recursive: true }));

function blobOf(content: readonly number[]): readonly number[] {
  const file = path.join(folder, 'blob.binaryproto');
  writeFileSync(file, Uint8Array.from(content));
  return [...readBlobFile(file).data];
}

/** `shape { dim: 2 }`, `raw_data_type`, `raw_data`: fields 7, 10 and 12. */
const raw = (type: number, data: Uint8Array): number[] => [
  ...[0x3a, 2, 0x08, 2],
  ...[0x50, type],
  ...[0x62, data.length, ...data],
];

describe("NVIDIA Caffe's raw numbers", () => {
  it.each([
    ['double', raw(0, new Uint8Array(Float64Array.of(1.5, -2).buffer))],
    ['float', raw(1, new Uint8Array(Float32Array.of(1.5, -2).buffer))],
    ['half', raw(2, new Uint8Array(Uint16Array.of(0x3e00, 0xc000).buffer))],
  ])('%s', (_, content) => expect(blobOf(content)).toEqual([1.5, -2]));

  it('of a type without fractions are refused', () => {
    expect(() => blobOf(raw(3, new Uint8Array(8)))).toThrow('raw_data of type 3');
  });
});

it.each([
  [0x0000, 0],
  [0x0001, 2 ** -24],
  [0x03ff, 1023 * 2 ** -24],
  [0x0400, 2 ** -14],
  [0x3c00, 1],
  [0x7bff, 65504],
  [0xc000, -2],
  [0x7c00, Infinity],
  [0xfc00, -Infinity],
  [0x7e00, NaN],
])('half %i is %d', (bits, value) => expect(fromHalf(bits)).toBe(value));

it.each([
  ['<!DOCTYPE html>', /web page/],
  ['\n<html>', /web page/],
  ['version https://git-lfs.github.com/spec/v1', /Git LFS pointer/],
  ['PK\x03\x04', /zip archive/],
  ['\x1f\x8b\x08', /gzip/],
  ['', /empty file/],
])('%j is named', (start, name) =>
  expect(describeForeign(Buffer.from(start, 'latin1'))).toMatch(name),
);

it('what Caffe reads is not taken for something else', () => {
  expect(describeForeign(Buffer.from('name: "net"'))).toBeUndefined();
  expect(describeForeign(Uint8Array.of(0x0a, 3, 0x41, 0x42, 0x43))).toBeUndefined();
});

it('names are shown, not obeyed', () => {
  expect(shown('a\u001b]0;title\u0007\u202eb\nc')).toBe('a\\x1b]0;title\\x07\\u202eb\\x0ac');
  expect(shown('a\nb\u0085', '\n')).toBe('a\nb\\x85');
  expect(shown('größe_1')).toBe('größe_1');
});

it.each([
  ['\u00a0', 'no-break space (U+00A0)'],
  ['\u200b', 'zero-width space (U+200B)'],
  ['\u201c', 'left double quotation mark (U+201C)'],
  ['\u0001', 'control character (U+0001)'],
  ['ß', '"ß" (U+00DF)'],
  ['%', '"%"'],
])('%j is called %s', (character, name) => expect(describeCharacter(character)).toBe(name));
