import type { LayerFormats } from '../../formats/layerFormats';
import type { OptionKey, OptionsOf } from '../../options/table';
import type { ScoringOptions } from '../inputs/openScoring';

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
