import { parameterGroup } from '../../caffe/layerTypes';
import type { Candidate } from '../../caffe/numberFormat';
import type { ScoreDirection } from '../../caffe/scoreChoice';
import {
  dynamicFixedPointCandidate,
  minifloatCandidate,
  powerOfTwoActivationBits,
  powerOfTwoCandidate,
  type GroupBits,
  type QuantizableLayer,
} from './candidates';
import { isWithinMargin, type Margin } from '../margin';
import { fewestExponentBits, minifloatExponentBits } from '../ranges';

/** The three ways the original quantizes. */
export type OriginalMode = 'dynamic_fixed_point' | 'minifloat' | 'integer_power_of_2_weights';

/** `mixed`, of the best search only: each layer's weights take fixed point or powers of two. */
export type TrimmingMode = OriginalMode | 'mixed';

/** What one bit-width of a sweep belongs to; `net` where one width holds for everything. */
export type Group = 'conv_params' | 'fc_params' | 'activations' | 'net';

/** What scoring a candidate gave. */
export interface Score {
  /** The score's value in the outputs' means over the iterations. */
  readonly score: number;
  /** Mean of the weighted loss; null for a net without a loss layer. */
  readonly loss: number | null;
  readonly seconds: number;
}

/** One line of the table: a group at a bit-width. */
export interface SweepRow extends Score {
  readonly group: Group;
  readonly bits: number;
}

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
  score(candidate: Candidate, what: string): Promise<Score>;
  /** Called as each row is known. */
  onRow(row: SweepRow): void;
  /** Called when candidates that {@link mostCandidates} counts turn out not to be needed. */
  onSaved(candidates: number): void;
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
const fallbackBits = 32;
/** Bits of a power-of-two weight: sign and 3 bits of exponent. */
const powerOfTwoBits = 4;
export const originalWidths: readonly number[] = [16, 8, 4, 2, 1];
/** Groups of the dynamic fixed point search, in order. */
const sweptGroups = ['conv_params', 'fc_params', 'activations'] as const;

/** A group and the widths that its sweep may try, in order. */
export interface Sweep {
  readonly group: Group;
  readonly widths: readonly number[];
}

/** The sweeps of a trimming mode as far as they are known before the ranges are. */
export function plannedSweeps(
  mode: OriginalMode,
  widths: readonly number[] = originalWidths,
): readonly Sweep[] {
  switch (mode) {
    case 'dynamic_fixed_point':
      return sweptGroups.map((group) => ({ group, widths }));
    case 'minifloat':
      return [{ group: 'net', widths: minifloatWidths(widths, fewestExponentBits) }];
    case 'integer_power_of_2_weights':
      return [{ group: 'net', widths: [powerOfTwoBits] }];
  }
}

/**
 * Most candidates that a search scores: every width of every group that has layers, and for dynamic
 * fixed point the final net. Minifloat scores a final net only where a width was saved before.
 */
export function mostCandidates(
  mode: OriginalMode,
  layers: readonly Pick<QuantizableLayer, 'type'>[],
  swept: readonly number[] = originalWidths,
): number {
  const groups = new Set<Group | undefined>(layers.map(({ type }) => parameterGroup(type)));
  const sweeps = plannedSweeps(mode, swept).filter(
    ({ group }) => group === 'activations' || group === 'net' || groups.has(group),
  );
  const widths = sweeps.reduce((sum, sweep) => sum + sweep.widths.length, 0);
  return widths + (mode === 'dynamic_fixed_point' ? 1 : 0);
}

function minifloatWidths(widths: readonly number[], exponentBits: number): number[] {
  return widths.filter((bits) => bits - 1 - exponentBits > 0);
}

/** Runs the original's search of a trimming mode. */
export function search(mode: OriginalMode, context: SearchContext): Promise<SearchResult> {
  switch (mode) {
    case 'dynamic_fixed_point':
      return searchDynamicFixedPoint(context);
    case 'minifloat':
      return searchMinifloat(context);
    case 'integer_power_of_2_weights':
      return scorePowerOfTwo(context);
  }
}

async function searchDynamicFixedPoint(context: SearchContext): Promise<SearchResult> {
  const rows: SweepRow[] = [];
  const chosen = { conv_params: fallbackBits, fc_params: fallbackBits, activations: fallbackBits };
  const widths = context.widths ?? originalWidths;
  for (const group of sweptGroups) {
    const candidateOf = (bits: number): Candidate =>
      dynamicFixedPointCandidate(context.layers, { [group]: bits });
    const sweep = await sweepGroup(context, group, widths, candidateOf);
    const isEmpty = candidateOf(fallbackBits).size === 0;
    context.onSaved(isEmpty ? 0 : widths.length - sweep.rows.length);
    rows.push(...sweep.rows);
    chosen[group] = sweep.chosen;
  }
  const candidate = dynamicFixedPointCandidate(context.layers, chosen);
  const final = await context.score(candidate, 'final net');
  return { rows, chosen, candidate, final };
}

async function searchMinifloat(context: SearchContext): Promise<SearchResult> {
  const exponentBits = minifloatExponentBits(context.layers);
  const candidateOf = (bits: number): Candidate =>
    minifloatCandidate(context.layers, bits, exponentBits);
  const widths = minifloatWidths(context.widths ?? originalWidths, exponentBits);
  const { rows, chosen } = await sweepGroup(context, 'net', widths, candidateOf);
  const candidate = candidateOf(chosen);
  const known = rows.find((row) => row.bits === chosen);
  const scored = rows.length + (known === undefined ? 1 : 0);
  context.onSaved(
    Math.max(0, mostCandidates('minifloat', context.layers, context.widths) - scored),
  );
  const final = known ?? (await context.score(candidate, 'final net'));
  return {
    rows,
    chosen: { conv_params: chosen, fc_params: chosen, activations: chosen },
    candidate,
    final,
  };
}

async function scorePowerOfTwo(context: SearchContext): Promise<SearchResult> {
  const candidate = powerOfTwoCandidate(context.layers);
  const final = await context.score(candidate, `net ${powerOfTwoBits} bit`);
  const row: SweepRow = { group: 'net', bits: powerOfTwoBits, ...final };
  context.onRow(row);
  return {
    rows: [row],
    chosen: {
      conv_params: powerOfTwoBits,
      fc_params: powerOfTwoBits,
      activations: powerOfTwoActivationBits,
    },
    candidate,
    final,
  };
}

/** Goes down the widths until one falls outside of the margin; that row is kept. */
async function sweepGroup(
  context: SearchContext,
  group: Group,
  widths: readonly number[],
  candidateOf: (bits: number) => Candidate,
): Promise<{ rows: SweepRow[]; chosen: number }> {
  const rows: SweepRow[] = [];
  const { errorMargin, direction } = context;
  const margin: Margin = { baseline: context.baseline.score, errorMargin, direction };
  let chosen = fallbackBits;
  for (const bits of widths) {
    const candidate = candidateOf(bits);
    // A group without layers changes nothing: the float net's score holds at every width.
    const score =
      candidate.size === 0
        ? { ...context.baseline, seconds: 0 }
        : await context.score(candidate, `${groupNames[group]} ${bits} bit`);
    const row: SweepRow = { group, bits, ...score };
    rows.push(row);
    context.onRow(row);
    if (!isWithinMargin(row.score, margin)) break;
    chosen = bits;
  }
  return { rows, chosen };
}

/** Short names of the groups, as users see them. */
export const groupNames: Readonly<Record<Group, string>> = {
  conv_params: 'CONV weights',
  fc_params: 'FC weights',
  activations: 'activations',
  net: 'net',
};
