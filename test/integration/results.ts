import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** How one test inside the editor ended. */
export interface InnerResult {
  /** The titles of its groups and its own. */
  readonly titles: readonly string[];
  readonly state: 'passed' | 'failed' | 'skipped';
  /** What failed, and where. */
  readonly message?: string;
  readonly stack?: string;
}

/** Beside the bundle, so that neither side has to tell the other where. */
export const resultsFile = 'results.json';

/** The results of a bundle that ran; undefined if it did not run to its end. */
export function readResults(bundle: string): InnerResult[] | undefined {
  const file = path.join(bundle, resultsFile);
  if (!existsSync(file)) return undefined;
  return JSON.parse(readFileSync(file, 'utf8')) as InnerResult[];
}
