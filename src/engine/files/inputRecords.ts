import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { isLevelDbFile } from '../../data/levelDbMirror';
import type { InputRecord } from '../../quantize/report';

/** Hashing a whole image database would take longer than the search. */
const largestHashed = 4 * 2 ** 30;

/**
 * Size and SHA-256 of a file, read as a stream. The folder of an LMDB stands for its data.mdb, that of
 * a LevelDB for its files, one after the other in the order of their names. Once the signal is aborted
 * there is no hash.
 */
export async function recordInput(
  role: InputRecord['role'],
  file: string,
  signal: AbortSignal | undefined,
): Promise<InputRecord> {
  const read = contentFiles(file);
  const bytes = read.reduce((sum, part) => sum + statSync(part).size, 0);
  if (bytes > largestHashed) return { role, path: file, bytes, sha256: null };
  const hash = createHash('sha256');
  for (const part of read) {
    for await (const chunk of createReadStream(part, { highWaterMark: 1 << 20 })) {
      if (signal?.aborted === true) return { role, path: file, bytes, sha256: null };
      hash.update(chunk as Buffer);
    }
  }
  return { role, path: file, bytes, sha256: hash.digest('hex') };
}

function contentFiles(file: string): string[] {
  if (!statSync(file).isDirectory()) return [file];
  const data = path.join(file, 'data.mdb');
  if (existsSync(data)) return [data];
  return readdirSync(file)
    .filter(isLevelDbFile)
    .sort()
    .map((name) => path.join(file, name));
}
