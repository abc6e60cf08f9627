import { build } from 'esbuild';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { pageOptions } from '../../esbuild.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder with the page's bundle. */
    readonly page: string;
  }
}

/** Bundles the page once for all test files, away from `dist`, where others may be building. */
export async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'ristretto-page-'));
  await build(pageOptions(folder));
  project.provide('page', folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
