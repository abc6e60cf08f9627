import {
  accessSync,
  constants,
  existsSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { systemReason } from '../../base/reason';
import { UserError } from '../../base/userError';
import { about, ifOffered, option, words, type Words } from '../../base/words';
import type { OptionKey } from '../../options/table';

/** An output file that is to be written at the end of a run. */
export interface OutputRequest {
  readonly path: string;
  /** The option that names it, for errors. */
  readonly option: OptionKey;
  /** Files the run reads: none of them may be the output. */
  readonly inputs: readonly string[];
  /** Replace an existing file that is not a result of an earlier run. */
  readonly force?: boolean | undefined;
  /** Tells the result of an earlier run, which may be replaced without asking. */
  isEarlierResult(content: Buffer): boolean;
}

/** No result has more bytes: protobuf, and so ONNX, stops at 2 GiB, as does reading a file at once. */
const largestResult = 2 ** 31 - 1;

/**
 * Makes sure, before any work, that an output can be written without losing anything.
 *
 * @throws UserError when the output is an input, a folder, in a folder that does not exist or
 * cannot be written, or an existing file that no earlier run made
 */
export function checkOutput(request: OutputRequest): void {
  const { path: file, option: key } = request;
  const fail = (code: string, detail: Words): UserError =>
    new UserError(code, words`${about(key)}${detail}`, { file });
  checkNotRead(request, request.inputs);
  const target = realPath(file);
  const folder = path.dirname(target);
  const folderStats = statSync(folder, { throwIfNoEntry: false });
  if (folderStats?.isDirectory() !== true) {
    const reason =
      folderStats === undefined ? `the folder ${folder} does not exist` : `${folder} is no folder`;
    throw fail('output/no-folder', `cannot be written, ${reason}`);
  }
  if (existsSync(file)) {
    const stats = statSync(file);
    if (stats.isDirectory()) throw fail('output/is-folder', 'this is a folder');
    if (!stats.isFile()) throw fail('output/no-file', 'this is no regular file; give another path');
    try {
      accessSync(file, constants.W_OK);
    } catch (cause) {
      throw new UserError(
        'output/not-writable',
        words`${about(key)}cannot be written (no permission)`,
        { file },
        { cause },
      );
    }
    const isReplaceable = (): boolean =>
      stats.size <= largestResult && request.isEarlierResult(readFileSync(file));
    if (request.force !== true && stats.size > 0 && !isReplaceable()) {
      throw fail(
        'output/exists',
        words`this file exists and no earlier run made it; ${ifOffered(
          'flags',
          words`${option('force')} replaces it`,
          'choose another name',
        )}`,
      );
    }
  }
  probe(target, file, key);
}

/**
 * Makes sure that an output is none of the files named, under this or another name.
 *
 * @throws UserError naming the output and its option
 */
export function checkNotRead(
  { path: file, option: key }: Pick<OutputRequest, 'path' | 'option'>,
  inputs: readonly string[],
): void {
  if (!inputs.some((input) => isSameFile(input, file))) return;
  throw new UserError(
    'output/is-input',
    words`${about(key)}this file is an input of the run or another of its outputs; give another path`,
    { file },
  );
}

/**
 * Writes a file whole or not at all: to a temporary file beside it, which then takes its name. A
 * link is followed; an existing file's permissions stay.
 *
 * @throws UserError when the disk is full or fails, the signal's reason when it is aborted; the file
 * is as it was then
 */
export async function writeOutput(
  file: string,
  content: string | Uint8Array | Iterable<Uint8Array>,
  signal?: AbortSignal,
): Promise<void> {
  const target = realPath(file);
  const temporary = path.join(path.dirname(target), `.${path.basename(target)}.${process.pid}.tmp`);
  try {
    const mode = existsSync(target) ? statSync(target).mode : 0o666;
    // Goes on until every byte is written, or throws.
    await writeFile(temporary, content, { flag: 'wx', mode, flush: true, signal });
    signal?.throwIfAborted();
    renameSync(temporary, target);
  } catch (cause) {
    rmSync(temporary, { force: true });
    signal?.throwIfAborted();
    throw new UserError(
      'output/write-failed',
      `cannot be written (${systemReason(cause)})`,
      { file },
      { cause },
    );
  }
}

function probe(target: string, file: string, key: OptionKey): void {
  const trial = path.join(path.dirname(target), `.${path.basename(target)}.${process.pid}.probe`);
  try {
    writeFileSync(trial, '', { flag: 'wx' });
    unlinkSync(trial);
  } catch (cause) {
    throw new UserError(
      'output/not-writable',
      words`${about(key)}cannot be written (${systemReason(cause)})`,
      { file },
      { cause },
    );
  }
}

/** Compares real paths, so that a link to an input is found out. */
function isSameFile(a: string, b: string): boolean {
  return realPath(a) === realPath(b);
}

/** Links followed before they are taken to lead in a circle. */
const mostLinks = 40;

/** Where a path leads, also where that is still to be written: links are followed to their end. */
function realPath(file: string, links = 0): string {
  if (existsSync(file)) return realpathSync(file);
  const { dir, base } = path.parse(path.resolve(file));
  // A file that is still to be written may lie in a folder that has two names.
  const target = path.join(existsSync(dir) ? realpathSync(dir) : dir, base);
  const next = linkTarget(target);
  if (next === undefined) return target;
  if (links >= mostLinks) {
    throw new UserError('output/link', 'this is a link that leads in a circle', { file });
  }
  return realPath(path.resolve(path.dirname(target), next), links + 1);
}

/** What a link holds; undefined for what is none or not there. */
function linkTarget(file: string): string | undefined {
  try {
    return readlinkSync(file);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'EINVAL' || code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new UserError('output/link', `cannot be looked at (${systemReason(cause)})`, { file });
  }
}
