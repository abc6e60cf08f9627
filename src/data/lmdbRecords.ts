import type { Datum } from './datum';
import { decodeInOrder, type FoundRecord } from './decodeInOrder';
import type { DecodeOptions } from './decodeRecord';
import type { ImageRecords } from './imageRecords';
import { LmdbReader, type LmdbCursor, type LmdbRecord } from './lmdb';
import { describeRecord, type RecordPlace } from './record';

/** The Datums of an LMDB, in key order. */
export class LmdbRecords implements ImageRecords {
  readonly #reader: LmdbReader;
  readonly #cursor: LmdbCursor;
  readonly #decoding: DecodeOptions;

  /** @throws UserError those of {@link LmdbReader.open} */
  constructor(path: string, decoding: DecodeOptions = {}) {
    this.#reader = LmdbReader.open(path);
    this.#cursor = this.#reader.cursor();
    this.#decoding = decoding;
  }

  get path(): string {
    return this.#reader.path;
  }

  get count(): number {
    return this.#reader.entryCount;
  }

  async read(
    start: number,
    count: number,
    use: (datum: Datum, place: RecordPlace) => void,
  ): Promise<void> {
    if (this.#cursor.position > start) this.#cursor.rewind();
    this.#cursor.skip(start - this.#cursor.position);
    const next = (): FoundRecord => {
      const { key, value } = this.#next();
      return { value, place: { file: this.path, index: this.#cursor.position - 1, key } };
    };
    await decodeInOrder(count, next, this.#decoding, use);
  }

  describe(index: number): Promise<string> {
    const cursor = this.#reader.cursor();
    cursor.skip(index);
    const key = cursor.next()?.key ?? new Uint8Array(0);
    return Promise.resolve(describeRecord({ index, key }));
  }

  close(): Promise<void> {
    this.#reader.close();
    return Promise.resolve();
  }

  /** Goes round at the end, as Caffe does. */
  #next(): LmdbRecord {
    const record = this.#cursor.next();
    if (record !== undefined) return record;
    this.#cursor.rewind();
    const first = this.#cursor.next();
    if (first === undefined) throw new RangeError('an LMDB that was opened has no records');
    return first;
  }
}
