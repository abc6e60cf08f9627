import { readFileSync, statSync } from 'node:fs';
import { systemReason } from '../prototxt/reason';
import { UserError } from '../prototxt/userError';

/** An array of numbers as a file holds it. */
export interface NumberArray {
  readonly shape: readonly number[];
  /** Row-major. */
  readonly data: Float32Array;
}

const magic = Buffer.from('\x93NUMPY', 'latin1');

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

/**
 * Reads an array that NumPy's `save` wrote (format 1, 2 or 3; little-endian numbers in C order) as
 * float32. The format is NumPy Enhancement Proposal 1.
 *
 * @throws UserError `npy/unreadable`, `npy/corrupt` or `npy/unsupported`
 */
export function readNpy(path: string): NumberArray {
  const bytes = readBytes(path);
  const corrupt = (detail: string): UserError =>
    new UserError('npy/corrupt', `${detail}: save it again with numpy.save`, { file: path });
  if (bytes.length < 12 || !bytes.subarray(0, magic.length).equals(magic)) {
    throw corrupt('this is no .npy file');
  }
  const isLong = bytes.readUInt8(6) > 1;
  const start = isLong ? 12 : 10;
  const end = start + (isLong ? bytes.readUInt32LE(8) : bytes.readUInt16LE(8));
  if (end > bytes.length) throw corrupt('this .npy file is cut short within its header');
  const header = bytes.toString('utf8', start, end);
  const type = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(header)?.[1];
  const dims = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  const reader = type === undefined ? undefined : types[type];
  if (dims === undefined || order === undefined) {
    throw corrupt('the header of this .npy file cannot be read');
  }
  if (reader === undefined || order === 'True') {
    throw new UserError(
      'npy/unsupported',
      reader === undefined
        ? `its numbers are of type ${type ?? 'unknown'}: save it as float32`
        : 'it is in Fortran order: save numpy.ascontiguousarray of it',
      { file: path },
    );
  }
  const shape = dims
    .split(',')
    .map((dim) => dim.trim())
    .filter((dim) => dim !== '')
    .map(Number);
  const count = shape.reduce((product, dim) => product * dim, 1);
  if (bytes.length - end !== count * reader.bytes) {
    throw corrupt(
      `this .npy file should hold ${count} numbers of ${reader.bytes} bytes, but has ` +
        `${bytes.length - end} bytes`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + end);
  const data = new Float32Array(count);
  for (let i = 0; i < count; i++) data[i] = reader.read(view, i * reader.bytes);
  return { shape, data };
}

function readBytes(path: string): Buffer {
  try {
    // Before opening: to open a pipe would block.
    if (!statSync(path).isFile()) {
      throw new UserError('npy/unreadable', 'this is no ordinary file: give a .npy file', {
        file: path,
      });
    }
    return readFileSync(path);
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    const detail = `this array cannot be read (${systemReason(cause)})`;
    throw new UserError('npy/unreadable', detail, { file: path }, { cause });
  }
}
