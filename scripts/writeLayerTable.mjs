// Puts the table of layer types into README.md and docs/layers.md, between the marks that stand
// there, from what `ristretto layers --json` prints; `--check` only tells whether they are in them.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as prettier from 'prettier';

const root = (file) => fileURLToPath(new URL(`../${file}`, import.meta.url));
const cli = root('dist/cli.js');
const entries = JSON.parse(
  execFileSync(process.execPath, [cli, 'layers', '--json'], { encoding: 'utf8' }),
);

const cell = (text) => text.replaceAll('|', '\\|');
const table = (heads, rows) =>
  [heads, heads.map(() => '---'), ...rows]
    .map((row) => `| ${row.map(cell).join(' | ')} |`)
    .join('\n');

const settingsOf = ({ settings }) =>
  Object.entries(settings)
    .filter(([, names]) => names.length > 0)
    .map(([param, names]) => `\`${param}\`: ${names.join(', ')}`)
    .join('; ');

const short = table(
  ['Type', 'Computes'],
  entries.map(({ type, summary }) => [`\`${type}\``, summary]),
);
const long = table(
  ['Type', 'Computes', 'Settings', 'Limits'],
  entries.map((entry) => [`\`${entry.type}\``, entry.summary, settingsOf(entry), entry.limits]),
);

async function put(file, content) {
  const path = root(file);
  const text = readFileSync(path, 'utf8');
  const [start, end] = ['<!-- layers: npm run generate -->', '<!-- end of layers -->'];
  const from = text.indexOf(start);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`${file} has no place for the table of layers`);
  const raw = `${text.slice(0, from)}${start}\n\n${content}\n\n${text.slice(to)}`;
  const options = await prettier.resolveConfig(path);
  const wanted = await prettier.format(raw, { ...options, parser: 'markdown' });
  if (wanted === text) return;
  if (process.argv.includes('--check')) {
    console.error(`${file}: the table of layers is out of date, run \`npm run generate\``);
    process.exitCode = 1;
  } else {
    writeFileSync(path, wanted);
  }
}

await put('README.md', short);
await put('docs/layers.md', long);
