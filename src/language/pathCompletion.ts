import { isLocalPath } from './localPaths';

/** An entry of a folder. */
export interface FolderEntry {
  readonly name: string;
  readonly isFolder: boolean;
}

/** Lists a folder; one that cannot be read has no entries. */
export type ListFolder = (folder: string) => Promise<readonly FolderEntry[]>;

/** A path to offer, one folder further than what is typed. */
export interface PathItem {
  /** What stands between the quotes then; a folder ends in a slash. */
  readonly path: string;
  readonly name: string;
  readonly isFolder: boolean;
  readonly sortText: string;
}

/** Ends of names that a field most likely wants. */
const wantedEnds: Readonly<Record<string, RegExp>> = {
  mean_file: /\.binaryproto$/,
  meanfile: /\.binaryproto$/,
  net: /\.(prototxt|pt|pbtxt)$/,
  train_net: /\.(prototxt|pt|pbtxt)$/,
  test_net: /\.(prototxt|pt|pbtxt)$/,
  weights: /\.caffemodel(\.h5)?$/,
  source: /(lmdb|leveldb|\.txt|\.binaryproto)$/i,
};

/**
 * Files and folders that go on from what is typed of a path, from all folders that paths may start
 * at. What a field most likely wants comes first, hidden files are left out.
 *
 * @param folders absolute, in the order they are looked into
 */
export async function completePath(
  typed: string,
  field: string,
  folders: readonly string[],
  list: ListFolder,
): Promise<PathItem[]> {
  const slash = typed.lastIndexOf('/');
  const start = typed.slice(0, slash + 1);
  const isAbsolute = start.startsWith('/') || /^[a-z]:\//i.test(start);
  if (!isLocalPath(typed)) return [];
  const places = isAbsolute
    ? [start]
    : folders
        .map((folder) => ({ folder, place: `${folder}/${start}` }))
        // A relative path may climb to the devices; a folder on another machine is the user's own.
        .filter(({ folder, place }) => isLocalPath(place) || !isLocalPath(folder))
        .map(({ place }) => place);
  const listed = await Promise.all(places.map(list));
  const items = new Map<string, PathItem>();
  for (const { name, isFolder } of listed.flat()) {
    if (name.startsWith('.') || items.has(name)) continue;
    const isWanted = wantedEnds[field]?.test(name) ?? false;
    const rank = isWanted ? '0' : isFolder ? '1' : '2';
    const path = `${start}${name}${isFolder && !isDatabase(name) ? '/' : ''}`;
    items.set(name, { path, name, isFolder, sortText: `${rank}${name}` });
  }
  return [...items.values()].sort((a, b) => (a.sortText < b.sortText ? -1 : 1));
}

/** The folder of a database is what a source names: nobody goes on into it. */
function isDatabase(name: string): boolean {
  return /(lmdb|leveldb)$/i.test(name);
}
