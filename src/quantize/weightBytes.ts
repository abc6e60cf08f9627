import type { LayerFormats, NumberFormat } from '../caffe/numberFormat';

/** Bits that one number of a format takes in memory. */
export function bitsOf(format: NumberFormat): number {
  switch (format.kind) {
    case 'float32':
      return 32;
    case 'fixedPoint':
      return format.bits;
    case 'minifloat':
      return 1 + format.exponentBits + format.mantissaBits;
    case 'powerOfTwo':
      // A sign, and as many bits as tell the exponents apart.
      return 1 + Math.ceil(Math.log2(format.maxExponent - format.minExponent + 1));
  }
}

/** Bytes of a layer's parameters, packed; each blob begins at a byte of its own. */
export function weightBytes(
  layer: { readonly weights: number; readonly biases: number },
  formats: Pick<LayerFormats, 'weights' | 'bias'>,
): number {
  const blob = (count: number, format: NumberFormat): number =>
    Math.ceil((count * bitsOf(format)) / 8);
  return blob(layer.weights, formats.weights) + blob(layer.biases, formats.bias);
}
