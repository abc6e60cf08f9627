import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import protobuf from 'protobufjs/minimal.js';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { BatchSource } from '../../../src/data/batches';
import { openDatabase } from '../../../src/data/database';
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
    expect([...(await gray.batch(0)).data]).toEqual([2]);
    await gray.close();
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

const mnist = join(shared, 'mnist');
describe.skipIf(!existsSync(mnist))('MNIST (skipped where ../shared/data/mnist is missing)', () => {
  it('is the same from LevelDB and LMDB', async () => {
    const open = (name: string): Promise<BatchSource> =>
      BatchSource.open({ ...options, batchSize: 500, sourcePath: join(mnist, name) });
    const [level, lmdb] = await Promise.all([open('mnist_test_leveldb'), open('mnist_test_lmdb')]);
    expect(level.sourceRecords).toBe(lmdb.sourceRecords);
    for (let i = 0; i < 20; i++) expect(await level.batch(i)).toEqual(await lmdb.batch(i));
    await Promise.all([level.close(), lmdb.close()]);
  });
});
