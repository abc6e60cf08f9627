import type { NetLayer, NetPart, WrittenBlob } from '../netParts';
import { liveStates } from '../netStates';

/** One place where a layer writes the name of a blob. */
export interface BlobUse {
  readonly blob: WrittenBlob;
  readonly layer: NetLayer;
  readonly role: 'bottom' | 'top';
  /** The tops that make what stands here, one or more a state; none where nobody does. */
  readonly makers: ReadonlySet<BlobUse>;
}

interface OpenUse extends BlobUse {
  readonly makers: Set<BlobUse>;
}

/**
 * Every use of a blob in a net with its makers, in file order. Layers that work in place pass on
 * what they got; layers see only those that take part in the same state (phase, stage, level).
 */
export function blobUses(net: NetPart): readonly BlobUse[] {
  const uses = new Map<NetLayer, { bottoms: OpenUse[]; tops: OpenUse[] }>();
  for (const layer of net.layers) {
    const open = (role: BlobUse['role'], blobs: readonly WrittenBlob[]): OpenUse[] =>
      blobs.map((blob) => ({ blob, layer, role, makers: new Set() }));
    uses.set(layer, { bottoms: open('bottom', layer.bottoms), tops: open('top', layer.tops) });
  }
  const seen = new Set<NetLayer>();
  const walk = (layers: readonly NetLayer[], isOpen: (layer: NetLayer) => boolean): void => {
    const current = new Map<string, BlobUse>();
    for (const layer of layers) {
      const { bottoms, tops } = uses.get(layer) ?? { bottoms: [], tops: [] };
      const inputs = bottoms.map(({ blob }) => current.get(blob.name));
      const outputs = tops.map((top, index) => {
        const isInPlace = bottoms[index]?.blob.name === top.blob.name;
        return (isInPlace ? inputs[index] : undefined) ?? top;
      });
      tops.forEach(({ blob }, index) => current.set(blob.name, outputs[index] as BlobUse));
      if (!isOpen(layer)) continue;
      bottoms.forEach((bottom, index) => {
        const maker = inputs[index];
        if (maker !== undefined) bottom.makers.add(maker);
      });
      tops.forEach((top, index) => top.makers.add(outputs[index] as BlobUse));
    }
  };
  for (const { layers } of liveStates(net)) {
    walk(layers, () => true);
    layers.forEach((layer) => seen.add(layer));
  }
  // What takes part in no state that the net can start in is looked up in the whole file.
  walk(net.layers, (layer) => !seen.has(layer));
  return [...uses.values()].flatMap(({ bottoms, tops }) => [...bottoms, ...tops]);
}

/** All uses of the same blob: those that share a maker, directly or through other states. */
export function sameBlob(uses: readonly BlobUse[], use: BlobUse): readonly BlobUse[] {
  const alike = uses.filter(({ blob }) => blob.name === use.blob.name);
  if (use.makers.size === 0) return alike.filter(({ makers }) => makers.size === 0);
  const makers = new Set(use.makers);
  for (let size = 0; size < makers.size;) {
    size = makers.size;
    for (const other of alike) {
      if ([...other.makers].some((maker) => makers.has(maker))) {
        other.makers.forEach((maker) => makers.add(maker));
      }
    }
  }
  return alike.filter((other) => [...other.makers].some((maker) => makers.has(maker)));
}
