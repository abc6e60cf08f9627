import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import protobuf from 'protobufjs/minimal.js';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { BatchSource } from '../../../src/data/batches';
import { openDatabase } from '../../../src/data/database';
import { LevelDbRecords } from '../../../src/data/levelDbRecords';
import { key, pixels, rejectionOf, shared, temporaryFolder } from './fixtures';

const folder = temporaryFolder();
const options = { layerName: 'd', batchSize: 4, transform: {}, phase: 'TEST', tops: 2 } as const;

function datum(index: number): Buffer {
  const writer = protobuf.Writer.create();
  writer.uint32(8).int32(1).uint32(16).int32(4).uint32(24).int32(5);
  writer.uint32(34).bytes(pixels(index, 20)).uint32(40).int32(index);
  return Buffer.from(writer.finish());
}

async function database(name: string, records: readonly Buffer[]): Promise<string> {
  const place = join(folder, name);
  const db = new ClassicLevel<string, Buffer>(place, { valueEncoding: 'buffer' });
  for (const [index, record] of records.entries()) await db.put(key(index), record);
  await db.compactRange('', 'zzz');
  await db.close();
  return place;
}

const content = (place: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(place).map((name) => {
      const { mtimeMs } = statSync(join(place, name));
      return [name, `${mtimeMs} ${readFileSync(join(place, name)).toString('base64')}`];
    }),
  );
const mirrors = (): string[] =>
  readdirSync(tmpdir()).filter((name) => name.startsWith('ristretto-leveldb-'));

describe('LevelDB', () => {
  it('gives its records in key order, round and round, in any order of batches', async () => {
    const place = await database(
      'ten',
      Array.from({ length: 10 }, (_, i) => datum(i)),
    );
    const source = await BatchSource.open({ ...options, sourcePath: place, memoryBudgetBytes: 0 });
    expect(source.shape).toEqual([4, 1, 4, 5]);
    expect(source.sourceRecords).toBe(10);
    for (const index of [0, 1, 2, 3, 0, 7, 2]) {
      const { data, labels } = await source.batch(index);
      const records = [0, 1, 2, 3].map((i) => (index * 4 + i) % 10);
      expect([...labels]).toEqual(records);
      expect([...data]).toEqual(records.flatMap((record) => [...pixels(record, 20)]));
    }
    expect(await source.recordName(2, 3)).toBe(`record 1 (key ${key(1)})`);
    await source.close();
  });

  it('is not touched, and may lie in a folder that nobody can write to', async () => {
    const place = await database('locked', [datum(0), datum(1)]);
    const before = content(place);
    const others = mirrors();
    chmodSync(place, 0o555);
    try {
      const source = await BatchSource.open({ ...options, sourcePath: place });
      await source.batch(0);
      await source.close();
      await source.close();
    } finally {
      chmodSync(place, 0o755);
    }
    expect(content(place)).toEqual(before);
    expect(mirrors().filter((name) => !others.includes(name))).toEqual([]);
  });

  it('holds JPEG and PNG images too', async () => {
    const png = await sharp(Uint8Array.of(1, 2, 3), { raw: { width: 1, height: 1, channels: 3 } })
      .png()
      .toBuffer();
    const writer = protobuf.Writer.create();
    writer.uint32(34).bytes(png).uint32(40).int32(7).uint32(56).bool(true);
    const place = await database('encoded', [Buffer.from(writer.finish())]);
    const source = await BatchSource.open({ ...options, batchSize: 1, sourcePath: place });
    const { data, labels } = await source.batch(0);
    expect([[...data], [...labels]]).toEqual([[3, 2, 1], [7]]);
    await source.close();
    const decoding = { colors: 'gray' } as const;
    const gray = await BatchSource.open({ ...options, batchSize: 1, sourcePath: place, decoding });
    // 0.299 * 1 + 0.587 * 2 + 0.114 * 3 is 1.815; libpng cuts off.
    expect([...(await gray.batch(0)).data]).toEqual([1]);
    await gray.close();
  });

  it('keeps the order where images and raw pixels take turns', async () => {
    const dot = (value: number): Promise<Buffer> =>
      sharp(Uint8Array.of(value, value, value), { raw: { width: 1, height: 1, channels: 3 } })
        .png()
        .toBuffer();
    const records: Buffer[] = [];
    for (let i = 0; i < 21; i++) {
      const writer = protobuf.Writer.create().uint32(40).int32(i);
      if (i % 5 === 4) {
        writer.uint32(8).int32(3).uint32(16).int32(1).uint32(24).int32(1);
        records.push(
          Buffer.from(
            writer
              .uint32(34)
              .bytes(Uint8Array.of(i, i, i))
              .finish(),
          ),
        );
      } else {
        const bytes = i === 20 ? Buffer.from('no image') : await dot(i);
        records.push(Buffer.from(writer.uint32(34).bytes(bytes).uint32(56).bool(true).finish()));
      }
    }
    const place = await database('turns', records);
    const source = await BatchSource.open({ ...options, batchSize: 20, sourcePath: place });
    const { data, labels } = await source.batch(0);
    const order = Array.from({ length: 20 }, (_, i) => i);
    expect([...labels]).toEqual(order);
    expect([...data]).toEqual(order.flatMap((i) => [i, i, i]));
    const error = await rejectionOf(() => source.batch(1));
    expect(error.message).toMatch(
      /record 20 \(key 00000020\) holds an image that cannot be decoded/,
    );
    await source.close();
  });

  it('that is damaged, empty or no image inside says so', async () => {
    const broken = await database('broken', [datum(0)]);
    writeFileSync(join(broken, 'CURRENT'), 'MANIFEST-999999\n');
    const error = await rejectionOf(() => openDatabase(broken));
    expect(error.code).toBe('leveldb/corrupt');
    expect(error.message).toMatch(/broken: this LevelDB is damaged or not whole \(.+\)/);
    const none = await database('none', []);
    expect((await rejectionOf(() => openDatabase(none))).code).toBe('leveldb/empty');
    const writer = protobuf.Writer.create();
    writer.uint32(34).bytes(Buffer.from('no image')).uint32(56).bool(true);
    const odd = await database('odd', [Buffer.from(writer.finish())]);
    const image = await rejectionOf(() => BatchSource.open({ ...options, sourcePath: odd }));
    expect(image.message).toMatch(/odd: record 0 \(key 00000000\) holds an image that cannot be/);
  });
});

