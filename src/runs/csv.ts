import { describeFully, type NumberFormat } from '../formats/formats';
import { shown } from '../base/shown';
import { columnsIn, writeCell, type CellWriters, type Column } from '../quantize/columns';

/** A table as CSV (RFC 4180): a line of titles, then a line a row. */
export function csvTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const used = columnsIn(columns, 'csv');
  return csvLines([
    used.map(({ title, kind }) => `${title.toLowerCase()}${kind === 'bytes' ? ' (bytes)' : ''}`),
    ...rows.map((row) => used.map((column) => writeCell(column, row, writers) ?? '')),
  ]);
}

type CsvValue = string | number;

/** Numbers stay numbers, in full precision. */
const writers: CellWriters<CsvValue> = {
  text: (text) => text,
  net: (value) => (value === 0 ? 'float' : value),
  count: (value) => value,
  bytes: (value) => value,
  bits: (value) => value,
  large: (value) => value,
  number: (value) => value,
  format: ({ format, integerLength }) =>
    format === undefined ? `il ${integerLength}` : asciiFormat(format),
  score: ({ score }) => score,
  change: (value) => value,
  verdict: ({ withinMargin }) => (withinMargin ? 'inside' : 'outside'),
  flag: (value) => (value ? 'yes' : 'no'),
};

/** Without signs that a spreadsheet shows as something else unless it is told the encoding. */
function asciiFormat(format: NumberFormat): string {
  return describeFully(format).replaceAll('−', '-').replaceAll('±', '+-');
}

function csvLines(lines: readonly (readonly CsvValue[])[]): string {
  return lines.map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('');
}

/**
 * Spreadsheets run what begins with one of these signs, wide and small forms of them included, also
 * after blanks and what cannot be seen.
 */
const formulaStart = /^[\s\p{Cf}]*[=+\-@−\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b]/u;

/** A cell that neither a terminal nor a spreadsheet takes for anything but text or a number. */
export function csvCell(value: string | number): string {
  const text = shown(String(value));
  // Also -Infinity, which a spreadsheet would look up as a name.
  const isFormula = formulaStart.test(text) && !Number.isFinite(Number(text));
  const safe = isFormula ? `'${text}` : text;
  // Some spreadsheets part cells at a semicolon.
  return /[",;]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
