import { UserError, type ErrorPlace } from '../prototxt/userError';
import { readNpy, type NumberArray } from './npy';
import type { DataSource, Shape } from './source';

/** An input and the file its numbers come from. */
export interface ArrayInput {
  /** Name of the blob. */
  readonly top: string;
  /** Path of a `.npy` file. */
  readonly file: string;
  /** Shape in a batch; the number of images comes first. */
  readonly shape: Shape;
}

/** Inputs from arrays in files: as many entries a batch as the net asks for, over and over. */
export class ArraySource implements DataSource {
  private constructor(
    private readonly inputs: readonly ArrayInput[],
    private readonly arrays: readonly NumberArray[],
    readonly records: number,
  ) {}

  /**
   * Reads all arrays.
   *
   * @param place of the layer whose inputs they are
   * @throws UserError those of {@link readNpy}, and `input/shape` where an array's entries have
   * another shape than the net's, or there are too few
   */
  static open(inputs: readonly ArrayInput[], place: ErrorPlace): ArraySource {
    const arrays = inputs.map(({ file }) => readNpy(file));
    inputs.forEach((input, i) => checkShape(input, arrays[i] as NumberArray, place));
    const records = Math.min(...arrays.map(({ shape }) => shape[0] ?? 1));
    return new ArraySource(inputs, arrays, records);
  }

  get shapes(): readonly Shape[] {
    return this.inputs.map(({ shape }) => shape);
  }

  get location(): string {
    return this.path;
  }

  get path(): string {
    return this.inputs[0]?.file ?? '';
  }

  batch(index: number): Promise<readonly Float32Array[]> {
    return Promise.resolve(
      this.inputs.map(({ shape }, i) => {
        const { data, shape: stored } = this.arrays[i] as NumberArray;
        // A scalar has no entries to go through.
        if (shape.length === 0) return data;
        const [size = 1] = shape;
        const length = data.length / (stored[0] ?? 1);
        const start = (index * size) % this.records;
        if (start + size <= this.records) {
          return data.subarray(start * length, (start + size) * length);
        }
        const batch = new Float32Array(size * length);
        for (let entry = 0; entry < size; entry++) {
          const at = (start + entry) % this.records;
          batch.set(data.subarray(at * length, (at + 1) * length), entry * length);
        }
        return batch;
      }),
    );
  }

  describe(batch: number, position: number): Promise<string> {
    const size = this.inputs[0]?.shape[0] ?? 1;
    return Promise.resolve(`entry ${(batch * size + position) % this.records}`);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function checkShape({ top, file, shape }: ArrayInput, array: NumberArray, place: ErrorPlace): void {
  const rest = shape.slice(1);
  const fits =
    shape.length === array.shape.length && rest.every((d, i) => d === array.shape[i + 1]);
  if (fits && (shape.length === 0 || (array.shape[0] ?? 0) > 0)) return;
  const where = place.line === undefined ? '' : ` (${place.file}:${place.line})`;
  throw new UserError(
    'input/shape',
    `this array has the shape (${array.shape.join(', ')}), but input "${top}"${where} needs ` +
      `(any number${rest.map((dim) => `, ${dim}`).join('')})`,
    { file },
  );
}
