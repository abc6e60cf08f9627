import { UserError, type ErrorPlace } from '../base/userError';
import { KeptBatches } from './keptBatches';
import { NpyFile } from './npy';
import type { DataSource, Shape } from './source';

/** An input and the file its numbers come from. */
export interface ArrayInput {
  /** Name of the blob. */
  readonly top: string;
  /** Path of a `.npy` file. */
  readonly file: string;
  /** Shape in a batch; the number of images comes first. */
  readonly shape: Shape;
  /** Of the layer whose top it is. */
  readonly place: ErrorPlace;
}

/** Caffe counts a blob's elements in an int. */
const mostNumbers = 2 ** 31 - 1;

interface OpenArray extends ArrayInput {
  readonly array: NpyFile;
  /** Entries along the first axis, in the file and in a batch. */
  readonly entries: number;
  readonly perBatch: number;
}

/**
 * Inputs from arrays in files: as many entries a batch as the net asks for, over and over. An array of
 * just one batch is the same in each.
 */
export class ArraySource implements DataSource {
  readonly #kept = new KeptBatches();
  #isClosed = false;

  private constructor(
    private readonly inputs: readonly OpenArray[],
    /** The input that says when all begin again. */
    private readonly leader: OpenArray,
  ) {}

  /**
   * Opens all arrays.
   *
   * @throws UserError those of {@link NpyFile.open}, `input/shape` where an array's entries have
   * another shape than the net's or there are none, `input/entries` where arrays have numbers of
   * entries that do not go together
   */
  static open(inputs: readonly ArrayInput[]): ArraySource {
    const opened: OpenArray[] = [];
    try {
      for (const input of inputs) {
        const array = NpyFile.open(input.file);
        const [perBatch = 1] = input.shape;
        const [entries = 1] = array.shape;
        opened.push({ ...input, array, entries, perBatch });
        checkShape(input, array.shape);
      }
      return new ArraySource(opened, leaderOf(opened));
    } catch (cause) {
      opened.forEach(({ array }) => array.close());
      throw cause;
    }
  }

  get shapes(): readonly Shape[] {
    return this.inputs.map(({ shape }) => shape);
  }

  get records(): number {
    return this.leader.entries;
  }

  /** Batches until all begin again, possibly a fraction; 1 where every batch is the same. */
  get rounds(): number {
    return this.leader.entries / this.leader.perBatch;
  }

  get path(): string {
    return this.leader.file;
  }

  get locations(): readonly string[] {
    return this.inputs.map(({ file }) => file);
  }

  fileOf(top: number): string {
    return this.inputs[top]?.file ?? this.path;
  }

  batch(index: number): Promise<readonly Float32Array[]> {
    const { entries, perBatch } = this.leader;
    const start = (index * perBatch) % entries;
    return Promise.resolve(
      this.#kept.get(start, () => this.inputs.map((input) => batchOf(input, index))),
    );
  }

  describe(batch: number, position: number): Promise<string> {
    const { entries, perBatch } = this.leader;
    return Promise.resolve(`entry ${(batch * perBatch + position) % entries}`);
  }

  close(): Promise<void> {
    if (!this.#isClosed) this.inputs.forEach(({ array }) => array.close());
    this.#isClosed = true;
    this.#kept.clear();
    return Promise.resolve();
  }
}

function batchOf({ array, shape, entries, perBatch }: OpenArray, index: number): Float32Array {
  const length = shape.slice(1).reduce((product, dim) => product * dim, 1);
  const start = (index * perBatch) % entries;
  if (start + perBatch <= entries) return array.read(start * length, (start + perBatch) * length);
  const batch = new Float32Array(perBatch * length);
  for (let done = 0; done < perBatch;) {
    const from = (start + done) % entries;
    const count = Math.min(perBatch - done, entries - from);
    batch.set(array.read(from * length, (from + count) * length), done * length);
    done += count;
  }
  return batch;
}

/** The first input that changes from batch to batch; all that do must begin again together. */
function leaderOf(inputs: readonly OpenArray[]): OpenArray {
  const [leader, ...others] = inputs.filter(({ entries, perBatch }) => entries !== perBatch);
  const [first] = inputs;
  if (first === undefined) throw new RangeError('there are no arrays');
  if (leader === undefined) return first;
  const odd = others.find(
    ({ entries, perBatch }) => entries * leader.perBatch !== leader.entries * perBatch,
  );
  if (odd === undefined) return leader;
  const describe = ({ top, entries, perBatch }: OpenArray): string =>
    `${entries} for "${top}" (${perBatch} a batch)`;
  throw new UserError(
    'input/entries',
    `the arrays have different numbers of entries, ${describe(leader)} and ${describe(odd)}: give ` +
      'as many of each',
    { file: odd.file },
  );
}

function checkShape({ top, file, shape, place }: ArrayInput, stored: Shape): void {
  const count = shape.reduce((product, dim) => product * dim, 1);
  if (shape.some((dim) => dim < 1) || count > mostNumbers) {
    throw new UserError(
      'input/shape',
      `input "${top}" is ${shape.join('x')} in a batch: every dim must be 1 or more, and all together ` +
        `${mostNumbers} numbers or fewer`,
      place,
    );
  }
  const rest = shape.slice(1);
  const fits = shape.length === stored.length && rest.every((d, i) => d === stored[i + 1]);
  if (fits && stored[0] !== 0) return;
  const where = place.line === undefined ? '' : ` (${place.file}:${place.line})`;
  const wanted = shape.length === 0 ? [] : ['1 or more', ...rest];
  throw new UserError(
    'input/shape',
    `this array has the shape (${stored.join(', ')}), but input "${top}"${where} needs ` +
      `(${wanted.join(', ')})`,
    { file },
  );
}
