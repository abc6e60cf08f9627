import type { Words } from '../base/words';
import type { LayerFormats } from '../formats/layerFormats';
import type { ScoreDirection } from '../caffe/scoreChoice';
import type { QuantizableLayer } from './original/candidates';
import type { GroupBits } from './groups';
import type { Costs, Objective } from './costs';
import type { IntegerLengths } from './ranges';
import type { OriginalMode, TrimmingMode } from './modes/modes';
import type { Score } from './score';
import type { Sweep, SweepRow } from './groups';

/** How the bits are searched for: as the original does, or layer by layer. */
export type SearchKind = 'original' | 'best';

/** How firm a verdict on the margin is. */
export interface Firmness {
  /**
   * Standard error of the mean difference to the float net, on the same batches; null where it cannot
   * be told, as from one batch.
   */
  readonly standardError: number | null;
  /**
   * `firm` where the score lies two standard errors or more off the margin's edge; `open` where other
   * images of the same kind may well give the other verdict; `unknown` without a standard error.
   */
  readonly verdict: 'firm' | 'open' | 'unknown';
}

/** A net that the best search scored on all iterations. */
export interface VisitedPoint extends Firmness {
  /** Place in the order of visits, from 0. */
  readonly index: number;
  readonly score: number;
  readonly loss: number | null;
  readonly withinMargin: boolean;
  readonly costs: Costs;
  /**
   * Whether scoring stopped early since the verdict could not change any more: the score is then the
   * best that it could still have become.
   */
  readonly isBound: boolean;
  /** Whether no other point is both smaller and better. */
  readonly onFrontier: boolean;
  readonly isDelivered: boolean;
  /** Number formats by layer. */
  readonly formats: Readonly<Record<string, LayerFormats>>;
}

/** What the best search found out besides its result. */
export interface BestReport {
  readonly objective: Objective;
  /** Images of the calibration data that candidates were ranked on. */
  readonly calibrationImages: number;
  /** Candidates scored on calibration data. */
  readonly calibrationScores: number;
  readonly points: readonly VisitedPoint[];
  readonly floatCosts: Costs;
  readonly costs: Costs;
}

/** What is known of a run once all inputs are read and found to fit, before the first pass. */
export interface RunPlan {
  /** The net's name, or the file's where it has none. */
  readonly net: string;
  /** Provider that will run the net: `cpu`, `cuda:0`, `webgpu`. */
  readonly provider: string;
  /** Output that is scored, as users name it: `accuracy`, `per_class[3]`, `per_class:mean`. */
  readonly scoreBlob: string;
  /** Whether the score is a share between 0 and 1 of right answers. */
  readonly scoreIsAccuracy: boolean;
  /** `lower` for a loss. */
  readonly scoreDirection: ScoreDirection;
  readonly iterations: number;
  /** Images a batch of the TEST data. */
  readonly batchSize: number;
  /** Databases that are scored on. */
  readonly testSources: readonly string[];
  readonly weightsBytes: number;
  readonly search: SearchKind;
  /** The groups in the order they are swept, each with the widths that may be tried; none in the best search. */
  readonly sweeps: readonly Sweep[];
}

/** A layer to quantize: its ranges, and how much it stores. */
export interface LayerReport extends QuantizableLayer, IntegerLengths {
  /** Line of the prototxt it begins at, from 1. */
  readonly line: number;
  /** Numbers in the weight blob, and in the bias blob (0 without one). */
  readonly weights: number;
  readonly biases: number;
  /** Multiply-accumulates an image. */
  readonly operations: number;
}

/** A file that went into a run. */
export interface InputRecord {
  readonly role: 'model' | 'weights' | 'test data' | 'train data';
  readonly path: string;
  readonly bytes: number;
  /** SHA-256 in hex; null for files of more than 4 GiB, and where the user would not wait. */
  readonly sha256: string | null;
}

/** Where the ranges were measured. */
export type Calibration = 'train' | 'test';

/**
 * Everything a run found out: the machine-readable report, and what all views are made from. `search`
 * tells which of the two it is.
 */
export type QuantizeReport = OriginalReport | BestSearchReport;

/** What the original's search found out: a width for each group of numbers. */
export interface OriginalReport extends CommonReport {
  readonly search: 'original';
  readonly mode: OriginalMode;
  readonly best?: undefined;
  readonly rows: readonly SweepRow[];
  /** Bit-widths; 32 where no swept width stayed within the margin. */
  readonly chosen: Required<GroupBits>;
}

/** What the best search found out: every layer has widths of its own. */
export interface BestSearchReport extends CommonReport {
  readonly search: 'best';
  readonly mode: TrimmingMode;
  readonly best: BestReport;
  /** It sweeps no groups and chooses no width for them: here for readers of the file. */
  readonly rows: readonly never[];
  readonly chosen: null;
}

/** What the reports of both searches say. */
export interface CommonReport {
  /** Score of the float net. */
  readonly baseline: number;
  readonly baselineLoss: number | null;
  /** The combined net as written. */
  readonly final: Score & Firmness & { readonly withinMargin: boolean };
  /** In file order; `formats` are those of the delivered net. */
  readonly layers: readonly (LayerReport & { readonly formats: LayerFormats })[];
  /** The net's name, or the file's where it has none. */
  readonly net: string;
  /** Output that was scored, as users name it. */
  readonly scoreBlob: string;
  readonly scoreIsAccuracy: boolean;
  /** Which scores are better; `lower` for a loss. */
  readonly scoreDirection: ScoreDirection;
  /** Bytes of all weights and biases of the quantized layers, as float32 and as delivered. */
  readonly weightBytes: { readonly float: number; readonly quantized: number };
  readonly errorMargin: number;
  readonly iterations: number;
  readonly batchSize: number;
  readonly calibration: Calibration;
  /** Provider that really ran the net: `cpu`, `cuda:0`. */
  readonly provider: string;
  readonly seconds: number;
  readonly output: string;
  readonly inputs: readonly InputRecord[];
  readonly versions: Readonly<Record<'ristretto' | 'onnxruntime' | 'node', string>>;
  /** What the user should know about how the figures came about. */
  readonly notes: readonly Words[];
}
