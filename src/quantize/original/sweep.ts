import type { Candidate } from '../../formats/layerFormats';
import type { ScoreDirection } from '../../caffe/scoreChoice';
import type { Group, GroupBits, Sweep, SweepRow } from '../groups';
import { isWithinMargin, type Margin } from '../margin';
import type { SweepStep } from '../phases';
import type { Score } from '../score';
import type { QuantizableLayer } from './candidates';

/** What the search asks of the one who runs it. */
export interface SearchContext {
  readonly layers: readonly QuantizableLayer[];
  readonly baseline: Score;
  /** Absolute change of the score for the worse that is accepted, in percent. */
  readonly errorMargin: number;
  readonly direction: ScoreDirection;
  /** Bit-widths to sweep, from the most down; the original's if absent. */
  readonly widths?: readonly number[] | undefined;
  /** Scores a candidate; rejects when cancelled. */
  score(candidate: Candidate, step: SweepStep): Promise<Score>;
  /** Called as each row is known, with its net. */
  onRow(row: SweepRow, candidate: Candidate): void;
  /** Called before each candidate is scored with what is expected to come after it. */
  onExpected?(left: readonly ExpectedSweep[]): void;
}

/** The end of a search. */
export interface SearchResult {
  readonly rows: readonly SweepRow[];
  readonly chosen: Required<GroupBits>;
  readonly candidate: Candidate;
  /** Score of the candidate as a whole. */
  readonly final: Score;
}

/** Width that stands for "not quantized to fewer bits". */
export const fallbackBits = 32;
export const originalWidths: readonly number[] = [16, 8, 4, 2, 1];
/** A sweep with what it needs to be run. */
interface PreparedSweep extends Sweep {
  readonly candidateOf: (bits: number) => Candidate;
  /** What comes after it. */
  readonly after: readonly ExpectedSweep[];
}

/** Goes down the widths until one falls outside of the margin; that row is kept. */
export async function sweepGroup(
  context: SearchContext,
  { group, widths, candidateOf, after }: PreparedSweep,
): Promise<{ rows: SweepRow[]; chosen: number }> {
  const rows: SweepRow[] = [];
  const { errorMargin, direction } = context;
  const margin: Margin = { baseline: context.baseline.score, errorMargin, direction };
  let chosen = fallbackBits;
  for (const [i, bits] of widths.entries()) {
    const candidate = candidateOf(bits);
    const candidates = chanceWithin(bits) * expectedRows(widths.slice(i + 1));
    if (candidate.size > 0) context.onExpected?.([{ group, candidates }, ...after]);
    // A group without layers changes nothing: the float net's score holds at every width.
    const score =
      candidate.size === 0
        ? { ...context.baseline, seconds: 0 }
        : await context.score(candidate, { group, bits });
    const row: SweepRow = { group, bits, ...score };
    rows.push(row);
    context.onRow(row, candidate);
    if (!isWithinMargin(row.score, margin)) break;
    chosen = bits;
  }
  return { rows, chosen };
}

/** Candidates of a sweep that are expected still to be scored. */
export interface ExpectedSweep {
  readonly group: Group;
  /** An expected number, so no whole one. */
  readonly candidates: number;
}

/** The net that is delivered, where no sweep ends with it. */
export const finalNet: ExpectedSweep = { group: 'net', candidates: 1 };

/** How many widths a sweep comes to score: the first for certain, each later one if those before hold. */
export function expectedRows(widths: readonly number[]): number {
  return widths.reduceRight((later, bits) => 1 + chanceWithin(bits) * later, 0);
}

/** How often a width that is reached is within the margin, as nets usually go. */
function chanceWithin(bits: number): number {
  if (bits >= 8) return 0.95;
  return bits >= 6 ? 0.8 : bits >= 4 ? 0.6 : 0.25;
}
