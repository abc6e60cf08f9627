import { existsSync } from 'node:fs';
import path from 'node:path';

/** Reference data that lie beside the repository on some machines; tests that need them skip elsewhere. */
export const sharedFolder = path.resolve(__dirname, '../../../shared');

/** Whether a file or folder of the reference data is at hand. */
export function hasShared(...parts: string[]): boolean {
  return existsSync(path.join(sharedFolder, ...parts));
}

export function shared(...parts: string[]): string {
  return path.join(sharedFolder, ...parts);
}

/** The repository's root. */
export const repositoryRoot = path.resolve(__dirname, '../..');
