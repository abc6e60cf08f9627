import { describe, expect, it } from 'vitest';
import { BatchSource, type DatabaseOptions } from '../../../src/data/batches';
import { fixture, key, pixels, rejectionOf } from './fixtures';

function open(name: string, options: Partial<DatabaseOptions> = {}): Promise<BatchSource> {
  return BatchSource.open({
    layerName: 'data',
    sourcePath: fixture(name),
    batchSize: 4,
    transform: {},
    phase: 'TEST',
    tops: 2,
    ...options,
  });
}

/** What batch `index` of fixture tiny (10 records of 1x4x5) holds. */
function tinyBatch(index: number, size: number) {
  const records = Array.from({ length: size }, (_, i) => (index * size + i) % 10);
  return {
    data: Float32Array.from(records.flatMap((record) => [...pixels(record, 20)])),
    labels: Float32Array.from(records),
  };
}

describe('BatchSource', () => {
  it('knows its shape and record count at once', async () => {
    const source = await open('color', { transform: { cropSize: 5 } });
    expect(source.shape).toEqual([4, 3, 5, 5]);
    expect(source.sourceRecords).toBe(7);
  });

  it.each([1, 3, 4, 10, 25])('goes round at the end, batch size %i', async (batchSize) => {
    const source = await open('tiny', { batchSize });
    for (let i = 0; i < 12; i++) expect(await source.batch(i)).toEqual(tinyBatch(i, batchSize));
  });

  it.each([0, 400, 1000, undefined])(
    'gives the same in any order, budget %s',
    async (memoryBudgetBytes) => {
      const source = await open('tiny', { memoryBudgetBytes });
      for (const i of [3, 0, 1, 2, 2, 7, 0, 4, 100, 3]) {
        expect(await source.batch(i)).toEqual(tinyBatch(i, 4));
      }
    },
  );

  it('decodes a batch once while memory allows, and shares what comes round again', async () => {
    const source = await open('tiny', { batchSize: 5 });
    expect(await source.batch(0)).toBe(await source.batch(0));
    expect(await source.batch(2)).toBe(await source.batch(0));
    expect(await source.batch(1)).not.toBe(await source.batch(0));
    const poor = await open('tiny', { batchSize: 5, memoryBudgetBytes: 5 * 20 * 4 + 5 * 4 });
    expect(await poor.batch(0)).toBe(await poor.batch(0));
    expect(await poor.batch(1)).not.toBe(await poor.batch(1));
  });

  it('gives no labels to a layer with one top', async () => {
    expect((await (await open('tiny', { tops: 1 })).batch(0)).labels).toHaveLength(0);
  });

  it('draws crops and mirroring from seed, batch and position only', async () => {
    const transform = { cropSize: 3, mirror: true };
    const make = (seed: number, memoryBudgetBytes?: number) =>
      open('color', { transform, phase: 'TRAIN', seed, memoryBudgetBytes });
    const forwards = await make(1);
    const batches = await Promise.all(
      Array.from({ length: 14 }, (_, i) => i).map((i) => forwards.batch(i)),
    );
    const backwards = await make(1, 0);
    for (let i = 13; i >= 0; i--) expect(await backwards.batch(i)).toEqual(batches[i]);
    expect((await (await make(2)).batch(0)).data).not.toEqual(batches[0]!.data);
    // Batch 7 starts at record 0 again, but is cropped anew.
    expect(batches[7]!.labels).toEqual(batches[0]!.labels);
    expect(batches[7]!.data).not.toEqual(batches[0]!.data);
  });

  it('names the record behind a position', async () => {
    const source = await open('tiny');
    expect(await source.recordName(0, 3)).toBe(`record 3 (key ${key(3)})`);
    expect(await source.recordName(2, 3)).toBe(`record 1 (key ${key(1)})`);
    expect(await source.batch(0)).toEqual(tinyBatch(0, 4));
  });

  it('names the record whose shape differs', async () => {
    const error = await rejectionOf(async () => (await open('mixed', { batchSize: 3 })).batch(0));
    expect(error.message).toMatch(/data\.mdb: record 2 \(key 00000002\) is 3x7x8, but .* 3x6x8/);
  });

  it('fails the same way each time it meets a bad record', async () => {
    const source = await open('mixed', { batchSize: 1 });
    expect((await source.batch(0)).data).toHaveLength(144);
    for (let i = 0; i < 3; i++) await expect(source.batch(2)).rejects.toThrow('record 2');
    expect((await source.batch(1)).data).toHaveLength(144);
  });

  it.each([0, -1, 1.5, NaN, 2 ** 31])('refuses batch_size %s', async (batchSize) => {
    const error = await rejectionOf(() =>
      open('tiny', { batchSize, place: { file: 'net.prototxt' } }),
    );
    expect(error.code).toBe('batch/size');
    expect(error.message).toMatch(/^net.prototxt: layer data /);
  });
});
