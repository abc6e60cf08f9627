import type { Layer, Net } from './net';
import { weightSlots } from './weightFillers';

/** Layers whose tops are the same whatever their bottoms hold: only the bottoms' shapes count. */
const shapesOnly: ReadonlySet<string> = new Set(['PriorBox']);
/** Layers of whose second bottom only the shape counts. */
const firstBottomOnly: ReadonlySet<string> = new Set(['Crop']);

/**
 * Blobs that depend on no layer with weights, as they are after the whole pass: data and labels, also
 * through Split, Reshape, Slice and the like. They are the same for every net, so that they say
 * nothing of one. Of a net without any weights none is named: it has nothing else.
 */
export function dataBlobs({ allLayers, layers }: Net): ReadonlySet<string> {
  if (!allLayers.some(learns)) return new Set();
  const computed = new Set<string>();
  const fromData = new Set<string>();
  for (const layer of layers) {
    const read = firstBottomOnly.has(layer.type) ? layer.bottoms.slice(0, 1) : layer.bottoms;
    const depends = read.some((bottom) => computed.has(bottom)) && !shapesOnly.has(layer.type);
    const [to, from] = learns(layer) || depends ? [computed, fromData] : [fromData, computed];
    for (const top of layer.tops) {
      to.add(top);
      from.delete(top);
    }
  }
  return fromData;
}

function learns(layer: Layer): boolean {
  return (weightSlots(layer)?.length ?? 0) > 0;
}
