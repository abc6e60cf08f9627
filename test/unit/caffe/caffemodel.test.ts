import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { readCaffemodel, type Weights } from '../../../src/caffe/caffemodel';
import { writeCaffemodel } from '../../../src/caffe/writeCaffemodel';
import {
  errorOf,
  field,
  folder,
  net,
  NetParameter,
  netOfBlob,
  read,
  repository,
  small,
} from './caffemodelFixture';

const shared = path.resolve(repository, '../shared');

describe('what writeCaffemodel writes', () => {
  it('comes back the same from readCaffemodel', () => {
    const file = path.join(folder, 'small.caffemodel');
    writeCaffemodel(file, small);
    expect(readCaffemodel(file)).toMatchObject({ path: file, layers: small.layers });
  });

  it('comes back the same from protobufjs', () => {
    const file = path.join(folder, 'small.caffemodel');
    writeCaffemodel(file, small);
    expect(
      NetParameter.toObject(NetParameter.decode(readFileSync(file)), { longs: Number }),
    ).toEqual({
      name: 'small',
      layer: [
        { name: 'data', type: 'Input' },
        {
          name: 'conv',
          type: 'Convolution',
          blobs: [
            { shape: { dim: [2, 1, 1, 2] }, data: [...small.layers[1]!.blobs[0]!.data] },
            { shape: { dim: [2] }, data: [-0, Infinity] },
          ],
        },
        {
          name: 'naïve "quotes"',
          blobs: [
            { data: [0.25] },
            { num: 1, channels: 1, height: 1, width: 3, data: [7, 8, 9] },
            { shape: { dim: [0, 300] } },
          ],
        },
      ],
    });
  });

  it('keeps numbers in blobs larger than the read window, from views into larger buffers', () => {
    const numbers = Float32Array.from({ length: 100_003 }, (_, i) => i);
    const data = numbers.subarray(3);
    const file = path.join(folder, 'large.caffemodel');
    const blobs = [{ shape: [100_000], data }];
    const layers = Array.from({ length: 3 }, (_, i) => ({ name: `l${i}`, type: 'Bias', blobs }));
    writeCaffemodel(file, { name: 'large', layers });
    for (const layer of readCaffemodel(file).layers) {
      expect(Buffer.compare(bytesOf(layer.blobs[0]!.data), bytesOf(data))).toBe(0);
      expect(layer.blobs[0]!.data.buffer.byteLength).toBe(400_000);
    }
  });

  it('is refused when a shape does not fit, and an unwritable place is a UserError', () => {
    const layer = { name: 'l', blobs: [{ shape: [3], data: new Float32Array(2) }] };
    const file = path.join(folder, 'never.caffemodel');
    expect(() => writeCaffemodel(file, { name: '', layers: [layer] })).toThrow(RangeError);
    const nowhere = path.join(folder, 'no such folder', 'a.caffemodel');
    const error = errorOf(() => writeCaffemodel(nowhere, { name: '', layers: [] }));
    expect(error.code).toBe('caffemodel/unwritable');
    expect(readdirSync(folder).filter((name) => /tmp|never/.test(name))).toEqual([]);
  });
});

const bytesOf = (floats: Float32Array): Buffer =>
  Buffer.from(floats.buffer, floats.byteOffset, floats.byteLength);

