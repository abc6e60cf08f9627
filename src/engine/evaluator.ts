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
import { rememberQuantized } from '../quantize/quantizedWeights';
import type { Score } from '../quantize/search';
import type { ExecutionProvider } from '../runtime/provider';
import { averageOutputs, largestOutputs } from '../runtime/scoreBatches';
import { Session, type Tensor } from '../runtime/session';
import { BatchChunks, isImagewise } from './batchChunks';
import type { NetData } from './netData';
import { KeptActivations } from './reuse';

export interface EvaluatorOptions {
  readonly net: Net;
  readonly weights: Weights;
  readonly data: NetData;
  readonly provider: ExecutionProvider;
  /** Reads the files that layers name; needed only for nets that name some. */
  readonly readBlob?: ReadBlob;
  readonly signal?: AbortSignal;
}

/** How far a pass is, in batches; a large batch may be done in part. */
export type OnBatch = (done: number) => void;

/** Scores candidates of one net on its data: graph, session, batches. */
export class Evaluator {
  private readonly quantizeBlob = rememberQuantized();
  private kept: KeptActivations | undefined;
  private netShapes: NetShapes | undefined;

  constructor(private readonly options: EvaluatorOptions) {}

  /**
   * Checks that the net converts and its weights fit, without running anything.
   *
   * @returns shapes of all blobs; dimensions known at run time only are negative
   */
  check(): ReadonlyMap<string, Shape> {
    const { blobShapes } = this.convert(this.options.net, {});
    this.options.data.learnShapes(blobShapes);
    return blobShapes;
  }

  /** The blobs that a layer of the float net computes with: shared ones too, and those of fillers. */
  weightsOf(layer: Layer): readonly WeightBlob[] {
    const { net, data, weights } = this.options;
    this.netShapes ??= inferShapes(net, data.shapes);
    return resolveWeights(net, weights).blobsOf(layer, this.netShapes.weights.get(layer) ?? []);
  }

  /** Mean of every net output over the first `iterations` batches, and the seconds it took. */
  async average(
    iterations: number,
    candidate: Candidate | undefined,
    onBatch: OnBatch,
  ): Promise<{ readonly outputs: ReadonlyMap<string, Tensor>; readonly seconds: number }> {
    const start = performance.now();
    const { net, data } = this.options;
    const kept = this.kept?.serves(candidate, iterations) === true ? this.kept : undefined;
    const { graph } =
      kept === undefined
        ? this.convert(net, { candidate })
        : this.convert(kept.split.tail, { candidate, inputShapes: kept.shapes });
    const outputs = await this.withSession(splitModel(graph), (session) =>
      averageOutputs(session, kept ?? data, { ...this.run(iterations), onBatch }),
    );
    return { outputs, seconds: (performance.now() - start) / 1000 };
  }

  /**
   * Runs the float layers before the first of the named ones once and keeps what they pass on, for
   * all later candidates that change only layers from there on. Does nothing where there is nothing
   * to gain, or too much to keep.
   */
  async keepActivationsBefore(
    layers: readonly string[],
    iterations: number,
    onBatch: OnBatch,
  ): Promise<void> {
    const { net, data } = this.options;
    const plan = KeptActivations.plan(net, new Set(layers));
    if (plan === undefined) return;
    const { graph } = this.convert(plan.split.head, {});
    this.kept = await this.withSession(splitModel(graph), (session) =>
      KeptActivations.collect(net, plan, session, data, { ...this.run(iterations), onBatch }),
    );
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

  private run(iterations: number): { iterations: number; signal?: AbortSignal | undefined } {
    return { iterations, signal: this.options.signal };
  }

  private async withSession<T>(
    model: SplitModel,
    use: (session: Session) => Promise<T>,
  ): Promise<T> {
    const session = await Session.create(model, this.options.provider);
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
