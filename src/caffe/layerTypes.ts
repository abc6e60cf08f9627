/**
 * Layer types that Ristretto quantizes and the types its file format gives the quantized layers.
 * The format knows `DeconvolutionRistretto` and `LRNRistretto` too, which no search writes: the
 * latter also rounds values inside of the layer, so that it is not LRN between two quantizers.
 */
const ristrettoTypes: ReadonlyMap<string, string> = new Map([
  ['Convolution', 'ConvolutionRistretto'],
  ['InnerProduct', 'FcRistretto'],
]);

const floatTypes: ReadonlyMap<string, string> = new Map(
  [...ristrettoTypes].map(([floatType, quantizedType]) => [quantizedType, floatType]),
);

/** Group of parameters that share one bit-width in the original's search. */
export type ParameterGroup = 'conv_params' | 'fc_params';

/** The type without quantization: `ConvolutionRistretto` gives `Convolution`. */
export function floatType(type: string): string {
  return floatTypes.get(type) ?? type;
}

/** Whether a layer of this type reads its `quantization_param`. */
export function isRistrettoType(type: string): boolean {
  return floatTypes.has(type);
}

/** The type a quantized layer is written with, or undefined where the format has none. */
export function ristrettoType(type: string): string | undefined {
  return ristrettoTypes.get(type);
}

/** The group whose sweep a layer takes part in; undefined for layers the search leaves alone. */
export function parameterGroup(type: string): ParameterGroup | undefined {
  if (type === 'Convolution') return 'conv_params';
  if (type === 'InnerProduct') return 'fc_params';
  return undefined;
}
