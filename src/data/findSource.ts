import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { UserError } from '../base/userError';
import { ifOffered, withOption, words } from '../base/words';

/** Where paths inside a prototxt may be relative to. */
export interface SourceRoots {
  readonly cwd: string;
  readonly prototxtPath: string;
  /** Folder that stands for the prototxt's own, where the file lies elsewhere than it belongs. */
  readonly modelFolder?: string | undefined;
  /** The folder of a Caffe checkout: public nets say `examples/...` and `data/...`. */
  readonly caffeRoot?: string | undefined;
}

/**
 * Finds what a `source` or `mean_file` names: from the current folder, as Caffe does; then beside
 * the prototxt; then in the Caffe checkout. Returns an absolute path.
 *
 * @throws UserError `source/missing` that lists all places tried.
 */
export function findSource(source: string, roots: SourceRoots): string {
  if (source === '') {
    throw new UserError(
      'source/missing',
      'a data layer names no source: give the path of its data',
      {
        file: roots.prototxtPath,
      },
    );
  }
  const places = placesOf(source, roots);
  const found = places.find((place) => existsSync(place));
  if (found !== undefined) return found;
  throw new UserError(
    'source/missing',
    words`cannot find "${source}", tried ${places.join(', ')}: give a path that exists, ${ifOffered(
      'flags',
      'run in',
      'open',
    )} the folder it is relative to, or name that folder ${withOption('caffeRoot')}`,
    { file: roots.prototxtPath },
  );
}

/** Where a `source` or `mean_file` may lie, in order. */
export function placesOf(source: string, roots: SourceRoots): string[] {
  if (isAbsolute(source)) return [source];
  return [...new Set(foldersOf(roots).map((folder) => resolve(join(folder, source))))];
}

/** Folders that paths may start at, in order. */
export function foldersOf({ cwd, prototxtPath, modelFolder, caffeRoot }: SourceRoots): string[] {
  const folders = [cwd, resolve(cwd, modelFolder ?? dirname(resolve(cwd, prototxtPath)))];
  if (caffeRoot !== undefined && caffeRoot !== '') folders.push(resolve(cwd, caffeRoot));
  return folders;
}
