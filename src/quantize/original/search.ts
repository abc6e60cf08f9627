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
import type { SweepStep } from '../phases';
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
  const groups = new Set<Group | undefined>(context.layers.map(({ type }) => parameterGroup(type)));
  for (const [i, group] of sweptGroups.entries()) {
    const candidateOf = (bits: number): Candidate =>
      dynamicFixedPointCandidate(context.layers, { [group]: bits });
    const later = sweptGroups
      .slice(i + 1)
      .filter((other) => other === 'activations' || groups.has(other));
    const after: readonly ExpectedSweep[] = [
      ...later.map((other) => ({ group: other, candidates: expectedRows(widths) })),
      finalNet,
    ];
    const sweep = await sweepGroup(context, { group, widths, candidateOf, after });
    rows.push(...sweep.rows);
    chosen[group] = sweep.chosen;
  }
  const candidate = dynamicFixedPointCandidate(context.layers, chosen);
  context.onExpected?.([]);
  const final = await context.score(candidate, 'final');
  return { rows, chosen, candidate, final };
}

async function searchMinifloat(context: SearchContext): Promise<SearchResult> {
  const exponentBits = minifloatExponentBits(context.layers);
  const candidateOf = (bits: number): Candidate =>
    minifloatCandidate(context.layers, bits, exponentBits);
  const widths = minifloatWidths(context.widths ?? originalWidths, exponentBits);
  const sweep = { group: 'net', widths, candidateOf, after: [] } as const;
  const { rows, chosen } = await sweepGroup(context, sweep);
  const candidate = candidateOf(chosen);
  const known = rows.find((row) => row.bits === chosen);
  context.onExpected?.([]);
  const final = known ?? (await context.score(candidate, 'final'));
  return {
    rows,
    chosen: { conv_params: chosen, fc_params: chosen, activations: chosen },
    candidate,
    final,
  };
}

async function scorePowerOfTwo(context: SearchContext): Promise<SearchResult> {
  const candidate = powerOfTwoCandidate(context.layers);
  context.onExpected?.([]);
  const final = await context.score(candidate, { group: 'net', bits: powerOfTwoBits });
  const row: SweepRow = { group: 'net', bits: powerOfTwoBits, ...final };
  context.onRow(row, candidate);
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

/** A sweep with what it needs to be run. */
interface PreparedSweep extends Sweep {
  readonly candidateOf: (bits: number) => Candidate;
  /** What comes after it. */
  readonly after: readonly ExpectedSweep[];
}

/** Goes down the widths until one falls outside of the margin; that row is kept. */
async function sweepGroup(
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

const finalNet: ExpectedSweep = { group: 'net', candidates: 1 };

/** What a search is expected to score, before its first candidate. */
export function expectedSweeps(
  mode: OriginalMode,
  layers: readonly Pick<QuantizableLayer, 'type'>[],
  swept: readonly number[] = originalWidths,
): readonly ExpectedSweep[] {
  const groups = new Set<Group | undefined>(layers.map(({ type }) => parameterGroup(type)));
  const sweeps = plannedSweeps(mode, swept)
    .filter(({ group }) => group === 'activations' || group === 'net' || groups.has(group))
    .map(({ group, widths }) => ({ group, candidates: expectedRows(widths) }));
  return mode === 'dynamic_fixed_point' ? [...sweeps, finalNet] : sweeps;
}

/** How many widths a sweep comes to score: the first for certain, each later one if those before hold. */
function expectedRows(widths: readonly number[]): number {
  return widths.reduceRight((later, bits) => 1 + chanceWithin(bits) * later, 0);
}

/** How often a width that is reached is within the margin, as nets usually go. */
function chanceWithin(bits: number): number {
  if (bits >= 8) return 0.95;
  return bits >= 6 ? 0.8 : bits >= 4 ? 0.6 : 0.25;
}

/** Short names of the groups, as users see them. */
export const groupNames: Readonly<Record<Group, string>> = {
  conv_params: 'CONV weights',
  fc_params: 'FC weights',
  activations: 'activations',
  net: 'net',
};
