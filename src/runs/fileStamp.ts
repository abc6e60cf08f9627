import { statSync } from 'node:fs';

/** Tells whether a file changed without reading it. */
export interface FileStamp {
  readonly bytes: number;
  readonly modified: number;
}

/** The stamp of a file; undefined where there is none. */
export function stampFile(file: string): FileStamp | undefined {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats === undefined ? undefined : { bytes: stats.size, modified: stats.mtimeMs };
}

export function isSameStamp(a: FileStamp | undefined, b: FileStamp | undefined): boolean {
  return a?.bytes === b?.bytes && a?.modified === b?.modified;
}
