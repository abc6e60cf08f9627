import type { Calibration } from '../quantize/report';
import type { SweepRow, TrimmingMode } from '../quantize/search';
import type { ExecutionProvider } from '../runtime/provider';
import type { OnProgress } from './progress';

/** What to quantize and how. */
export interface QuantizeOptions {
  /** Paths of the float net, its weights, and the prototxt to write. */
  readonly model: string;
  readonly weights: string;
  readonly modelQuantized: string;
  readonly mode: TrimmingMode;
  readonly iterations: number;
  /** Accepted absolute drop of the score in percent. */
  readonly errorMargin: number;
  readonly provider: ExecutionProvider;
  readonly calibration: Calibration;
  readonly scoreBlob?: string | undefined;
  readonly caffeRoot?: string | undefined;
  readonly cwd: string;
  /** Replace an output that no earlier run made. */
  readonly force: boolean;
  /** What the caller will write besides, to be checked against the data that are read. */
  readonly otherOutputs?: readonly { readonly path: string; readonly flag: string }[];
  readonly signal?: AbortSignal;
}

/** What a run tells while it works. */
export interface QuantizeEvents {
  onProgress: OnProgress;
  onRow(row: SweepRow): void;
  onNote(note: string): void;
}
