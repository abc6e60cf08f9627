// Puts a table into a Markdown file, between two marks that stand there.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as prettier from 'prettier';

export const fromRoot = (file) => fileURLToPath(new URL(`../${file}`, import.meta.url));

const cell = (text) => text.replaceAll('|', '\\|');

/** Rows as a Markdown table, the heads first. */
export const table = ([heads, ...rows]) =>
  [heads, heads.map(() => '---'), ...rows]
    .map((row) => `| ${row.map(cell).join(' | ')} |`)
    .join('\n');

/** Writes a file unless it is as wanted already; with `--check` only tells. */
export function write(file, wanted, what) {
  const path = fromRoot(file);
  if (readFileSync(path, 'utf8') === wanted) return;
  if (process.argv.includes('--check')) {
    console.error(`${file}: ${what} out of date, run \`npm run generate\``);
    process.exitCode = 1;
  } else {
    writeFileSync(path, wanted);
  }
}

/** @param mark `layers` for what stands between `<!-- layers: ... -->` and `<!-- end of layers -->` */
export async function putTable(file, mark, rows) {
  const path = fromRoot(file);
  const text = readFileSync(path, 'utf8');
  const [start, end] = [`<!-- ${mark}: npm run generate -->`, `<!-- end of ${mark} -->`];
  const from = text.indexOf(start);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`${file} has no place for the table of ${mark}`);
  const raw = `${text.slice(0, from)}${start}\n\n${table(rows)}\n\n${text.slice(to)}`;
  const options = await prettier.resolveConfig(path);
  write(
    file,
    await prettier.format(raw, { ...options, parser: 'markdown' }),
    `the table of ${mark} is`,
  );
}
