import { inFlags, option, words } from '../base/words';
import { UserError, type ErrorPlace } from '../base/userError';
import { readBlobFile } from './blobFile';
import type { Datum, ImageShape } from './datum';
import type { RandomSource } from './random';
import { describeRecord, type RecordPlace } from './record';

/** Which way a data layer is used: crops and mirroring are random in TRAIN only. */
export type DataPhase = 'TRAIN' | 'TEST';

/** A data layer's `transform_param`; what is left out changes nothing. */
export interface TransformOptions {
  readonly scale?: number;
  readonly mirror?: boolean;
  /** Side of the square cut out of each image; 0 is none. */
  readonly cropSize?: number;
  /** Path of a mean image, already found; at most one of this and `meanValues` may be given. */
  readonly meanFile?: string | undefined;
  /** One number for all channels, or one per channel. */
  readonly meanValues?: readonly number[];
}

/**
 * Caffe's DataTransformer: `(pixel - mean) * scale` with an optional crop and mirror, in the same
 * float32 steps. One deviation: Caffe would mirror half of the images in TEST as well if asked to;
 * here TEST never does, as a score must not hang on luck.
 */
export class Transformer {
  /** Size of what {@link apply} writes, without the batch axis. */
  readonly output: ImageShape;
  /** Whether {@link apply} draws random numbers. */
  readonly isRandom: boolean;
  readonly #first: ImageShape;
  readonly #phase: DataPhase;
  readonly #crop: number;
  readonly #mirror: boolean;
  readonly #scale: number;
  /** C x H x W, of the uncropped image. */
  readonly #meanImage: Float32Array | undefined;
  /** One per channel; all 0 without a mean. */
  readonly #channelMeans: Float32Array;
  /** What each byte becomes in each channel, where no mean image is involved. */
  readonly #byteTable: Float32Array | undefined;

  /**
   * @param first size of the first image, which all others must have too (with a crop and no mean
   * image only its channels, as in Caffe)
   * @param place where the layer stands, for errors
   * @throws UserError `transform/crop`, `transform/scale`, `transform/mean`, and the `blob/...` ones of a mean file.
   */
  constructor(
    options: TransformOptions,
    phase: DataPhase,
    first: ImageShape,
    place: ErrorPlace = {},
  ) {
    this.#first = first;
    this.#phase = phase;
    this.#crop = checkedCrop(options.cropSize ?? 0, first, place);
    this.#mirror = phase === 'TRAIN' && options.mirror === true;
    this.#scale = Math.fround(options.scale ?? 1);
    const meanValues = options.meanValues ?? [];
    checkFiniteSettings(this.#scale, meanValues, place);
    if (options.meanFile !== undefined && meanValues.length > 0) {
      throw new UserError(
        'transform/mean',
        'both mean_file and mean_value are given: remove one of them',
        place,
      );
    }
    this.#meanImage =
      options.meanFile === undefined ? undefined : readMeanImage(options.meanFile, first);
    this.#channelMeans = perChannel(meanValues, first.channels, place);
    this.#byteTable = this.#meanImage === undefined ? this.#makeByteTable() : undefined;
    this.isRandom = phase === 'TRAIN' && (this.#crop > 0 || this.#mirror);
    this.output =
      this.#crop === 0
        ? first
        : { channels: first.channels, height: this.#crop, width: this.#crop };
  }

  /**
   * Writes one image into `target` from `offset` on, as C x H x W of {@link output}.
   *
   * @throws UserError `transform/shape` when the image does not fit the first one.
   */
  apply(
    datum: Datum,
    record: RecordPlace,
    target: Float32Array,
    offset: number,
    random: RandomSource,
  ): void {
    this.#checkShape(datum, record);
    // Caffe's order of draws.
    const mirrored = this.#mirror && random.below(2) === 1;
    const top = this.#cropOffset(datum.height, random);
    const left = this.#cropOffset(datum.width, random);
    const { channels, height, width } = this.output;
    let to = offset;
    for (let c = 0; c < channels; c++) {
      for (let y = 0; y < height; y++) {
        const from = (c * datum.height + top + y) * datum.width + left;
        this.#writeRow(datum.pixels, from, target, to, c);
        if (mirrored) target.subarray(to, to + width).reverse();
        to += width;
      }
    }
  }

  /** One row of the output; typed arrays round to float32 on each write. */
  #writeRow(
    pixels: Uint8Array | Float32Array,
    from: number,
    target: Float32Array,
    to: number,
    channel: number,
  ): void {
    const { width } = this.output;
    const scale = this.#scale;
    if (this.#meanImage !== undefined) {
      const mean = this.#meanImage;
      for (let x = 0; x < width; x++) {
        target[to + x] = Math.fround(pixels[from + x]! - mean[from + x]!) * scale;
      }
    } else if (this.#byteTable !== undefined && pixels instanceof Uint8Array) {
      const table = this.#byteTable;
      const row = channel * 256;
      for (let x = 0; x < width; x++) target[to + x] = table[row + pixels[from + x]!]!;
    } else {
      const mean = this.#channelMeans[channel]!;
      for (let x = 0; x < width; x++) {
        target[to + x] = Math.fround(pixels[from + x]! - mean) * scale;
      }
    }
  }

  #makeByteTable(): Float32Array {
    const table = new Float32Array(256 * this.#channelMeans.length);
    this.#channelMeans.forEach((mean, channel) => {
      for (let byte = 0; byte < 256; byte++) {
        table[channel * 256 + byte] = Math.fround(byte - mean) * this.#scale;
      }
    });
    return table;
  }

