import { closeSync, openSync, readSync, statSync, type Stats } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { describeForeign, foreignSample } from './foreignContent';
import { systemReason } from './reason';
import { UserError } from './userError';

/** JavaScript has no longer text. */
const mostTextBytes = 2 ** 29 - 24;

/** A kind of file that is read, as errors speak of it. */
export interface FileKind {
  /** Begins the errors' codes: `caffemodel`. */
  readonly code: string;
  /** What it is, as in "this is no .caffemodel". */
  readonly name: string;
  /** What to give instead: `the trained weights (.caffemodel)`. */
  readonly give: string;
  /** Bytes that one which is read whole may have; the longest text's if absent. */
  readonly mostBytes?: number;
}

/**
 * Makes sure that there is a file that can be opened: to open a pipe would block, a device may never
 * end, and each system says something else of a folder.
 *
 * @throws UserError `<code>/missing` (no such file, or a folder) or `<code>/unreadable`
 */
export function checkInputFile(path: string, kind: FileKind): Stats {
  let stats: Stats;
  try {
    stats = statSync(path);
  } catch (cause) {
    throw inputError(path, kind, cause);
  }
  return checkOrdinary(path, kind, stats);
}

function checkOrdinary(path: string, kind: FileKind, stats: Stats): Stats {
  if (stats.isFile()) return stats;
  const isFolder = stats.isDirectory();
  throw new UserError(
    `${kind.code}/${isFolder ? 'missing' : 'unreadable'}`,
    `this is ${isFolder ? 'a folder' : 'no ordinary file'}: give ${kind.give}`,
    { file: path },
  );
}

/** The error for a file that the system refused to look at, open or read. */
export function inputError(path: string, { code, give }: FileKind, cause: unknown): UserError {
  const reason = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  const place = { file: path };
  // Below a file there is nothing either.
  if (reason === 'ENOENT' || reason === 'ENOTDIR') {
    const detail = `there is no such file: give ${give}`;
    return new UserError(`${code}/missing`, detail, place, { cause });
  }
  const detail =
    reason === 'EACCES' || reason === 'EPERM'
      ? 'there is no permission to read this file: change that, or give a copy'
      : `this file cannot be read (${systemReason(cause)}): give ${give}`;
  return new UserError(`${code}/unreadable`, detail, place, { cause });
}

/** The error for a file that holds something else altogether; undefined where nothing speaks for that. */
export function foreignError(
  path: string,
  { code, name }: FileKind,
  start: Uint8Array,
): UserError | undefined {
  const foreign = describeForeign(start);
  if (foreign === undefined) return undefined;
  return new UserError(`${code}/foreign`, `this is no ${name} but ${foreign}`, { file: path });
}

/**
 * Reads a whole file, such as a text, as far as it reached when it was opened: what the system makes up
 * while it is read (`/proc`) says that it is empty, and may have no end.
 *
 * @throws UserError those of {@link checkInputFile}, `<code>/unreadable`, `<code>/too-large`, or
 * `<code>/foreign` for one that holds something else altogether
 */
export function readInputFile(path: string, kind: FileKind): Buffer {
  const { size } = checkInputFile(path, kind);
  if (size > mostBytesOf(kind)) {
    throw foreignError(path, kind, startOfFile(path, kind)) ?? tooLarge(path, kind, size);
  }
  let bytes: Buffer;
  try {
    const file = openSync(path, 'r');
    try {
      bytes = Buffer.alloc(size);
      let filled = 0;
      for (let count = 1; count > 0 && filled < size; filled += count) {
        count = readSync(file, bytes, filled, size - filled, null);
      }
      bytes = bytes.subarray(0, filled);
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw inputError(path, kind, cause);
  }
  const foreign = foreignError(path, kind, bytes);
  if (foreign !== undefined) throw foreign;
  return bytes;
}

/**
 * Like {@link readInputFile}, for many files at the same time; what they hold is for the caller to find
 * out.
 *
 * @throws UserError those of {@link checkInputFile}, `<code>/unreadable` or `<code>/too-large`
 */
export async function readInputBytes(path: string, kind: FileKind): Promise<Buffer> {
  try {
    const { size } = checkOrdinary(path, kind, await stat(path));
    if (size > mostBytesOf(kind)) throw tooLarge(path, kind, size);
    const file = await open(path, 'r');
    try {
      const bytes = Buffer.alloc(size);
      let filled = 0;
      for (let count = 1; count > 0 && filled < size; filled += count) {
        count = (await file.read(bytes, filled, size - filled, null)).bytesRead;
      }
      return bytes.subarray(0, filled);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw cause instanceof UserError ? cause : inputError(path, kind, cause);
  }
}

function mostBytesOf({ mostBytes = mostTextBytes }: FileKind): number {
  return mostBytes;
}

function tooLarge(path: string, kind: FileKind, size: number): UserError {
  const article = /^[aeiou]/i.test(kind.name) ? 'an' : 'a';
  return new UserError(
    `${kind.code}/too-large`,
    `this file has ${size} bytes, far too many for ${article} ${kind.name}: give ${kind.give} of at ` +
      `most ${mostBytesOf(kind)} bytes`,
    { file: path },
  );
}

/**
 * The first bytes of a file, for {@link foreignError}.
 *
 * @throws UserError those of {@link checkInputFile}, or `<code>/unreadable`
 */
export function startOfFile(path: string, kind: FileKind): Uint8Array {
  checkInputFile(path, kind);
  try {
    const file = openSync(path, 'r');
    try {
      const start = new Uint8Array(foreignSample);
      return start.subarray(0, readSync(file, start, 0, foreignSample, 0));
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw inputError(path, kind, cause);
  }
}
