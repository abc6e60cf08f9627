import { UserError } from '../base/userError';
import type { LmdbFile } from './lmdbFile';
import { pageFlags, readPageNumber } from './lmdbPage';

/** One committed state of an LMDB: the root of its main tree and what is known about it. */
export interface LmdbMeta {
  readonly pageSize: number;
  /** Highest page number ever used. */
  readonly lastPage: number;
  /** Number of the transaction that wrote this state. */
  readonly transaction: number;
  readonly entryCount: number;
  /** Levels of the main tree; 1 is a lone leaf. */
  readonly depth: number;
  readonly rootPage: number;
  /** Keys are sorted as byte strings (not as integers or from their ends). */
  readonly plainKeyOrder: boolean;
}

const MAGIC = 0xbeefc0de;
const FORMAT_VERSION = 1;

// Byte offsets in a meta page of a 64-bit, little-endian data format 1 file: MDB_page and MDB_meta
// of liblmdb 0.9's mdb.c.
const META = {
  magic: 16,
  version: 20,
  pageSize: 40,
  mainFlags: 88 + 4,
  mainDepth: 88 + 6,
  mainEntries: 88 + 32,
  mainRoot: 88 + 40,
  lastPage: 136,
  transaction: 144,
  end: 152,
} as const;

// The header of a page is shorter where pointers have 32 bits, and longer in data format 2.
const MAGIC_32_BIT = 12;
const MAGIC_FORMAT_2 = 24;

const treeFlags = { reverseKey: 0x02, duplicates: 0x04, integerKey: 0x08 } as const;

// liblmdb itself stops at 32768 (a page's offsets have 16 bits), even where the system has 64 KB
// pages; its smallest page has 256 bytes.
const MIN_PAGE_BYTES = 256;
const MAX_PAGE_BYTES = 65536;

// CURSOR_STACK in mdb.c: liblmdb makes no deeper tree.
const MAX_DEPTH = 32;

// Two bytes of offset and eight of node header: no record takes less of the file.
const MIN_RECORD_BYTES = 10;

/**
 * Reads both meta pages and returns the newer valid one, as a crash may have left the other half
 * written.
 *
 * @throws UserError `lmdb/not-an-lmdb`, `lmdb/foreign`, `lmdb/version`, `lmdb/layout` (32-bit or big-endian),
 * `lmdb/truncated`, `lmdb/corrupt`, `lmdb/unsupported` (duplicate keys) or `lmdb/empty`.
 */
export function readMeta(file: LmdbFile): LmdbMeta {
  const first = readStart(file);
  const pageSize = first.getUint32(META.pageSize, true);
  const isPowerOfTwo = (pageSize & (pageSize - 1)) === 0;
  if (!isPowerOfTwo || pageSize < MIN_PAGE_BYTES || pageSize > MAX_PAGE_BYTES) {
    throw file.corrupt(`its page size is given as ${pageSize} bytes (at byte ${META.pageSize})`);
  }
  const second = readBytes(file, pageSize, META.end, 'meta page 1');
  const states = [first, second]
    .filter(isMetaPage)
    .map((page) => ({ page, transaction: readPageNumber(page, META.transaction) ?? -1 }))
    .sort((a, b) => b.transaction - a.transaction);
  const newest = states[0];
  if (newest === undefined || newest.transaction < 0) {
    throw file.corrupt('neither of its two meta pages is valid');
  }
  return readTree(file, newest.page, pageSize, newest.transaction);
}

function readTree(file: LmdbFile, page: DataView, pageSize: number, transaction: number): LmdbMeta {
  const flags = page.getUint16(META.mainFlags, true);
  const entryCount = readPageNumber(page, META.mainEntries);
  const rootPage = readPageNumber(page, META.mainRoot);
  const lastPage = readPageNumber(page, META.lastPage);
  const depth = page.getUint16(META.mainDepth, true);
  if (entryCount === 0) {
    throw new UserError('lmdb/empty', 'this LMDB holds no records (0 entries)', {
      file: file.path,
    });
  }
  if ((flags & treeFlags.duplicates) !== 0) {
    throw new UserError(
      'lmdb/unsupported',
      'this LMDB has several values per key (DUPSORT), which Caffe does not write: give one with ' +
        'one Datum per key',
      { file: file.path },
    );
  }
  if (depth < 1 || depth > MAX_DEPTH) throw file.corrupt(`its tree has depth ${depth}`);
  if (entryCount === undefined || entryCount > file.size / MIN_RECORD_BYTES) {
    throw file.corrupt('its meta page gives more entries than the file has room for');
  }
  if (rootPage === undefined || lastPage === undefined) {
    throw file.corrupt('its meta page gives page numbers that are far too large');
  }
  const plainKeyOrder = (flags & (treeFlags.reverseKey | treeFlags.integerKey)) === 0;
  return { pageSize, lastPage, transaction, entryCount, depth, rootPage, plainKeyOrder };
}

function readStart(file: LmdbFile): DataView {
  const start = readBytes(file, 0, Math.min(file.size, META.end), 'meta page 0');
  if (hasMagic(start, META.magic, true)) {
    const version = uint32At(start, META.version, true);
    if (version !== undefined && version !== FORMAT_VERSION) throw wrongVersion(file, version);
    file.requireBytes(0, META.end, 'meta page 0');
    return start;
  }
  if (hasMagic(start, MAGIC_FORMAT_2, true)) {
    throw wrongVersion(file, uint32At(start, MAGIC_FORMAT_2 + 4, true) ?? 2);
  }
  if (hasMagic(start, MAGIC_32_BIT, true)) throw wrongLayout(file, 'a 32-bit');
  if (hasMagic(start, META.magic, false) || hasMagic(start, MAGIC_32_BIT, false)) {
    throw wrongLayout(file, 'a big-endian');
  }
  const detail = `this is no LMDB data file: the magic number BEEFC0DE is missing at byte ${META.magic}`;
  throw file.foreign() ?? new UserError('lmdb/not-an-lmdb', detail, { file: file.path });
}

function wrongVersion(file: LmdbFile, version: number): UserError {
  return new UserError(
    'lmdb/version',
    `this LMDB was written by a newer LMDB in data format ${version}, while Caffe's format is ` +
      `${FORMAT_VERSION}: re-create it with liblmdb 0.9, for instance with Caffe's ` +
      'convert_imageset or convert_mnist_data',
    { file: file.path },
  );
}

function wrongLayout(file: LmdbFile, machine: string): UserError {
  return new UserError(
    'lmdb/layout',
    `this LMDB was written on ${machine} machine, whose layout differs: re-create it on a 64-bit ` +
      'little-endian one (x86-64, ARM64)',
    { file: file.path },
  );
}

function isMetaPage(page: DataView, number: number): boolean {
  return (
    readPageNumber(page, 0) === number &&
    (page.getUint16(pageFlags.offset, true) & pageFlags.meta) !== 0 &&
    page.getUint32(META.magic, true) === MAGIC &&
    page.getUint32(META.version, true) === FORMAT_VERSION
  );
}

function hasMagic(page: DataView, offset: number, littleEndian: boolean): boolean {
  return uint32At(page, offset, littleEndian) === MAGIC;
}

function uint32At(page: DataView, offset: number, littleEndian: boolean): number | undefined {
  return offset + 4 > page.byteLength ? undefined : page.getUint32(offset, littleEndian);
}

function readBytes(file: LmdbFile, offset: number, length: number, item: string): DataView {
  const bytes = new Uint8Array(length);
  file.read(bytes, offset, item);
  return new DataView(bytes.buffer);
}
