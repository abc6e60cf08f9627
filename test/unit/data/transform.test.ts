import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import protobuf from 'protobufjs/minimal.js';
import { describe, expect, it } from 'vitest';
import type { Datum } from '../../../src/data/datum';
import { SeededRandom, type RandomSource } from '../../../src/data/random';
import { Transformer, type DataPhase, type TransformOptions } from '../../../src/data/transform';
import { floats, pixels, temporaryFolder, userErrorOf } from './fixtures';

const folder = temporaryFolder();
const record = { file: '/data.mdb', index: 5, key: Buffer.from('00000005') };
const f = Math.fround;

function image(channels: number, height: number, width: number): Datum {
  return { channels, height, width, label: 0, pixels: pixels(3, channels * height * width) };
}

/** Gives the stated draws, one after the other. */
function draws(...values: number[]): RandomSource {
  return { below: () => values.shift() ?? 0 };
}

function transform(
  datum: Datum,
  options: TransformOptions,
  phase: DataPhase = 'TEST',
  random: RandomSource = draws(),
): Float32Array {
  const transformer = new Transformer(options, phase, datum);
  const { channels, height, width } = transformer.output;
  // A margin on either side shows a write out of place.
  const target = new Float32Array(channels * height * width + 2).fill(77);
  transformer.apply(datum, record, target, 1, random);
  expect([target[0], target.at(-1)]).toEqual([77, 77]);
  return target.slice(1, -1);
}

/** Caffe's loop, an output element at a time. */
function expected(
  { channels, height, width, pixels: values }: Datum,
  { crop = 0, top = 0, left = 0, mirror = false, scale = 1 },
  mean: (channel: number, index: number) => number = () => 0,
): Float32Array {
  const [h, w] = crop > 0 ? [crop, crop] : [height, width];
  const out = new Float32Array(channels * h * w);
  for (let c = 0; c < channels; c++)
    for (let y = 0; y < h; y++)
      for (let x = 0; x < w; x++) {
        const from = (c * height + top + y) * width + left + x;
        const to = (c * h + y) * w + (mirror ? w - 1 - x : x);
        out[to] = f(f(values[from]! - f(mean(c, from))) * f(scale));
      }
  return out;
}

function meanFile(name: string, dims: readonly number[], data: Float32Array): string {
  const writer = protobuf.Writer.create();
  writer.uint32(58).fork().uint32(10).fork();
  dims.forEach((dim) => writer.int64(dim));
  writer
    .ldelim()
    .ldelim()
    .uint32(42)
    .bytes(new Uint8Array(data.buffer, 0, data.byteLength));
  const path = join(folder, name);
  writeFileSync(path, writer.finish());
  return path;
}

