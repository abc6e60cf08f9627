import { pause } from './pause';
import type { Session, Tensor } from './session';

/** Batches of a net's inputs; the same index gives the same values every time. */
export interface BatchInputs {
  batch(index: number): Promise<ReadonlyMap<string, Tensor>>;
}

export interface ScoringOptions {
  readonly iterations: number;
  readonly signal?: AbortSignal;
  /** Called after each batch with the number done so far. */
  onBatch?(done: number): void;
}

/** Sees the outputs of every batch; a pass ends early where it says `stop`. */
export type Watch = (outputs: ReadonlyMap<string, Tensor>, index: number) => 'stop' | undefined;

/**
 * Runs a session over batches and averages every output, element by element. Sums and quotients are
 * kept in float32, as the original keeps them, so that a score on the edge of the margin falls on
 * the same side.
 *
 * @returns mean of each output, in the output's own shape; of the batches seen where `watch` stopped it
 * @throws the signal's reason when it is aborted; checked between batches
 */
export async function averageOutputs(
  session: Session,
  inputs: BatchInputs,
  options: ScoringOptions,
  watch?: Watch,
): Promise<ReadonlyMap<string, Tensor>> {
  const sums = new Map<string, Tensor>();
  let done = 0;
  await forEachBatch(session, inputs, options, (outputs, index) => {
    done = index + 1;
    for (const [name, output] of outputs) {
      const sum = sums.get(name);
      if (sum === undefined) sums.set(name, { shape: output.shape, data: output.data.slice() });
      else output.data.forEach((value, i) => (sum.data[i] = (sum.data[i] ?? 0) + value));
    }
    return watch?.(outputs, index);
  });
  for (const { data } of sums.values()) {
    data.forEach((sum, i) => (data[i] = sum / done));
  }
  return sums;
}

/** Like {@link averageOutputs}, but keeps the largest first value that each output had. */
export async function largestOutputs(
  session: Session,
  inputs: BatchInputs,
  options: ScoringOptions,
): Promise<ReadonlyMap<string, number>> {
  const largest = new Map<string, number>();
  await forEachBatch(session, inputs, options, (outputs) => {
    for (const [name, { data }] of outputs) {
      largest.set(name, Math.max(largest.get(name) ?? 0, data[0] ?? 0));
    }
    return undefined;
  });
  return largest;
}

/** Runs a session over batches, one after the other; see {@link averageOutputs} for cancelling. */
export async function forEachBatch(
  session: Session,
  inputs: BatchInputs,
  options: ScoringOptions,
  use: Watch,
): Promise<void> {
  options.signal?.throwIfAborted();
  for (let index = 0; index < options.iterations; index++) {
    const wish = use(await session.run(await inputs.batch(index)), index);
    options.onBatch?.(index + 1);
    await pause(options.signal);
    if (wish === 'stop') return;
  }
}
