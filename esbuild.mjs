import { build, context } from 'esbuild';

const watch = process.argv.includes('--watch');
const bench = process.argv.includes('--bench');

/** One bundle a runtime. Native modules stay outside: they are loaded from node_modules. */
const options = {
  entryPoints: bench ? { bench: 'test/bench/bench.ts' } : { cli: 'src/cli/main.ts' },
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  external: ['onnxruntime-node', 'vscode'],
  loader: { '.proto': 'text' },
  banner: { js: '#!/usr/bin/env node' },
  sourcemap: true,
  logLevel: 'info',
};

if (watch) {
  await (await context(options)).watch();
} else {
  await build(options);
}
