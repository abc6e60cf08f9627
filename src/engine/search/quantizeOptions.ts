import type { LayerFormats } from '../../formats/layerFormats';
import type { KeptBits } from '../../quantize/best/knobs';
import type { Objective } from '../../quantize/costs';
import type { Calibration } from '../../quantize/report';
import type { TrimmingMode } from '../../quantize/modes/modes';
import type { ScoringOptions } from '../inputs/openScoring';

/** What to quantize and how. */
export interface QuantizeOptions extends ScoringOptions {
  /** Path of the prototxt to write. */
  readonly modelQuantized: string;
  readonly mode: TrimmingMode;
  /** Bit-widths that may be tried; the original's 16, 8, 4, 2, 1 or the best search's own if absent. */
  readonly bits?: readonly number[] | undefined;
  /** What the best search saves; weight bytes foremost if absent. */
  readonly objective?: Objective | undefined;
  /** Images of calibration data that the best search ranks candidates on. */
  readonly calibrationImages?: number | undefined;
  /** Bit-widths that the best search must leave as they are, by layer. */
  readonly keep?: Readonly<Record<string, KeptBits>> | undefined;
  /** Formats by layer that parts keep whose bits are kept as they are there. */
  readonly base?: Readonly<Record<string, LayerFormats>> | undefined;
  /** Accepted absolute drop of the score in percent. */
  readonly errorMargin: number;
  readonly calibration: Calibration;
  /** Replace an output that no earlier run made. */
  readonly force: boolean;
  /** Where the caller will write the report: until then scores are kept there, for {@link resume}. */
  readonly reportFile?: string | undefined;
  /** Go on with the run whose scores the report file holds. */
  readonly resume?: boolean | undefined;
  /** What the caller will write besides, to be checked against the data that are read. */
  readonly otherOutputs?: readonly { readonly path: string; readonly flag: string }[];
}

/** The options of a run whose data are known. */
export interface RunOptions extends QuantizeOptions {
  readonly iterations: number;
}
