// Puts the table of layer types into README.md and docs/layers.md, between the marks that stand
// there, from what `ristretto layers --json` prints; `--check` only tells whether they are in them.
import { execFileSync } from 'node:child_process';
import { fromRoot, putTable } from './generatedTable.mjs';

const entries = JSON.parse(
  execFileSync(process.execPath, [fromRoot('dist/cli.js'), 'layers', '--json'], {
    encoding: 'utf8',
  }),
);

const settingsOf = ({ settings }) =>
  Object.entries(settings)
    .filter(([, names]) => names.length > 0)
    .map(([param, names]) => `\`${param}\`: ${names.join(', ')}`)
    .join('; ');

await putTable('README.md', 'layers', [
  ['Type', 'Computes'],
  ...entries.map(({ type, summary }) => [`\`${type}\``, summary]),
]);
await putTable('docs/layers.md', 'layers', [
  ['Type', 'Computes', 'Settings', 'Limits'],
  ...entries.map((entry) => [`\`${entry.type}\``, entry.summary, settingsOf(entry), entry.limits]),
]);
