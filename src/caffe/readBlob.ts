import { fromHalf } from './halfFloat';
import { type MessageEnd, ProtobufError, type ProtobufFile, wireTypes } from './protobufFile';

/** One array of learned numbers. */
export interface WeightBlob {
  /** As stored, outermost dimension first; `[]` is a scalar. */
  readonly shape: readonly number[];
  /**
   * The shape came from `num`, `channels`, `height` and `width`: always four dimensions, with the
   * real ones on the right (a bias is 1x1x1xN, an inner product 1x1xNxK).
   */
  readonly legacyShape: boolean;
  /** Row-major, as many numbers as `shape` says; it owns its buffer and starts at byte 0 of it. */
  readonly data: Float32Array;
}

const BLOB = {
  num: 1,
  channels: 2,
  height: 3,
  width: 4,
  data: 5,
  shape: 7,
  doubleData: 8,
  /** NVIDIA Caffe's own: numbers of a type that it names. */
  rawType: 10,
  rawData: 12,
} as const;

/** NVIDIA Caffe's `Type`. */
const RAW = { double: 0, float: 1, half: 2 } as const;
const SHAPE_DIM = 1;

// Caffe's own limit; without one, a damaged file could fill the memory with dimensions.
const MAX_AXES = 32;

const DOUBLES_AT_A_TIME = 8192;

/**
 * Reads the BlobProto that lies between the file's position and `end`.
 *
 * @throws ProtobufError when the bytes are damaged or the shape does not fit the numbers.
 */
export function readBlob(file: ProtobufFile, end: MessageEnd): WeightBlob {
  const start = file.position;
  const legacy = [0, 0, 0, 0];
  let legacyShape = false;
  const dims: number[] = [];
  const floats = new FloatArrayBuilder();
  const doubles = new FloatArrayBuilder();
  let rawType: number = RAW.double;
  let raw = new Uint8Array();
  file.forEachField(end, (field, wireType) => {
    if (field >= BLOB.num && field <= BLOB.width) {
      file.expect(wireType, wireTypes.varint);
      legacy[field - BLOB.num] = readDimension(file, end);
      legacyShape = true;
    } else if (field === BLOB.shape) {
      readShape(file, file.enter(wireType, end), dims);
    } else if (field === BLOB.data) {
      readFloats(file, wireType, end, floats);
    } else if (field === BLOB.doubleData) {
      readDoubles(file, wireType, end, doubles);
    } else if (field === BLOB.rawType) {
      file.expect(wireType, wireTypes.varint);
      rawType = file.readVarint(end);
    } else if (field === BLOB.rawData) {
      raw = readRaw(file, wireType, end);
    } else {
      file.skip(wireType, end);
    }
  });
  // Caffe prefers the old dimensions, and doubles, where a file has both.
  const shape = legacyShape ? legacy : dims;
  const stored = (doubles.length > 0 ? doubles : floats).finish();
  const data = stored.length === 0 && raw.length > 0 ? rawNumbers(raw, rawType, start) : stored;
  const count = shape.reduce((product, dim) => product * dim, 1);
  if (count !== data.length) {
    const wanted = shape.length === 0 ? 'a scalar' : shape.join('x');
    throw new ProtobufError(
      'invalid',
      start,
      `a blob's shape is ${wanted}, but it holds ${data.length} numbers`,
    );
  }
  return { shape, legacyShape, data };
}

function readRaw(file: ProtobufFile, wireType: number, end: MessageEnd): Uint8Array<ArrayBuffer> {
  const length = file.enter(wireType, end) - file.position;
  file.requireBytes(length, end);
  const bytes = new Uint8Array(length);
  file.readInto(bytes);
  return bytes;
}

/** The numbers of NVIDIA Caffe's `raw_data`, whose type `raw_data_type` says: little-endian. */
function rawNumbers(raw: Uint8Array<ArrayBuffer>, type: number, start: number): Float32Array {
  const view = new DataView(raw.buffer);
  const numbers = (bytes: number, read: (at: number) => number): Float32Array => {
    if (raw.length % bytes !== 0) {
      const message = `${raw.length} bytes of raw_data are no whole count of ${bytes}-byte numbers`;
      throw new ProtobufError('invalid', start, message);
    }
    return Float32Array.from({ length: raw.length / bytes }, (_, i) => read(i * bytes));
  };
  switch (type) {
    case RAW.double:
      return numbers(8, (at) => view.getFloat64(at, true));
    case RAW.float:
      return numbers(4, (at) => view.getFloat32(at, true));
    case RAW.half:
      return numbers(2, (at) => fromHalf(view.getUint16(at, true)));
    default: {
      const message = `raw_data of type ${type} holds no floating point numbers (NVIDIA Caffe)`;
      throw new ProtobufError('invalid', start, message);
    }
  }
}