describe('readCaffemodel on the forms a blob may have', () => {
  const packed = (numbers: number[]) => bytesOf(Float32Array.from(numbers));
  const cases: Record<string, [(to: protobuf.Writer) => void, number[], number[]]> = {
    'packed data and shape': [
      (to) => {
        to.uint32(field(5, 2)).bytes(packed([1, 2]));
        to.uint32(field(7, 2)).bytes(Uint8Array.of(field(1, 2), 2, 1, 2));
      },
      [1, 2],
      [1, 2],
    ],
    'data in several packed pieces, empty ones too': [
      (to) => {
        to.uint32(field(7, 2)).bytes(Uint8Array.of(field(1, 2), 1, 6));
        to.uint32(field(5, 2)).bytes(packed([1, 2]));
        to.uint32(field(5, 2)).bytes(packed([]));
        to.uint32(field(5, 2)).bytes(packed([3, 4, 5]));
        to.uint32(field(5, 2)).bytes(packed([6]));
      },
      [6],
      [1, 2, 3, 4, 5, 6],
    ],
    'unpacked data and unpacked shape': [
      (to) => {
        for (const value of [1, 2, 3]) to.uint32(field(5, 5)).float(value);
        to.uint32(field(7, 2)).bytes(Uint8Array.of(field(1, 0), 3, field(1, 0), 1));
      },
      [3, 1],
      [1, 2, 3],
    ],
    'packed and unpacked data mixed': [
      (to) => {
        to.uint32(field(5, 5)).float(1);
        to.uint32(field(5, 2)).bytes(packed([2, 3]));
        to.uint32(field(5, 5)).float(4);
        to.uint32(field(7, 2)).bytes(Uint8Array.of(field(1, 0), 4));
      },
      [4],
      [1, 2, 3, 4],
    ],
    'packed doubles, which win over floats': [
      (to) => {
        to.uint32(field(5, 2)).bytes(packed([9]));
        to.uint32(field(8, 2)).bytes(new Uint8Array(Float64Array.of(0.1, 1e300).buffer));
        to.uint32(field(7, 2)).bytes(Uint8Array.of(field(1, 0), 2));
      },
      [2],
      [Math.fround(0.1), Infinity],
    ],
    'unpacked doubles': [
      (to) => {
        for (const value of [-1, 2]) to.uint32(field(8, 1)).double(value);
        to.uint32(field(7, 2)).bytes(Uint8Array.of(field(1, 0), 2));
      },
      [2],
      [-1, 2],
    ],
    'diff, which is skipped': [
      (to) => {
        to.uint32(field(6, 2)).bytes(packed([9, 9, 9]));
        to.uint32(field(5, 2)).bytes(packed([1]));
        to.uint32(field(9, 2)).bytes(new Uint8Array(8));
        to.uint32(field(7, 2)).bytes(Uint8Array.of(field(1, 0), 1));
      },
      [1],
      [1],
    ],
    'no shape at all: a scalar': [(to) => to.uint32(field(5, 2)).bytes(packed([5])), [], [5]],
  };
  for (const [name, [write, shape, data]] of Object.entries(cases)) {
    it(name, () => {
      const [blob] = read(netOfBlob(write)).layers[0]!.blobs;
      expect(blob).toEqual({ shape, legacyShape: false, data: Float32Array.from(data) });
      expect(blob!.data.byteLength).toBe(blob!.data.buffer.byteLength);
    });
  }

  it('more doubles than are converted at a time', () => {
    const numbers = Array.from({ length: 20_001 }, (_, i) => i / 2);
    const blobs = [{ shape: { dim: [numbers.length] }, double_data: numbers }];
    const [blob] = read(net({ layer: [{ name: 'l', blobs }] })).layers[0]!.blobs;
    expect(blob!.data).toEqual(Float32Array.from(numbers));
  });

  it('four old dimensions, which win over a shape and are 0 where absent', () => {
    const blobs = [
      { num: 1, channels: 1, height: 1, width: 2, shape: { dim: [2] }, data: [1, 2] },
      { width: 2 },
    ];
    expect(read(net({ layer: [{ name: 'l', blobs }] })).layers[0]!.blobs).toEqual([
      { shape: [1, 1, 1, 2], legacyShape: true, data: Float32Array.of(1, 2) },
      { shape: [0, 0, 0, 2], legacyShape: true, data: new Float32Array(0) },
    ]);
  });
});

