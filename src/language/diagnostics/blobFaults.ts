import type { NetLayer, WrittenBlob } from '../netParts';

/** What is wrong with one blob of one layer in one state of its net. */
export interface BlobFault {
  readonly kind: 'missing' | 'later' | 'cycle' | 'duplicate' | 'unused';
  readonly layer: NetLayer;
  readonly blob: WrittenBlob;
  /** Who makes the blob: later, first, or in the circle. */
  readonly maker: NetLayer | undefined;
  /** Blobs that could be meant: those made before the layer. */
  readonly made: () => Iterable<string>;
}

/**
 * Walks the layers of one state as Caffe does: every bottom must have been made before, and a top
 * is made once unless it is written in place, over the bottom of the same index.
 */
export function blobFaults(layers: readonly NetLayer[]): BlobFault[] {
  const faults: BlobFault[] = [];
  const makers = new Map<string, { layer: NetLayer; blob: WrittenBlob; isUsed: boolean }>();
  let all: Makers | undefined;
  for (const layer of layers) {
    // Only when a fault is told are the names before the layer collected.
    const made = (): Iterable<string> => namesBefore(layers, layer);
    for (const blob of layer.bottoms) {
      const maker = makers.get(blob.name);
      if (maker !== undefined) {
        maker.isUsed = true;
        continue;
      }
      all ??= new Makers(layers);
      faults.push({ layer, blob, made, ...all.explain(layer, blob.name) });
    }
    layer.tops.forEach((blob, index) => {
      const earlier = makers.get(blob.name);
      const inPlace = layer.bottoms[index]?.name === blob.name;
      if (earlier !== undefined && !inPlace) {
        faults.push({ kind: 'duplicate', layer, blob, made, maker: earlier.layer });
      }
      makers.set(blob.name, { layer, blob, isUsed: false });
    });
  }
  for (const { layer, blob, isUsed } of makers.values()) {
    if (isUsed || !isLeftOver(layer, layers)) continue;
    faults.push({ kind: 'unused', layer, blob, maker: undefined, made: () => [] });
  }
  return faults;
}

/** Types whose output is there for other layers; of all others it may be a result of the net. */
const intermediateTypes: ReadonlySet<string> = new Set([
  'Data',
  'ImageData',
  'HDF5Data',
  'MemoryData',
  'WindowData',
  'Input',
  'Pooling',
  'ReLU',
  'PReLU',
  'ELU',
  'Dropout',
  'LRN',
  'BatchNorm',
  'Scale',
  'Bias',
  'Split',
  'Slice',
]);

/** Whether an unused top of a layer is more likely forgotten than a result of the net. */
function isLeftOver(layer: NetLayer, layers: readonly NetLayer[]): boolean {
  return layer !== layers.at(-1) && intermediateTypes.has(layer.type);
}

function namesBefore(layers: readonly NetLayer[], end: NetLayer): Set<string> {
  const before = layers.slice(0, layers.indexOf(end));
  return new Set(before.flatMap(({ tops }) => tops.map(({ name }) => name)));
}

/** Whether a layer only writes over a blob that another one has to make. */
function changesInPlace({ bottoms, tops }: NetLayer, blob: string): boolean {
  return tops.some(({ name }, index) => name === blob && bottoms[index]?.name === blob);
}

/** Who makes which blob anywhere in the net. */
class Makers {
  private readonly byBlob = new Map<string, NetLayer[]>();

  constructor(layers: readonly NetLayer[]) {
    for (const layer of layers) {
      for (const { name } of layer.tops) {
        const known = this.byBlob.get(name);
        if (known === undefined) this.byBlob.set(name, [layer]);
        else known.push(layer);
      }
    }
  }

  /** Why a bottom is not there yet. */
  explain(layer: NetLayer, bottom: string): Pick<BlobFault, 'kind' | 'maker'> {
    const maker = this.byBlob.get(bottom)?.find((other) => !changesInPlace(other, bottom));
    if (maker === undefined) return { kind: 'missing', maker };
    return { kind: this.dependsOn(maker, layer) ? 'cycle' : 'later', maker };
  }

  /** Whether `from` needs, through any chain of blobs, something that `target` makes. */
  private dependsOn(from: NetLayer, target: NetLayer): boolean {
    const seen = new Set<NetLayer>();
    const open = [from];
    for (let layer = open.pop(); layer !== undefined; layer = open.pop()) {
      if (layer === target) return true;
      if (seen.has(layer)) continue;
      seen.add(layer);
      for (const { name } of layer.bottoms) open.push(...(this.byBlob.get(name) ?? []));
    }
    return false;
  }
}
