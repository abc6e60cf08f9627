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
const endLength = 1024 * 1024;
/** The same of an image of a list: most are that small as a whole. */
const listedEndLength = 32 * 1024;
/** Images of a list whose ends are read: of more than a run mostly takes, time and size must do. */
const mostListedRead = 5000;
/** Files of a list that are looked at before others get their turn. */
const filesAtOnce = 500;

/** A text file that a run reads as a whole, such as a list: all of it counts. */
export function stampText(file: string): FileStamp {
  return stampOne(file, Number.POSITIVE_INFINITY);
}

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
 * The files that a list names, in its order: names, sizes and times, and of the first thousands their ends,
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
    if (stats?.isFile() !== true || i >= mostListedRead) continue;
    hash.update(stampOne(file, listedEndLength).ends);
  }
  return hash.digest('hex');
}

function stampOne(file: string, length = endLength): FileStamp {
  const { size, mtimeMs } = statSync(file);
  const hash = createHash('sha256');
  const descriptor = openSync(file, 'r');
  try {
    const head = Buffer.alloc(Math.min(length, size));
    hash.update(head.subarray(0, readSync(descriptor, head, 0, head.length, 0)));
    const rest = Buffer.alloc(Math.min(length, size - head.length));
    hash.update(rest.subarray(0, readSync(descriptor, rest, 0, rest.length, size - rest.length)));
  } finally {
    closeSync(descriptor);
  }
  return { bytes: size, modified: mtimeMs, ends: hash.digest('hex') };
}
