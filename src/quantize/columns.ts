import type { NumberFormat } from '../formats/formats';
import type { Costs } from './costs';
import type { Firmness } from './report';

/** Who draws columns: the command line's text, CSV files, the results page. */
export type ColumnPlace = 'text' | 'csv' | 'page';

/** What a cell holds, by the column's kind: each place writes a kind in its own way. */
export interface CellValues {
  /** A name out of a file, or a word. */
  readonly text: string;
  /** Number of a net, from 1; 0 for the float net. */
  readonly net: number;
  /** A whole number of things. */
  readonly count: number;
  readonly bytes: number;
  /** Bits on average. */
  readonly bits: number;
  /** A number of many digits, of which the first ones matter. */
  readonly large: number;
  /** Any other number; in full precision where a program may read it. */
  readonly number: number;
  readonly format: FormatCell;
  readonly score: ScoreCell;
  /** Difference of two scores. */
  readonly change: number;
  readonly verdict: VerdictCell;
  readonly flag: boolean;
}

export interface FormatCell {
  /** Undefined before it is chosen. */
  readonly format: NumberFormat | undefined;
  /** What the measured range needs. */
  readonly integerLength: number;
}

export interface ScoreCell {
  readonly score: number;
  /** Whether it is the best that the score could still have become. */
  readonly isBound: boolean;
}

export interface VerdictCell extends Firmness {
  readonly withinMargin: boolean;
  readonly isBound: boolean;
}

export type CellKind = keyof CellValues;

type ColumnOfKind<Row, Kind extends CellKind> = {
  [K in Kind]: {
    readonly key: string;
    readonly title: string;
    /** What the column means, for a tooltip. */
    readonly description: string;
    readonly places: readonly ColumnPlace[];
    /** Shown on the page only where this is what the search saves above all. */
    readonly onlyFor?: keyof Costs;
    readonly kind: K;
    /** Undefined where the row has no such value. */
    of(row: Row): CellValues[K] | undefined;
  };
}[Kind];

/** A column of a table, declared once for all places that show it. */
export type Column<Row> = ColumnOfKind<Row, CellKind>;

/** How a place writes the cells of each kind. */
export type CellWriters<Output> = {
  readonly [Kind in CellKind]: (value: CellValues[Kind]) => Output;
};

/** The columns that a place shows, in their order. */
export function columnsIn<Row>(
  columns: readonly Column<Row>[],
  place: ColumnPlace,
): readonly Column<Row>[] {
  return columns.filter(({ places }) => places.includes(place));
}

/** A cell as a place writes it; undefined where the row has no value. */
export function writeCell<Row, Kind extends CellKind, Output>(
  column: ColumnOfKind<Row, Kind>,
  row: Row,
  writers: CellWriters<Output>,
): Output | undefined {
  const value = column.of(row);
  return value === undefined ? undefined : writers[column.kind](value);
}
