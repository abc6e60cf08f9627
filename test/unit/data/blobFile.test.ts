import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import protobuf from 'protobufjs/minimal.js';
import { describe, expect, it } from 'vitest';
import { readBlobFile } from '../../../src/data/blobFile';
import { temporaryFolder, userErrorOf } from './fixtures';

const folder = temporaryFolder();
let files = 0;

function write(build: (writer: protobuf.Writer) => void): string {
  const writer = protobuf.Writer.create();
  build(writer);
  return writeBytes(writer.finish());
}

function writeBytes(bytes: Uint8Array): string {
  const path = join(folder, `mean${files++}.binaryproto`);
  writeFileSync(path, bytes);
  return path;
}

const legacyShape = (w: protobuf.Writer) =>
  w.uint32(8).int32(1).uint32(16).int32(1).uint32(24).int32(2).uint32(32).int32(2);
const newShape = (w: protobuf.Writer) => {
  w.uint32(58).fork().uint32(10).fork();
  [1, 1, 2, 2].forEach((dim) => w.int64(dim));
  return w.ldelim().ldelim();
};
const values = [1, 2.5, -3, 4];

describe('readBlobFile', () => {
  it.each<[string, (w: protobuf.Writer) => void]>([
    [
      'legacy shape, packed floats',
      (w) => {
        legacyShape(w).uint32(42).fork();
        values.forEach((value) => w.float(value));
        w.ldelim();
      },
    ],
    [
      'shape, unpacked floats',
      (w) => {
        newShape(w);
        values.forEach((value) => w.uint32(45).float(value));
      },
    ],
    [
      'shape, packed doubles',
      (w) => {
        newShape(w).uint32(66).fork();
        values.forEach((value) => w.double(value));
        w.ldelim();
      },
    ],
  ])('reads %s', (_name, build) => {
    const path = write(build);
    const blob = readBlobFile(path);
    expect(blob).toEqual({ path, shape: [1, 1, 2, 2], data: Float32Array.from(values) });
  });

  it('names a missing file', () => {
    const error = userErrorOf(() => readBlobFile('/nowhere/mean.binaryproto'));
    expect(error.code).toBe('blob/missing');
    expect(error.message).toContain('/nowhere/mean.binaryproto: ');
  });

  it('refuses a folder', () => {
    expect(userErrorOf(() => readBlobFile(folder)).code).toMatch(/^blob\//);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['an empty file', Uint8Array.of(), /an empty file: the download or the copy broke off/],
    ['text', Buffer.from('name: "LeNet"'), /no whole BlobProto file/],
    ['a cut file', Uint8Array.of(8, 1, 16, 1, 24, 2, 32, 2, 42, 16, 0, 0), /byte 9 of its 12/],
    [
      'a wrong count',
      Uint8Array.of(8, 1, 16, 1, 24, 2, 32, 2, 42, 4, 0, 0, 0, 0),
      /shape is 1x1x2x2, but it holds 1 numbers/,
    ],
  ])('refuses %s', (_name, bytes, message) => {
    const error = userErrorOf(() => readBlobFile(writeBytes(bytes)));
    expect(error.code).toBe('blob/corrupt');
    expect(error.message).toMatch(message);
  });
});
