import { splitNet, type SplitNet } from '../caffe/splitNet';
import type { Net } from '../caffe/net';
import type { Candidate } from '../caffe/numberFormat';
import { sourceOf } from '../onnx/registry';
import { forEachBatch, type BatchInputs, type ScoringOptions } from '../runtime/scoreBatches';
import type { Session, Tensor } from '../runtime/session';

/** Most bytes of activations to keep. */
const memoryBudget = 256 * 2 ** 20;

/**
 * Activations of a net's first layers, kept so that candidates that change only later layers need
 * not run them again. The values are the very ones the whole net would pass on.
 */
export class KeptActivations implements BatchInputs {
  private constructor(
    readonly split: SplitNet,
    private readonly cut: number,
    private readonly net: Net,
    private readonly inputs: BatchInputs,
    private readonly kept: readonly ReadonlyMap<string, Tensor>[],
  ) {}

  /** Where a net can be cut so that all of the named layers come after. */
  static plan(net: Net, layers: ReadonlySet<string>): { split: SplitNet; cut: number } | undefined {
    const cut = net.layers.findIndex(
      (layer) => layers.has(layer.name) && sourceOf(layer) === undefined,
    );
    if (cut < 0) return undefined;
    const split = splitNet(net, cut, (layer) => sourceOf(layer) !== undefined);
    return split === undefined ? undefined : { split, cut };
  }

  /**
   * Runs the head over all batches and keeps what it passes on.
   *
   * @param head a session of the head
   * @returns undefined when that would take too much memory; nothing is kept then
   */
  static async collect(
    net: Net,
    { split, cut }: { split: SplitNet; cut: number },
    head: Session,
    inputs: BatchInputs,
    options: ScoringOptions,
  ): Promise<KeptActivations | undefined> {
    const probe = await head.run(await inputs.batch(0));
    const bytes = [...probe.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
    if (bytes * options.iterations > memoryBudget) return undefined;
    const kept: ReadonlyMap<string, Tensor>[] = [];
    await forEachBatch(head, inputs, options, (outputs) => {
      kept.push(
        new Map(
          [...outputs].map(([name, { shape, data }]) => [name, { shape, data: data.slice() }]),
        ),
      );
    });
    return new KeptActivations(split, cut, net, inputs, kept);
  }

  /** Whether a candidate leaves all layers before the cut as they are. */
  serves(candidate: Candidate | undefined, iterations: number): boolean {
    if (iterations > this.kept.length) return false;
    return !this.net.layers
      .slice(0, this.cut)
      .some((layer) => sourceOf(layer) === undefined && candidate?.has(layer.name));
  }

  /** Shapes of the frontier. */
  get shapes(): ReadonlyMap<string, readonly number[]> {
    return new Map([...(this.kept[0] ?? [])].map(([name, { shape }]) => [name, shape]));
  }

  /** The data layers' tops and the kept activations. */
  async batch(index: number): Promise<ReadonlyMap<string, Tensor>> {
    return new Map([...(await this.inputs.batch(index)), ...(this.kept[index] ?? [])]);
  }
}
