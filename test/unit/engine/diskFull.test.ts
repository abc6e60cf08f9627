import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as files from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { writeOutput } from '../../../src/engine/files/outputFile';
import { UserError } from '../../../src/base/userError';

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof files>();
  return { ...real, writeFile: vi.fn(real.writeFile) };
});

const folder = mkdtempSync(path.join(tmpdir(), 'ristretto-full-'));
afterEach(() => readdirSync(folder).forEach((name) => rmSync(path.join(folder, name))));
afterAll(() => rmSync(folder, { recursive: true }));
const file = path.join(folder, 'q.prototxt');

/** The next write ends after half of its bytes, as on a disk that is full. */
function fillDisk(code: string): void {
  vi.mocked(files.writeFile).mockImplementationOnce((target, content) => {
    writeFileSync(target as string, (content as string).slice(0, (content as string).length / 2));
    return Promise.reject(
      Object.assign(new Error(`${code}: no, write`), { code, syscall: 'write' }),
    );
  });
}

describe('a disk that is full', () => {
  it.each([
    ['ENOSPC', 'the disk is full'],
    ['EDQUOT', 'your share of the disk is used up'],
    ['EIO', 'EIO: no'],
  ])('%s leaves no part of a new file', async (code, reason) => {
    fillDisk(code);
    const written = writeOutput(file, 'quantized');
    await expect(written).rejects.toThrow(UserError);
    await expect(written).rejects.toMatchObject({
      code: 'output/write-failed',
      message: `${file}: cannot be written (${reason})`,
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('leaves the earlier file as it was, and a later write works', async () => {
    writeFileSync(file, 'earlier');
    fillDisk('ENOSPC');
    await expect(writeOutput(file, 'quantized')).rejects.toThrow('the disk is full');
    expect(readdirSync(folder)).toEqual(['q.prototxt']);
    expect(readFileSync(file, 'utf8')).toBe('earlier');
    await writeOutput(file, 'quantized');
    expect(readFileSync(file, 'utf8')).toBe('quantized');
  });
});

it('an aborted write leaves nothing', async () => {
  const abort = new AbortController();
  const written = writeOutput(file, new Uint8Array(50_000_000), abort.signal);
  abort.abort();
  await expect(written).rejects.toMatchObject({ name: 'AbortError' });
  expect(readdirSync(folder)).toEqual([]);
});
