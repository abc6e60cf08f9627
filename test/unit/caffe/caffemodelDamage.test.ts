import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { readCaffemodel } from '../../../src/caffe/caffemodel';
import { writeCaffemodel } from '../../../src/caffe/writeCaffemodel';
import { UserError } from '../../../src/base/userError';
import {
  errorOf,
  field,
  folder,
  message,
  net,
  netOfBlob,
  read,
  saved,
  schema,
  small,
} from './caffemodelFixture';

describe('readCaffemodel on files that are no good', () => {
  const code = (file: string) => errorOf(() => readCaffemodel(file)).code;
  const codeOf = (bytes: Uint8Array | string) => code(saved(bytes));

  it('a missing file, a folder', () => {
    expect(code(path.join(folder, 'none.caffemodel'))).toBe('caffemodel/missing');
    expect(code(path.join(saved('a'), 'below-a-file'))).toBe('caffemodel/missing');
    expect(code(folder)).toBe('caffemodel/missing');
    expect(errorOf(() => readCaffemodel(folder)).message).toContain('a folder');
  });

  it('files of other kinds', () => {
    const other = 'caffemodel/not-a-caffemodel';
    expect(codeOf('')).toBe('caffemodel/foreign');
    expect(codeOf('name: "LeNet"\nlayer {\n}\n')).toBe(other);
    expect(codeOf(net({ name: 'no layers' }))).toBe(other);
    expect(codeOf(Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0, 0, 0))).toBe('caffemodel/foreign');
    const hdf5 = saved(Uint8Array.of(0x89, 0x48, 0x44, 0x46, 13, 10, 26, 10));
    expect(errorOf(() => readCaffemodel(hdf5)).message).toContain('HDF5');
    expect(code(hdf5)).toBe(other);
    const mean = schema
      .lookupType('caffe.BlobProto')
      .encode({ num: 1, data: [1] })
      .finish();
    expect(codeOf(mean)).toBe(other);
  });

  it('says where: file, byte and layer', () => {
    const file = path.join(folder, 'cut.caffemodel');
    writeCaffemodel(file, small);
    const whole = readFileSync(file);
    writeFileSync(file, whole.subarray(0, whole.length - 1));
    const error = errorOf(() => readCaffemodel(file));
    expect(error.code).toBe('caffemodel/truncated');
    expect(error.place.file).toBe(file);
    expect(error.message).toMatch(/cut\.caffemodel: .*at byte \d+, in layer "naïve \\"quotes\\""/);
  });

  const invalid: Record<string, (to: protobuf.Writer) => void> = {
    'a shape that does not fit': (to) => {
      to.uint32(field(5, 2)).bytes(new Uint8Array(8));
      to.uint32(field(7, 2)).bytes(Uint8Array.of(field(1, 0), 3));
    },
    'no numbers for a scalar': () => undefined,
    'floats of a broken length': (to) => to.uint32(field(5, 2)).bytes(new Uint8Array(7)),
    'doubles of a broken length': (to) => to.uint32(field(8, 2)).bytes(new Uint8Array(12)),
    'data as varint': (to) => to.uint32(field(5, 0)).uint32(1),
    'a group': (to) => to.uint32(field(20, 3)).uint32(field(20, 4)),
    'field number 0': (to) => to.uint32(0).uint32(0),
    'a tag of more than 32 bits': (to) => to.uint64(2 ** 40).uint32(0),
    'a negative dimension': (to) => to.uint32(field(1, 0)).int32(-1),
    'a number without an end': (to) => {
      to.uint32(field(1, 0));
      for (let i = 0; i < 11; i++) to.uint32(127).bool(true);
      for (let i = 0; i < 11; i++) to.uint64(2 ** 62);
    },
    'more dimensions than Caffe allows': (to) => {
      const dims = message((shape) => shape.uint32(field(1, 2)).bytes(new Uint8Array(33).fill(1)));
      to.uint32(field(7, 2)).bytes(dims);
    },
    'a length past the end of its message': (to) => to.uint32(field(5, 2)).uint32(4),
  };
  for (const [name, write] of Object.entries(invalid)) {
    it(name, () => {
      // Bytes follow, so that running past the message is not running past the file.
      const bytes = Buffer.concat([netOfBlob(write), Buffer.alloc(64, 0x0a)]);
      const error = errorOf(() => read(bytes));
      expect(error.code).toBe('caffemodel/invalid');
      expect(error.message).toContain('in layer "l"');
    });
  }

  it.each([
    ['data', field(5, 2)],
    ['double_data', field(8, 2)],
  ])('takes no memory for %s that the file does not hold', (_, tag) => {
    const claimed = 2 ** 40;
    const blob = message((to) => to.uint32(tag).uint64(claimed));
    const layer = message((to) => {
      to.uint32(field(1, 2)).string('l');
      to.uint32(field(7, 2)).uint64(claimed + blob.length);
    });
    const total = claimed + blob.length + layer.length;
    const head = message((to) => to.uint32(field(100, 2)).uint64(total));
    const error = errorOf(() => read(Buffer.concat([head, layer, blob, Buffer.alloc(100)])));
    expect(error.code).toBe('caffemodel/truncated');
    expect(error.message).toContain('in layer "l"');
  });

  it('cut at any byte: an error, or the layers before a cut between two of them', () => {
    const file = path.join(folder, 'prefix.caffemodel');
    writeCaffemodel(file, small);
    const whole = readFileSync(file);
    const reader = protobuf.Reader.create(whole);
    const ends: number[] = [];
    while (reader.pos < reader.len) {
      reader.skipType(reader.uint32() & 7);
      ends.push(reader.pos);
    }
    for (let length = 0; length < whole.length; length++) {
      writeFileSync(file, whole.subarray(0, length));
      // The first field is the name of the net: a cut behind it leaves no layer.
      const layers = ends.indexOf(length);
      if (layers > 0) {
        expect(readCaffemodel(file).layers).toEqual(small.layers.slice(0, layers));
      } else {
        const expected = length === 0 ? 'foreign' : layers === 0 ? 'not-a-caffemodel' : 'truncated';
        // Within the first name the file is a text as far as anyone can tell.
        const text = length > 0 && length < ends[0]! ? 'not-a-caffemodel' : expected;
        expect([`caffemodel/${expected}`, `caffemodel/${text}`]).toContain(code(file));
      }
    }
  });

  it('damaged anywhere: weights or a UserError, nothing else', () => {
    const file = path.join(folder, 'fuzz.caffemodel');
    writeCaffemodel(file, small);
    const whole = readFileSync(file);
    const random = generator(12345);
    let refused = 0;
    const rounds = 4000;
    for (let round = 0; round < rounds; round++) {
      const bytes = Buffer.from(whole);
      const flips = 1 + (random() % 4);
      for (let i = 0; i < flips; i++) bytes[random() % bytes.length] = random() & 0xff;
      writeFileSync(file, bytes);
      try {
        for (const layer of readCaffemodel(file).layers) {
          for (const { shape, data } of layer.blobs) {
            expect(data.length).toBe(shape.reduce((product, dim) => product * dim, 1));
          }
        }
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(rounds / 4);
    expect(refused).toBeLessThan(rounds);
  });
});

/** Repeatable 31-bit random integers (a linear congruential generator's upper bits). */
function generator(seed: number): () => number {
  let state = BigInt(seed);
  return () => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffff_ffff_ffff_ffffn;
    return Number(state >> 33n);
  };
}
