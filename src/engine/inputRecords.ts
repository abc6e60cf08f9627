import { createHash } from 'node:crypto';
import { createReadStream, existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { InputRecord } from '../quantize/report';

/** Hashing a whole image database would take longer than the search. */
const largestHashed = 4 * 2 ** 30;

/**
 * Size and SHA-256 of a file, read as a stream; a database folder stands for its data.mdb. Once the
 * signal is aborted there is no hash.
 */
export async function recordInput(
  role: InputRecord['role'],
  file: string,
  signal: AbortSignal | undefined,
): Promise<InputRecord> {
  const data = path.join(file, 'data.mdb');
  const read = statSync(file).isDirectory() && existsSync(data) ? data : file;
  const bytes = statSync(read).size;
  if (bytes > largestHashed) return { role, path: file, bytes, sha256: null };
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(read, { highWaterMark: 1 << 20 })) {
    if (signal?.aborted === true) return { role, path: file, bytes, sha256: null };
    hash.update(chunk as Buffer);
  }
  return { role, path: file, bytes, sha256: hash.digest('hex') };
}
