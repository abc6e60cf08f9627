import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * Weights that may belong to a net, the likeliest first: those in the prototxt's folder, then those
 * in `snapshots`-like folders below it. A file named like the net comes before snapshots
 * (`*_iter_N.caffemodel`, the highest N first), and those before all else, newest first.
 */
export function findWeights(model: string): string[] {
  const folder = path.dirname(model);
  const stem = netStem(model);
  return [folder, ...subfolders(folder).filter((name) => /snapshot|models?|weights/i.test(name))]
    .flatMap((place, depth) => caffemodels(place).map((file) => ({ file, depth })))
    .map(({ file, depth }) => ({ file, rank: [depth, ...rank(file, stem)] }))
    .sort((a, b) => compare(a.rank, b.rank))
    .map(({ file }) => file);
}

/** `lenet_train_test.prototxt` and `lenet.prototxt` both speak of `lenet`. */
function netStem(model: string): string {
  return path
    .basename(model)
    .replace(/\.[^.]*$/, '')
    .replace(/_(train_test|train_val|trainval|train|test|val|deploy)$/i, '')
    .toLowerCase();
}

/** Smaller is likelier. */
function rank(file: string, stem: string): number[] {
  const name = path.basename(file, '.caffemodel').toLowerCase();
  const iteration = /_iter_(\d+)$/.exec(name)?.[1];
  const base = name.replace(/_iter_\d+$/, '');
  const kind = base === stem ? 0 : base.startsWith(stem) || stem.startsWith(base) ? 1 : 2;
  const modified = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return [kind, iteration === undefined ? 0 : 1, -Number(iteration ?? 0), -modified];
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function caffemodels(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.name.endsWith('.caffemodel') && !entry.isDirectory())
    .map(({ name }) => path.join(folder, name));
}

function subfolders(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => path.join(folder, name));
}
