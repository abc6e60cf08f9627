import type { LayerFormats } from '../formats/layerFormats';
import type { KeptBits } from '../quantize/best/knobs';
import type { Objective } from '../quantize/costs';
import type {
  Calibration,
  LayerReport,
  QuantizeReport,
  RunPlan,
  SearchKind,
  VisitedPoint,
} from '../quantize/report';
import type { Score } from '../quantize/score';
import type { SweepRow } from '../quantize/groups';
import type { TrimmingMode } from '../quantize/modes/modes';
import type { ProviderChoice } from '../runtime/provider';
import type { FileStamp } from './fileStamp';

/** A net in a file: what runs, answers and results belong to. */
export interface NetKey {
  /** Absolute path of the prototxt. */
  readonly model: string;
  /** Which of the nets that the file defines, from 0. */
  readonly netIndex: number;
}

/** Everything needed to start a run, and to start it again. */
export interface RunRequest extends NetKey {
  readonly netName: string;
  readonly weights: string;
  /** Where the quantized prototxt is saved when the user says so. */
  readonly output: string;
  readonly mode: TrimmingMode;
  /** The original's where an early version stored none. */
  readonly search?: SearchKind | undefined;
  /** What the best search saves; weight bytes foremost if absent. */
  readonly objective?: Objective | undefined;
  /** Bits that the best search leaves as they are, by layer. */
  readonly keep?: Readonly<Record<string, KeptBits>> | undefined;
  /** Formats of the net whose bits were changed by hand: what was not changed keeps them. */
  readonly base?: Readonly<Record<string, LayerFormats>> | undefined;
  /** Run whose net's bits were changed by hand: where the way back leads. */
  readonly trialOf?: string | undefined;
  /** Run that was cut off and whose scores are gone on from. */
  readonly resumes?: string | undefined;
  /** Accepted absolute drop of the score in percent. */
  readonly errorMargin: number;
  /** Batches of TEST data. */
  readonly iterations: number;
  readonly execution: ProviderChoice;
  readonly calibration: Calibration;
  readonly scoreBlob?: string | undefined;
  readonly caffeRoot?: string | undefined;
  /** First folder that paths in the prototxt are relative to. */
  readonly cwd: string;
}

export type RunStatus =
  /** Waits for another run to end. */
  | 'queued'
  /** Inputs are being read. */
  | 'starting'
  | 'running'
  | 'done'
  | 'cancelled'
  | 'failed'
  /** The window that ran it went away. */
  | 'interrupted';

/** Why a run failed. */
export interface RunFailure {
  /** Code of a failure the user can act on; undefined for a fault of the engine. */
  readonly code?: string | undefined;
  readonly message: string;
  /** What the engine was at: `FC weights 4 bit, batch 3 of 20`. */
  readonly step?: string | undefined;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
}

/** A run and all that is known of it: plain data that survives the window. */
export interface RunRecord {
  readonly id: string;
  readonly request: RunRequest;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Process that runs it: while that lives, nobody else calls the run interrupted. */
  readonly hostPid: number;
  status: RunStatus;
  /** Seconds from start to end. */
  seconds?: number;
  /** The files as they were when the run began. */
  stamps?: { readonly model: FileStamp; readonly weights: FileStamp };
  plan?: RunPlan;
  baseline?: Score;
  layers?: readonly LayerReport[];
  rows: readonly SweepRow[];
  /** Nets that the best search scored on all images, in the order of their visits. */
  points?: readonly VisitedPoint[];
  notes: readonly string[];
  report?: QuantizeReport;
  failure?: RunFailure;
}

export function isUnfinished({ status }: RunRecord): boolean {
  return status === 'queued' || status === 'starting' || status === 'running';
}

/** Whether a run only scored bits that were set by hand. */
export function isTrial({ request }: RunRecord): boolean {
  return request.base !== undefined;
}

/** Whether a run ended with a result. */
export function isFinished({ report }: RunRecord): boolean {
  return report !== undefined;
}

export function isSameNet(a: NetKey, b: NetKey): boolean {
  return a.model === b.model && a.netIndex === b.netIndex;
}
