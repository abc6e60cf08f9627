// Puts the options of src/options into package.json (the settings) and README.md (flags and settings);
// `--check` only tells whether they are in them.
import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { build } from 'esbuild';
import * as prettier from 'prettier';
import { fromRoot, putTable, write } from './generatedTable.mjs';

const { outputFiles } = await build({
  entryPoints: [fromRoot('src/options/documents.ts')],
  bundle: true,
  write: false,
  format: 'esm',
  platform: 'node',
});
const { configuration, flagRows, restrictedSettings, settingRows } = await import(
  `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`
);

const manifest = JSON.parse(readFileSync(fromRoot('package.json'), 'utf8'));
manifest.contributes.configuration = configuration();
manifest.capabilities.untrustedWorkspaces.restrictedConfigurations = restrictedSettings();
const options = await prettier.resolveConfig(fromRoot('package.json'));
write(
  'package.json',
  await prettier.format(JSON.stringify(manifest), { ...options, parser: 'json-stringify' }),
  'the settings are',
);
await putTable('README.md', 'settings', settingRows());
await putTable('README.md', 'flags', flagRows());
