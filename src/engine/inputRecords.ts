import { createHash } from 'node:crypto';
import { createReadStream, existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { InputRecord } from '../quantize/report';

/** Size and SHA-256 of a file, read as a stream; a database folder stands for its data.mdb. */
export async function recordInput(role: InputRecord['role'], file: string): Promise<InputRecord> {
  const data = path.join(file, 'data.mdb');
  const read = statSync(file).isDirectory() && existsSync(data) ? data : file;
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(read, { highWaterMark: 1 << 20 })) {
    hash.update(chunk as Buffer);
  }
  return { role, path: file, bytes: statSync(read).size, sha256: hash.digest('hex') };
}
