import type { WeightBlob, Weights } from '../../caffe/caffemodel';
import { resolveWeights } from '../../caffe/layerWeights';
import { lossWeights } from '../../caffe/lossWeights';
import { partThatMakes } from '../../caffe/neededLayers';
import type { Layer, Net } from '../../caffe/net';
import type { Candidate } from '../../formats/layerFormats';
import { scoreValue } from '../../caffe/scoreBlob';
import type { ScorePlace } from '../../caffe/scoreChoice';
import { convertNet, type ConversionOptions, type ConvertedNet } from '../../onnx/convertNet';
import type { Shape } from '../../base/shape';
import { scoringDialect } from '../../onnx/dialects';
import { inferShapes, type NetShapes } from '../../onnx/inferShapes';
import type { ReadBlob } from '../../onnx/layerConverter';
import { splitModel, type SplitModel } from '../../onnx/model';
import { pointsOf, type LayerPoints, type Measure, type Point } from '../../onnx/observations';
import { rememberQuantized } from '../../quantize/quantizedWeights';
import type { ActivationRange } from '../../quantize/ranges';
import type { Score } from '../../quantize/score';
import { graphOptimization, type GraphOptimization } from '../../runtime/graphOptimization';
import type { ExecutionProvider } from '../../runtime/provider';
import {
  averageOutputs,
  forEachBatch,
  largestOutputs,
  type BatchInputs,
  type Watch,
} from '../../runtime/scoreBatches';
import { Session, type Tensor } from '../../runtime/session';
import { SampleCollector, type SamplesByLayer } from './activationSamples';
import { BatchChunks, isImagewise } from './batchChunks';
import { KeptActivations, planCut } from './reuse';

/** Most bytes of activations to keep. */
const defaultKeptBytes = 256 * 2 ** 20;

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
   * Samples of what layers of the float net read and put out (see {@link pointsOf}), with the extremes
   * of all `iterations` batches. The graph itself picks the numbers, so that no blob leaves the runtime.
   */
  async samplesOf(
    layers: readonly Layer[],
    iterations: number,
    onBatch: OnBatch,
  ): Promise<SamplesByLayer> {
    const { data } = this.options;
    const points = pointsOf(this.options.net, layers);
    const { graph, observed } = this.observe(points, 'sample', undefined);
    const collector = new SampleCollector(observed, iterations);
    await this.withSession(splitModel(graph), (session) =>
      forEachBatch(session, data, { ...this.run(iterations), onBatch }, (outputs, index) => {
        collector.add(outputs, index);
        return undefined;
      }),
    );
    return new Map([...points].map(([layer, places]) => [layer, collector.samples(places)]));
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
   * Largest absolute value of what each layer reads and puts out (see {@link pointsOf}), over the first
   * `iterations` batches of the float net. The runtime keeps the blobs of a whole run in memory: large
   * batches are run in pieces where that gives the same numbers.
   */
  async largest(
    layers: readonly Layer[],
    iterations: number,
    onBatch: OnBatch,
  ): Promise<ReadonlyMap<Layer, ActivationRange>> {
    const { data } = this.options;
    const points = pointsOf(this.options.net, layers);
    const net = partOf(this.options.net, points);
    const isRandom = net.layers.some(({ type }) => type === 'Dropout');
    const chunks = isImagewise(net) ? BatchChunks.of(data, data.shapes, !isRandom) : undefined;
    const perBatch = chunks?.perBatch ?? 1;
    const { graph, observed } = this.observe(points, 'largest', chunks?.shapes);
    const largest = await this.withSession(splitModel(graph), (session) =>
      largestOutputs(session, chunks ?? data, {
        ...this.run(iterations * perBatch),
        onBatch: (done) => onBatch(done / perBatch),
      }),
    );
    const at = (point: Point): number => {
      const names = observed.get(point);
      return names?.measure === 'largest' ? (largest.get(names.largest) ?? 0) : 0;
    };
    return new Map(
      [...points].map(([layer, { input, output }]) => [
        layer,
        { maxIn: at(input), maxOut: at(output) },
      ]),
    );
  }

  private observe(
    points: ReadonlyMap<Layer, LayerPoints>,
    measure: Measure,
    inputShapes: ReadonlyMap<string, Shape> | undefined,
  ): ConvertedNet {
    const all = [...points.values()].flatMap(({ input, output }) => [input, output]);
    const observed = { points: all, measure };
    return this.convert(partOf(this.options.net, points), { observed, inputShapes });
  }

  private convert(
    net: Net,
    extra: {
      readonly candidate?: Candidate | undefined;
      readonly observed?: ConversionOptions['observed'];
      readonly inputShapes?: ReadonlyMap<string, Shape> | undefined;
    },
  ): ConvertedNet {
    const { weights, data, readBlob } = this.options;
    return convertNet(net, {
      weights,
      readBlob,
      quantizeBlob: this.quantizeBlob,
      dialect: scoringDialect,
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

/** The layers that lead to the points of others, and no outputs. */
function partOf(net: Net, points: ReadonlyMap<Layer, LayerPoints>): Net {
  const blobs = [...points.values()].flatMap(({ input, output }) => [
    input.layer.bottoms[0] ?? '',
    output.layer.tops[0] ?? '',
  ]);
  return partThatMakes(net, blobs);
}
