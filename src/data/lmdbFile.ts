import { closeSync, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  checkInputFile,
  foreignError,
  inputError,
  startOfFile,
  type FileKind,
} from '../base/inputFile';
import { UserError } from '../base/userError';

const DATA_FILE = 'data.mdb';

const lmdbKind: FileKind = {
  code: 'lmdb',
  name: 'LMDB',
  give: `an LMDB, which is a folder that holds ${DATA_FILE}`,
};

/**
 * The bytes of an LMDB's data file, read at offsets: an ImageNet LMDB has 200 GB, so neither the
 * file nor a map of it is ever in memory.
 */
export class LmdbFile {
  readonly path: string;
  /** Bytes in the file when it was opened. */
  readonly size: number;
  readonly #fd: number;
  #open = true;

  /**
   * Opens a folder that holds `data.mdb`, or the data file itself.
   *
   * @throws UserError `lmdb/missing` or `lmdb/unreadable`.
   */
  constructor(path: string) {
    this.path = dataFileOf(path);
    checkInputFile(this.path, lmdbKind);
    try {
      this.#fd = openSync(this.path, 'r');
      this.size = fstatSync(this.#fd).size;
    } catch (cause) {
      throw inputError(this.path, lmdbKind, cause);
    }
  }

  /**
   * Fills `target` from byte `offset` on; `item` says in an error what was read.
   *
   * @throws UserError `lmdb/truncated` or `lmdb/unreadable`.
   */
  read(target: Uint8Array, offset: number, item: string): void {
    this.requireBytes(offset, target.length, item);
    let filled = 0;
    while (filled < target.length) {
      const count = this.#readAt(target, filled, offset + filled);
      // The size was checked: only a file that shrinks while it is read gets here.
      if (count === 0) throw this.#truncated(offset, target.length, item);
      filled += count;
    }
  }

  /** Throws `lmdb/truncated` unless the file has these bytes: to be called before allocating. */
  requireBytes(offset: number, length: number, item: string): void {
    if (offset + length > this.size) throw this.#truncated(offset, length, item);
  }

  /** The error for a file of another kind; undefined where nothing speaks for one. */
  foreign(): UserError | undefined {
    return foreignError(this.path, lmdbKind, startOfFile(this.path, lmdbKind));
  }

  /** An error for content that no LMDB has. */
  corrupt(detail: string): UserError {
    return new UserError(
      'lmdb/corrupt',
      `this LMDB is damaged: ${detail}; copy it again or re-create it`,
      { file: this.path },
    );
  }

  close(): void {
    if (this.#open) closeSync(this.#fd);
    this.#open = false;
  }

  #readAt(target: Uint8Array, at: number, position: number): number {
    try {
      return readSync(this.#fd, target, at, target.length - at, position);
    } catch (cause) {
      throw inputError(this.path, lmdbKind, cause);
    }
  }

  #truncated(offset: number, length: number, item: string): UserError {
    return new UserError(
      'lmdb/truncated',
      `this LMDB is cut off: ${item} needs bytes ${offset} to ${offset + length}, but the file ` +
        `has ${this.size} bytes; copy it again or re-create it`,
      { file: this.path },
    );
  }
}

function dataFileOf(path: string): string {
  const stats = statOf(path);
  if (stats === undefined) {
    throw new UserError(
      'lmdb/missing',
      `there is no such folder or file; an LMDB is a folder that holds ${DATA_FILE}`,
      { file: path },
    );
  }
  if (!stats.isDirectory()) return path;
  const file = join(path, DATA_FILE);
  if (statOf(file) !== undefined) return file;
  throw new UserError('lmdb/missing', `this folder holds no ${DATA_FILE}, so it is no LMDB`, {
    file: path,
  });
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (cause) {
    throw inputError(path, lmdbKind, cause);
  }
}
