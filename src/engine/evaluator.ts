import type { WeightBlob, Weights } from '../caffe/caffemodel';
import { resolveWeights } from '../caffe/layerWeights';
import { lossWeights } from '../caffe/lossWeights';
import { partThatMakes } from '../caffe/neededLayers';
import type { Layer, Net } from '../caffe/net';
import type { Candidate } from '../caffe/numberFormat';
import { scoreValue, type ScorePlace } from '../caffe/scoreBlob';
import { convertNet, type ConvertedNet } from '../onnx/convertNet';
import type { Shape } from '../onnx/graph';
import { inferShapes, type NetShapes } from '../onnx/inferShapes';
import type { ReadBlob } from '../onnx/layerConverter';
import { splitModel, type SplitModel } from '../onnx/model';
import { sampleOf } from '../quantize/best/contenders';
import { rememberQuantized } from '../quantize/quantizedWeights';
import type { Score } from '../quantize/search';
import { graphOptimization, type GraphOptimization } from '../runtime/graphOptimization';
import type { ExecutionProvider } from '../runtime/provider';
import {
  averageOutputs,
  forEachBatch,
  largestOutputs,
  type BatchInputs,
  type Watch,
} from '../runtime/scoreBatches';
import { Session, type Tensor } from '../runtime/session';
import { BatchChunks, isImagewise } from './batchChunks';
import { KeptActivations, planCut } from './reuse';

/** Most bytes of activations to keep. */
const defaultKeptBytes = 256 * 2 ** 20;

/** Most bytes of blobs of a whole batch to ask for at once when values are sampled. */
const mostSampledBytes = 256 * 2 ** 20;
/** Pieces of a batch whose values are sampled: of at most 16 images each. */
const sampledChunks = 4;

/** Batches of a net's inputs, and their shapes. */
export interface NetInputs extends BatchInputs {
  readonly shapes: ReadonlyMap<string, Shape>;
  /** Told the shapes of the converted net's blobs. */
  learnShapes?(blobShapes: ReadonlyMap<string, Shape>): void;
}

export interface EvaluatorOptions {
  readonly net: Net;
  readonly weights: Weights;
  readonly data: NetInputs;
  readonly provider: ExecutionProvider;
  /** Reads the files that layers name; needed only for nets that name some. */
  readonly readBlob?: ReadBlob | undefined;
  /** Most bytes of activations to keep for later candidates; 256 MiB if absent. */
  readonly keptBytes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Makes the weights of candidates; rounds them to their formats if absent. */
  readonly quantizeBlob?: ReturnType<typeof rememberQuantized> | undefined;
}

/** How far a pass is, in batches; a large batch may be done in part. */
export type OnBatch = (done: number) => void;

/** Scores candidates of one net on its data: graph, session, batches. */
export class Evaluator {
  private readonly quantizeBlob;
  /** The latest last. */
  private readonly kept: KeptActivations[] = [];
  private netShapes: NetShapes | undefined;
  private knownOptimization: GraphOptimization | undefined;

  constructor(private readonly options: EvaluatorOptions) {
    this.quantizeBlob = options.quantizeBlob ?? rememberQuantized();
  }

  get net(): Net {
    return this.options.net;
  }

  get hasLoss(): boolean {
    return lossWeights(this.options.net).size > 0;
  }

  /**
   * Checks that the net converts and its weights fit, without running anything.
   *
   * @returns shapes of all blobs; dimensions known at run time only are negative
   */
  check(): ReadonlyMap<string, Shape> {
    const { blobShapes } = this.convert(this.options.net, {});
    this.options.data.learnShapes?.(blobShapes);
    return blobShapes;
  }

  /** The blobs that a layer of the float net computes with: shared ones too, and those of fillers. */
  weightsOf(layer: Layer): readonly WeightBlob[] {
    const { net, data, weights } = this.options;
    this.netShapes ??= inferShapes(net, data.shapes);
    return resolveWeights(net, weights).blobsOf(layer, this.netShapes.weights.get(layer) ?? []);
  }

