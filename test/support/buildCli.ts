import path from 'node:path';
import { build } from 'esbuild';
import { bundleOptions, programs } from '../../esbuild.mjs';

/** Where the tests' own build of the program lies: beside node_modules, which it loads from. */
export const testBuildFolder = path.resolve(__dirname, '../../node_modules/.cache/ristretto-test');

/** Vitest calls this once before all tests: they run the program as it is now. */
export async function setup(): Promise<void> {
  await build({
    ...bundleOptions({ cli: programs.cli, engine: programs.engine }, testBuildFolder),
    absWorkingDir: path.resolve(__dirname, '../..'),
  });
}
