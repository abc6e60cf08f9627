import { UserError, type ErrorPlace } from '../base/userError';
import type { DecodeOptions } from './decodeRecord';
import type { ImageShape } from './datum';
import type { ImageRecords } from './imageRecords';
import { openDatabase } from './database';
import { SeededRandom } from './random';
import { Transformer, type DataPhase, type TransformOptions } from './transform';

/** What a Data layer asks for. */
export interface DatabaseOptions extends BatchSourceOptions {
  /** The folder of an LMDB or a LevelDB, already found. */
  readonly sourcePath: string;
  readonly decoding?: DecodeOptions;
}

/** What a layer that brings labelled images asks for. */
export interface BatchSourceOptions {
  readonly layerName: string;
  readonly batchSize: number;
  readonly transform: TransformOptions;
  readonly phase: DataPhase;
  /** 1 is images only, 2 is images and labels. */
  readonly tops: 1 | 2;
  /** Start of the random crops and mirroring in TRAIN; 0 by default. */
  readonly seed?: number;
  /** Bytes of decoded batches to keep; 1 GiB by default. */
  readonly memoryBudgetBytes?: number;
  /** Where the layer stands, for errors about its options. */
  readonly place?: ErrorPlace;
}

/** What a Data layer puts out in one iteration. The arrays are shared: do not write to them. */
export interface Batch {
  /** N x C x H x W. */
  readonly data: Float32Array;
  /** N labels, or none where the layer has one top. */
  readonly labels: Float32Array;
}

const DEFAULT_BUDGET_BYTES = 2 ** 30;

// Caffe counts a blob's elements in an int.
const MAX_BATCH_FLOATS = 2 ** 31 - 1;

/**
 * The batches of a Data layer, in the order in which Caffe reads them: records in key order, over
 * and over. Each is decoded once and kept while memory allows; the first ones are kept, as the
 * same run of batches is asked for again and again and an exchange would always drop the next one
 * wanted.
 *
 * `rand_skip` has no counterpart: it would make every run score other images.
 */
export class BatchSource {
  /** N, C, H, W of a batch. */
  readonly shape: readonly [number, number, number, number];
  readonly #records: ImageRecords;
  readonly #transformer: Transformer;
  readonly #random = new SeededRandom();
  readonly #seed: number;
  readonly #tops: 1 | 2;
  readonly #kept = new Map<number, Batch>();
  #budgetLeft: number;

  private constructor(records: ImageRecords, first: ImageShape, options: BatchSourceOptions) {
    this.#records = records;
    this.#seed = options.seed ?? 0;
    this.#tops = options.tops;
    this.#budgetLeft = options.memoryBudgetBytes ?? DEFAULT_BUDGET_BYTES;
    this.#transformer = new Transformer(options.transform, options.phase, first, options.place);
    const { channels, height, width } = this.#transformer.output;
    this.shape = [options.batchSize, channels, height, width];
    checkBatchSize(this.shape, options);
  }

  /**
   * Opens the database and reads its first record, which settles the shape.
   *
   * @throws UserError `batch/size`, and those of {@link openDatabase}, of the first record and of
   * {@link Transformer}.
   */
  static async open(options: DatabaseOptions): Promise<BatchSource> {
    return BatchSource.of(await openDatabase(options.sourcePath, options.decoding), options);
  }

  /** Like {@link open}, of images that are open already; they are closed where that fails. */
  static async of(records: ImageRecords, options: BatchSourceOptions): Promise<BatchSource> {
    try {
      let first: ImageShape = { channels: 0, height: 0, width: 0 };
      await records.read(0, 1, ({ channels, height, width }) => {
        first = { channels, height, width };
      });
      return new BatchSource(records, first, options);
    } catch (cause) {
      await records.close();
      throw cause;
    }
  }

  /**
   * Batch `index`, counted from 0 without end. It is the same whenever it is asked for; going on
   * from one batch to the next is cheap.
   *
   * @throws UserError for a damaged database (`lmdb/...`, `leveldb/...`), a bad record (`datum/...`)
   * or an image of another size (`transform/shape`).
   */
  async batch(index: number): Promise<Batch> {
    const [size] = this.shape;
    const start = (index * size) % this.sourceRecords;
    // Without random choices, batches that start at the same record are the same.
    const identity = this.#transformer.isRandom ? index : start;
    const kept = this.#kept.get(identity);
    if (kept !== undefined) return kept;
    const batch = await this.#read(index, start);
    const bytes = batch.data.byteLength + batch.labels.byteLength;
    if (bytes <= this.#budgetLeft) {
      this.#budgetLeft -= bytes;
      this.#kept.set(identity, batch);
    } else {
      this.#budgetLeft = 0;
    }
    return batch;
  }

  /** The record behind an image of a batch, for errors: `record 17 (key 00000017)`. */
  recordName(batchIndex: number, position: number): Promise<string> {
    return this.#records.describe((batchIndex * this.shape[0] + position) % this.sourceRecords);
  }

  /** Records in the database. */
  get sourceRecords(): number {
    return this.#records.count;
  }

  /** Files that a list names, in the order in which they are read. */
  get files(): readonly string[] {
    return this.#records.files ?? [];
  }

  /** The file that errors name. */
  get path(): string {
    return this.#records.path;
  }

  /** Closes the database; batches already returned stay valid. */
  async close(): Promise<void> {
    this.#kept.clear();
    await this.#records.close();
  }

  async #read(index: number, start: number): Promise<Batch> {
    const [size, channels, height, width] = this.shape;
    const imageLength = channels * height * width;
    const data = new Float32Array(size * imageLength);
    const labels = new Float32Array(this.#tops === 2 ? size : 0);
    let i = 0;
    await this.#records.read(start, size, (datum, place) => {
      if (this.#transformer.isRandom) this.#random.seed(this.#seed, index, i);
      this.#transformer.apply(datum, place, data, i * imageLength, this.#random);
      if (this.#tops === 2) labels[i] = datum.label;
      i++;
    });
    return { data, labels };
  }
}

function checkBatchSize(shape: readonly number[], options: BatchSourceOptions): void {
  const { batchSize, layerName, place } = options;
  if (!Number.isInteger(batchSize) || batchSize < 1) {
    throw new UserError(
      'batch/size',
      `layer ${layerName} has batch_size ${batchSize}: give a whole number above 0`,
      place,
    );
  }
  const floats = shape.reduce((product, dim) => product * dim, 1);
  if (floats <= MAX_BATCH_FLOATS) return;
  throw new UserError(
    'batch/size',
    `layer ${layerName} asks for batches of ${shape.join('x')}, more than ${MAX_BATCH_FLOATS} ` +
      'numbers: make its batch_size smaller',
    place,
  );
}
