import { closeSync, openSync, readSync, statSync } from 'node:fs';
import type { Dataset, File, Group } from 'h5wasm';
import { reasonOf, systemReason } from '../prototxt/reason';
import { UserError } from '../prototxt/userError';

/** A dataset of numbers inside of an HDF5 file. */
export interface Hdf5Dataset {
  /** Path within the file, e.g. `data/conv1/0`. */
  readonly name: string;
  readonly shape: readonly number[];
  /** All numbers as float32, row-major, in memory of their own. */
  read(): Float32Array;
  /** Those of the entries `from` to `to` (not included) of the first axis. */
  readRows(from: number, to: number): Float32Array;
}

const magic = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** Whether a file begins as HDF5 files do; false where it cannot be read. */
export function isHdf5(path: string): boolean {
  let file: number;
  try {
    // Before opening: to open a pipe would block.
    if (!statSync(path).isFile()) return false;
    file = openSync(path, 'r');
  } catch {
    // Whoever reads it next says why.
    return false;
  }
  try {
    const start = Buffer.alloc(magic.length);
    return (
      readSync(file, start, 0, magic.length, 0) === magic.length && start.equals(Buffer.from(magic))
    );
  } finally {
    closeSync(file);
  }
}

/** An HDF5 file, open for reading. */
export class Hdf5File {
  private constructor(
    readonly path: string,
    private readonly file: File,
    private readonly isGroup: (entity: unknown) => entity is Group,
    private readonly isDataset: (entity: unknown) => entity is Dataset,
  ) {}

  /**
   * Opens a file.
   *
   * @throws UserError `hdf5/unreadable`, or `hdf5/corrupt` for a file that is damaged or no HDF5
   */
  static async open(path: string): Promise<Hdf5File> {
    try {
      if (!statSync(path).isFile()) {
        throw new UserError('hdf5/unreadable', 'this is no ordinary file', { file: path });
      }
    } catch (cause) {
      if (cause instanceof UserError) throw cause;
      const detail = `this HDF5 file cannot be read (${systemReason(cause)})`;
      throw new UserError('hdf5/unreadable', detail, { file: path }, { cause });
    }
    if (!isHdf5(path)) {
      throw new UserError('hdf5/corrupt', 'this is no HDF5 file', { file: path });
    }
    // Loaded only by nets that need it: 4 MB of WebAssembly.
    const h5wasm = await import('h5wasm/node');
    const module = await h5wasm.ready;
    // Else it prints its errors to stderr and goes on.
    module.activate_throwing_error_handler();
    try {
      return new Hdf5File(
        path,
        new h5wasm.File(path, 'r'),
        (entity) => entity instanceof h5wasm.Group,
        (entity) => entity instanceof h5wasm.Dataset,
      );
    } catch (cause) {
      throw corrupt(path, cause);
    }
  }

  /** Names in a group; undefined where there is no such group. `''` is the whole file. */
  names(group: string): readonly string[] | undefined {
    const entity = this.#get(group);
    if (!this.isGroup(entity)) return undefined;
    try {
      return entity.keys();
    } catch (cause) {
      throw corrupt(this.path, cause);
    }
  }

  /** Whether there is a group of this name. */
  hasGroup(name: string): boolean {
    return this.isGroup(this.#get(name));
  }

  /**
   * A dataset by its path; undefined where there is none.
   *
   * @throws UserError `hdf5/type` for one that does not hold numbers
   */
  dataset(name: string): Hdf5Dataset | undefined {
    const entity = this.#get(name);
    if (!this.isDataset(entity)) return undefined;
    const { shape, dtype } = entity;
    const numbers = typeof dtype === 'string' && /^[<>|]?[fdbBhHiIqQl]/.test(dtype);
    if (shape === null || !numbers) {
      throw new UserError('hdf5/type', `the dataset "${name}" does not hold numbers`, {
        file: this.path,
      });
    }
    return {
      name,
      shape,
      // What has no numbers at all cannot be asked for them.
      read: () => (shape.includes(0) ? new Float32Array() : this.#floats(name, () => entity.value)),
      readRows: (from, to) => this.#floats(name, () => entity.slice([[from, to]])),
    };
  }

  close(): void {
    this.file.close();
  }

  #get(name: string): unknown {
    try {
      return name === '' ? this.file : this.file.get(name);
    } catch (cause) {
      throw corrupt(this.path, cause);
    }
  }

  #floats(name: string, read: () => unknown): Float32Array {
    let value: unknown;
    try {
      value = read();
    } catch (cause) {
      throw corrupt(this.path, cause);
    }
    if (value instanceof Float32Array) return value;
    if (typeof value === 'number') return Float32Array.of(value);
    if (value instanceof BigInt64Array || value instanceof BigUint64Array) {
      return Float32Array.from(value, Number);
    }
    if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
      return Float32Array.from(value as unknown as ArrayLike<number>);
    }
    throw corrupt(this.path, new Error(`the dataset "${name}" cannot be read`));
  }
}

function corrupt(path: string, cause: unknown): UserError {
  const reason = reasonOf(cause).split('\n')[0];
  return new UserError(
    'hdf5/corrupt',
    `this HDF5 file is damaged or cut short (${reason}): copy it again`,
    { file: path },
    { cause },
  );
}
