import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { writeOutput } from '../engine/files/outputFile';

/** Results of scoring that are kept. */
const most = 20;

/** Keeps results of scoring as texts, so that their documents outlive the window. */
export class ScoreFiles {
  /** @param folder made when needed */
  constructor(private readonly folder: string) {}

  /** @returns the id to ask for it */
  async keep(text: string): Promise<string> {
    mkdirSync(this.folder, { recursive: true });
    const id = randomUUID();
    await writeOutput(this.file(id), text);
    this.forgetOld();
    return id;
  }

  /** A kept text; undefined where there is none (any more). */
  read(id: string): string | undefined {
    // Ids come out of a document's address: they must not lead out of the folder.
    const file = this.file(path.basename(id));
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  }

  private forgetOld(): void {
    readdirSync(this.folder)
      .map((name) => path.join(this.folder, name))
      .map((file) => ({ file, at: statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
      .sort((a, b) => b.at - a.at)
      .slice(most)
      .forEach(({ file }) => rmSync(file, { force: true }));
  }

  private file(id: string): string {
    return path.join(this.folder, `${id}.txt`);
  }
}