describe('Transformer', () => {
  it('leaves bytes as they are, unsigned, without options', () => {
    expect(transform(image(3, 4, 5), {})).toEqual(Float32Array.from(pixels(3, 60)));
  });

  it('scales bytes and floats', () => {
    const options = { scale: 0.00390625 };
    const bytes = image(1, 4, 5);
    expect(transform(bytes, options)).toEqual(expected(bytes, options));
    const real = { ...bytes, pixels: floats(2, 20) };
    expect(transform(real, options)).toEqual(expected(real, options));
  });

  it('rounds to float32 after each step, scale and mean included', () => {
    const options = { scale: 0.017, meanValues: [103.94, 116.78, 123.68] };
    const datum = image(3, 9, 9);
    const out = transform(datum, options);
    expect(out).toEqual(expected(datum, options, (c) => options.meanValues[c]!));
    const inDoubles = datum.pixels.map(
      (pixel, i) => (pixel - options.meanValues[Math.floor(i / 81)]!) * 0.017,
    );
    expect(out).not.toEqual(Float32Array.from(inDoubles));
  });

  it('uses one mean_value for all channels', () => {
    const datum = image(3, 2, 2);
    expect(transform(datum, { meanValues: [100] })).toEqual(expected(datum, {}, () => 100));
    const real = { ...datum, pixels: floats(1, 12) };
    expect(transform(real, { meanValues: [0.1] })).toEqual(expected(real, {}, () => 0.1));
  });

  it.each([
    [5, 8, 7, 1, 1],
    [4, 8, 7, 2, 1],
    [7, 8, 7, 0, 0],
  ])('cuts the centre in TEST, crop %i of %ix%i', (crop, height, width, top, left) => {
    const datum = image(2, height, width);
    const out = transform(datum, { cropSize: crop, scale: 2 });
    expect(out).toEqual(expected(datum, { crop, top, left, scale: 2 }));
  });

  it('reads the mean image at the place of the crop', () => {
    const datum = image(2, 6, 8);
    const mean = Float32Array.from({ length: 96 }, (_, i) => i * 1.1);
    const options = {
      cropSize: 4,
      meanFile: meanFile('m.binaryproto', [1, 2, 6, 8], mean),
      scale: 0.3,
    };
    const at = (_: number, index: number) => mean[index]!;
    expect(transform(datum, options)).toEqual(
      expected(datum, { crop: 4, top: 1, left: 2, scale: 0.3 }, at),
    );
    const real = { ...datum, pixels: floats(4, 96) };
    expect(transform(real, { meanFile: options.meanFile })).toEqual(expected(real, {}, at));
  });

  it('takes a mean image of three axes', () => {
    const path = meanFile('three.binaryproto', [1, 2, 2], new Float32Array(4).fill(1));
    const datum = image(1, 2, 2);
    expect(transform(datum, { meanFile: path })).toEqual(expected(datum, {}, () => 1));
  });

  it('crops and mirrors at random in TRAIN: mirror is drawn first, then row and column', () => {
    const datum = image(2, 6, 8);
    const out = transform(datum, { cropSize: 4, mirror: true }, 'TRAIN', draws(1, 2, 3));
    expect(out).toEqual(expected(datum, { crop: 4, top: 2, left: 3, mirror: true }));
    const straight = transform(datum, { cropSize: 4, mirror: true }, 'TRAIN', draws(0, 0, 4));
    expect(straight).toEqual(expected(datum, { crop: 4, top: 0, left: 4 }));
  });

  it('never mirrors in TEST', () => {
    const datum = image(1, 2, 3);
    expect(transform(datum, { mirror: true }, 'TEST', draws(1))).toEqual(expected(datum, {}));
    expect(new Transformer({ mirror: true, cropSize: 2 }, 'TEST', datum).isRandom).toBe(false);
  });

  it('takes images of other sizes with a crop and no mean image, as Caffe does', () => {
    const transformer = new Transformer({ cropSize: 2 }, 'TEST', image(1, 4, 4));
    const datum = image(1, 6, 3);
    const out = new Float32Array(4);
    transformer.apply(datum, record, out, 0, draws());
    expect(out).toEqual(expected(datum, { crop: 2, top: 2, left: 0 }));
    const small = () => transformer.apply(image(1, 6, 1), record, out, 0, draws());
    expect(userErrorOf(small).message).toMatch(/record 5 .* is 1x6x1, but .*at least 2x2/);
  });

  it('names the record that has another size', () => {
    const transformer = new Transformer({}, 'TEST', image(3, 4, 4));
    const apply = () => transformer.apply(image(3, 4, 5), record, new Float32Array(60), 0, draws());
    const error = userErrorOf(apply);
    expect(error.code).toBe('transform/shape');
    expect(error.message).toBe(
      '/data.mdb: record 5 (key 00000005) is 3x4x5, but the first record is 3x4x4, and all must ' +
        'be alike: re-create the database with images of one size',
    );
  });

  it.each<[TransformOptions, string, RegExp]>([
    [{ cropSize: 5 }, 'transform/crop', /net.prototxt:3: crop_size 5 is larger .* 3x4x6/],
    [
      { meanValues: [1, 2] },
      'transform/mean',
      /net.prototxt:3: there are 2 mean_value .* 3 channels/,
    ],
    [{ meanValues: [1], meanFile: 'x' }, 'transform/mean', /both mean_file and mean_value/],
    [{ meanFile: '/nowhere/mean.binaryproto' }, 'blob/missing', /nowhere/],
  ])('refuses %j', (options, code, message) => {
    const place = { file: 'net.prototxt', line: 3 };
    const error = userErrorOf(() => new Transformer(options, 'TEST', image(3, 4, 6), place));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  it.each([[[1, 3, 6, 4]], [[1, 1, 4, 6]], [[2, 3, 4, 6]], [[]]])(
    'refuses a mean image of shape %j',
    (dims) => {
      const count = dims.reduce((product, dim) => product * dim, 1);
      const path = meanFile('wrong.binaryproto', dims, new Float32Array(count));
      const make = () => new Transformer({ meanFile: path }, 'TEST', image(3, 4, 6));
      expect(userErrorOf(make).message).toMatch(/wrong.binaryproto: .* but the images are 3x4x6/);
    },
  );
});

describe('SeededRandom', () => {
  const sequence = (...parts: number[]) => {
    const random = new SeededRandom().seed(...parts);
    return Array.from({ length: 20 }, () => random.below(100));
  };

  it('repeats for the same seed and differs for neighbours', () => {
    expect(sequence(1, 2, 3)).toEqual(sequence(1, 2, 3));
    const all = [
      [1, 2, 3],
      [1, 2, 4],
      [1, 3, 2],
      [2, 2, 3],
      [0, 0, 0],
      [0, 0, 1],
    ].map((parts) => sequence(...parts).join());
    expect(new Set(all).size).toBe(all.length);
  });

  it('draws evenly, from the first draw of a seed on', () => {
    const random = new SeededRandom();
    const counts = [0, 0, 0, 0, 0];
    for (let i = 0; i < 10_000; i++) counts[random.seed(7, i, 0).below(5)]!++;
    counts.forEach((count) => expect(Math.abs(count - 2000)).toBeLessThan(200));
  });
});
