import { readCaffemodel } from '../caffe/caffemodel';
import { resolveWeights } from '../caffe/layerWeights';
import { lossWeights } from '../caffe/lossWeights';
import { buildNet } from '../caffe/net';
import { readNetFile } from '../caffe/netFile';
import { netState, type StateChoice } from '../caffe/phase';
import type { Phase } from '../caffe/schema';
import { chooseScoreBlob } from '../caffe/scoreBlob';
import { checkSupported } from '../onnx/registry';
import { formatDiagnostic } from '../prototxt/diagnostic';
import { describeProvider, type ProviderChoice } from '../runtime/provider';
import { resolveProvider } from '../runtime/resolveProvider';
import type { Tensor } from '../runtime/session';
import { blobReader } from './blobReader';
import { Evaluator, totalLoss } from './evaluator';
import { NetData } from './netData';
import { PassProgress, type OnProgress } from './progress';

export interface ScoreOptions extends StateChoice {
  readonly model: string;
  /** Which net of a file that defines several, from 0. */
  readonly netIndex?: number | undefined;
  /** Folder that relative paths in the prototxt start at, where it is not the prototxt's own. */
  readonly modelFolder?: string | undefined;
  readonly weights: string;
  /** TEST where it is not given. */
  readonly phase?: Phase | undefined;
  readonly iterations: number;
  readonly provider: ProviderChoice;
  readonly scoreBlob?: string | undefined;
  readonly caffeRoot?: string | undefined;
  readonly cwd: string;
  readonly signal?: AbortSignal;
}

/** What scoring tells while it works. */
export interface ScoreEvents {
  onProgress: OnProgress;
  /** All inputs are read and fit together. */
  onStart?(plan: { readonly batchSize: number; readonly provider: string }): void;
  onNote?(note: string): void;
}

/** Means over the iterations, as `caffe test` gives them. */
export interface ScoreResult {
  readonly scoreBlob: string;
  /** Whether the score is a share between 0 and 1 of right answers. */
  readonly scoreIsAccuracy: boolean;
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
  const net = buildNet(file, netState(options.phase ?? 'TEST', options));
  checkSupported(net);
  const choice = chooseScoreBlob(net, options.scoreBlob);
  const weights = readCaffemodel(options.weights);
  resolveWeights(net, weights).notes.forEach(note);
  const { provider, note: providerNote } = await resolveProvider(options.provider);
  const data = NetData.open(net, options);
  try {
    const evaluator = new Evaluator({
      net,
      weights,
      data,
      provider,
      readBlob: blobReader(file, options),
      signal: options.signal,
    });
    evaluator.check();
    [choice.note, providerNote, data.describeCycling(options.iterations)].forEach(note);
    const { batchSize } = data;
    events.onStart?.({ batchSize, provider: describeProvider(provider) });
    const progress = new PassProgress(
      { passes: 1, batches: options.iterations },
      events.onProgress,
    );
    const { outputs, seconds } = await evaluator.average(
      options.iterations,
      undefined,
      progress.pass('scoring', options.iterations, batchSize),
    );
    return {
      scoreBlob: choice.blob,
      scoreIsAccuracy: choice.isAccuracy,
      score: outputs.get(choice.blob)?.data[0] ?? Number.NaN,
      loss: totalLoss(net, outputs),
      outputs,
      lossWeights: lossWeights(net),
      provider: describeProvider(provider),
      seconds,
      notes,
    };
  } finally {
    data.close();
  }
}
