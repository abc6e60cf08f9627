import type { LayerFormats } from '../formats/layerFormats';
import { bitsOf, type NumberFormat } from '../formats/formats';

/** Bytes of a layer's parameters, packed; each blob begins at a byte of its own. */
export function weightBytes(
  layer: { readonly weights: number; readonly biases: number },
  formats: Pick<LayerFormats, 'weights' | 'bias'>,
): number {
  const blob = (count: number, format: NumberFormat): number =>
    Math.ceil((count * bitsOf(format)) / 8);
  return blob(layer.weights, formats.weights) + blob(layer.biases, formats.bias);
}
