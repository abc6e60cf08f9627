import { closeSync, mkdirSync, openSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LmdbReader } from '../../../src/data/lmdb';
import { altered, fixture, key, pixels, recordsOf, temporaryFolder, userErrorOf } from './fixtures';

const folder = temporaryFolder();

const PAGE = 4096;
const META = { version: 20, pageSize: 40, flags: 92, depth: 94, entries: 120, root: 128 };
const TRANSACTION = 144;

/** All records of a database: key and value as copies. */
function readAll(path: string): { key: string; value: Uint8Array }[] {
  const reader = LmdbReader.open(path);
  try {
    return Array.from(recordsOf(reader), (record) => ({
      key: Buffer.from(record.key).toString('latin1'),
      value: Uint8Array.from(record.value),
    }));
  } finally {
    reader.close();
  }
}

/** Applies a change at the same offset of both meta pages. */
function changeMetas(bytes: Buffer, change: (meta: Buffer) => void): void {
  change(bytes.subarray(0, PAGE));
  change(bytes.subarray(PAGE, 2 * PAGE));
}

describe('LmdbReader on files of the real liblmdb', () => {
  it('reads a lone leaf page', () => {
    const records = readAll(fixture('tiny'));
    expect(records.map((record) => record.key)).toEqual(
      Array.from({ length: 10 }, (_, i) => key(i)),
    );
  });

  it('takes data.mdb itself as well as its folder', () => {
    expect(readAll(join(fixture('tiny'), 'data.mdb'))).toEqual(readAll(fixture('tiny')));
  });

  it('walks three levels in key order', () => {
    const records = readAll(fixture('deep'));
    expect(records).toHaveLength(600);
    records.forEach((record, i) => {
      expect(record.key).toBe(String(i).padStart(200, '0'));
      expect(Buffer.from(record.value).readUInt32LE(0)).toBe(i);
    });
  });

  it('reads values in overflow pages, up to the last byte of a run', () => {
    const lengths = [10, 2000, 3000, 4080, 4081, 8176, 8177, 12000];
    expect(readAll(fixture('overflow')).map((record) => record.value)).toEqual(
      lengths.map((length, i) => pixels(i, length)),
    );
  });

  it('reads the newest state where records were deleted and pages are free', () => {
    const records = readAll(fixture('deleted'));
    const even = Array.from({ length: 50 }, (_, i) => 2 * i);
    expect(records.map((record) => record.key)).toEqual([...even, 1].map(key).sort());
    expect(Buffer.from(records[1]!.value).toString()).toBe('back');
    records
      .filter((_, i) => i !== 1)
      .forEach((record) => {
        const index = Number(record.key);
        expect(record.value).toEqual(pixels(index, 300 + index));
      });
  });

  it('reads a file of a machine with 64 KB pages (liblmdb then takes 32 KB)', () => {
    const reader = LmdbReader.open(fixture('largepages'));
    expect(reader.pageSize).toBe(32768);
    reader.close();
    expect(readAll(fixture('largepages')).map((record) => record.value)).toEqual(
      [10, 20000, 40000].map((length, i) => pixels(i, length)),
    );
  });

  // A sparse file: 4 GiB of holes, which other systems would fill with zeros.
  it.skipIf(process.platform !== 'linux')('reads pages beyond 4 GiB', () => {
    const far = 2 ** 32 / PAGE + 7;
    const path = altered(folder, 'overflow', (bytes) => {
      changeMetas(bytes, (meta) => meta.writeBigUInt64LE(BigInt(far + 2), 136));
      const leaf = Number(bytes.readBigUInt64LE(PAGE + META.root)) * PAGE;
      const node = leaf + bytes.readUInt16LE(leaf + 16 + 2 * 7);
      bytes.writeBigUInt64LE(BigInt(far), node + 8 + bytes.readUInt16LE(node + 6));
    });
    const run = Buffer.alloc(3 * PAGE);
    run.writeBigUInt64LE(BigInt(far), 0);
    run.writeUInt16LE(4, 10);
    run.writeUInt32LE(3, 12);
    run.set(pixels(99, 12000), 16);
    const file = openSync(join(path, 'data.mdb'), 'r+');
    writeSync(file, run, 0, run.length, far * PAGE);
    closeSync(file);
    expect(readAll(path)[7]!.value).toEqual(pixels(99, 12000));
    truncateSync(join(path, 'data.mdb'), far * PAGE + 100);
    expect(userErrorOf(() => readAll(path)).message).toMatch(
      /value at page 1048583 needs bytes 4294995968 to 4295007984, but the file has 4294996068/,
    );
  });

  it('falls back to the older state when the newer meta page is half written', () => {
    // An odd transaction writes meta page 1; the one before it left the even records.
    const tornPage1 = (bytes: Buffer) => void bytes.fill(0, PAGE + 16, PAGE + 24);
    const records = readAll(altered(folder, 'deleted', tornPage1));
    expect(records.map((record) => record.key)).toEqual(
      Array.from({ length: 50 }, (_, i) => key(2 * i)),
    );
    const empty = altered(folder, 'tiny', tornPage1);
    expect(userErrorOf(() => LmdbReader.open(empty)).code).toBe('lmdb/empty');
  });

  it('passes over an older state in meta page 1', () => {
    const path = altered(folder, 'deleted', (bytes) => {
      bytes.writeBigUInt64LE(1n, PAGE + TRANSACTION);
    });
    expect(readAll(path)).toHaveLength(50);
  });
});

