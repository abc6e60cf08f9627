import { isRistrettoType, ristrettoType } from '../../caffe/layerTypes';
import { splitNet, type SplitNet } from '../../caffe/splitNet';
import type { Layer, Net } from '../../caffe/net';
import { formatsKey, type Candidate } from '../../formats/layerFormats';
import { sourceOf } from '../../onnx/registry';
import { forEachBatch, type BatchInputs, type ScoringOptions } from '../../runtime/scoreBatches';
import type { Session, Tensor } from '../../runtime/session';

/** Where a net is cut, and with which formats before the cut. */
export interface CutPlan {
  readonly net: Net;
  readonly split: SplitNet;
  readonly cut: number;
  readonly candidate: Candidate | undefined;
}

/**
 * Where a net can be cut so that all of the named layers come after.
 *
 * @returns undefined where it cannot be cut there, or nothing but data comes before
 */
export function planCut(
  net: Net,
  layers: ReadonlySet<string>,
  candidate: Candidate | undefined,
): CutPlan | undefined {
  const cut = net.layers.findIndex(
    (layer) => layers.has(layer.name) && sourceOf(layer) === undefined,
  );
  if (cut < 0) return undefined;
  const isQuantized = (layer: Layer): boolean =>
    isRistrettoType(layer.type) || candidate?.has(layer.name) === true;
  const split = splitNet(net, cut, (layer) => sourceOf(layer) !== undefined, isQuantized);
  return split === undefined ? undefined : { net, split, cut, candidate };
}

/**
 * Activations of a net's first layers, kept so that candidates that change only later layers need
 * not run them again. The values are the very ones the whole net would pass on.
 */
export class KeptActivations implements BatchInputs {
  private readonly prefix: string;

  private constructor(
    readonly plan: CutPlan,
    private readonly inputs: BatchInputs,
    private readonly kept: readonly ReadonlyMap<string, Tensor>[],
    readonly bytes: number,
  ) {
    this.prefix = prefixKey(plan.net, plan.cut, plan.candidate);
  }

  /**
   * Runs the head over all batches and keeps what it passes on.
   *
   * @param head a session of the head
   * @param memoryBudget most bytes to keep
   * @returns undefined when that would take too much memory; nothing is kept then
   */
  static async collect(
    plan: CutPlan,
    head: Session,
    inputs: BatchInputs,
    options: ScoringOptions,
    memoryBudget: number,
  ): Promise<KeptActivations | undefined> {
    const kept: ReadonlyMap<string, Tensor>[] = [];
    let bytes = 0;
    await forEachBatch(head, inputs, options, (outputs) => {
      bytes = [...outputs.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
      if (bytes * options.iterations > memoryBudget) return 'stop';
      kept.push(
        new Map(
          [...outputs].map(([name, { shape, data }]) => [name, { shape, data: data.slice() }]),
        ),
      );
      return undefined;
    });
    if (kept.length < options.iterations) return undefined;
    return new KeptActivations(plan, inputs, kept, bytes * options.iterations);
  }

  /** Whether a candidate has the very formats before the cut that these came from. */
  serves(candidate: Candidate | undefined, iterations: number): boolean {
    const { net, cut } = this.plan;
    return iterations <= this.kept.length && prefixKey(net, cut, candidate) === this.prefix;
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

/** The formats of all layers before a cut, as text. */
function prefixKey(net: Net, cut: number, candidate: Candidate | undefined): string {
  if (candidate === undefined) return '';
  return net.layers
    .slice(0, cut)
    .map((layer) => {
      const formats =
        ristrettoType(layer.type) === undefined ? undefined : candidate.get(layer.name);
      return formats === undefined ? '' : formatsKey(formats);
    })
    .join('');
}
