import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { ClassicLevel } from 'classic-level';
import { reasonOf } from '../base/reason';
import { UserError } from '../base/userError';
import type { Datum } from './datum';
import { decodeInOrder, type FoundRecord } from './decodeInOrder';
import type { DecodeOptions } from './decodeRecord';
import type { ImageRecords } from './imageRecords';
import { isLevelDbFile, LevelDbMirror } from './levelDbMirror';
import { describeRecord, type RecordPlace } from './record';

type Database = ClassicLevel<Buffer, Buffer>;
/** What {@link LevelDbRecords} needs of the database's iterator. */
interface Iterator {
  nextv(size: number): Promise<[Buffer, Buffer][]>;
  close(): Promise<void>;
}

/** Records fetched at once: enough to pay for the way to the database's thread and back. */
const fetchedRecords = 256;
/** Fewer are fetched where they would take more memory than this. */
const fetchedBytes = 1 << 22;
/** The cache that LevelDB keeps of its own; records are read once and in order. */
const cacheBytes = 1 << 20;
/** A larger database, such as ImageNet's, would take minutes to count: it has to be read whole. */
const mostCountedBytes = 2 ** 30;

/** The Datums of a LevelDB, in key order. The user's folder is never written to. */
export class LevelDbRecords implements ImageRecords {
  #iterator: Iterator | undefined;
  #position = 0;
  #fetched: [Buffer, Buffer][] = [];

  private constructor(
    readonly path: string,
    private known: { readonly count: number; readonly isExact: boolean },
    private readonly database: Database,
    private readonly mirror: LevelDbMirror,
    private readonly decoding: DecodeOptions,
  ) {}

  /**
   * Opens a folder that holds a LevelDB and counts its records.
   *
   * @param countedBytes bytes of a database up to which all records are counted; of a larger one the
   * keys tell, which the tools of Caffe number
   * @throws UserError `leveldb/unreadable`, `leveldb/corrupt` or `leveldb/empty`
   */
  static async open(
    folder: string,
    decoding: DecodeOptions = {},
    countedBytes = mostCountedBytes,
  ): Promise<LevelDbRecords> {
    // Loaded only by nets that need it.
    const { ClassicLevel: Level } = await import('classic-level');
    const mirror = LevelDbMirror.of(folder);
    const database: Database = new Level<Buffer, Buffer>(mirror.folder, {
      keyEncoding: 'buffer',
      valueEncoding: 'buffer',
      createIfMissing: false,
      compression: true,
      cacheSize: cacheBytes,
    });
    try {
      await database.open();
      const numbered = sizeOf(folder) > countedBytes ? await numberedRecords(database) : undefined;
      const count = numbered ?? (await countRecords(database));
      if (count === 0) {
        throw new UserError('leveldb/empty', 'this LevelDB holds no records', { file: folder });
      }
      const known = { count, isExact: numbered === undefined };
      return new LevelDbRecords(folder, known, database, mirror, decoding);
    } catch (cause) {
      await database.close();
      mirror.remove();
      throw cause instanceof UserError ? cause : corrupt(folder, cause, mirror.folder);
    }
  }

  /** Of a large database what its keys say, until its end has been reached. */
  get count(): number {
    return this.known.count;
  }

  async read(
    start: number,
    count: number,
    use: (datum: Datum, place: RecordPlace) => void,
  ): Promise<void> {
    await this.#moveTo(start);
    const next = async (): Promise<FoundRecord> => {
      const [key, value] = await this.#next();
      return { value, place: { file: this.path, index: this.#position - 1, key } };
    };
    await decodeInOrder(count, next, this.decoding, use);
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
    this.#iterator = undefined;
    await this.database.close();
    this.mirror.remove();
  }

  async #moveTo(record: number): Promise<void> {
    if (this.#iterator === undefined || this.#position > record) await this.#rewind();
    while (this.#position < record) await this.#next();
  }

  async #rewind(): Promise<void> {
    await this.#iterator?.close();
    this.#iterator = this.database.iterator<Buffer, Buffer>({ highWaterMarkBytes: fetchedBytes });
    this.#fetched = [];
    this.#position = 0;
  }

  /** Goes round at the end, as Caffe does. */
  async #next(): Promise<[Buffer, Buffer]> {
    const record = (await this.#fetch()) ?? (await this.#nextRound());
    this.#position++;
    if (this.#position > this.count) {
      this.known = { count: await countRecords(this.database), isExact: true };
    }
    return record;
  }

  async #nextRound(): Promise<[Buffer, Buffer]> {
    // Counted when it was opened: only damage in between gets here.
    const isDamaged = this.known.isExact && this.#position !== this.count;
    if (!isDamaged) {
      this.known = { count: this.#position, isExact: true };
      await this.#rewind();
      const first = await this.#fetch();
      if (first !== undefined) return first;
    }
    throw corrupt(this.path, new Error('records are missing'));
  }

  async #fetch(): Promise<[Buffer, Buffer] | undefined> {
    if (this.#fetched.length === 0) {
      try {
        this.#fetched = (await this.#iterator?.nextv(fetchedRecords)) ?? [];
      } catch (cause) {
        throw corrupt(this.path, cause);
      }
    }
    return this.#fetched.shift();
  }
}

async function countRecords(database: Database): Promise<number> {
  const keys = database.keys();
  try {
    for (let count = 0; ;) {
      // Long keys come in smaller portions than were asked for.
      const { length } = await keys.nextv(fetchedRecords);
      if (length === 0) return count;
      count += length;
    }
  } finally {
    await keys.close();
  }
}

/**
 * How many records there are if they are numbered from 0, as those of convert_imageset are
 * (`00000017_n01440764/cat.jpg`): images that it could not read are counted too. Undefined for other
 * keys.
 */
async function numberedRecords(database: Database): Promise<number | undefined> {
  const [first, last] = await Promise.all(
    [false, true].map(async (reverse) => {
      const [key] = await database.keys({ reverse, limit: 1 }).all();
      return /^\d+/.exec(key?.toString('latin1') ?? '')?.[0];
    }),
  );
  if (first === undefined || last === undefined || first.length !== last.length) return undefined;
  return Number(first) === 0 ? Number(last) + 1 : undefined;
}

function sizeOf(folder: string): number {
  return readdirSync(folder)
    .filter(isLevelDbFile)
    .reduce((sum, name) => sum + statSync(path.join(folder, name)).size, 0);
}

/** @param read the folder that the library read, which its reasons name */
function corrupt(folder: string, cause: unknown, read = folder): UserError {
  const inner = cause instanceof Error && cause.cause !== undefined ? cause.cause : cause;
  const reason = reasonOf(inner).replaceAll(read, folder).split('\n', 1)[0] ?? '';
  return new UserError(
    'leveldb/corrupt',
    `this LevelDB is damaged or not whole (${reason}): copy it again or re-create it`,
    { file: folder },
    { cause },
  );
}