describe('LmdbCursor', () => {
  it('goes on where it stopped, and starts again after rewind', () => {
    const reader = LmdbReader.open(fixture('deep'));
    const cursor = reader.cursor();
    const first = cursor.next()!.key;
    expect(cursor.position).toBe(1);
    while (cursor.next() !== undefined);
    expect(cursor.next()).toBeUndefined();
    expect(cursor.position).toBe(600);
    cursor.rewind();
    expect(cursor.next()!.key).toEqual(first);
    reader.close();
  });

  it.each([0, 1, 2, 16, 17, 18, 19, 100, 299, 598, 599, 600, 601, 10000])('skips %i', (count) => {
    const reader = LmdbReader.open(fixture('deep'));
    const cursor = reader.cursor();
    cursor.skip(count);
    expect(cursor.position).toBe(Math.min(count, 600));
    const record = cursor.next();
    expect(record && Buffer.from(record.value).readUInt32LE(0)).toBe(
      count < 600 ? count : undefined,
    );
    reader.close();
  });

  it('keeps two cursors apart', () => {
    const reader = LmdbReader.open(fixture('overflow'));
    const [a, b] = [reader.cursor(), reader.cursor()];
    b.skip(5);
    const value = a.next()!.value;
    b.next();
    expect(Uint8Array.from(value)).toEqual(pixels(0, 10));
    reader.close();
  });
});

