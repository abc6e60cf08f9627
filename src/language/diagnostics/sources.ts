import type { Analysis } from '../analysis';
import { fileReferences, type FileReference } from '../fileReferences';
import type { Finding } from './finding';

/** How to find out whether a path of a document exists. */
export interface FileLookup {
  /** Absolute places that a path may mean, in order; none for a path that is not to be looked up. */
  placesOf(path: string): readonly string[];
  exists(place: string): Promise<boolean>;
}

/**
 * Data, nets and weights that a document names and that do not exist. Public nets are full of paths
 * of other machines, hence no more than an information.
 */
export async function sourceFindings(analysis: Analysis, lookup: FileLookup): Promise<Finding[]> {
  const known = new Map<string, Promise<boolean>>();
  const isThere = (path: string): Promise<boolean> => {
    let answer = known.get(path);
    if (answer === undefined) known.set(path, (answer = exists(path, lookup)));
    return answer;
  };
  const references = fileReferences(analysis);
  const found = await Promise.all(references.map(({ path }) => isThere(path)));
  return references
    .filter((_, index) => found[index] === false)
    .map((reference) => missing(reference, lookup.placesOf(reference.path)));
}

async function exists(path: string, lookup: FileLookup): Promise<boolean> {
  const places = lookup.placesOf(path);
  // What is not looked up is there, as far as anybody knows.
  if (places.length === 0) return true;
  for (const place of places) {
    if (await lookup.exists(place)) return true;
  }
  return false;
}

function missing({ path, field, range }: FileReference, places: readonly string[]): Finding {
  return {
    family: 'sources',
    code: 'source/missing',
    severity: 'information',
    message: `Cannot find the ${field} "${path}", tried ${places.join(', ')}`,
    range,
  };
}
