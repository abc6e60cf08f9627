import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as h5wasm from 'h5wasm/node';
import { beforeAll, describe, expect, it } from 'vitest';
import { Hdf5File } from '../../../src/caffe/hdf5File';
import { readWeights } from '../../../src/caffe/readWeights';
import { ArraySource } from '../../../src/data/arraySource';
import { Hdf5Source, type Hdf5Options } from '../../../src/data/hdf5Source';
import { NpyFile } from '../../../src/data/npy';
import { rejectionOf, temporaryFolder, userErrorOf } from './fixtures';

const folder = temporaryFolder();
const place = { file: 'net.prototxt', line: 3, column: 1 };

function npy(
  name: string,
  descr: string,
  shape: string,
  data: Uint8Array,
  order = 'False',
): string {
  const header = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }`;
  const padded = `${header.padEnd(117)}\n`;
  const file = join(folder, name);
  const start = Buffer.from('\x93NUMPY\x01\x00\x76\x00', 'latin1');
  writeFileSync(file, Buffer.concat([start, Buffer.from(padded), data]));
  return file;
}
function readNpy(file: string): { shape: readonly number[]; data: Float32Array } {
  const array = NpyFile.open(file);
  const count = array.shape.reduce((product, dim) => product * dim, 1);
  const data = array.read(0, count);
  array.close();
  return { shape: array.shape, data };
}
const bytesOf = (data: Float32Array | Float64Array | BigInt64Array): Uint8Array =>
  new Uint8Array(data.buffer);

describe('.npy files', () => {
  it('are read whatever their numbers are', () => {
    const floats = npy('f4.npy', '<f4', '(2, 2)', bytesOf(Float32Array.of(1, 2.5, -3, 4)));
    expect(readNpy(floats)).toEqual({ shape: [2, 2], data: Float32Array.of(1, 2.5, -3, 4) });
    const doubles = npy('f8.npy', '<f8', '(2,)', bytesOf(Float64Array.of(0.1, 2)));
    expect(readNpy(doubles)).toEqual({ shape: [2], data: Float32Array.of(0.1, 2) });
    const bytes = npy('u1.npy', '|u1', '(3,)', Uint8Array.of(0, 128, 255));
    expect([...readNpy(bytes).data]).toEqual([0, 128, 255]);
    const longs = npy('i8.npy', '<i8', '(1,)', bytesOf(BigInt64Array.of(-5n)));
    expect([...readNpy(longs).data]).toEqual([-5]);
    const scalar = npy('scalar.npy', '<f4', '()', bytesOf(Float32Array.of(7)));
    expect(readNpy(scalar)).toEqual({ shape: [], data: Float32Array.of(7) });
  });

  it('are read in parts, from headers of all versions', () => {
    const header = "{'descr': '<i2', 'fortran_order': True, 'shape': (4L,), }\n";
    const file = join(folder, 'v3.npy');
    const start = Buffer.from('\x93NUMPY\x03\x00\x00\x00\x00\x00', 'latin1');
    start.writeUInt32LE(header.length, 8);
    const numbers = new Uint8Array(Int16Array.of(1, -2, 3, -4).buffer);
    writeFileSync(file, Buffer.concat([start, Buffer.from(header), numbers]));
    const array = NpyFile.open(file);
    expect([...array.read(1, 3)]).toEqual([-2, 3]);
    expect(array.shape).toEqual([4]);
    truncateSync(file, 12 + header.length + 2);
    expect(userErrorOf(() => array.read(0, 4)).message).toMatch(/v3\.npy: .* cut short/);
    array.close();
    truncateSync(file, 30);
    expect(userErrorOf(() => NpyFile.open(file)).message).toMatch(/cut short within its header/);
  });

  it.each([
    ['order.npy', '<f4', '(2, 1)', 8, 'True', 'npy/unsupported', /Fortran order/],
    ['type.npy', '<c8', '(1,)', 8, 'False', 'npy/unsupported', /of type <c8/],
    ['short.npy', '<f4', '(3,)', 8, 'False', 'npy/corrupt', /should hold 3 numbers .* has 8 bytes/],
  ])('%s is refused', (name, descr, shape, bytes, order, code, message) => {
    const error = userErrorOf(() => readNpy(npy(name, descr, shape, new Uint8Array(bytes), order)));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  it('that are something else or not there are refused', () => {
    const file = join(folder, 'text.npy');
    writeFileSync(file, 'this is no array at all');
    expect(userErrorOf(() => readNpy(file)).message).toMatch(/no \.npy file/);
    expect(userErrorOf(() => readNpy(join(folder, 'gone.npy'))).code).toBe('npy/missing');
    expect(userErrorOf(() => readNpy(folder)).message).toMatch(/this is a folder: give an array/);
  });
});

describe('inputs from arrays', () => {
  it('give as many entries a batch as the net asks for, round and round', async () => {
    const file = npy('three.npy', '<f4', '(3, 2)', bytesOf(Float32Array.of(1, 2, 3, 4, 5, 6)));
    const source = ArraySource.open([{ top: 'x', file, shape: [2, 2], place }]);
    expect(source.records).toBe(3);
    const batches = [];
    for (const index of [0, 1, 2]) batches.push([...((await source.batch(index))[0] ?? [])]);
    expect(batches).toEqual([
      [1, 2, 3, 4],
      [5, 6, 1, 2],
      [3, 4, 5, 6],
    ]);
  });

  it('of another shape name both', () => {
    const file = npy('wrong.npy', '<f4', '(3, 2)', new Uint8Array(24));
    const open = (): unknown => ArraySource.open([{ top: 'x', file, shape: [2, 5], place }]);
    expect(userErrorOf(open).message).toMatch(
      /wrong\.npy: this array has the shape \(3, 2\), but input "x" \(net\.prototxt:3\) needs \(1 or more, 5\)/,
    );
  });
});

describe('several inputs from arrays', () => {
  const input = (top: string, entries: number, perBatch: number) => {
    const numbers = Float32Array.from({ length: entries }, (_, i) => i);
    const file = npy(`${top}${entries}.npy`, '<f4', `(${entries},)`, bytesOf(numbers));
    return { top, file, shape: [perBatch], place };
  };
  const batches = async (source: ArraySource, count: number): Promise<number[][][]> => {
    const found = [];
    for (let i = 0; i < count; i++) found.push((await source.batch(i)).map((top) => [...top]));
    return found;
  };

  it('begin again together, and one of a single batch stays', async () => {
    const inputs = [input('info', 1, 1), input('data', 3, 2), input('rois', 6, 4)];
    const source = ArraySource.open(inputs);
    expect(source.records).toBe(3);
    expect(source.locations).toEqual(inputs.map(({ file }) => file));
    expect(await batches(source, 4)).toEqual([
      [[0], [0, 1], [0, 1, 2, 3]],
      [[0], [2, 0], [4, 5, 0, 1]],
      [[0], [1, 2], [2, 3, 4, 5]],
      [[0], [0, 1], [0, 1, 2, 3]],
    ]);
    await source.close();
    await source.close();
  });

  it('are refused where they would come apart', () => {
    const open = (): unknown => ArraySource.open([input('data', 10, 2), input('label', 9, 2)]);
    expect(userErrorOf(open).message).toMatch(
      /label9\.npy: .* 10 for "data" \(2 a batch\) and 9 for "label" \(2 a batch\): give as many/,
    );
  });
});

beforeAll(() => h5wasm.ready);

function hdf5(name: string, fill: (file: h5wasm.File) => void): string {
  const path = join(folder, name);
  const file = new h5wasm.File(path, 'w');
  fill(file);
  file.close();
  return path;
}

describe('HDF5 data', () => {
  const rows = (from: number, count: number, width: number): Float32Array =>
    Float32Array.from({ length: count * width }, (_, i) => from * width + i);
  const list = (name: string, ...files: string[]): Hdf5Options => {
    const path = join(folder, name);
    writeFileSync(path, files.join('\n'));
    return {
      list: path,
      find: (file) => join(folder, file),
      tops: ['data', 'label'],
      batchSize: 2,
      place,
    };
  };

  it('goes on from file to file and begins again', async () => {
    hdf5('a.h5', (file) => {
      file.create_dataset({ name: 'data', data: rows(0, 3, 4), shape: [3, 2, 2] });
      file.create_dataset({ name: 'label', data: Float64Array.of(0, 1, 2), shape: [3] });
    });
    hdf5('b.h5', (file) => {
      file.create_dataset({ name: 'data', data: rows(3, 2, 4), shape: [2, 2, 2] });
      file.create_dataset({ name: 'label', data: Int32Array.of(3, 4), shape: [2] });
    });
    const source = await Hdf5Source.open(list('two.txt', 'a.h5', 'b.h5'));
    expect(source.shapes).toEqual([[2, 2, 2], [2]]);
    expect(source.records).toBe(5);
    for (const index of [0, 1, 2, 3, 0]) {
      const [data, label] = await source.batch(index);
      const wanted = [0, 1].map((i) => (index * 2 + i) % 5);
      expect([...(label ?? [])]).toEqual(wanted);
      expect([...(data ?? [])]).toEqual(wanted.flatMap((row) => [...rows(row, 1, 4)]));
    }
    expect(await source.describe(1, 1)).toMatch(/row 0 of .*b\.h5/);
    await source.close();
  });

  it('says what a file lacks or has otherwise', async () => {
    hdf5('nolabel.h5', (file) => {
      file.create_dataset({ name: 'data', data: rows(0, 1, 4), shape: [1, 4] });
      file.create_group('other');
    });
    const lacking = await rejectionOf(() => Hdf5Source.open(list('l1.txt', 'nolabel.h5')));
    expect(lacking.message).toMatch(
      /nolabel\.h5: there is no dataset "label".*there are: data, other/,
    );
    hdf5('uneven.h5', (file) => {
      file.create_dataset({ name: 'data', data: rows(0, 2, 4), shape: [2, 4] });
      file.create_dataset({ name: 'label', data: Float32Array.of(1), shape: [1] });
    });
    const uneven = await rejectionOf(() => Hdf5Source.open(list('l2.txt', 'uneven.h5')));
    expect(uneven.message).toMatch(/"label" has 1 rows, "data" has 2/);
    hdf5('narrow.h5', (file) => {
      file.create_dataset({ name: 'data', data: rows(0, 1, 3), shape: [1, 3] });
      file.create_dataset({ name: 'label', data: Float32Array.of(1), shape: [1] });
    });
    const other = await rejectionOf(() => Hdf5Source.open(list('l3.txt', 'a.h5', 'narrow.h5')));
    expect(other.message).toMatch(/narrow\.h5: a row of "data" is 3, in the first file it is 2x2/);
    hdf5('text.h5', (file) => {
      file.create_dataset({ name: 'data', data: ['one'] });
      file.create_dataset({ name: 'label', data: Float32Array.of(1), shape: [1] });
    });
    const text = await rejectionOf(() => Hdf5Source.open(list('l4.txt', 'text.h5')));
    expect(text.message).toMatch(/"data" does not hold numbers/);
  });

  it('tells a list from an HDF5 file, and a damaged file', async () => {
    const whole = hdf5('whole.h5', (file) => file.create_group('data'));
    const direct = await rejectionOf(() => Hdf5Source.open({ ...list('x.txt'), list: whole }));
    expect(direct.message).toMatch(/source must be a text file/);
    expect((await rejectionOf(() => Hdf5Source.open(list('none.txt')))).code).toBe('list/foreign');
    truncateSync(whole, 200);
    const cut = await rejectionOf(() => Hdf5Source.open(list('cut.txt', 'whole.h5')));
    expect(cut.code).toBe('hdf5/corrupt');
    writeFileSync(join(folder, 'text.txt'), 'hello');
    const plain = await rejectionOf(() => Hdf5Source.open(list('plain.txt', 'text.txt')));
    expect(plain.message).toMatch(/this is no HDF5 file/);
  });
});

describe('a dataset', () => {
  it('may hold no numbers, one number, or whole numbers', async () => {
    const path = hdf5('kinds.h5', (file) => {
      file.create_dataset({ name: 'none', data: new Float32Array(), shape: [0, 2] });
      file.create_dataset({ name: 'one', data: Float32Array.of(3), shape: [] });
      file.create_dataset({ name: 'whole', data: BigInt64Array.of(-3n, 4n), shape: [2] });
      const packed = Float32Array.from({ length: 100 }, (_, i) => i);
      const storage = { chunks: [10], compression: 4 };
      file.create_dataset({ name: 'packed', data: packed, shape: [100], ...storage });
    });
    const file = await Hdf5File.open(path);
    const read = (name: string): number[] => [...(file.dataset(name)?.read() ?? [])];
    expect([read('none'), read('one'), read('whole')]).toEqual([[], [3], [-3, 4]]);
    expect([...(file.dataset('packed')?.readRows(9, 12) ?? [])]).toEqual([9, 10, 11]);
    expect(file.dataset('other')).toBeUndefined();
    file.close();
  });
});

describe('weights in HDF5 files', () => {
  it('are found by layer, names with slashes too', async () => {
    const path = hdf5('net.caffemodel.h5', (file) => {
      const data = file.create_group('data');
      const conv = data.create_group('conv1');
      conv.create_dataset({ name: '0', data: Float32Array.of(1, 2, 3, 4), shape: [1, 1, 2, 2] });
      conv.create_dataset({ name: '1', data: Float64Array.of(0.5), shape: [1] });
      data.create_group('empty');
      const nested = data.create_group('3a').create_group('1x1');
      nested.create_dataset({ name: '0', data: Float32Array.of(7), shape: [1] });
    });
    const weights = await readWeights(path);
    const conv = weights.byName('conv1')?.blobs;
    expect(conv?.map(({ shape }) => shape)).toEqual([[1, 1, 2, 2], [1]]);
    expect([...(conv?.[0]?.data ?? [])]).toEqual([1, 2, 3, 4]);
    expect(conv?.[1]?.data).toEqual(Float32Array.of(0.5));
    expect([...(weights.byName('3a/1x1')?.blobs[0]?.data ?? [])]).toEqual([7]);
  });

  it('may begin with the second blob where another layer owns the first', async () => {
    const path = hdf5('shared.h5', (file) => {
      const layer = file.create_group('data').create_group('fc');
      layer.create_dataset({ name: '1', data: Float32Array.of(5), shape: [1] });
      layer.create_dataset({ name: '10', data: Float32Array.of(6), shape: [1] });
      layer.create_dataset({ name: '2', data: Float32Array.of(7), shape: [1] });
    });
    const found = (await readWeights(path)).byName('fc');
    expect(found?.indices).toEqual([1, 2, 10]);
    expect(found?.blobs.map(({ data }) => data[0])).toEqual([5, 7, 6]);
  });

  it('are refused where a blob is no numbers', async () => {
    const path = hdf5('words.h5', (file) => {
      const layer = file.create_group('data').create_group('fc');
      layer.create_dataset({ name: '0', data: ['weights'] });
    });
    const error = await rejectionOf(() => readWeights(path));
    expect(error.message).toMatch(/words\.h5: the dataset "data\/fc\/0" does not hold numbers/);
  });

  it('are refused where the file is something else or damaged', async () => {
    const state = hdf5('state.h5', (file) => file.create_group('history'));
    expect((await rejectionOf(() => readWeights(state))).message).toMatch(/no group "data"/);
    const empty = hdf5('empty.h5', (file) => file.create_group('data'));
    expect((await rejectionOf(() => readWeights(empty))).message).toMatch(/no layer in this file/);
    truncateSync(empty, 100);
    expect((await rejectionOf(() => readWeights(empty))).code).toBe('hdf5/corrupt');
  });
});