  #cropOffset(size: number, random: RandomSource): number {
    if (this.#crop === 0) return 0;
    const spare = size - this.#crop;
    return this.#phase === 'TRAIN' ? random.below(spare + 1) : Math.floor(spare / 2);
  }

  #checkShape(datum: Datum, record: RecordPlace): void {
    const { channels, height, width } = this.#first;
    const same = datum.height === height && datum.width === width;
    const mayDiffer = this.#crop > 0 && this.#meanImage === undefined;
    const fits = mayDiffer ? datum.height >= this.#crop && datum.width >= this.#crop : same;
    if (datum.channels === channels && fits) return;
    const wanted = mayDiffer
      ? `${channels} channels and at least ${this.#crop}x${this.#crop} pixels are needed`
      : `the first record is ${describeShape(this.#first)}, and all must be alike`;
    const advice =
      record.line === undefined
        ? 're-create the database with images of one size'
        : words`resize all to one size (new_height and new_width${inFlags(
            words`, or ${option('images.resize')}`,
          )})`;
    throw new UserError(
      'transform/shape',
      words`${describeRecord(record)} is ${describeShape(datum)}, but ${wanted}: ${advice}`,
      { file: record.file },
    );
  }
}

/** The text format knows nan and inf, of which every pixel would become one. */
function checkFiniteSettings(
  scale: number,
  meanValues: readonly number[],
  place: ErrorPlace,
): void {
  const odd = meanValues.find((value) => !Number.isFinite(value));
  if (Number.isFinite(scale) && odd === undefined) return;
  const [name, value] = odd === undefined ? ['scale', scale] : ['mean_value', odd];
  throw new UserError(
    `transform/${name === 'scale' ? 'scale' : 'mean'}`,
    `${name} is ${value}: give a number`,
    place,
  );
}

function checkedCrop(crop: number, image: ImageShape, place: ErrorPlace): number {
  if (crop <= image.height && crop <= image.width) return crop;
  throw new UserError(
    'transform/crop',
    `crop_size ${crop} is larger than the images, which are ${describeShape(image)} (channels x ` +
      'height x width)',
    place,
  );
}

function perChannel(values: readonly number[], channels: number, place: ErrorPlace): Float32Array {
  const means = new Float32Array(channels);
  if (values.length === 1) return means.fill(values[0]!);
  if (values.length === channels) means.set(values);
  else if (values.length > 0) {
    throw new UserError(
      'transform/mean',
      `there are ${values.length} mean_value entries, but the images have ${channels} channels: ` +
        'give one, or one per channel',
      place,
    );
  }
  return means;
}

function readMeanImage(path: string, image: ImageShape): Float32Array {
  const { shape, data } = readBlobFile(path);
  const odd = data.findIndex((value) => !Number.isFinite(value));
  if (odd >= 0) {
    throw new UserError(
      'transform/mean',
      `number ${odd} of this mean (counted from 0) is ${data[odd]}: make the file again`,
      { file: path },
    );
  }
  // One number a channel, as pycaffe's users make of a mean image.
  if (shape.length === 1 && data.length === image.channels) {
    const plane = image.height * image.width;
    return Float32Array.from(
      { length: data.length * plane },
      (_, i) => data[Math.floor(i / plane)] ?? 0,
    );
  }
  // Files with and without the leading axis of size 1 exist; the numbers are the same.
  const [width = 1, height = 1, channels = 1, ...outer] = [...shape].reverse();
  const same = channels === image.channels && height === image.height && width === image.width;
  if (same && outer.every((dim) => dim === 1)) return data;
  throw new UserError(
    'transform/mean',
    `this mean image is ${shape.join('x')}, but the images are ${describeShape(image)}: give the ` +
      'mean of the same images, before any crop',
    { file: path },
  );
}

function describeShape({ channels, height, width }: ImageShape): string {
  return `${channels}x${height}x${width}`;
}
