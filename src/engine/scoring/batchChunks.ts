import type { Net } from '../../caffe/net';
import type { Shape } from '../../base/shape';
import { converterOf, sourceOf } from '../../onnx/registry';
import type { BatchInputs } from '../../runtime/scoreBatches';
import type { Tensor } from '../../runtime/session';

/** Most images to run at once where a result does not hang on the batch as a whole. */
const mostImages = 16;

/** Where the pieces of a batch start. All have the same size: a graph takes no other. */
export interface ChunkPlan {
  readonly size: number;
  readonly starts: readonly number[];
}

/**
 * Cuts a batch into pieces of at most 16 images.
 *
 * @param mayRepeat whether an image may come in two pieces: a maximum does not change by that, but
 * random numbers that are drawn image after image would be other ones. Then a batch of a prime
 * number of images stays whole.
 */
export function planChunks(batch: number, mayRepeat: boolean): ChunkPlan {
  if (batch <= mostImages) return { size: batch, starts: [0] };
  let size = mostImages;
  while (batch % size !== 0) size--;
  if (mayRepeat && size < mostImages / 2) size = mostImages;
  // The runtime multiplies a single row in another order of additions than several.
  else if (size === 1) size = batch;
  const count = Math.ceil(batch / size);
  const starts = Array.from({ length: count }, (_, i) => Math.min(i * size, batch - size));
  return { size, starts };
}

/** Whether each image of a batch goes through a net by itself. */
export function isImagewise(net: Net): boolean {
  return net.layers.every(
    (layer) =>
      sourceOf(layer) !== undefined ||
      converterOf(layer)?.isImagewise?.(layer, net.state.phase) === true,
  );
}

/**
 * Batches of inputs in pieces, one piece after the other: it holds one batch at a time.
 */
export class BatchChunks implements BatchInputs {
  private current:
    { readonly index: number; readonly tensors: ReadonlyMap<string, Tensor> } | undefined;

  private constructor(
    private readonly inputs: BatchInputs,
    private readonly plan: ChunkPlan,
    /** Shapes of the inputs' pieces. */
    readonly shapes: ReadonlyMap<string, Shape>,
  ) {}

  /**
   * @param shapes of the inputs, with the images along the first axis
   * @param mayRepeat see {@link planChunks}
   * @returns undefined where inputs have different numbers of images
   */
  static of(
    inputs: BatchInputs,
    shapes: ReadonlyMap<string, Shape>,
    mayRepeat: boolean,
  ): BatchChunks | undefined {
    const [batch, ...others] = new Set([...shapes.values()].map(([images]) => images));
    if (batch === undefined || others.length > 0) return undefined;
    const plan = planChunks(batch, mayRepeat);
    const pieces = [...shapes].map(
      ([name, shape]) => [name, [plan.size, ...shape.slice(1)]] as const,
    );
    return new BatchChunks(inputs, plan, new Map(pieces));
  }

  /** Pieces of a batch. */
  get perBatch(): number {
    return this.plan.starts.length;
  }

  /** Piece `index` of all batches' pieces. */
  async batch(index: number): Promise<ReadonlyMap<string, Tensor>> {
    const batch = Math.floor(index / this.perBatch);
    const start = this.plan.starts[index % this.perBatch] ?? 0;
    if (this.current?.index !== batch) {
      // The batch before must not stay in memory while the next one is read.
      this.current = undefined;
      this.current = { index: batch, tensors: await this.inputs.batch(batch) };
    }
    const { size } = this.plan;
    return new Map(
      [...this.current.tensors].map(([name, { shape, data }]) => {
        const imageLength = data.length / (shape[0] ?? 1);
        const piece = data.subarray(start * imageLength, (start + size) * imageLength);
        return [name, { shape: [size, ...shape.slice(1)], data: piece }];
      }),
    );
  }
}
