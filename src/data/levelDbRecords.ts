import { copyFileSync, linkSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ClassicLevel } from 'classic-level';
import { reasonOf, systemReason } from '../prototxt/reason';
import { UserError } from '../prototxt/userError';
import type { Datum } from './datum';
import { decodeRecord, type DecodeOptions } from './decodeRecord';
import type { ImageRecords } from './imageRecords';
import { describeRecord, type RecordPlace } from './record';

type Database = ClassicLevel<Buffer, Buffer>;
/** What {@link LevelDbRecords} needs of the database's iterator. */
interface Iterator {
  nextv(size: number): Promise<[Buffer, Buffer][]>;
  close(): Promise<void>;
}

/** Records fetched at once: enough to pay for the way to the database's thread and back. */
const fetchedRecords = 256;
/** The cache that LevelDB keeps of its own; records are read once and in order. */
const cacheBytes = 1 << 20;

/** The Datums of a LevelDB, in key order. The user's folder is never written to. */
export class LevelDbRecords implements ImageRecords {
  #iterator: Iterator | undefined;
  #position = 0;
  #fetched: [Buffer, Buffer][] = [];

  private constructor(
    readonly path: string,
    readonly count: number,
    private readonly database: Database,
    private readonly mirror: Mirror,
    private readonly decoding: DecodeOptions,
  ) {}

  /**
   * Opens a folder that holds a LevelDB and counts its records.
   *
   * @throws UserError `leveldb/unreadable`, `leveldb/corrupt` or `leveldb/empty`
   */
  static async open(folder: string, decoding: DecodeOptions = {}): Promise<LevelDbRecords> {
    // Loaded only by nets that need it.
    const { ClassicLevel: Level } = await import('classic-level');
    const mirror = Mirror.of(folder);
    try {
      const database: Database = new Level<Buffer, Buffer>(mirror.folder, {
        keyEncoding: 'buffer',
        valueEncoding: 'buffer',
        createIfMissing: false,
        compression: true,
        cacheSize: cacheBytes,
      });
      await database.open();
      const count = await countRecords(database);
      if (count === 0) {
        throw new UserError('leveldb/empty', 'this LevelDB holds no records', { file: folder });
      }
      return new LevelDbRecords(folder, count, database, mirror, decoding);
    } catch (cause) {
      mirror.remove();
      throw cause instanceof UserError ? cause : corrupt(folder, cause);
    }
  }

  async read(
    start: number,
    count: number,
    use: (datum: Datum, place: RecordPlace) => void,
  ): Promise<void> {
    await this.#moveTo(start);
    for (let i = 0; i < count; i++) {
      if (this.#position === this.count) await this.#moveTo(0);
      const [key, value] = await this.#next();
      const place = { file: this.path, index: this.#position - 1, key };
      const datum = decodeRecord(value, place, this.decoding);
      use(datum instanceof Promise ? await datum : datum, place);
    }
  }

  async describe(index: number): Promise<string> {
    let at = 0;
    for await (const key of this.database.keys({ limit: index + 1 })) {
      if (at++ === index) return describeRecord({ index, key });
    }
    return describeRecord({ index, key: new Uint8Array(0) });
  }

  async close(): Promise<void> {
    await this.#iterator?.close();
    await this.database.close();
    this.mirror.remove();
  }

  async #moveTo(record: number): Promise<void> {
    if (this.#iterator === undefined || this.#position > record) {
      await this.#iterator?.close();
      this.#iterator = this.database.iterator<Buffer, Buffer>({});
      this.#fetched = [];
      this.#position = 0;
    }
    while (this.#position < record) await this.#next();
  }

  async #next(): Promise<[Buffer, Buffer]> {
    if (this.#fetched.length === 0) {
      try {
        this.#fetched = (await this.#iterator?.nextv(fetchedRecords)) ?? [];
      } catch (cause) {
        throw corrupt(this.path, cause);
      }
    }
    const record = this.#fetched.shift();
    // Counted when it was opened: only damage in between gets here.
    if (record === undefined) throw corrupt(this.path, new Error('records are missing'));
    this.#position++;
    return record;
  }
}

async function countRecords(database: Database): Promise<number> {
  const keys = database.keys();
  let count = 0;
  for (let found = fetchedRecords; found === fetchedRecords; count += found) {
    found = (await keys.nextv(fetchedRecords)).length;
  }
  await keys.close();
  return count;
}

/**
 * A folder that looks like the user's database. LevelDB writes logs and a lock, and rearranges
 * tables, whenever one is opened: it does so here, on links to the tables and copies of the rest.
 */
class Mirror {
  static readonly #all = new Set<string>();

  private constructor(readonly folder: string) {}

  static of(source: string): Mirror {
    const folder = mkdtempSync(path.join(tmpdir(), 'ristretto-leveldb-'));
    if (Mirror.#all.size === 0) process.once('exit', () => Mirror.#all.forEach(remove));
    Mirror.#all.add(folder);
    const mirror = new Mirror(folder);
    try {
      for (const name of readdirSync(source)) {
        const [from, to] = [path.resolve(source, name), path.join(folder, name)];
        if (/\.(ldb|sst)$/.test(name)) link(from, to);
        else if (/^(CURRENT|MANIFEST-\d+|\d+\.log)$/.test(name)) copyFileSync(from, to);
      }
      return mirror;
    } catch (cause) {
      mirror.remove();
      const detail = `this LevelDB cannot be read (${systemReason(cause)})`;
      throw new UserError('leveldb/unreadable', detail, { file: source }, { cause });
    }
  }

  remove(): void {
    remove(this.folder);
    Mirror.#all.delete(this.folder);
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

function corrupt(folder: string, cause: unknown): UserError {
  const inner = cause instanceof Error && cause.cause !== undefined ? cause.cause : cause;
  return new UserError(
    'leveldb/corrupt',
    `this LevelDB is damaged or not whole (${reasonOf(inner)}): copy it again or re-create it`,
    { file: folder },
    { cause },
  );
}
