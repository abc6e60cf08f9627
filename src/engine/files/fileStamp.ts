import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import { isLevelDbFile } from '../../data/levelDbMirror';
import { pause } from '../../runtime/pause';

/** What tells whether a file is still the one it was, without reading all of it. */
export interface FileStamp {
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
  /** SHA-256 in hex of its beginning and its end; of a folder, of the stamps of all its files. */
  readonly ends: string;
}

/** Bytes at either end: more than both meta pages of an LMDB, which tell of every write to it. */
const endLength = 256 * 1024;
/** Files of a list that are looked at before others get their turn. */
const filesAtOnce = 500;

/**
 * A file that a run reads. The folder of an LMDB stands for its data.mdb; that of a LevelDB for its tables,
 * logs and manifests, each by its name.
 *
 * @throws Error of the file system
 */
export function stampFile(file: string): FileStamp {
  if (!statSync(file).isDirectory()) return stampOne(file);
  const data = path.join(file, 'data.mdb');
  if (existsSync(data)) return stampOne(data);
  const stamps = readdirSync(file)
    .filter(isLevelDbFile)
    .sort()
    .map((name) => ({ name, ...stampOne(path.join(file, name)) }));
  return {
    bytes: stamps.reduce((sum, { bytes }) => sum + bytes, 0),
    modified: Math.max(0, ...stamps.map(({ modified }) => modified)),
    ends: createHash('sha256').update(JSON.stringify(stamps)).digest('hex'),
  };
}

/**
 * Files of which a list has too many to read any: their names, sizes and times, in the order of the list,
 * as one SHA-256 in hex. One that is not there counts as such.
 */
export async function stampListed(
  files: readonly string[],
  signal: AbortSignal | undefined,
): Promise<string> {
  const hash = createHash('sha256');
  for (const [i, file] of files.entries()) {
    if (i % filesAtOnce === 0) await pause(signal);
    const stats = statSync(file, { throwIfNoEntry: false });
    hash.update(`${file}\0${stats?.size ?? '-'}\0${stats?.mtimeMs ?? '-'}\n`);
  }
  return hash.digest('hex');
}

function stampOne(file: string): FileStamp {
  const { size, mtimeMs } = statSync(file);
  const hash = createHash('sha256');
  const descriptor = openSync(file, 'r');
  try {
    const head = Buffer.alloc(Math.min(endLength, size));
    hash.update(head.subarray(0, readSync(descriptor, head, 0, head.length, 0)));
    const rest = Buffer.alloc(Math.min(endLength, size - head.length));
    hash.update(rest.subarray(0, readSync(descriptor, rest, 0, rest.length, size - rest.length)));
  } finally {
    closeSync(descriptor);
  }
  return { bytes: size, modified: mtimeMs, ends: hash.digest('hex') };
}