describe('LmdbReader refuses', () => {
  const openError = (path: string) => userErrorOf(() => LmdbReader.open(path));
  const readError = (path: string) => userErrorOf(() => readAll(path));

  it('a folder that does not exist', () => {
    const error = openError('/nowhere/mnist_test_lmdb');
    expect(error.code).toBe('lmdb/missing');
    expect(error.message).toBe(
      '/nowhere/mnist_test_lmdb: there is no such folder or file; an LMDB is a folder that holds ' +
        'data.mdb',
    );
  });

  it('a path through a file', () => {
    expect(openError(join(fixture('tiny'), 'data.mdb', 'x')).code).toMatch(/missing|unreadable/);
  });

  it('a folder without data.mdb', () => {
    const empty = join(folder, 'nothing');
    mkdirSync(empty);
    expect(openError(empty).message).toMatch(/holds no data.mdb, so it is no LMDB/);
  });

  it('another kind of file', () => {
    const path = join(folder, 'other.mdb');
    writeFileSync(path, 'name: "LeNet" layer { name: "conv1" type: "Convolution" }');
    expect(openError(path).code).toBe('lmdb/not-an-lmdb');
    expect(openError(altered(folder, 'tiny', (bytes) => void bytes.fill(0, 16, 20))).code).toBe(
      'lmdb/not-an-lmdb',
    );
  });

  it('a database with no records', () => {
    expect(openError(fixture('empty')).code).toBe('lmdb/empty');
  });

  it('data format 2, whose header is 8 bytes longer', () => {
    const path = altered(folder, 'tiny', (bytes) => {
      const meta = Buffer.from(bytes.subarray(16, 160));
      meta.copy(bytes, 24);
      bytes.fill(0, 16, 24);
      bytes.writeUInt32LE(2, 28);
    });
    const error = openError(path);
    expect(error.code).toBe('lmdb/version');
    expect(error.message).toMatch(/data\.mdb: .*data format 2.*Caffe's format is 1.*liblmdb 0\.9/);
  });

  it('a version number of the future at the usual place', () => {
    const path = altered(folder, 'tiny', (bytes) => void bytes.writeUInt32LE(999, META.version));
    expect(openError(path).message).toMatch(/data format 999/);
  });

  it('the layouts of 32-bit and big-endian machines', () => {
    const narrow = altered(folder, 'tiny', (bytes) =>
      Buffer.concat([bytes.subarray(0, 12), bytes.subarray(16)]),
    );
    expect(openError(narrow).message).toMatch(/written on a 32-bit machine/);
    const swapped = altered(folder, 'tiny', (bytes) => void bytes.subarray(16, 20).reverse());
    expect(openError(swapped).message).toMatch(/written on a big-endian machine/);
  });

  it.each([0, 10, 100, 151, 4095, 4096, 4247])('a file cut to %i bytes', (length) => {
    const path = altered(folder, 'tiny', (bytes) => bytes.subarray(0, length));
    const other = { 0: 'lmdb/foreign', 10: 'lmdb/not-an-lmdb' }[length];
    expect(openError(path).code).toBe(other ?? 'lmdb/truncated');
  });

  it('a page beyond the end of the file, naming page and file size', () => {
    const path = altered(folder, 'tiny', (bytes) => bytes.subarray(0, 3 * PAGE - 1));
    expect(readError(path).message).toBe(
      `${path}/data.mdb: this LMDB is cut off: page 2 needs bytes 8192 to 12288, but the file has ` +
        '12287 bytes; copy it again or re-create it',
    );
  });

  it('a long value that is cut off', () => {
    const path = altered(folder, 'overflow', (bytes) => bytes.subarray(0, 13 * PAGE));
    expect(readError(path).code).toBe('lmdb/truncated');
  });

  it('a file that shrinks while it is read', () => {
    const path = altered(folder, 'deep', () => undefined);
    const reader = LmdbReader.open(path);
    const cursor = reader.cursor();
    cursor.next();
    truncateSync(join(path, 'data.mdb'), 3 * PAGE);
    const error = userErrorOf(() => cursor.skip(600));
    expect(error.code).toBe('lmdb/truncated');
    expect(userErrorOf(() => cursor.next())).toBe(error);
    reader.close();
  });

  it('several values per key and named sub-databases', () => {
    const path = altered(folder, 'tiny', (bytes) =>
      changeMetas(bytes, (meta) => meta.writeUInt16LE(4, META.flags)),
    );
    expect(openError(path).message).toMatch(/several values per key/);
    expect(readError(fixture('named')).message).toMatch(/named sub-databases/);
  });

  const damages: [string, string, (bytes: Buffer) => void, RegExp][] = [
    ['page size', 'tiny', (b) => b.writeUInt32LE(1000, META.pageSize), /page size .* 1000/],
    ['both metas', 'tiny', (b) => changeMetas(b, (m) => m.writeUInt16LE(0, 10)), /neither of/],
    ['depth', 'tiny', (b) => changeMetas(b, (m) => m.writeUInt16LE(65, META.depth)), /depth 65/],
    [
      'entry count',
      'tiny',
      (b) => changeMetas(b, (m) => m.writeBigUInt64LE(1n << 40n, META.entries)),
      /more entries than the file has room for/,
    ],
    [
      'root page',
      'tiny',
      (b) => changeMetas(b, (m) => m.writeBigUInt64LE((1n << 64n) - 1n, META.root)),
      /page numbers that are far too large/,
    ],
    [
      'root in the meta pages',
      'tiny',
      (b) => changeMetas(b, (m) => m.writeBigUInt64LE(1n, META.root)),
      /a leaf page is said to be page 1, but its pages are 2 to 2/,
    ],
    [
      'too few records',
      'tiny',
      (b) => changeMetas(b, (m) => m.writeBigUInt64LE(11n, META.entries)),
      /has 10 records, but gives 11/,
    ],
    [
      'too many records',
      'tiny',
      (b) => changeMetas(b, (m) => m.writeBigUInt64LE(9n, META.entries)),
      /more records than the 9/,
    ],
    [
      'page number',
      'tiny',
      (b) => b.writeUInt8(7, 2 * PAGE),
      /page 2 \(byte 8192\) says .* page 7/,
    ],
    ['page kind', 'tiny', (b) => b.writeUInt16LE(1, 2 * PAGE + 10), /page 2 .*wrong kind/],
    ['no nodes', 'tiny', (b) => b.writeUInt16LE(16, 2 * PAGE + 12), /free space/],
    ['free space', 'tiny', (b) => b.writeUInt16LE(5000, 2 * PAGE + 14), /free space/],
    ['node offset', 'tiny', (b) => b.writeUInt16LE(4093, 2 * PAGE + 16), /node 0 on it/],
    [
      'value length',
      'tiny',
      (b) => b.writeUInt32LE(5000, 2 * PAGE + b.readUInt16LE(2 * PAGE + 16)),
      /value of record 0 on it runs past/,
    ],
    [
      'order of keys',
      'tiny',
      (b) => b.writeUInt16LE(b.readUInt16LE(2 * PAGE + 16), 2 * PAGE + 20),
      /key of record 2 is out of order/,
    ],
    [
      'overflow run length',
      'overflow',
      (b) => b.writeUInt32LE(500, overflowPage(b, 2) * PAGE + 12),
      /runs past the last page/,
    ],
    [
      'overflow run too short',
      'overflow',
      (b) => b.writeUInt32LE(1, overflowPage(b, 7) * PAGE + 12),
      /needs 12016 bytes, but has 1 pages/,
    ],
    [
      'cycle',
      'deep',
      (b) => {
        const root = Number(b.readBigUInt64LE(PAGE + META.root));
        const node = root * PAGE + b.readUInt16LE(root * PAGE + 16);
        b.writeUInt32LE(root, node);
      },
      /kind/,
    ],
  ];
  it.each(damages)('a damaged file: %s', (_what, name, change, message) => {
    const path = altered(folder, name, (bytes) => void change(bytes));
    const error = readError(path);
    expect(error.code).toBe('lmdb/corrupt');
    expect(error.message).toMatch(message);
    expect(error.message).toContain(join(path, 'data.mdb'));
    expect(error.message).not.toContain('\n');
  });

  function overflowPage(bytes: Buffer, record: number): number {
    const leaf = Number(bytes.readBigUInt64LE(PAGE + META.root)) * PAGE;
    const node = leaf + bytes.readUInt16LE(leaf + 16 + 2 * record);
    return Number(bytes.readBigUInt64LE(node + 8 + bytes.readUInt16LE(node + 6)));
  }
});
