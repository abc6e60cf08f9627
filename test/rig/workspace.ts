import { cpSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { repositoryRoot } from '../support/shared';

/** A copy of the bundled example, to open and change. */
export class ScratchWorkspace {
  // The real path: VS Code resolves links, and a test compares.
  private readonly root = realpathSync(mkdtempSync(path.join(tmpdir(), 'ristretto-workspace-')));
  /** Named for people: it shows in the screenshots. */
  readonly folder = path.join(this.root, 'mnist');

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
    rmSync(this.root, { recursive: true, force: true, maxRetries: 5 });
  }
}
