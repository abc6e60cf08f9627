import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import protobuf from 'protobufjs';
import { afterAll, expect } from 'vitest';
import { readCaffemodel, type Weights } from '../../../src/caffe/caffemodel';
import { UserError } from '../../../src/base/userError';

/** The project's root. */
export const repository = path.resolve(import.meta.dirname, '../../..');

/** A temporary folder of this test file's own. */
export const folder = mkdtempSync(path.join(tmpdir(), 'caffemodel-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// protobufjs encodes and decodes here, so that reader and writer are not only held to each other.
export const schema = protobuf.parse(
  readFileSync(path.join(repository, 'proto/caffe.proto'), 'utf8'),
  {
    keepCase: true,
  },
).root;
/** The schema of the project, encoded and decoded by protobufjs. */
export const NetParameter = schema.lookupType('caffe.NetParameter');
const { Writer } = protobuf;

let files = 0;

/** Writes the bytes to a new file and returns its path. */
export function saved(bytes: Uint8Array | string): string {
  const file = path.join(folder, `${files++}.caffemodel`);
  writeFileSync(file, bytes);
  return file;
}

/** What readCaffemodel makes of these bytes. */
export const read = (bytes: Uint8Array): Weights => readCaffemodel(saved(bytes));

/** A NetParameter as protobufjs encodes it. */
export const net = (message: object): Uint8Array => NetParameter.encode(message).finish();

/** The UserError, of one line, that `action` must throw. */
export function errorOf(action: () => unknown): UserError {
  try {
    action();
  } catch (error) {
    if (error instanceof UserError) {
      expect(error.message).not.toContain('\n');
      return error;
    }
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** The tag of a field. */
export const field = (number: number, wireType: number): number => (number << 3) | wireType;

/** A message in hand-written wire format: the forms that protobufjs does not write. */
export function message(write: (to: protobuf.Writer) => void): Uint8Array {
  const to = Writer.create();
  write(to);
  return to.finish();
}

/** A net of one current layer "l" with one blob. */
export function netOfBlob(write: (to: protobuf.Writer) => void): Uint8Array {
  const layer = message((to) => {
    to.uint32(field(1, 2)).string('l');
    to.uint32(field(7, 2)).bytes(message(write));
  });
  return message((to) => to.uint32(field(100, 2)).bytes(layer));
}

/** A model with most things that a blob can be. */
export const small = {
  name: 'small',
  layers: [
    { name: 'data', type: 'Input', blobs: [] },
    {
      name: 'conv',
      type: 'Convolution',
      blobs: [
        { shape: [2, 1, 1, 2], legacyShape: false, data: Float32Array.of(1, -2.5, 0, 1e-40) },
        { shape: [2], legacyShape: false, data: Float32Array.of(-0, Infinity) },
      ],
    },
    {
      name: 'naïve "quotes"',
      type: undefined,
      blobs: [
        { shape: [], legacyShape: false, data: Float32Array.of(0.25) },
        { shape: [1, 1, 1, 3], legacyShape: true, data: Float32Array.of(7, 8, 9) },
        { shape: [0, 300], legacyShape: false, data: new Float32Array(0) },
      ],
    },
  ],
};
