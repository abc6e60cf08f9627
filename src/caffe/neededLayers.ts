import type { Layer, Net } from './net';

/**
 * The part of a net that makes the blobs named, as they are after the whole pass: layers that change
 * one of them in place count too. It has no outputs of its own.
 */
export function partThatMakes(net: Net, blobs: Iterable<string>): Net {
  const needed = new Set(blobs);
  const layers: Layer[] = [];
  for (const layer of [...net.layers].reverse()) {
    if (!layer.tops.some((top) => needed.has(top))) continue;
    layers.unshift(layer);
    layer.bottoms.forEach((bottom) => needed.add(bottom));
  }
  return { ...net, layers, outputs: [] };
}
