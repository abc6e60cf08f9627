import { dynamicFixedPoint } from './dynamicFixedPoint';
import { minifloat } from './minifloat';
import { mixed } from './mixed';
import type { Mode, OriginalTrimming } from './mode';
import { powerOfTwoWeights } from './powerOfTwoWeights';

/** All trimming modes by the names that flags, settings and reports have for them, as users see them. */
const table = {
  dynamic_fixed_point: dynamicFixedPoint,
  minifloat,
  integer_power_of_2_weights: powerOfTwoWeights,
  mixed,
} satisfies Readonly<Record<string, Mode>>;

type Table = typeof table;

export type TrimmingMode = keyof Table;

/** The ways the original quantizes. */
export type OriginalMode = {
  [Key in TrimmingMode]: Table[Key] extends OriginalTrimming ? Key : never;
}[TrimmingMode];

export const modes: Readonly<Record<TrimmingMode, Mode>> = table;

export const modeKeys = Object.keys(table) as readonly TrimmingMode[];

/** Modes by every spelling that a command line may have for them. */
export const modeSpellings: Readonly<Record<string, TrimmingMode>> = Object.fromEntries(
  modeKeys.flatMap((key) => [key, ...modes[key].earlySpellings].map((word) => [word, key])),
);

/** Whether the original knows a mode; others are for the best search alone. */
export function isOriginal(mode: TrimmingMode): mode is OriginalMode {
  return modes[mode].original !== undefined;
}

/** What the original does in one of its modes. */
export function planOf(mode: OriginalMode): OriginalTrimming['original'] {
  return table[mode].original;
}