describe('readCaffemodel on layers', () => {
  const blobs = [{ shape: { dim: [1] }, data: [1] }];
  const layers = [{ name: 'l', type: undefined as string | undefined, blobs: [expect.anything()] }];

  it('reads V1 layers', () => {
    const weights = read(net({ layers: [{ name: 'l', type: 4, blobs }] }));
    expect(weights.layers).toEqual([{ ...layers[0], type: 'Convolution' }]);
    expect(read(net({ layers: [{ name: 'l', type: 39, blobs }] })).layers[0]!.type).toBe(
      'Deconvolution',
    );
    expect(read(net({ layers: [{ name: 'l', type: 18 }] })).layers[0]!.type).toBe('ReLU');
    expect(read(net({ layers: [{ name: 'l', type: 99 }] })).layers[0]!.type).toBeUndefined();
    expect(read(net({ layers: [{ name: 'l', type: 0 }] })).layers[0]!.type).toBeUndefined();
  });

  it('reads V1 layers from bytes written out by hand', () => {
    const floats = [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0];
    const blob = [0x08, 1, 0x10, 1, 0x18, 1, 0x20, 2, 0x2a, 8, ...floats];
    const layer = [0x12, 1, 0x64, 0x22, 2, 0x69, 0x70, 0x28, 14, 0x32, blob.length, ...blob];
    const bytes = Uint8Array.from([0x0a, 1, 0x6e, 0x12, layer.length, ...layer]);
    const data = Float32Array.of(1, -2);
    expect(read(bytes).layers).toEqual([
      {
        name: 'ip',
        type: 'InnerProduct',
        blobs: [{ shape: [1, 1, 1, 2], legacyShape: true, data }],
      },
    ]);
  });

  it('reads V0 layers', () => {
    const weights = read(net({ layers: [{ layer: { name: 'l', type: 'conv', blobs } }] }));
    expect(weights.layers).toEqual([{ ...layers[0], type: 'Convolution' }]);
  });

  it('finds by name: the first with blobs, else the first', () => {
    const weights = read(
      net({
        layer: [
          { name: 'a', type: 'X' },
          { name: 'a', type: 'Y', blobs },
          { name: 'a', type: 'Z', blobs },
          { name: 'b', type: 'X' },
          { name: 'b', type: 'Y' },
        ],
      }),
    );
    expect(weights.byName('a')!.type).toBe('Y');
    expect(weights.byName('b')!.type).toBe('X');
    expect(weights.byName('c')).toBeUndefined();
    expect(weights.layers).toHaveLength(5);
  });

  it('skips fields it does not know, in nets and in layers', () => {
    const layer = { name: 'l', type: 'Convolution', blobs, convolution_param: { num_output: 300 } };
    const weights = read(net({ name: 'n', input: ['data'], input_dim: [1, 2], layer: [layer] }));
    expect(weights.layers).toEqual([{ ...layers[0], type: 'Convolution' }]);
  });
});

// The models of other people are not part of this project: these run where they lie beside it.
describe.skipIf(!existsSync(shared))('real models', () => {
  const weightsOf = (name: string) => readCaffemodel(path.join(shared, 'data/weights', name));
  const shapes = ({ layers }: Weights) =>
    layers
      .filter((layer) => layer.blobs.length > 0)
      .map((layer) => [layer.name, layer.type, ...layer.blobs.map((blob) => blob.shape.join('x'))]);

  it('LeNet', () => {
    expect(shapes(weightsOf('lenet_A.caffemodel'))).toEqual([
      ['conv1', 'Convolution', '20x1x5x5', '20'],
      ['conv2', 'Convolution', '50x20x5x5', '50'],
      ['ip1', 'InnerProduct', '500x800', '500'],
      ['ip2', 'InnerProduct', '10x500', '10'],
    ]);
  });

  it('CIFAR-10 quick, in V1 format', () => {
    const weights = weightsOf('cifar10_quick.caffemodel');
    expect(shapes(weights)).toContainEqual(['conv1', 'Convolution', '32x3x5x5', '1x1x1x32']);
    expect(shapes(weights)).toContainEqual(['ip1', 'InnerProduct', '1x1x64x1024', '1x1x1x64']);
    expect(weights.byName('ip2')!.blobs.every((blob) => blob.legacyShape)).toBe(true);
  });

  it('MTCNN det1', () => {
    expect(shapes(weightsOf('det1.caffemodel'))).toContainEqual(['PReLU1', 'PReLU', '10']);
  });

  it('every reference case, with the numbers that protobufjs reads', () => {
    const cases = path.join(shared, 'reference/layers');
    for (const name of readdirSync(cases)) {
      const file = path.join(cases, name, 'weights.caffemodel');
      const bytes = readFileSync(file);
      const decoded = NetParameter.toObject(NetParameter.decode(bytes), { arrays: true });
      const expected = decoded as { layer: ExpectedLayer[]; layers: ExpectedLayer[] };
      const layers = [...expected.layer, ...expected.layers];
      expect(readCaffemodel(file).layers.map(numbers), name).toEqual(
        layers.map((layer) => ({
          name: layer.name ?? layer.layer?.name,
          data: (layer.layer?.blobs ?? layer.blobs).map((blob) =>
            Float32Array.from(blob.double_data.length > 0 ? blob.double_data : blob.data),
          ),
        })),
      );
    }
  });
});

interface ExpectedLayer {
  readonly name?: string;
  readonly layer?: ExpectedLayer;
  readonly blobs: readonly { readonly data: number[]; readonly double_data: number[] }[];
}

const numbers = (layer: Weights['layers'][number]) => ({
  name: layer.name,
  data: layer.blobs.map((blob) => blob.data),
});
