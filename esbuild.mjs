import { fileURLToPath } from 'node:url';
import { build, context } from 'esbuild';

/** One bundle a runtime. Native modules stay outside: they are loaded from node_modules. */
export function bundleOptions(entryPoints, outdir) {
  return {
    entryPoints,
    outdir,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['onnxruntime-node', 'vscode'],
    loader: { '.proto': 'text' },
    banner: { js: '#!/usr/bin/env node' },
    sourcemap: true,
    logLevel: 'warning',
  };
}

export const programs = { cli: 'src/cli/main.ts', engine: 'src/engine/main.ts' };

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const options = process.argv.includes('--bench')
    ? bundleOptions({ bench: 'test/bench/bench.ts' }, 'dist')
    : bundleOptions(programs, 'dist');
  if (process.argv.includes('--watch')) {
    await (await context({ ...options, logLevel: 'info' })).watch();
  } else {
    await build(options);
  }
}
