import { closeSync, openSync, readSync, statSync } from 'node:fs';
import type { Dataset, File, Group, ready } from 'h5wasm';
import { fromHalf } from './halfFloat';
import { foreignError, startOfFile, type FileKind } from '../base/inputFile';
import { reasonOf } from '../base/reason';
import { UserError } from '../base/userError';

type H5Module = Awaited<typeof ready>;

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

const hdf5Kind: FileKind = { code: 'hdf5', name: 'HDF5 file', give: 'an HDF5 file (.h5)' };

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
    private readonly module: H5Module,
    private readonly isGroup: (entity: unknown) => entity is Group,
    private readonly isDataset: (entity: unknown) => entity is Dataset,
  ) {}

  /**
   * Opens a file.
   *
   * @throws UserError `hdf5/missing`, `hdf5/unreadable`, `hdf5/foreign`, or `hdf5/corrupt` for a file
   * that is damaged or no HDF5
   */
  static async open(path: string): Promise<Hdf5File> {
    if (!isHdf5(path)) {
      const foreign = foreignError(path, hdf5Kind, startOfFile(path, hdf5Kind));
      const detail = 'this is no HDF5 file: give a .h5 file';
      throw foreign ?? new UserError('hdf5/corrupt', detail, { file: path });
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
        module,
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
    return this.#guarded(group, () => entity.keys());
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
    const { shape, dtype, filters } = this.#guarded(name, () => ({
      shape: entity.shape,
      dtype: entity.dtype,
      filters: entity.filters,
    }));
    const numbers = typeof dtype === 'string' && /^[<>|]?[efdbBhHiIqQl]/.test(dtype);
    if (shape === null || !numbers) {
      throw new UserError('hdf5/type', `the dataset "${name}" does not hold numbers`, {
        file: this.path,
      });
    }
    const foreign = filters.find(({ id }) => !readableFilters.has(id));
    if (foreign !== undefined) {
      const filter = foreignFilters[foreign.id] ?? (foreign.name || `number ${foreign.id}`);
      throw new UserError(
        'hdf5/filter',
        `the dataset "${name}" is packed with the ${filter} filter, which cannot be read here: ` +
          `write it again with gzip or unpacked (h5repack -f GZIP=4, or h5py without compression)`,
        { file: this.path },
      );
    }
    if (product(shape) * 4 > mostBytes) {
      throw new UserError(
        'hdf5/too-large',
        `the dataset "${name}" says that it has ${shape.join('x')} numbers, more than fit into ` +
          'memory: the file is damaged, or its rows belong into several files',
        { file: this.path },
      );
    }
    const isHalf = dtype.endsWith('e');
    return {
      name,
      shape,
      // What has no numbers at all cannot be asked for them.
      read: () =>
        shape.includes(0)
          ? new Float32Array()
          : isHalf
            ? this.#halves(name, entity, shape)
            : this.#floats(name, () => entity.value),
      readRows: (from, to) =>
        isHalf
          ? this.#halves(name, entity, shape, from, to)
          : this.#floats(name, () => entity.slice([[from, to]])),
    };
  }

  close(): void {
    try {
      this.file.close();
    } catch {
      // Everything that was wanted of it has been read, or has failed with its own reason.
    }
  }

  #get(name: string): unknown {
    return this.#guarded(name, () => (name === '' ? this.file : this.file.get(name)));
  }

  /** Whatever the library does with a damaged file, it ends in one line. */
  #guarded<T>(name: string, action: () => T): T {
    try {
      return action();
    } catch (cause) {
      throw corrupt(this.path, cause, name);
    }
  }

  /**
   * Numbers of half precision, which the library has no type for: their bytes, all or some rows.
   */
  #halves(
    name: string,
    { file_id: file, path }: Dataset,
    shape: readonly number[],
    from = 0,
    to = shape[0] ?? 1,
  ): Float32Array {
    const count = shape.map((dim, axis) => BigInt(axis === 0 ? to - from : dim));
    const offset = shape.map((_, axis) => BigInt(axis === 0 ? from : 0));
    const strides = shape.map(() => 1n);
    const bytes = 2 * Number(count.reduce((all, dim) => all * dim, 1n));
    return this.#guarded(name, () => {
      const pointer = this.module._malloc(Math.max(1, bytes));
      if (pointer === 0) throw new Error('out of memory');
      try {
        this.module.get_dataset_data(file, path, count, offset, strides, BigInt(pointer));
        const stored = this.module.HEAPU8.slice(pointer, pointer + bytes);
        const view = new DataView(stored.buffer, stored.byteOffset, bytes);
        return Float32Array.from({ length: bytes / 2 }, (_, i) =>
          fromHalf(view.getUint16(2 * i, true)),
        );
      } finally {
        this.module._free(pointer);
      }
    });
  }

  #floats(name: string, read: () => unknown): Float32Array {
    const value = this.#guarded(name, read);
    if (value instanceof Float32Array) return value;
    if (typeof value === 'number') return Float32Array.of(value);
    if (value instanceof BigInt64Array || value instanceof BigUint64Array) {
      return Float32Array.from(value, Number);
    }
    if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
      return Float32Array.from(value as unknown as ArrayLike<number>);
    }
    throw corrupt(this.path, new Error('its numbers cannot be read'), name);
  }
}

/** Filters that the library has: deflate, shuffle, fletcher32, nbit, scale-offset. */
const readableFilters: ReadonlySet<number> = new Set([1, 2, 3, 5, 6]);
/** Others that are met, by their registered numbers. */
const foreignFilters: Readonly<Record<number, string>> = {
  4: 'SZIP',
  307: 'bzip2',
  32000: 'LZF',
  32001: 'Blosc',
  32004: 'LZ4',
  32008: 'bitshuffle',
  32013: 'ZFP',
  32015: 'Zstandard',
  32026: 'Blosc2',
};

/** More than the library's own memory can hold. */
const mostBytes = 2 ** 32;

function product(shape: readonly number[]): number {
  return shape.reduce((all, dim) => all * dim, 1);
}

function corrupt(path: string, cause: unknown, dataset?: string): UserError {
  const reason = reasonOf(cause).split('\n')[0]?.replace(/:+$/, '');
  const where = dataset === undefined || dataset === '' ? '' : `, at "${dataset}"`;
  return new UserError(
    'hdf5/corrupt',
    `this HDF5 file is damaged or cut short (${reason}${where}): copy it again`,
    { file: path },
    { cause },
  );
}
