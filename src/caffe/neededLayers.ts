import type { Layer, Net } from './net';
import { memoryGroups } from './sharedMemory';

/**
 * The part of a net that makes the blobs named, as they are after the whole pass: layers that change
 * one of them in place count too, be it through another blob that shares its memory. It has no
 * outputs of its own.
 */
export function partThatMakes(net: Net, blobs: Iterable<string>): Net {
  const groups = memoryGroups(net.layers);
  const needed = new Set<string>();
  const need = (blob: string): void => {
    needed.add(blob);
    groups.get(blob)?.forEach((other) => needed.add(other));
  };
  for (const blob of blobs) need(blob);
  const layers: Layer[] = [];
  for (const layer of [...net.layers].reverse()) {
    if (!layer.tops.some((top) => needed.has(top))) continue;
    layers.unshift(layer);
    layer.bottoms.forEach(need);
  }
  return { ...net, layers, outputs: [] };
}
