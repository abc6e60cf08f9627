import type { Score } from './score';

/** What one bit-width of a sweep belongs to; `net` where one width holds for everything. */
export type Group = 'conv_params' | 'fc_params' | 'activations' | 'net';

/** Short names of the groups, as users see them. */
export const groupNames: Readonly<Record<Group, string>> = {
  conv_params: 'CONV weights',
  fc_params: 'FC weights',
  activations: 'activations',
  net: 'net',
};

/** Bit-widths of the three groups; a group left out keeps the file format's defaults. */
export interface GroupBits {
  readonly conv_params?: number;
  readonly fc_params?: number;
  readonly activations?: number;
}

/** A group and the widths that its sweep may try, in order. */
export interface Sweep {
  readonly group: Group;
  readonly widths: readonly number[];
}

/** One line of the table: a group at a bit-width. */
export interface SweepRow extends Score {
  readonly group: Group;
  readonly bits: number;
}
