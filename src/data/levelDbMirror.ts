import { copyFileSync, linkSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { foreignError, inputError, startOfFile, type FileKind } from '../base/inputFile';
import { systemReason } from '../base/reason';
import { UserError } from '../base/userError';

const table = /\.(ldb|sst)$/;
const bookkeeping = /^(CURRENT|MANIFEST-\d+|\d+\.log)$/;

const levelDbKind: FileKind = {
  code: 'leveldb',
  name: 'part of a LevelDB',
  give: 'the whole folder of a LevelDB',
};

/** Whether a file of a LevelDB's folder is part of the data: locks and logs of events are not. */
export function isLevelDbFile(name: string): boolean {
  return table.test(name) || bookkeeping.test(name);
}

/**
 * A folder that looks like the user's database. LevelDB writes logs and a lock, and rearranges
 * tables, whenever one is opened: it does so here, on links to the tables and copies of the rest.
 */
export class LevelDbMirror {
  static readonly #all = new Set<string>();

  private constructor(readonly folder: string) {}

  /** @throws UserError `leveldb/missing`, `leveldb/unreadable`, or `leveldb/foreign` for a part of another kind */
  static of(source: string): LevelDbMirror {
    checkParts(source);
    const folder = mkdtempSync(path.join(tmpdir(), 'ristretto-leveldb-'));
    if (LevelDbMirror.#all.size === 0) process.on('exit', LevelDbMirror.#removeAll);
    LevelDbMirror.#all.add(folder);
    const mirror = new LevelDbMirror(folder);
    try {
      for (const name of namesIn(source)) {
        const [from, to] = [path.resolve(source, name), path.join(folder, name)];
        if (table.test(name)) link(from, to);
        else if (bookkeeping.test(name)) copyFileSync(from, to);
      }
      return mirror;
    } catch (cause) {
      mirror.remove();
      const detail = `this LevelDB cannot be read (${systemReason(cause)})`;
      throw new UserError('leveldb/unreadable', detail, { file: source }, { cause });
    }
  }

  static readonly #removeAll = (): void => LevelDbMirror.#all.forEach(remove);

  remove(): void {
    remove(this.folder);
    LevelDbMirror.#all.delete(this.folder);
    if (LevelDbMirror.#all.size === 0) process.off('exit', LevelDbMirror.#removeAll);
  }
}

/** What a download brought instead of a part would be told as damage otherwise. */
function checkParts(source: string): void {
  for (const name of namesIn(source).filter(isLevelDbFile)) {
    const file = path.join(source, name);
    const start = startOfFile(file, levelDbKind);
    // Logs that nothing was written to are empty.
    const mayBeEmpty = name.endsWith('.log') && start.length === 0;
    const foreign = mayBeEmpty ? undefined : foreignError(file, levelDbKind, start);
    if (foreign !== undefined) throw foreign;
  }
}

function namesIn(source: string): string[] {
  try {
    return readdirSync(source);
  } catch (cause) {
    throw inputError(source, levelDbKind, cause);
  }
}

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** Some systems let only administrators make symbolic links; a hard link does there. */
function link(from: string, to: string): void {
  for (const make of [symlinkSync, linkSync]) {
    try {
      make(from, to);
      return;
    } catch {
      // The next way follows; a copy, the last one, tells what is wrong.
    }
  }
  copyFileSync(from, to);
}
