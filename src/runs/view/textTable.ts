import { shown } from '../../base/shown';

/** Rows as lines with aligned columns; names out of files cannot break a line. */
export function textTable(rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map((cell) => shown(cell)));
  const widths: number[] = [];
  for (const row of cells) {
    row.forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, [...cell].length)));
  }
  return cells
    .map((row) => `  ${row.map((cell, at) => pad(cell, widths[at] ?? 0)).join('   ')}`.trimEnd())
    .map((line) => `${line}\n`)
    .join('');
}

function pad(cell: string, width: number): string {
  return cell + ' '.repeat(width - [...cell].length);
}
