import type { NamedShape } from '../caffe/matchWeights';
import type { Layer, Net } from '../caffe/net';
import type { Shape } from '../base/shape';
import { layerError } from './layerError';
import { checkSupported, converterOf, sourceOf } from './registry';

/** Shapes of a net, as far as they follow from its definition alone. */
export interface NetShapes {
  /** Shapes of each layer's tops, in the order of its tops. */
  readonly tops: ReadonlyMap<Layer, readonly Shape[]>;
  /** Shapes that the weights of each layer that has some must have. */
  readonly weights: ReadonlyMap<Layer, readonly NamedShape[]>;
}

/**
 * Works out the shapes of all blobs and weights without any weights at hand.
 *
 * @param inputShapes shapes of tops that the net itself does not give: those of data layers
 * @throws UserError for unsupported layers and bottoms that do not fit
 */
export function inferShapes(net: Net, inputShapes: ReadonlyMap<string, Shape>): NetShapes {
  checkSupported(net);
  const blobs = new Map<string, Shape>();
  const tops = new Map<Layer, readonly Shape[]>();
  const weights = new Map<Layer, readonly NamedShape[]>();
  for (const layer of net.layers) {
    const bottoms = layer.bottoms.map((bottom) => {
      const shape = blobs.get(bottom);
      if (shape === undefined) throw new Error(`blob "${bottom}" was checked before`);
      return shape;
    });
    const source = sourceOf(layer);
    const converter = converterOf(layer);
    const shapes =
      source?.sourceShapes(layer, inputShapes) ?? converter?.topShapes(layer, bottoms) ?? [];
    const wanted = converter?.blobShapes?.(layer, bottoms) ?? [];
    if (wanted.length > 0) weights.set(layer, wanted);
    layer.tops.forEach((top, index) => {
      const shape = shapes[index];
      if (shape === undefined) throw layerError(layer, 'layer/tops', `makes no top "${top}"`);
      blobs.set(top, shape);
    });
    tops.set(layer, shapes);
  }
  return { tops, weights };
}
