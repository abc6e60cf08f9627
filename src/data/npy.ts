import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { endianness } from 'node:os';
import { foreignError, inputError, startOfFile, type FileKind } from '../base/inputFile';
import { UserError } from '../base/userError';

const npyKind: FileKind = { code: 'npy', name: '.npy file', give: 'an array (.npy)' };

/** How every file of NumPy's begins. */
export const npyMagic = Buffer.from('\x93NUMPY', 'latin1');

/** Whether a file that begins so is one of NumPy's. */
export function isNpy(start: Uint8Array): boolean {
  return npyMagic.equals(start.subarray(0, npyMagic.length));
}

/** How to read one number of each type that NumPy names so, and its bytes. */
const types: Readonly<
  Record<string, { readonly bytes: number; read(from: DataView, at: number): number }>
> = {
  '<f4': { bytes: 4, read: (from, at) => from.getFloat32(at, true) },
  '<f8': { bytes: 8, read: (from, at) => from.getFloat64(at, true) },
  '|u1': { bytes: 1, read: (from, at) => from.getUint8(at) },
  '|i1': { bytes: 1, read: (from, at) => from.getInt8(at) },
  '|b1': { bytes: 1, read: (from, at) => from.getUint8(at) },
  '<u2': { bytes: 2, read: (from, at) => from.getUint16(at, true) },
  '<i2': { bytes: 2, read: (from, at) => from.getInt16(at, true) },
  '<u4': { bytes: 4, read: (from, at) => from.getUint32(at, true) },
  '<i4': { bytes: 4, read: (from, at) => from.getInt32(at, true) },
  '<u8': { bytes: 8, read: (from, at) => Number(from.getBigUint64(at, true)) },
  '<i8': { bytes: 8, read: (from, at) => Number(from.getBigInt64(at, true)) },
};

/** Bytes from which on a header can no longer be meant. */
const longestHeader = 1 << 20;
/** One call to the operating system cannot read 2 GiB or more. */
const mostReadBytes = 1 << 30;

/**
 * An array that NumPy's `save` wrote (format 1, 2 or 3; little-endian numbers in C order), read in
 * parts, since images of a whole data set may be larger than the memory. The format is NumPy
 * Enhancement Proposal 1.
 */
export class NpyFile {
  private constructor(
    readonly path: string,
    private readonly file: number,
    readonly shape: readonly number[],
    private readonly type: string,
    private readonly start: number,
  ) {}

  /** @throws UserError `npy/missing`, `npy/unreadable`, `npy/foreign`, `npy/corrupt` or `npy/unsupported` */
  static open(path: string): NpyFile {
    const file = openFile(path);
    try {
      const { type, shape, end } = readHeader(path, file);
      const count = countOf(shape);
      const { bytes } = types[type] as { bytes: number };
      const stored = fstatSync(file).size - end;
      if (stored === count * bytes) return new NpyFile(path, file, shape, type, end);
      throw corrupt(
        path,
        `this .npy file should hold ${count} numbers of ${bytes} bytes, but has ${stored} bytes`,
      );
    } catch (cause) {
      closeSync(file);
      throw cause;
    }
  }

  /**
   * The numbers from `from` to `to` (not included), row-major, as float32 in memory of their own.
   *
   * @throws UserError `npy/corrupt` where the file has become shorter
   */
  read(from: number, to: number): Float32Array {
    const type = types[this.type] as (typeof types)[string];
    const { bytes } = type;
    const data = new Float32Array(to - from);
    const isAsStored = this.type === '<f4' && endianness() === 'LE';
    const stored = isAsStored ? new Uint8Array(data.buffer) : new Uint8Array((to - from) * bytes);
    readFully(this.path, this.file, stored, this.start + from * bytes);
    if (isAsStored) return data;
    const view = new DataView(stored.buffer);
    for (let i = 0; i < data.length; i++) data[i] = type.read(view, i * bytes);
    return data;
  }

  close(): void {
    closeSync(this.file);
  }
}

function openFile(path: string): number {
  const foreign = foreignError(path, npyKind, startOfFile(path, npyKind));
  if (foreign !== undefined) throw foreign;
  try {
    return openSync(path, 'r');
  } catch (cause) {
    throw inputError(path, npyKind, cause);
  }
}

/** What the header says; `end` is the byte where the numbers begin. */
function readHeader(
  path: string,
  file: number,
): { readonly type: string; readonly shape: number[]; readonly end: number } {
  const begin = Buffer.alloc(12);
  if (fstatSync(file).size < begin.length) throw corrupt(path, 'this is no .npy file');
  readFully(path, file, begin, 0);
  if (!isNpy(begin)) throw corrupt(path, 'this is no .npy file');
  const isLong = begin.readUInt8(6) > 1;
  const start = isLong ? 12 : 10;
  const length = isLong ? begin.readUInt32LE(8) : begin.readUInt16LE(8);
  if (length > longestHeader || start + length > fstatSync(file).size) {
    throw corrupt(path, 'this .npy file is cut short within its header');
  }
  const header = Buffer.alloc(length);
  readFully(path, file, header, start);
  const text = header.toString('utf8');
  const type = /'descr':\s*'([^']*)'/.exec(text)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  // NumPy of Python 2 may write an L behind a number.
  const dims = /'shape':\s*\(([\dL,\s]*)\)/.exec(text)?.[1];
  if (dims === undefined || order === undefined) {
    throw corrupt(path, 'the header of this .npy file cannot be read');
  }
  if (type === undefined || types[type] === undefined) {
    throw unsupported(path, `its numbers are of type ${type ?? 'unknown'}: save it as float32`);
  }
  const shape = (dims.match(/\d+/g) ?? []).map(Number);
  // Of a vector both orders are the same.
  if (order === 'True' && shape.length > 1) {
    throw unsupported(path, 'it is in Fortran order: save numpy.ascontiguousarray of it');
  }
  return { type, shape, end: start + length };
}

function readFully(path: string, file: number, target: Uint8Array, position: number): void {
  for (let done = 0; done < target.length;) {
    const wanted = Math.min(target.length - done, mostReadBytes);
    const count = readSync(file, target, done, wanted, position + done);
    // The size was checked: only a file that shrinks while it is read gets here.
    if (count === 0) throw corrupt(path, 'this .npy file is cut short');
    done += count;
  }
}

function countOf(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1);
}

function corrupt(path: string, detail: string): UserError {
  return new UserError('npy/corrupt', `${detail}: save it again with numpy.save`, { file: path });
}

function unsupported(path: string, detail: string): UserError {
  return new UserError('npy/unsupported', detail, { file: path });
}
