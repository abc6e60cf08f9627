import { option, words } from '../../base/words';
import type { Net } from '../../caffe/net';
import type { Shape } from '../../base/shape';
import { formatShape } from '../../base/shape';
import { UserError } from '../../base/userError';
import { pause } from '../../runtime/pause';
import { spreadIndices } from '../../base/spread';
import type { Tensor } from '../../runtime/session';
import type { NetInputs } from '../scoring/evaluator';

/** Most bytes of calibration images: fewer images serve where they are large. */
const memoryBudget = 256 * 2 ** 20;

/** Images of a source: how many, after how many others. */
export interface ImageRange {
  readonly start: number;
  readonly images: number;
}

/** Images that candidates are ranked on: in memory, in batches of the size that is scored. */
export class CalibrationData implements NetInputs {
  private constructor(
    readonly shapes: ReadonlyMap<string, Shape>,
    private readonly batches: readonly ReadonlyMap<string, Tensor>[],
  ) {}

  /**
   * Reads a run of images of a source.
   *
   * @param scored shapes of the net's inputs as it is scored, the number of images first
   * @param range wanted; made up to whole batches, and fewer where they would take too much memory
   * @throws UserError where the source does not give all inputs in the same size; the signal's reason
   * when it is aborted
   */
  static async read(
    net: Net,
    source: NetInputs,
    scored: ReadonlyMap<string, Shape>,
    { start, images }: ImageRange,
    signal?: AbortSignal,
  ): Promise<CalibrationData> {
    checkInputs(net, source.shapes, scored);
    const [batchSize = 1] = [...scored.values()][0] ?? [];
    const bytes = [...scored.values()].reduce((sum, shape) => sum + 4 * elements(shape), 0);
    const affordable = Math.max(1, Math.floor(memoryBudget / bytes));
    const count = Math.min(affordable, Math.ceil(images / batchSize));
    const batches: ReadonlyMap<string, Tensor>[] = [];
    for (let i = 0; i < count; i++) {
      await pause(signal);
      batches.push(await takeImages(source, scored, start + i * batchSize, batchSize));
    }
    return new CalibrationData(scored, batches);
  }

  get iterations(): number {
    return this.batches.length;
  }

  get images(): number {
    const [batchSize = 1] = [...this.shapes.values()][0] ?? [];
    return this.batches.length * batchSize;
  }

  /** At least so many of the images, in batches from all over them; all where there are no more. */
  some(images: number): CalibrationData {
    const [batchSize = 1] = [...this.shapes.values()][0] ?? [];
    const count = Math.ceil(images / batchSize);
    const { length } = this.batches;
    if (count >= length) return this;
    const chosen = spreadIndices(length, count).map((at) => this.batches[at] ?? new Map());
    return new CalibrationData(this.shapes, chosen);
  }

  batch(index: number): Promise<ReadonlyMap<string, Tensor>> {
    const inputs = this.batches[index];
    if (inputs === undefined) throw new Error(`there is no calibration batch ${index}`);
    return Promise.resolve(inputs);
  }
}

/** A run of images out of batches of another size. */
async function takeImages(
  source: NetInputs,
  shapes: ReadonlyMap<string, Shape>,
  start: number,
  images: number,
): Promise<ReadonlyMap<string, Tensor>> {
  const [sourceBatch = 1] = [...source.shapes.values()][0] ?? [];
  const result = new Map(
    [...shapes].map(([name, shape]) => [name, { shape, data: new Float32Array(elements(shape)) }]),
  );
  for (let done = 0; done < images;) {
    const at = start + done;
    const batch = await source.batch(Math.floor(at / sourceBatch));
    const from = at % sourceBatch;
    const count = Math.min(images - done, sourceBatch - from);
    for (const [name, { data }] of result) {
      const length = data.length / images;
      const piece = batch.get(name)?.data.subarray(from * length, (from + count) * length);
      if (piece !== undefined) data.set(piece, done * length);
    }
    done += count;
  }
  return result;
}

function checkInputs(
  net: Net,
  given: ReadonlyMap<string, Shape>,
  scored: ReadonlyMap<string, Shape>,
): void {
  for (const [name, shape] of scored) {
    const other = given.get(name);
    const isAlike = other?.[0] === [...given.values()][0]?.[0];
    if (other !== undefined && isAlike && sameImage(shape, other)) continue;
    throw new UserError(
      'data/calibration',
      words`${
        other === undefined
          ? `the TRAIN-phase data give no "${name}"`
          : `the TRAIN-phase data give "${name}" as ${formatShape(other)}, the TEST-phase data as ${formatShape(shape)}`
      }; the best search ranks candidates of the TEST-phase net on TRAIN data: ${option(
        'calibration',
        'test',
      )} takes TEST-phase data for that`,
      { file: net.file.source.path },
    );
  }
}

function sameImage(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.slice(1).every((dim, i) => dim === b[i + 1]);
}

function elements(shape: Shape): number {
  return shape.reduce((product, dim) => product * dim, 1);
}
