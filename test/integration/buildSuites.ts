import { mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { repositoryRoot } from '../support/shared';

/**
 * Bundles every `*.test.ts` of a folder and the entry that runs them, for an extension host to load.
 * Returns the new folder; its `index.js` exports `run()`. The caller removes it.
 */
export async function buildSuites(suiteFolder: string): Promise<string> {
  const source = path.join(__dirname, suiteFolder);
  const tests = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.test.ts'),
  );
  if (tests.length === 0) throw new Error(`${suiteFolder} holds no *.test.ts`);
  // Beside node_modules: mocha is loaded from there.
  const cache = path.join(repositoryRoot, 'node_modules/.cache/ristretto-integration');
  mkdirSync(cache, { recursive: true });
  const outdir = mkdtempSync(path.join(cache, `${suiteFolder}-`));
  await build({
    entryPoints: {
      index: path.join(__dirname, 'index.ts'),
      ...Object.fromEntries(
        tests.map((file) => [file.replace(/\.ts$/, ''), path.join(source, file)]),
      ),
    },
    outdir,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['vscode', 'mocha', 'onnxruntime-node'],
    loader: { '.proto': 'text' },
    sourcemap: true,
    logLevel: 'warning',
  });
  return outdir;
}
