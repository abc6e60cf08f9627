import { LmdbCursor } from './lmdbCursor';
import { LmdbFile } from './lmdbFile';
import { readMeta, type LmdbMeta } from './lmdbMeta';

export type { LmdbCursor, LmdbRecord } from './lmdbCursor';

/**
 * Reads an LMDB of data format 1, which liblmdb 0.9 and with it Caffe writes: its main database,
 * from the state of the last finished transaction. It takes no lock (`lock.mdb` is ignored), so
 * nobody should write to the database meanwhile.
 */
export class LmdbReader {
  readonly #file: LmdbFile;
  readonly #meta: LmdbMeta;

  private constructor(file: LmdbFile, meta: LmdbMeta) {
    this.#file = file;
    this.#meta = meta;
  }

  /**
   * Opens a folder that holds `data.mdb`, or the data file itself.
   *
   * @throws UserError `lmdb/missing`, `lmdb/unreadable`, `lmdb/not-an-lmdb`, `lmdb/version`,
   * `lmdb/layout`, `lmdb/truncated`, `lmdb/corrupt`, `lmdb/unsupported` or `lmdb/empty`.
   */
  static open(path: string): LmdbReader {
    const file = new LmdbFile(path);
    try {
      return new LmdbReader(file, readMeta(file));
    } catch (cause) {
      file.close();
      throw cause;
    }
  }

  /** The data file, as errors name it. */
  get path(): string {
    return this.#file.path;
  }

  /** Records in the database, at least 1. */
  get entryCount(): number {
    return this.#meta.entryCount;
  }

  /** Bytes in a page; 4096 where Caffe usually runs. */
  get pageSize(): number {
    return this.#meta.pageSize;
  }

  /** A cursor before the first record; several can be in use at once. */
  cursor(): LmdbCursor {
    return new LmdbCursor(this.#file, this.#meta);
  }

  close(): void {
    this.#file.close();
  }
}
