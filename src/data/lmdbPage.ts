import { UserError } from '../base/userError';
import type { LmdbFile } from './lmdbFile';

/** Every page starts with its number (8 bytes), padding, flags and two sizes: MDB_page in mdb.c. */
export const PAGE_HEADER_BYTES = 16;

/** Where a page's flags stand, and what they mean. */
export const pageFlags = {
  offset: 10,
  branch: 0x01,
  leaf: 0x02,
  overflow: 0x04,
  meta: 0x08,
  fixedDuplicates: 0x20,
  subPage: 0x40,
  /** The flags that say what kind of page it is; others are only used while writing. */
  kinds: 0x6f,
} as const;

const nodeFlags = { bigData: 0x01, subDatabase: 0x02, duplicates: 0x04 } as const;

// Pages 0 and 1 are the meta pages.
const FIRST_TREE_PAGE = 2;

const LOWER_OFFSET = 12;
const UPPER_OFFSET = 14;
const NODE_HEADER_BYTES = 8;
const PAGE_NUMBER_BYTES = 8;

/** What is known of the tree that a page belongs to. */
export interface TreeBounds {
  readonly pageSize: number;
  readonly lastPage: number;
}

/** A record's place in a leaf page: offsets count from the page's first byte. */
export interface LeafNode {
  readonly keyStart: number;
  readonly keyEnd: number;
  /** Bytes of the value. */
  readonly valueLength: number;
  readonly value:
    | { readonly kind: 'inline'; readonly start: number }
    | { readonly kind: 'overflow'; readonly page: number };
}

/**
 * A branch or leaf page of the tree, in a buffer that is used again for the next page of its
 * level. Every offset found in it is checked before it is followed.
 */
export class TreePage {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  readonly #file: LmdbFile;
  readonly #tree: TreeBounds;
  #number = 0;
  #upper = 0;
  /** Nodes on the page, at least 1 after {@link load}. */
  count = 0;

  constructor(file: LmdbFile, tree: TreeBounds) {
    this.#file = file;
    this.#tree = tree;
    this.bytes = new Uint8Array(tree.pageSize);
    this.#view = new DataView(this.bytes.buffer);
  }

  /** @throws UserError `lmdb/truncated`, `lmdb/corrupt`, `lmdb/unsupported`, `lmdb/unreadable`. */
  load(number: number, kind: 'branch' | 'leaf'): void {
    this.count = 0;
    this.#number = number;
    const { pageSize } = this.#tree;
    checkPageNumber(this.#file, this.#tree, number, `a ${kind} page`);
    this.#file.read(this.bytes, number * pageSize, `page ${number}`);
    checkPageHeader(this.#file, this.#view, number, pageSize, pageFlags[kind]);
    const lower = this.#view.getUint16(LOWER_OFFSET, true);
    this.#upper = this.#view.getUint16(UPPER_OFFSET, true);
    if (lower <= PAGE_HEADER_BYTES || lower > this.#upper || this.#upper > pageSize) {
      throw this.#corrupt(`its free space is given as bytes ${lower} to ${this.#upper}`);
    }
    this.count = (lower - PAGE_HEADER_BYTES) >> 1;
    if (this.count === 0) throw this.#corrupt('it holds nothing');
  }

  /** The page that a branch page's node points to. */
  child(index: number): number {
    const at = this.#nodeAt(index);
    // A branch node keeps the page number in the places of the value's length and the flags.
    return this.#view.getUint32(at, true) + this.#view.getUint16(at + 4, true) * 2 ** 32;
  }

  leafNode(index: number): LeafNode {
    const at = this.#nodeAt(index);
    const valueLength = this.#view.getUint32(at, true);
    const flags = this.#view.getUint16(at + 4, true);
    const keyStart = at + NODE_HEADER_BYTES;
    const keyEnd = keyStart + this.#view.getUint16(at + 6, true);
    if ((flags & nodeFlags.duplicates) !== 0) throw this.#unsupported('several values per key');
    if ((flags & nodeFlags.subDatabase) !== 0) throw this.#unsupported('named sub-databases');
    const overflows = (flags & nodeFlags.bigData) !== 0;
    const inPage = overflows ? PAGE_NUMBER_BYTES : valueLength;
    if (keyEnd + inPage > this.#tree.pageSize) {
      throw this.#corrupt(`the value of record ${index} on it runs past its end`);
    }
    if (!overflows) {
      return { keyStart, keyEnd, valueLength, value: { kind: 'inline', start: keyEnd } };
    }
    const page = readPageNumber(this.#view, keyEnd);
    if (page === undefined) {
      throw this.#corrupt(`record ${index} on it has a page number that is far too large`);
    }
    return { keyStart, keyEnd, valueLength, value: { kind: 'overflow', page } };
  }

  #nodeAt(index: number): number {
    if (index < 0 || index >= this.count) throw new RangeError(`no node ${index} on this page`);
    const at = this.#view.getUint16(PAGE_HEADER_BYTES + 2 * index, true);
    const { pageSize } = this.#tree;
    const fits =
      at >= this.#upper &&
      at + NODE_HEADER_BYTES <= pageSize &&
      at + NODE_HEADER_BYTES + this.#view.getUint16(at + 6, true) <= pageSize;
    if (fits) return at;
    throw this.#corrupt(`node ${index} on it (at byte ${at} of the page) lies outside it`);
  }

  #unsupported(feature: string): UserError {
    return new UserError(
      'lmdb/unsupported',
      `this LMDB has ${feature} (page ${this.#number}), which Caffe does not write: give one with ` +
        'one Datum per key in its main database',
      { file: this.#file.path },
    );
  }

  #corrupt(detail: string): UserError {
    return this.#file.corrupt(
      `page ${this.#number} (byte ${this.#number * this.#tree.pageSize}): ${detail}`,
    );
  }
}

/** Throws unless the page can be part of a tree. */
export function checkPageNumber(
  file: LmdbFile,
  tree: TreeBounds,
  number: number,
  item: string,
): void {
  if (number >= FIRST_TREE_PAGE && number <= tree.lastPage) return;
  throw file.corrupt(
    `${item} is said to be page ${number}, but its pages are ${FIRST_TREE_PAGE} to ${tree.lastPage}`,
  );
}

/** Throws unless the header is that of the page that was asked for, and of the right kind. */
export function checkPageHeader(
  file: LmdbFile,
  page: DataView,
  number: number,
  pageSize: number,
  kind: number,
): void {
  const place = `page ${number} (byte ${number * pageSize})`;
  const found = readPageNumber(page, 0);
  if (found !== number) throw file.corrupt(`${place} says that it is page ${found ?? 'beyond'}`);
  const flags = page.getUint16(pageFlags.offset, true) & pageFlags.kinds;
  if (flags === kind) return;
  throw file.corrupt(
    `${place} is of the wrong kind (flags 0x${flags.toString(16)}, not 0x${kind.toString(16)})`,
  );
}

/** A 64-bit number, or undefined where it is too large to be one of a real file. */
export function readPageNumber(page: DataView, offset: number): number | undefined {
  const value = page.getBigUint64(offset, true);
  return value <= BigInt(Number.MAX_SAFE_INTEGER) / 65536n ? Number(value) : undefined;
}
