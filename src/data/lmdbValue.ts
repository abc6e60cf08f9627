import type { LmdbFile } from './lmdbFile';
import {
  checkPageHeader,
  checkPageNumber,
  PAGE_HEADER_BYTES,
  pageFlags,
  type TreeBounds,
} from './lmdbPage';

const PAGE_COUNT_OFFSET = 12;

// No Datum comes near it, and a damaged length must not ask for more memory than there is.
const MAX_VALUE_BYTES = 2 ** 30;

const FIRST_BUFFER_BYTES = 16 * 1024;

/** Reads values that are too long for a leaf page and stand in a run of pages of their own. */
export class OverflowReader {
  readonly #file: LmdbFile;
  readonly #tree: TreeBounds;
  #buffer = new Uint8Array(FIRST_BUFFER_BYTES);

  constructor(file: LmdbFile, tree: TreeBounds) {
    this.#file = file;
    this.#tree = tree;
  }

  /**
   * The value of `length` bytes whose run starts at page `number`, valid until the next call.
   *
   * @throws UserError `lmdb/truncated`, `lmdb/corrupt` or `lmdb/unreadable`.
   */
  read(number: number, length: number): Uint8Array {
    const { pageSize } = this.#tree;
    const offset = number * pageSize;
    const needed = PAGE_HEADER_BYTES + length;
    const item = `the value at page ${number}`;
    checkPageNumber(this.#file, this.#tree, number, 'a long value');
    if (length > MAX_VALUE_BYTES) {
      throw this.#file.corrupt(`${item} (byte ${offset}) is said to have ${length} bytes`);
    }
    this.#file.requireBytes(offset, needed, item);
    if (needed > this.#buffer.length) {
      // The length comes from another page: the run must confirm it before memory is set aside.
      this.#file.read(this.#buffer.subarray(0, PAGE_HEADER_BYTES), offset, item);
      this.#checkRun(number, needed);
      this.#buffer = new Uint8Array(needed);
    }
    this.#file.read(this.#buffer.subarray(0, needed), offset, item);
    this.#checkRun(number, needed);
    return this.#buffer.subarray(PAGE_HEADER_BYTES, needed);
  }

  #checkRun(number: number, needed: number): void {
    const { pageSize, lastPage } = this.#tree;
    const header = new DataView(this.#buffer.buffer, 0, PAGE_HEADER_BYTES);
    checkPageHeader(this.#file, header, number, pageSize, pageFlags.overflow);
    const pages = header.getUint32(PAGE_COUNT_OFFSET, true);
    const place = `the value at page ${number} (byte ${number * pageSize})`;
    if (pages * pageSize < needed) {
      throw this.#file.corrupt(`${place} needs ${needed} bytes, but has ${pages} pages`);
    }
    if (number + pages - 1 > lastPage) {
      throw this.#file.corrupt(
        `${place} has ${pages} pages and runs past the last page, ${lastPage}`,
      );
    }
  }
}
