/** Layer types that Ristretto's search quantizes and the types its file format gives them then. */
const ristrettoTypes: ReadonlyMap<string, string> = new Map([
  ['Convolution', 'ConvolutionRistretto'],
  ['InnerProduct', 'FcRistretto'],
]);

/** The types that the file format knows; the last two are written by no search. */
const floatTypes: ReadonlyMap<string, string> = new Map([
  ...[...ristrettoTypes].map(([floatType, quantizedType]) => [quantizedType, floatType] as const),
  ['DeconvolutionRistretto', 'Deconvolution'],
  ['LRNRistretto', 'LRN'],
]);

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

/** All quantized layer types that a file may have, with their float types. */
export const quantizedTypes: ReadonlyMap<string, string> = floatTypes;
