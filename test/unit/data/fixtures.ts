import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll } from 'vitest';
import type { LmdbReader, LmdbRecord } from '../../../src/data/lmdb';
import { UserError } from '../../../src/base/userError';

export const repoRoot = resolve(__dirname, '../../..');

/** Public data sets beside the checkout; tests that need them are skipped where it is missing. */
export const shared = resolve(repoRoot, '../shared/data');

/** A fixture of scripts/makeLmdbFixtures.py. */
export function fixture(name: string): string {
  return join(repoRoot, 'test/fixtures/lmdb', name);
}

// The formulas below are those of scripts/makeLmdbFixtures.py.

export function pixels(index: number, count: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, i) => (index * 31 + i * 7) % 256);
}

export function floats(index: number, count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => index + i / 4 - 1.5);
}

export function key(index: number): string {
  return String(index).padStart(8, '0');
}

/** A temporary folder, removed after the file's tests. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'data-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A copy of a fixture whose bytes are altered; returns its folder. */
export function altered(
  folder: string,
  name: string,
  change: (bytes: Buffer) => Buffer | void,
): string {
  const copy = mkdtempSync(join(folder, `${name}-`));
  cpSync(fixture(name), copy, { recursive: true });
  const file = join(copy, 'data.mdb');
  const bytes = readFileSync(file);
  writeFileSync(file, change(bytes) ?? bytes);
  return copy;
}

/** The UserError that `action` must end in. */
export function userErrorOf(action: () => unknown): UserError {
  try {
    action();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('no error was thrown');
}

/** Numbers in a row that are the same on each run: xorshift32. */
export function seededNumbers(seed: number): (limit: number) => number {
  let state = seed | 0 || 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

/** All records in key order; a record's value is valid until the next one is asked for. */
export function* recordsOf(reader: LmdbReader): Iterable<LmdbRecord> {
  const cursor = reader.cursor();
  for (let record = cursor.next(); record !== undefined; record = cursor.next()) yield record;
}

/** The UserError that `action` must end in, sooner or later. */
export async function rejectionOf(action: () => Promise<unknown>): Promise<UserError> {
  try {
    await action();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('no error was thrown');
}
