import { modes } from '../../quantize/modes/modes';
import { isWithinMargin } from '../../quantize/margin';
import type { Group, SweepRow } from '../../quantize/groups';
import { isUnfinished, type RunRecord } from '../runRecord';
import { marginOf } from './runScore';

/** A place in the table: a group at a bit-width. */
export interface SweepCell {
  readonly bits: number;
  /** `pending`: will perhaps be scored; `untried`: the sweep ended before it. */
  readonly state: 'pending' | 'running' | 'scored' | 'untried';
  /** Of a scored cell. */
  readonly row?: SweepRow | undefined;
  readonly within: boolean;
  readonly chosen: boolean;
}

export interface SweepColumn {
  readonly group: Group;
  readonly cells: readonly SweepCell[];
}

/** The table of a run as far as it is known, one column a group, all over the same widths. */
export function sweepTable(record: RunRecord): {
  readonly widths: readonly number[];
  readonly columns: readonly SweepColumn[];
} {
  const sweeps = record.plan?.sweeps ?? [];
  const widths = [...new Set(sweeps.flatMap((sweep) => sweep.widths))].sort((a, b) => b - a);
  const firstOpen = isUnfinished(record)
    ? sweeps.find((sweep) => !isEnded(record, sweep.group, sweep.widths))?.group
    : undefined;
  return {
    widths,
    columns: sweeps.map(({ group, widths: own }) => ({
      group,
      cells: columnCells(record, group, own, firstOpen === group)
        .concat(
          widths.filter((bits) => !own.includes(bits)).map((bits) => emptyCell(bits, 'untried')),
        )
        .sort((a, b) => b.bits - a.bits),
    })),
  };
}

function columnCells(
  record: RunRecord,
  group: Group,
  widths: readonly number[],
  isCurrent: boolean,
): SweepCell[] {
  const rows = new Map(
    record.rows.filter((row) => row.group === group).map((row) => [row.bits, row]),
  );
  const ended = isEnded(record, group, widths);
  const chosenBits = ended ? chosenWidth(record, group) : undefined;
  let isNext = isCurrent && record.layers !== undefined;
  return widths.map((bits) => {
    const row = rows.get(bits);
    if (row !== undefined) {
      return {
        bits,
        state: 'scored',
        row,
        within: isWithin(record, row),
        chosen: bits === chosenBits,
      };
    }
    if (ended || !isUnfinished(record)) return emptyCell(bits, 'untried');
    const state = isNext ? 'running' : 'pending';
    isNext = false;
    return emptyCell(bits, state);
  });
}

function emptyCell(bits: number, state: SweepCell['state']): SweepCell {
  return { bits, state, within: false, chosen: false };
}

/** Whether nothing more will come for a group: a width missed the margin, or all were scored. */
function isEnded(record: RunRecord, group: Group, widths: readonly number[]): boolean {
  const rows = record.rows.filter((row) => row.group === group);
  return rows.length === widths.length || rows.some((row) => !isWithin(record, row));
}

function chosenWidth(record: RunRecord, group: Group): number | undefined {
  if (modes[record.request.mode].original?.takesAnyScore === true) {
    return record.rows.find((row) => row.group === group)?.bits;
  }
  const within = record.rows.filter((row) => row.group === group && isWithin(record, row));
  return within.at(-1)?.bits;
}

function isWithin(record: RunRecord, row: SweepRow): boolean {
  const margin = marginOf(record);
  return margin !== undefined && isWithinMargin(row.score, margin);
}
