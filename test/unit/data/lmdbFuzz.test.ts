import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BatchSource } from '../../../src/data/batches';
import { LmdbReader } from '../../../src/data/lmdb';
import { UserError } from '../../../src/base/userError';
import { fixture, recordsOf, seededNumbers, temporaryFolder } from './fixtures';

const VARIANTS = 400;
const BUDGET_MS = 20_000;
const folder = temporaryFolder();

/** Flips bits, writes extreme values, copies blocks, cuts: a few damages a variant. */
function damage(bytes: Buffer, draw: (limit: number) => number): Buffer {
  let damaged = Buffer.from(bytes);
  const extremes = [0, 1, 0x7f, 0x80, 0xff];
  for (let i = 0; i <= draw(4); i++) {
    // Headers and pointers steer the reader: half of the damage goes to the start of a page.
    const page = draw(Math.ceil(damaged.length / 4096)) * 4096;
    const at = Math.min(damaged.length - 1, page + draw(draw(2) === 0 ? 160 : 4096));
    const kind = draw(10);
    if (kind < 4) damaged[at]! ^= 1 << draw(8);
    else if (kind < 7) damaged[at] = extremes[draw(extremes.length)]!;
    else if (kind < 8) damaged.subarray(at, at + draw(16)).fill(0xff);
    else if (kind < 9) damaged.copy(damaged, at, draw(damaged.length), draw(damaged.length));
    else damaged = damaged.subarray(0, 1 + draw(damaged.length));
  }
  return damaged;
}

/** Whether reading went through; anything but a UserError is a failure of the test. */
function readsWhole(path: string): boolean {
  try {
    const reader = LmdbReader.open(path);
    try {
      let count = 0;
      for (const { key, value } of recordsOf(reader)) count += key.length >= 0 && value ? 1 : 0;
      expect(count).toBe(reader.entryCount);
    } finally {
      reader.close();
    }
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return false;
  }
}

describe('damaged LMDBs', () => {
  it.each(['tiny', 'deep', 'overflow', 'deleted', 'largepages'])(
    'reading %s ends in data or a UserError',
    (name) => {
      const bytes = readFileSync(join(fixture(name), 'data.mdb'));
      const draw = seededNumbers(name.length * 7919);
      const path = join(folder, `${name}.mdb`);
      const start = performance.now();
      let whole = 0;
      for (let i = 0; i < VARIANTS; i++) {
        writeFileSync(path, damage(bytes, draw));
        if (readsWhole(path)) whole++;
      }
      // Both outcomes must occur, or the damage is of no use as a test.
      expect(whole).toBeGreaterThan(0);
      expect(whole).toBeLessThan(VARIANTS);
      expect(performance.now() - start).toBeLessThan(BUDGET_MS);
    },
  );

  it.each(['color', 'float'])('batches of %s end in data or a UserError', async (name) => {
    const bytes = readFileSync(join(fixture(name), 'data.mdb'));
    const draw = seededNumbers(name.length * 104729);
    const path = join(folder, `${name}.mdb`);
    for (let i = 0; i < VARIANTS; i++) {
      const damaged = Buffer.from(bytes);
      // The records themselves, in the upper part of the last page.
      for (let j = 0; j <= draw(3); j++) damaged[8192 + 3000 + draw(1096)] = draw(256);
      writeFileSync(path, damaged);
      try {
        const source = await BatchSource.open({
          layerName: 'data',
          sourcePath: path,
          batchSize: 4,
          transform: {},
          phase: 'TEST',
          tops: 2,
        });
        await source.batch(0);
        await source.batch(1);
        await source.close();
      } catch (error) {
        expect(error).toBeInstanceOf(UserError);
      }
    }
  });
});