describe('a database', () => {
  it('is named where it is of no kind', async () => {
    const other = join(folder, 'other kind');
    mkdirSync(other);
    const error = await rejectionOf(() => openDatabase(other));
    expect(error.message).toMatch(
      /other kind: this folder holds neither data\.mdb, .* nor CURRENT/,
    );
    const gone = join(folder, 'gone');
    expect((await rejectionOf(() => openDatabase(gone))).code).toBe('lmdb/missing');
    writeFileSync(join(other, 'file'), '');
    const inside = join(other, 'file', 'x');
    expect((await rejectionOf(() => openDatabase(inside))).code).toMatch(/missing|unreadable/);
  });
});

describe('a large LevelDB', () => {
  const large = 0;
  const labelsOf = async (records: LevelDbRecords, from: number, count: number) => {
    const labels: number[] = [];
    await records.read(from, count, ({ label }) => labels.push(label));
    return labels;
  };
  const numbered = async (name: string, numbers: readonly number[]): Promise<LevelDbRecords> => {
    const place = join(folder, name);
    const db = new ClassicLevel<string, Buffer>(place, { valueEncoding: 'buffer' });
    for (const number of numbers) await db.put(`${key(number)}_a.jpg`, datum(number));
    await db.close();
    return LevelDbRecords.open(place, {}, large);
  };

  it('is as long as its keys say, until its end is reached', async () => {
    const records = await numbered('gaps', [0, 1, 3, 4]);
    expect(records.count).toBe(5);
    expect(await labelsOf(records, 0, 3)).toEqual([0, 1, 3]);
    expect(await labelsOf(records, 3, 3)).toEqual([4, 0, 1]);
    expect(records.count).toBe(4);
    expect(await labelsOf(records, 2, 2)).toEqual([3, 4]);
    await records.close();
  });

  it('is counted where its keys do not say that', async () => {
    const other = await numbered('other', [7, 8]);
    expect(other.count).toBe(2);
    await other.close();
    const place = join(folder, 'twice');
    const db = new ClassicLevel<string, Buffer>(place, { valueEncoding: 'buffer' });
    for (const [label, name] of ['0_a', '0_b', '1_a'].entries()) await db.put(name, datum(label));
    await db.close();
    const twice = await LevelDbRecords.open(place, {}, large);
    expect(await labelsOf(twice, 0, 4)).toEqual([0, 1, 2, 0]);
    expect(twice.count).toBe(3);
    await twice.close();
  });

  it('is counted right where its keys are long', async () => {
    const place = join(folder, 'long');
    const db = new ClassicLevel<string, Buffer>(place, { valueEncoding: 'buffer' });
    await db.open();
    const batch = db.batch();
    for (let i = 0; i < 600; i++) batch.put(`${key(i)}_${'n01440764/'.repeat(15)}`, datum(i));
    await batch.write();
    await db.close();
    const records = await LevelDbRecords.open(place);
    expect(records.count).toBe(600);
    await records.close();
  });
});

const mnist = join(shared, 'mnist');
describe.skipIf(!existsSync(mnist))('MNIST (skipped where ../shared/data/mnist is missing)', () => {
  it('is the same from LevelDB and LMDB', async () => {
    const open = (name: string): Promise<BatchSource> =>
      BatchSource.open({ ...options, batchSize: 500, sourcePath: join(mnist, name) });
    const [level, lmdb] = await Promise.all([open('mnist_test_leveldb'), open('mnist_test_lmdb')]);
    expect(level.sourceRecords).toBe(lmdb.sourceRecords);
    // Comparing millions of numbers one by one takes vitest half a minute.
    const bytesOf = ({ buffer }: Float32Array): Buffer => Buffer.from(buffer);
    for (let i = 0; i < 20; i++) {
      const [one, other] = await Promise.all([level.batch(i), lmdb.batch(i)]);
      expect(bytesOf(one.data).equals(bytesOf(other.data)), `batch ${i}`).toBe(true);
      expect(one.labels).toEqual(other.labels);
    }
    await Promise.all([level.close(), lmdb.close()]);
  });
});
