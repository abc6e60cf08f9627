import { plain, type Words } from '../../base/words';
import type { Shape } from '../../base/shape';
import { UserError } from '../../base/userError';
import { buildNet } from '../../caffe/buildNet';
import type { Weights } from '../../caffe/caffemodel';
import { resolveWeights } from '../../caffe/layerWeights';
import type { Net } from '../../caffe/net';
import { oddWeightNotes } from '../../caffe/oddWeights';
import { readNetFile, type NetFile } from '../../caffe/netFile';
import { netState } from '../../caffe/phase';
import { withOutput } from '../../caffe/predictions';
import { quantizationNotes } from '../../caffe/quantizedLayers';
import { readWeights } from '../../caffe/readWeights';
import type { Phase } from '../../caffe/schema';
import { checkScoreShape } from '../../caffe/scoreBlob';
import type { ScoreChoice } from '../../caffe/scoreChoice';
import { refuseUnobeyed } from '../../onnx/forkSettings';
import { checkSupported } from '../../onnx/registry';
import { formatDiagnostic } from '../../prototxt/diagnostic';
import type { KeysOf, ValuesOf } from '../../options/table';
import type { SearchKind } from '../../quantize/report';
import type { ExecutionProvider } from '../../runtime/provider';
import { resolveProvider } from '../../runtime/resolveProvider';
import { Evaluator, type EvaluatorOptions, type NetInputs } from '../scoring/evaluator';
import { blobReader } from './blobReader';
import { withAccuracy } from './labelledNet';
import { NetData } from './netData';
import { describeCoverage, iterationsOf } from './scoringPlan';

/** A net to score, and on what: the options of all commands that score, and what their callers add. */
export interface ScoringOptions extends ValuesOf<KeysOf<'quantize'> & KeysOf<'score'>> {
  /** Folder that relative paths in the prototxt start at, where it is not the prototxt's own. */
  readonly modelFolder?: string | undefined;
  readonly cwd: string;
  /** The search that scores, if one does; the original's if absent. */
  readonly search?: SearchKind | undefined;
  readonly signal?: AbortSignal;
}

type Note = (text: Words) => void;

/** A net of a file, and what it is scored by. */
export interface ScoredNet {
  readonly file: NetFile;
  /** As the file has it. */
  readonly built: Net;
  /** With an accuracy where the labels of the data ask for one. */
  readonly labelled: Net;
  /** With the blob that the score is made of among its outputs. */
  readonly net: Net;
  readonly choice: ScoreChoice;
  /** What to tell of how the score came about. */
  readonly notes: readonly Words[];
}

/**
 * Reads the net of one phase and chooses its score.
 *
 * @param choose the score of a net, where the user names none or one
 * @throws UserError for a file that cannot be read, an unsupported layer, or no score
 */
export async function readScoredNet(
  options: ScoringOptions,
  phase: Phase,
  choose: (net: Net, wanted: string | undefined) => ScoreChoice,
  note: Note,
): Promise<ScoredNet> {
  const file = readNetFile(options.model, options);
  for (const warning of file.warnings) note(formatDiagnostic(file.source, warning));
  const built = buildNet(file, netState(phase, options));
  checkSupported(built);
  const { net: labelled, note: accuracyNote } = withAccuracy(built, options);
  const choice = await chooseScore(labelled, options, choose);
  return {
    file,
    built,
    labelled,
    net: withOutput(labelled, choice.blob),
    choice,
    notes: [accuracyNote, choice.note].filter((text) => text !== undefined),
  };
}

/** What is missing first is told first: a net without data mostly lacks a score as well. */
async function chooseScore(
  net: Net,
  options: ScoringOptions,
  choose: (net: Net, wanted: string | undefined) => ScoreChoice,
): Promise<ScoreChoice> {
  try {
    return choose(net, options.scoreBlob);
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause;
    const data = await NetData.open(net, options, 0);
    await data.close();
    throw cause;
  }
}

/** A net with all that scoring it takes, found to fit together. */
export interface Scoring {
  readonly weights: Weights;
  /** What really runs the net. */
  readonly provider: ExecutionProvider;
  readonly data: NetData;
  readonly evaluator: Evaluator;
  /** Shapes of the net's blobs. */
  readonly blobShapes: ReadonlyMap<string, Shape>;
  /** Batches to score on. */
  readonly iterations: number;
  /** An evaluator of another net of the same file, on other data or with other weights. */
  readonly evaluatorOf: (other: {
    readonly net?: Net;
    readonly data?: NetInputs;
    readonly quantizeBlob?: EvaluatorOptions['quantizeBlob'];
  }) => Evaluator;
  /**
   * Tells what the user should know of the nets that are worked with, this one and others, each thing
   * once.
   */
  tell(others?: readonly { readonly net: Net; readonly data: NetData }[]): void;
}

/**
 * Opens the weights and the data of a net. The caller closes `data`; where this throws, all is closed.
 *
 * @throws UserError for whatever can be known to be wrong before any pass
 */
export async function openScoring(
  { file, built, net, choice, notes }: ScoredNet,
  options: ScoringOptions,
  note: Note,
): Promise<Scoring> {
  const weights = await readWeights(options.weights);
  const { provider, note: providerNote } = await resolveProvider(options.provider);
  if (providerNote !== undefined) note(providerNote);
  const data = await NetData.open(net, options);
  try {
    const common = {
      weights,
      provider,
      signal: options.signal,
      readBlob: blobReader(file, options),
    };
    const evaluatorOf: Scoring['evaluatorOf'] = (other) =>
      new Evaluator({ ...common, net, data, ...other });
    const evaluator = evaluatorOf({});
    const blobShapes = evaluator.check();
    refuseUnobeyed(built);
    const shape = blobShapes.get(choice.blob) ?? [];
    const valueNote = checkScoreShape(net, choice, shape, options.scoreBlob);
    const iterations = iterationsOf(options, data);
    const tell: Scoring['tell'] = (others = []) => {
      const all = [{ net, data }, ...others];
      const told = [
        ...all.flatMap((each) => resolveWeights(each.net, weights).notes),
        ...all.flatMap((each) => oddWeightNotes(each.net, weights)),
        ...all.flatMap((each) => quantizationNotes(each.net)),
        ...all.flatMap((each) => each.data.notes),
        ...notes,
        ...[valueNote, describeCoverage(options, iterations, data)],
      ].filter((text) => text !== undefined);
      // Each once, whatever it is put together from.
      for (const text of new Map(told.map((one) => [plain(one), one])).values()) note(text);
    };
    return { weights, provider, data, evaluator, blobShapes, iterations, evaluatorOf, tell };
  } catch (cause) {
    await data.close();
    throw cause;
  }
}
