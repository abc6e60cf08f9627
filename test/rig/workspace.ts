import { cpSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { repositoryRoot } from '../support/shared';

/** A copy of the bundled example, to open and change. */
export class ScratchWorkspace {
  // The real path: VS Code resolves links, and a test compares.
  readonly folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'ristretto-workspace-')));

  constructor() {
    cpSync(path.join(repositoryRoot, 'examples/mnist'), this.folder, {
      recursive: true,
      filter: (source) => !source.endsWith('quantized.prototxt'),
    });
  }

  path(...parts: string[]): string {
    return path.join(this.folder, ...parts);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
