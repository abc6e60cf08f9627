import type { GroupBits, QuantizableLayer } from './candidates';
import type { IntegerLengths } from './ranges';
import type { Score, SweepRow, TrimmingMode } from './search';

/** A file that went into a run. */
export interface InputRecord {
  readonly role: 'model' | 'weights' | 'test data' | 'train data';
  readonly path: string;
  readonly bytes: number;
  /** SHA-256 in hex; null for files of more than 4 GiB. */
  readonly sha256: string | null;
}

/** Where the ranges were measured. */
export type Calibration = 'train' | 'test';

/** Everything a run found out: the machine-readable report, and what all views are made from. */
export interface QuantizeReport {
  readonly mode: TrimmingMode;
  /** Score of the float net. */
  readonly baseline: number;
  readonly baselineLoss: number | null;
  readonly rows: readonly SweepRow[];
  /** Bit-widths; 32 where no swept width stayed within the margin. */
  readonly chosen: Required<GroupBits>;
  /** The combined net as written. */
  readonly final: Score & { readonly withinMargin: boolean };
  readonly layers: readonly (QuantizableLayer & IntegerLengths)[];
  /** Output blob that was scored. */
  readonly scoreBlob: string;
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
  readonly notes: readonly string[];
}
