import type { LayerFormats } from '../../caffe/numberFormat';
import type { Words } from '../../base/words';
import type { OptionKey, OptionsOf } from '../../options/table';
import type { LayerReport, RunPlan, VisitedPoint } from '../../quantize/report';
import type { Score, SweepRow } from '../../quantize/original/search';
import type { ScoringOptions } from '../inputs/openScoring';
import type { OnProgress } from '../files/progress';

/** What to quantize and how: the options of the command, and what its callers add. */
export interface QuantizeOptions extends OptionsOf<'quantize'>, ScoringOptions {
  /** Formats by layer that parts keep whose bits are kept as they are there. */
  readonly base?: Readonly<Record<string, LayerFormats>> | undefined;
  /** What the caller will write besides, to be checked against the data that are read. */
  readonly otherOutputs?: readonly { readonly path: string; readonly option: OptionKey }[];
}

/** The options of a run whose data are known. */
export interface RunOptions extends QuantizeOptions {
  readonly iterations: number;
}

/** What a run tells while it works. */
export interface QuantizeEvents {
  onProgress: OnProgress;
  /** All inputs are read and fit together. */
  onPlan?(plan: RunPlan): void;
  /** The float net's score. */
  onBaseline?(score: Score): void;
  /** The ranges of all layers to quantize. */
  onLayers?(layers: readonly LayerReport[]): void;
  onRow(row: SweepRow): void;
  /** A net that the best search scored on all iterations; what it is among others may change later. */
  onPoint?(point: VisitedPoint): void;
  onNote(note: Words): void;
}
