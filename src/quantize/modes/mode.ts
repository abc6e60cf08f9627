import type { Candidate } from '../../formats/layerFormats';
import type { KeptBits, Knob, KnobOptions, SearchLayer } from '../best/knobs';
import type { Group, GroupBits, Sweep } from '../groups';
import type { QuantizableLayer } from '../original/candidates';
import type { SearchContext, SearchResult } from '../original/sweep';

/**
 * A trimming mode: the kind of numbers a net is trimmed to, and what the searches do with it. A new one
 * is a file with such a value and a line in `modes.ts`.
 */
export interface Mode {
  /** In a sentence: `dynamic fixed point`. */
  readonly name: string;
  /** As one of several to choose from: what it is called, and what it is in a few words. */
  readonly label: string;
  readonly question: string;
  /** The same at length, as settings say it. */
  readonly setting: string;
  /** How early versions of the original spelt it. */
  readonly earlySpellings: readonly string[];
  /** Whether all numbers of a layer have the same format: one width a layer, not three. */
  readonly isOneFormat: boolean;
  /** Absent where the original has no such mode: for the best search alone. */
  readonly original?: OriginalPlan;
  readonly best: BestPlan;
}

/** A mode that the original has. */
export interface OriginalTrimming extends Mode {
  readonly original: OriginalPlan;
}

/** What the original does in a mode. */
export interface OriginalPlan {
  /** The sweeps as far as they are known before the ranges are. */
  sweeps(widths: readonly number[]): readonly Sweep[];
  /** Whether a net is scored after the sweeps, as no sweep ends with the one that is delivered. */
  readonly scoresLastNet: boolean;
  /** Whether its width is taken whatever it scores, there being no other. */
  readonly takesAnyScore: boolean;
  search(context: SearchContext): Promise<SearchResult>;
  /** The lines of the original's report, without the last one. */
  reportLines(found: ReportedSearch): readonly string[];
}

/** What the original's report tells. */
export interface ReportedSearch {
  /** The line of the float net. */
  readonly baseline: string;
  /** The lines of a sweep. */
  readonly rows: (group: Group) => readonly string[];
  readonly chosen: Required<GroupBits>;
  /** The score of the delivered net. */
  readonly score: string;
}

/** What the best search does in a mode. */
export interface BestPlan {
  /** What it may turn in a layer: one thing where that has one format, else three. */
  knobsOf(layer: SearchLayer, kept: KeptBits | undefined, options: KnobOptions): readonly Knob[];
  /**
   * Wide formats of layers that no score depends on.
   *
   * @param all the layers to quantize, with their ranges
   */
  wideFormats(layers: readonly QuantizableLayer[], all: readonly QuantizableLayer[]): Candidate;
}