  /**
   * Mean of every net output over the first `iterations` batches, and the seconds it took.
   *
   * @param watch sees the outputs of every batch, and may end the pass
   */
  async average(
    iterations: number,
    candidate: Candidate | undefined,
    onBatch: OnBatch,
    watch?: Watch,
  ): Promise<{ readonly outputs: ReadonlyMap<string, Tensor>; readonly seconds: number }> {
    const start = performance.now();
    const { net, data } = this.options;
    const kept = this.keptFor(candidate, iterations);
    const { graph } =
      kept === undefined
        ? this.convert(net, { candidate })
        : this.convert(kept.plan.split.tail, { candidate, inputShapes: kept.shapes });
    const outputs = await this.withSession(splitModel(graph), (session) =>
      averageOutputs(session, kept ?? data, { ...this.run(iterations), onBatch }, watch),
    );
    return { outputs, seconds: (performance.now() - start) / 1000 };
  }

  /**
   * Runs the layers before the first of the named ones once, float or as a candidate has them, and
   * keeps what they pass on, for all later candidates that change only layers from there on. Does
   * nothing where there is nothing to gain, or too much to keep.
   */
  async keepActivationsBefore(
    layers: readonly string[],
    iterations: number,
    onBatch: OnBatch,
    candidate?: Candidate,
  ): Promise<void> {
    const { net, data, keptBytes = defaultKeptBytes } = this.options;
    const plan = planCut(net, new Set(layers), candidate);
    if (plan === undefined) return;
    const known = this.keptFor(candidate, iterations);
    if (known?.plan.cut === plan.cut) return;
    const { graph } = this.convert(plan.split.head, { candidate });
    const made = await this.withSession(splitModel(graph), (session) =>
      KeptActivations.collect(plan, session, data, { ...this.run(iterations), onBatch }, keptBytes),
    );
    if (made === undefined) return;
    this.kept.push(made);
    const bytes = (): number => this.kept.reduce((sum, kept) => sum + kept.bytes, 0);
    while (bytes() > keptBytes) this.kept.shift();
  }

  /** What is kept for a candidate's first layers: the most of them. */
  private keptFor(
    candidate: Candidate | undefined,
    iterations: number,
  ): KeptActivations | undefined {
    return this.kept
      .filter((kept) => kept.serves(candidate, iterations))
      .reduce<KeptActivations | undefined>(
        (best, kept) => (best === undefined || kept.plan.cut > best.plan.cut ? kept : best),
        undefined,
      );
  }

  /**
   * A sample of the values of each blob of the float net, from a few dozen images. The runtime keeps
   * all blobs that are asked for in memory at once: large ones are asked for one after the other.
   */
  async samplesOf(blobs: readonly string[]): Promise<ReadonlyMap<string, Float32Array>> {
    const { data } = this.options;
    const shapes = this.check();
    const given = await data.batch(0);
    const samples = new Map<string, Float32Array>();
    const made = new Set(blobs);
    for (const [blob, { data: values }] of given) {
      if (made.delete(blob)) samples.set(blob, sampleOf(values));
    }
    for (const group of groupsBySize(made, shapes)) {
      const net = { ...partThatMakes(this.options.net, group), outputs: group };
      const chunks = isImagewise(net) ? BatchChunks.of(data, data.shapes, false) : undefined;
      const { graph } = this.convert(net, { inputShapes: chunks?.shapes });
      const parts = new Map<string, Float32Array[]>(graph.outputs.map(({ name }) => [name, []]));
      const iterations = Math.min(sampledChunks, chunks?.perBatch ?? 1);
      await this.withSession(splitModel(graph), (session) =>
        forEachBatch(session, chunks ?? data, this.run(iterations), (outputs) => {
          for (const [name, output] of outputs) parts.get(name)?.push(sampleOf(output.data));
          return undefined;
        }),
      );
      graph.outputs.forEach(({ name }, i) => {
        samples.set(group[i] ?? name, joined(parts.get(name) ?? []));
      });
    }
    return samples;
  }