function readShape(file: ProtobufFile, end: MessageEnd, dims: number[]): void {
  file.forEachField(end, (field, wireType) => {
    if (field !== SHAPE_DIM) {
      file.skip(wireType, end);
      return;
    }
    const packed = wireType === wireTypes.bytes;
    if (!packed) file.expect(wireType, wireTypes.varint);
    const dimsEnd = packed ? file.enter(wireType, end) : end;
    const limit = packed ? Infinity : dims.length + 1;
    while (file.position < dimsEnd && dims.length < limit) {
      if (dims.length === MAX_AXES) {
        const message = `a blob has more than ${MAX_AXES} dimensions`;
        throw new ProtobufError('invalid', file.position, message);
      }
      dims.push(readDimension(file, dimsEnd));
    }
  });
}

function readDimension(file: ProtobufFile, end: MessageEnd): number {
  const start = file.position;
  const dimension = file.readVarint(end);
  if (dimension <= Number.MAX_SAFE_INTEGER) return dimension;
  throw new ProtobufError('invalid', start, 'a dimension is negative or far too large');
}

function readFloats(
  file: ProtobufFile,
  wireType: number,
  end: MessageEnd,
  floats: FloatArrayBuilder,
): void {
  if (wireType !== wireTypes.bytes) {
    file.expect(wireType, wireTypes.fixed32);
    file.requireBytes(4, end);
    file.readInto(floats.extend(1));
    return;
  }
  const count = enterNumbers(file, wireType, end, Float32Array.BYTES_PER_ELEMENT);
  file.readInto(floats.extend(count));
}

function readDoubles(
  file: ProtobufFile,
  wireType: number,
  end: MessageEnd,
  doubles: FloatArrayBuilder,
): void {
  let count = 1;
  if (wireType === wireTypes.bytes) {
    count = enterNumbers(file, wireType, end, Float64Array.BYTES_PER_ELEMENT);
  } else {
    file.expect(wireType, wireTypes.fixed64);
    file.requireBytes(8, end);
  }
  const target = doubles.extend(count);
  const floats = new Float32Array(target.buffer, target.byteOffset, count);
  const part = new Float64Array(Math.min(count, DOUBLES_AT_A_TIME));
  for (let done = 0; done < count; done += part.length) {
    const values = part.subarray(0, Math.min(part.length, count - done));
    file.readInto(new Uint8Array(values.buffer, 0, values.byteLength));
    floats.set(values, done);
  }
}

/** Opens a packed field; returns how many numbers it holds, all of which are in the file. */
function enterNumbers(
  file: ProtobufFile,
  wireType: number,
  end: MessageEnd,
  bytesEach: number,
): number {
  const start = file.position;
  const length = file.enter(wireType, end) - file.position;
  file.requireBytes(length, end);
  if (length % bytesEach !== 0) {
    const message = `${length} bytes are no whole count of ${bytesEach}-byte numbers`;
    throw new ProtobufError('invalid', start, message);
  }
  return length / bytesEach;
}

/** Collects a field that may come in one piece (the usual case, never copied) or in many. */
class FloatArrayBuilder {
  #data = new Float32Array(0);
  length = 0;

  /** Makes room for `count` more floats and returns their bytes, to be filled at once. */
  extend(count: number): Uint8Array {
    const start = this.length;
    this.length += count;
    if (this.length > this.#data.length) {
      const grown = new Float32Array(start === 0 ? count : 2 * this.length);
      grown.set(this.#data.subarray(0, start));
      this.#data = grown;
    }
    return new Uint8Array(this.#data.buffer, start * 4, count * 4);
  }

  finish(): Float32Array {
    return this.length === this.#data.length ? this.#data : this.#data.slice(0, this.length);
  }
}
