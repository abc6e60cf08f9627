import type { Layer, Net } from '../caffe/net';
import { converterOf, sourceOf } from './registry';

/**
 * A net without the layers at its ends that cannot be converted: what comes before them is still worth
 * having. A layer that another one reads stays, and so does everything where nothing would be left.
 */
export function withoutUnsupportedEnds(net: Net): {
  readonly net: Net;
  readonly dropped: readonly Layer[];
} {
  const dropped: Layer[] = [];
  let layers = [...net.layers];
  for (;;) {
    const read = new Set(layers.flatMap(({ bottoms }) => bottoms));
    const end = layers.findLast(
      (layer) => !isSupported(layer) && !layer.tops.some((top) => read.has(top)),
    );
    if (end === undefined) break;
    dropped.unshift(end);
    layers = layers.filter((layer) => layer !== end);
  }
  const isEmpty = !layers.some((layer) => converterOf(layer) !== undefined);
  if (dropped.length === 0 || isEmpty) return { net, dropped: [] };
  const read = new Set(layers.flatMap(({ bottoms }) => bottoms));
  const lost = new Set(dropped.flatMap(({ bottoms, tops }) => [...bottoms, ...tops]));
  const made = new Set(layers.flatMap(({ tops }) => tops));
  const outputs = [
    ...net.outputs.filter((blob) => made.has(blob)),
    ...[...lost].filter((blob) => made.has(blob) && !read.has(blob) && !net.outputs.includes(blob)),
  ].sort();
  return { net: { ...net, layers, allLayers: layers, outputs }, dropped };
}

function isSupported(layer: Layer): boolean {
  return converterOf(layer) !== undefined || sourceOf(layer) !== undefined;
}
