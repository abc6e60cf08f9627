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
    external: ['onnxruntime-node', 'vscode', 'sharp', 'classic-level', 'h5wasm'],
    loader: { '.proto': 'text' },
    banner: { js: '#!/usr/bin/env node' },
    sourcemap: true,
    logLevel: 'warning',
  };
}

export const programs = {
  cli: 'src/cli/main.ts',
  engine: 'src/engine/process/main.ts',
  extension: 'src/extension/main.ts',
};

/** The results page: what a browser runs. */
export function pageOptions(outdir) {
  return {
    entryPoints: { webview: 'webview/main.ts' },
    alias: { '@microsoft/fast-web-utilities': './webview/fastWebUtilities.ts' },
    outdir,
    bundle: true,
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    minify: true,
    sourcemap: true,
    logLevel: 'warning',
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const bundles = process.argv.includes('--bench')
    ? [bundleOptions({ bench: 'test/bench/bench.ts' }, 'dist')]
    : [bundleOptions(programs, 'dist'), pageOptions('dist')];
  for (const options of bundles) {
    if (process.argv.includes('--watch')) {
      await (await context({ ...options, logLevel: 'info' })).watch();
    } else {
      await build(options);
    }
  }
}
