import { isRistrettoType } from './layerTypes';
import type { Layer, Net } from './net';
import { inputLayer } from './buildNet';
import { memoryGroups } from './sharedMemory';

/** A net cut in two: running the head and then the tail on its outputs is running the net. */
export interface SplitNet {
  /** Layers before the cut; its outputs are the frontier. */
  readonly head: Net;
  /** Layers from the cut on, with the net's own outputs; the frontier comes in as inputs. */
  readonly tail: Net;
  /** Blobs that the head makes and the tail needs; tops of data layers are not among them. */
  readonly frontier: readonly string[];
}

/**
 * Cuts a net before one of its layers. Data layers belong to both halves.
 *
 * @param isSource tells the layers that bring data in
 * @param isQuantized tells the layers that round their bottoms in place
 * @returns undefined where nothing but data lies before the cut; where a layer before the cut changes
 * a data layer's top in place (a quantized layer rounds its bottoms), which the tail could not tell
 * from the data; where the tail changes a frontier blob in place that is an output, which would
 * be an input and an output of one name; and where two blobs of the frontier, or one and the data,
 * are the same memory, which inputs cannot be
 */
export function splitNet(
  net: Net,
  cut: number,
  isSource: (layer: Layer) => boolean,
  isQuantized: (layer: Layer) => boolean = ({ type }) => isRistrettoType(type),
): SplitNet | undefined {
  const sources = net.layers.filter(isSource);
  const before = net.layers.slice(0, cut);
  const after = net.layers.slice(cut).filter((layer) => !isSource(layer));
  const sourceTops = new Set(sources.flatMap((layer) => layer.tops));
  const made = new Set(before.filter((layer) => !isSource(layer)).flatMap((layer) => layer.tops));
  if (made.size === 0 || [...made].some((blob) => sourceTops.has(blob))) return undefined;
  const rounded = before
    .filter(isQuantized)
    .flatMap((layer) => layer.bottoms.filter((bottom) => sourceTops.has(bottom)));
  if (after.some((layer) => layer.bottoms.some((bottom) => rounded.includes(bottom)))) {
    return undefined;
  }
  const isChangedOutput = (top: string): boolean => made.has(top) && net.outputs.includes(top);
  if (after.some((layer) => layer.tops.some(isChangedOutput))) return undefined;

  const needed = new Set(net.outputs.filter((blob) => made.has(blob)));
  for (const layer of after) {
    layer.bottoms.filter((bottom) => made.has(bottom)).forEach((bottom) => needed.add(bottom));
  }
  const frontier = [...needed];
  const groups = memoryGroups(net.layers);
  const shared = [...frontier, ...sourceTops].flatMap((blob) => groups.get(blob) ?? []);
  if (new Set(shared).size < shared.length) return undefined;
  return {
    head: {
      ...net,
      layers: net.layers.filter((layer, index) => index < cut || isSource(layer)),
      outputs: frontier,
    },
    tail: {
      ...net,
      layers: [...sources, inputLayer(frontier, { file: net.file.source.path }), ...after],
    },
    frontier,
  };
}
