import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type TestProject } from 'vitest/node';
import { progress, runCommand } from '../rig/command';
import { repositoryRoot } from '../support/shared';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The packed extension, which the tests install. */
    readonly vsix: string;
  }
}

/** Vitest calls this once before all tests: they see what a user installs. */
export async function setup({ provide }: TestProject): Promise<void> {
  progress('packing the extension');
  await runCommand('packing the extension', 'npm', ['run', 'package'], { cwd: repositoryRoot });
  const manifest = readFileSync(path.join(repositoryRoot, 'package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { readonly version: string };
  const name = `ristretto-${process.platform}-${process.arch}-${version}.vsix`;
  provide('vsix', path.join(repositoryRoot, 'build', name));
}
