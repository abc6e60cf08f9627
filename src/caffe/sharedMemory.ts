import type { Layer } from './net';

type Flow = Pick<Layer, 'type' | 'bottoms' | 'tops'>;

/**
 * Whether all tops of a layer are, in Caffe, the very memory of its bottom, only of another shape:
 * whoever changes one of them in place later changes the others too.
 */
export function sharesMemory({ type, bottoms, tops }: Flow): boolean {
  switch (type) {
    case 'Flatten':
    case 'Reshape':
    case 'Split':
      return bottoms.length === 1;
    case 'Concat':
      return bottoms.length === 1;
    case 'Slice':
      return tops.length === 1;
    default:
      return false;
  }
}

/**
 * Groups of blobs that are the same memory, by blob; a blob that shares with nobody is missing.
 * Blobs that share at any point of the net count.
 */
export function memoryGroups(layers: readonly Flow[]): ReadonlyMap<string, ReadonlySet<string>> {
  const groups = new Map<string, Set<string>>();
  for (const layer of layers.filter(sharesMemory)) {
    const group = new Set<string>();
    for (const blob of [...layer.bottoms, ...layer.tops]) {
      (groups.get(blob) ?? [blob]).forEach((member) => group.add(member));
    }
    group.forEach((member) => groups.set(member, group));
  }
  return groups;
}

/**
 * Layers that work in place for real: they have a top of their bottom's name, and nobody else reads
 * what was in it. Where somebody does, Caffe splits the blob and the layer writes to memory of its
 * own.
 */
export function layersInPlace<T extends Flow>(layers: readonly T[]): ReadonlySet<T> {
  const readers = new Map<object, number>();
  const current = new Map<string, object>();
  const reads = new Map<T, object[]>();
  for (const layer of layers) {
    const versions = layer.bottoms.map((bottom) => current.get(bottom) ?? {});
    versions.forEach((version) => readers.set(version, (readers.get(version) ?? 0) + 1));
    reads.set(layer, versions);
    layer.tops.forEach((top) => current.set(top, {}));
  }
  return new Set(
    layers
      .filter(({ bottoms, tops }) => tops.some((top, index) => bottoms[index] === top))
      .filter((layer) =>
        layer.tops.every((top, index) => {
          const version = reads.get(layer)?.[index];
          if (layer.bottoms[index] !== top || version === undefined) return true;
          return readers.get(version) === 1;
        }),
      ),
  );
}
