import type { LayerFormats } from '../formats/layerFormats';
import type { KeysOf, ValuesOf } from '../options/table';
import type { LayerReport, QuantizeReport, RunPlan, VisitedPoint } from '../quantize/report';
import type { Score } from '../quantize/score';
import type { SweepRow } from '../quantize/groups';
import type { FileStamp } from './fileStamp';

/** A net in a file: what runs, answers and results belong to. */
export interface NetKey {
  /** Absolute path of the prototxt. */
  readonly model: string;
  /** Which of the nets that the file defines, from 0. */
  readonly netIndex: number;
}

/** Options that the editor decides by itself. */
type Decided = 'modelQuantized' | 'reportFile' | 'resume' | 'force' | 'iterations' | 'netIndex';

/** Everything needed to start a run, and to start it again. */
export interface RunRequest
  extends NetKey, ValuesOf<Exclude<KeysOf<'quantize'>, Decided | keyof NetKey>> {
  readonly netName: string;
  /** Where the quantized prototxt is saved when the user says so. */
  readonly output: string;
  /** Formats of the net whose bits were changed by hand: what was not changed keeps them. */
  readonly base?: Readonly<Record<string, LayerFormats>> | undefined;
  /** Run whose net's bits were changed by hand: where the way back leads. */
  readonly trialOf?: string | undefined;
  /** Run that was cut off and whose scores are gone on from. */
  readonly resumes?: string | undefined;
  /** Batches of TEST data. */
  readonly iterations: number;
  /** First folder that paths in the prototxt are relative to. */
  readonly cwd: string;
}

/** What is stored under a name that an option had in an early version. */
export function withPresentNames<T extends object>(stored: T): T {
  if (!('execution' in stored)) return stored;
  const { execution, ...rest } = stored as T & { readonly execution: unknown };
  return { provider: execution, ...rest } as unknown as T;
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
