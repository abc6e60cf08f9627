import { bitsOf, describeFully } from '../../formats/formats';
import { signed } from '../../formats/words';
import {
  columnsIn,
  writeCell,
  type CellWriters,
  type Column,
  type VerdictCell,
} from '../../quantize/columns';
import type { Firmness } from '../../quantize/report';
import type { CellText, ColumnView } from '../panelMessages';
import { formatBytes, formatCount, formatLarge, type ScoreFormat } from './formatting';

/** The heads of the columns that the page shows. */
export function columnViews<Row>(columns: readonly Column<Row>[]): ColumnView[] {
  return columnsIn(columns, 'page').map(({ key, title, description, kind }) => ({
    key,
    title,
    description,
    numeric: !textKinds.has(kind),
  }));
}

/** A row as the page shows it: a cell a column. */
export function cellTexts<Row>(
  columns: readonly Column<Row>[],
  row: Row,
  writers: CellWriters<CellText>,
): CellText[] {
  return columnsIn(columns, 'page').map(
    (column) => writeCell(column, row, writers) ?? { text: '', sort: -1 },
  );
}

const textKinds: ReadonlySet<string> = new Set(['text', 'format', 'verdict', 'flag']);

/**
 * How the page writes cells, and what it orders them by.
 *
 * @param digits of sizes
 */
export function pageWriters(format: ScoreFormat, digits = 3): CellWriters<CellText> {
  const number = (text: (value: number) => string) => (value: number) => ({
    text: text(value),
    sort: value,
  });
  return {
    text: (text) => ({ text, sort: text }),
    net: number((net) => (net === 0 ? 'float' : String(net))),
    count: number(formatCount),
    bytes: (bytes) => ({
      text: formatBytes(bytes, digits),
      title: `${formatCount(bytes)} bytes`,
      sort: bytes,
    }),
    bits: number((bits) => bits.toFixed(1)),
    large: number(formatLarge),
    number: number((value) => value.toPrecision(4)),
    format: ({ format: numbers, integerLength }) =>
      numbers === undefined
        ? { text: `il ${signed(integerLength)}`, sort: -1 }
        : { text: describeFully(numbers), sort: bitsOf(numbers) },
    score: ({ score, isBound }) => ({
      text: `${isBound ? '≤ ' : ''}${format.number(score)}`,
      sort: score,
    }),
    change: number((change) => format.change(change)),
    verdict: (verdict) => {
      const side = verdict.withinMargin ? 'inside' : 'outside';
      return { text: `${side}, ${firmnessOf(verdict, format)}`, sort: side };
    },
    flag: (value) => ({ text: value ? 'yes' : 'no', sort: value ? 1 : 0 }),
  };
}

/** How firm the verdict on a net is, in a few words. */
export function firmnessOf(verdict: VerdictCell, format: ScoreFormat): string {
  return verdict.isBound ? 'stopped early' : describeFirmness(verdict, format);
}

/** `firm`; `open: ±0.12`, where other images may give another verdict; nothing where it is not known. */
export function describeFirmness(
  { verdict, standardError }: Firmness,
  format: ScoreFormat,
): string {
  if (verdict === 'unknown' || standardError === null) return 'one batch tells nothing';
  return verdict === 'firm' ? 'firm' : `open: ±${format.number(standardError)}`;
}
