import { readWeights } from '../../caffe/readWeights';
import { resolveWeights } from '../../caffe/layerWeights';
import { lossWeights } from '../../caffe/lossWeights';
import { buildNet, type Net } from '../../caffe/net';
import { readNetFile } from '../../caffe/netFile';
import { netState } from '../../caffe/phase';
import { floatNet, withOutput } from '../../caffe/predictions';
import { quantizationNotes } from '../../caffe/quantizedLayers';
import { checkScoreShape, chooseScoreBlob, scoreValue } from '../../caffe/scoreBlob';
import type { ScoreDirection } from '../../caffe/scoreDirection';
import type { OptionsOf } from '../../options/table';
import { refuseUnobeyed } from '../../onnx/forkSettings';
import { checkSupported } from '../../onnx/registry';
import { formatDiagnostic } from '../../prototxt/diagnostic';
import { describeProvider } from '../../runtime/provider';
import { resolveProvider } from '../../runtime/resolveProvider';
import type { Tensor } from '../../runtime/session';
import { batchScore, outputOf } from '../scoring/batchScore';
import { blobReader } from '../inputs/blobReader';
import { Evaluator, totalLoss } from '../scoring/evaluator';
import { withAccuracy } from '../inputs/labelledNet';
import { NetData } from '../inputs/netData';
import { PassProgress, type OnProgress } from '../files/progress';
import { describeCoverage, iterationsOf } from '../search/scoringPlan';

/** The options of the command, and what its callers add. */
export interface ScoreOptions extends OptionsOf<'score'> {
  /** Folder that relative paths in the prototxt start at, where it is not the prototxt's own. */
  readonly modelFolder?: string | undefined;
  readonly cwd: string;
  readonly signal?: AbortSignal;
}

/** What scoring tells while it works. */
export interface ScoreEvents {
  onProgress: OnProgress;
  /** All inputs are read and fit together. */
  onStart?(plan: {
    readonly iterations: number;
    readonly batchSize: number;
    readonly provider: string;
  }): void;
  onNote?(note: string): void;
}

/** Means over the iterations, as `caffe test` gives them. */
export interface ScoreResult {
  /** Output that is the score, as users name it: `accuracy`, `per_class[3]`, `per_class:mean`. */
  readonly scoreBlob: string;
  /** Whether the score is a share between 0 and 1 of right answers. */
  readonly scoreIsAccuracy: boolean;
  /** Which scores are better; `lower` for a loss. */
  readonly scoreDirection: ScoreDirection;
  readonly score: number;
  readonly loss: number | null;
  /** Every net output, alphabetically. */
  readonly outputs: ReadonlyMap<string, Tensor>;
  /** Weight of each output in the loss; outputs that do not count are left out. */
  readonly lossWeights: ReadonlyMap<string, number>;
  readonly provider: string;
  readonly seconds: number;
  readonly notes: readonly string[];
}

/**
 * Scores any net, float or already quantized, on its TEST data.
 *
 * @throws UserError for bad input; the signal's reason when it is aborted
 */
export async function scoreNet(options: ScoreOptions, events: ScoreEvents): Promise<ScoreResult> {
  const notes: string[] = [];
  const note = (text: string | undefined): void => {
    if (text === undefined) return;
    notes.push(text);
    events.onNote?.(text);
  };
  const file = readNetFile(options.model, options);
  file.warnings.forEach((warning) => note(formatDiagnostic(file.source, warning)));
  const built = buildNet(file, netState(options.phase ?? 'TEST', options));
  checkSupported(built);
  const { net: labelled, note: accuracyNote } = withAccuracy(built, options);
  const choice = chooseScoreBlob(labelled, options.scoreBlob);
  const net = choice.pick === 'agreement' ? withOutput(labelled, choice.blob) : labelled;
  const weights = await readWeights(options.weights);
  const { provider, note: providerNote } = await resolveProvider(options.provider);
  const data = await NetData.open(net, options);
  try {
    const common = { weights, data, provider, readBlob: blobReader(file, options) };
    const evaluatorOf = (part: Net): Evaluator =>
      new Evaluator({ ...common, net: part, signal: options.signal });
    const evaluator = evaluatorOf(net);
    const { notes: weightNotes } = resolveWeights(net, weights);
    const scoreShape = evaluator.check().get(choice.blob) ?? [];
    refuseUnobeyed(built);
    const valueNote = checkScoreShape(net, choice, scoreShape, options.scoreBlob);
    const iterations = iterationsOf(options, data);
    const coverage = describeCoverage(options, iterations, data);
    data.notes.forEach(note);
    quantizationNotes(net).forEach(note);
    [accuracyNote, choice.note, valueNote, providerNote, ...weightNotes, coverage].forEach(note);
    const { batchSize } = data;
    events.onStart?.({ iterations, batchSize, provider: describeProvider(provider) });
    const passes = choice.pick === 'agreement' ? 2 : 1;
    const progress = new PassProgress({ passes, batches: passes * iterations }, events.onProgress);
    const scores = batchScore(choice);
    if (choice.pick === 'agreement') {
      const onFloat = progress.pass('scoring the float net', iterations, batchSize);
      await evaluatorOf(floatNet(net)).average(iterations, undefined, onFloat, (outputs, index) => {
        scores.float(outputs, index);
        return undefined;
      });
    }
    let agreed = 0;
    const { outputs, seconds } = await evaluator.average(
      iterations,
      undefined,
      progress.pass('scoring', iterations, batchSize),
      (batch, index) => {
        if (choice.pick === 'agreement') agreed += scores.of(batch, index);
        return undefined;
      },
    );
    const score =
      choice.pick === 'agreement'
        ? Math.fround(agreed / iterations)
        : scoreValue(choice, outputOf(outputs, choice.blob).data);
    const shown = new Map([...outputs].filter(([name]) => labelled.outputs.includes(name)));
    if (choice.pick === 'agreement') {
      shown.set(choice.name, { shape: [], data: Float32Array.of(score) });
    }
    return {
      scoreBlob: choice.name,
      scoreIsAccuracy: choice.isAccuracy,
      scoreDirection: choice.direction,
      score,
      loss: totalLoss(net, outputs),
      outputs: shown,
      lossWeights: lossWeights(net),
      provider: describeProvider(provider),
      seconds,
      notes,
    };
  } finally {
    await data.close();
  }
}
