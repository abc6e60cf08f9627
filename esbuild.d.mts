import type { BuildOptions } from 'esbuild';

export function bundleOptions(entryPoints: Record<string, string>, outdir: string): BuildOptions;
export const programs: Record<'cli' | 'engine' | 'extension', string>;
export function pageOptions(outdir: string): BuildOptions;