  /** Score of a candidate (the float net without one). */
  async score(
    place: ScorePlace,
    iterations: number,
    candidate: Candidate | undefined,
    onBatch: OnBatch,
  ): Promise<Score> {
    const { outputs, seconds } = await this.average(iterations, candidate, onBatch);
    const made = outputs.get(place.blob);
    if (made === undefined) throw new Error(`there is no output ${place.blob} to score by`);
    const score = scoreValue(place, made.data);
    return { score, loss: totalLoss(this.options.net, outputs), seconds };
  }

  /**
   * Largest absolute value of each blob over the first `iterations` batches of the float net. The
   * runtime keeps the blobs of a whole run in memory: large batches are run in pieces where that
   * gives the same numbers.
   */
  async largest(
    blobs: readonly string[],
    iterations: number,
    onBatch: OnBatch,
  ): Promise<ReadonlyMap<string, number>> {
    const { data } = this.options;
    const net = partThatMakes(this.options.net, blobs);
    const isRandom = net.layers.some(({ type }) => type === 'Dropout');
    const chunks = isImagewise(net) ? BatchChunks.of(data, data.shapes, !isRandom) : undefined;
    const perBatch = chunks?.perBatch ?? 1;
    const { graph, observed } = this.convert(net, {
      observedBlobs: blobs,
      inputShapes: chunks?.shapes,
    });
    const largest = await this.withSession(splitModel(graph), (session) =>
      largestOutputs(session, chunks ?? data, {
        ...this.run(iterations * perBatch),
        onBatch: (done) => onBatch(done / perBatch),
      }),
    );
    return new Map([...observed].map(([blob, output]) => [blob, largest.get(output) ?? 0]));
  }

  private convert(
    net: Net,
    extra: {
      readonly candidate?: Candidate | undefined;
      readonly observedBlobs?: readonly string[];
      readonly inputShapes?: ReadonlyMap<string, Shape> | undefined;
    },
  ): ConvertedNet {
    const { weights, data, readBlob } = this.options;
    return convertNet(net, {
      weights,
      readBlob,
      quantizeBlob: this.quantizeBlob,
      ...extra,
      inputShapes: new Map([...data.shapes, ...(extra.inputShapes ?? [])]),
    });
  }

  private run(iterations: number): { iterations: number; signal?: AbortSignal } {
    const { signal } = this.options;
    return { iterations, ...(signal === undefined ? {} : { signal }) };
  }

  /** One for all sessions, so that parts of the net give the whole net's numbers. */
  private optimization(): GraphOptimization {
    this.knownOptimization ??= graphOptimization(this.convert(this.options.net, {}).graph);
    return this.knownOptimization;
  }

  private async withSession<T>(
    model: SplitModel,
    use: (session: Session) => Promise<T>,
  ): Promise<T> {
    const session = await Session.create(model, this.options.provider, this.optimization());
    try {
      return await use(session);
    } finally {
      await session.release();
    }
  }
}

/** Caffe's total loss: outputs by their loss weights; null without any. */
export function totalLoss(net: Net, outputs: ReadonlyMap<string, Tensor>): number | null {
  const weights = lossWeights(net);
  if (weights.size === 0) return null;
  let total = 0;
  for (const [blob, weight] of weights) {
    total += weight * (outputs.get(blob)?.data.reduce((sum, value) => sum + value, 0) ?? 0);
  }
  return total;
}

/** Blobs in groups of a bearable size, each blob alone where it is larger than that by itself. */
function groupsBySize(
  blobs: ReadonlySet<string>,
  shapes: ReadonlyMap<string, Shape>,
): readonly (readonly string[])[] {
  const groups: string[][] = [];
  let left = 0;
  for (const blob of blobs) {
    const size = (shapes.get(blob) ?? []).reduce((product, dim) => product * Math.abs(dim), 4);
    if (groups.length === 0 || size > left) {
      groups.push([]);
      left = mostSampledBytes;
    }
    groups.at(-1)?.push(blob);
    left -= size;
  }
  return groups;
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
