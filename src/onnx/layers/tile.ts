import type { Layer } from '../../caffe/net';
import type { LayerConverter } from '../layerConverter';
import { canonicalAxis, layerError, singleBottom } from '../layerError';
import { Steps } from '../steps';

/** Tile: repeats its bottom along an axis. */
export const tile: LayerConverter = {
  types: ['Tile'],
  summary: 'repeats its bottom along an axis',
  params: ['tile_param'],
  isImagewise: (layer) => (layer.param.tile_param?.axis ?? 1) > 0,
  topShapes(layer, bottoms) {
    const bottom = singleBottom(layer, bottoms);
    const axis = axisOf(layer, bottom.length);
    const tiles = layer.param.tile_param?.tiles ?? 0;
    if (tiles < 1) throw layerError(layer, 'layer/param', 'needs tile_param with tiles above 0');
    return [bottom.map((dim, index) => (index === axis ? dim * tiles : dim))];
  },
  emit(emission) {
    const { layer, bottoms } = emission;
    const steps = new Steps(emission);
    const bottom = singleBottom(layer, bottoms);
    const axis = axisOf(layer, bottom.shape.length);
    const tiles = layer.param.tile_param?.tiles ?? 1;
    const repeats = bottom.shape.map((_, index) => (index === axis ? tiles : 1));
    return [steps.top('Tile', [bottom, steps.integers('repeats', repeats)])];
  },
};

function axisOf(layer: Layer, rank: number): number {
  return canonicalAxis(layer, layer.param.tile_param?.axis ?? 1, rank);
}
