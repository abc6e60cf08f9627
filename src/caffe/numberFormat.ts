import type { QuantizationParameter } from './schema';

/** IEEE single precision: the value as it is. */
export interface Float32Format {
  readonly kind: 'float32';
}

/** Two's complement numbers of `bits` bits with the step `2^-fractionalLength`. */
export interface FixedPointFormat {
  readonly kind: 'fixedPoint';
  readonly bits: number;
  /** May be negative or exceed `bits`. */
  readonly fractionalLength: number;
}

/** Sign, exponent and mantissa without denormals, infinities or NaN codes. */
export interface MinifloatFormat {
  readonly kind: 'minifloat';
  readonly exponentBits: number;
  readonly mantissaBits: number;
}

/** `+-2^e` with `minExponent <= e <= maxExponent`; there is no zero. */
export interface PowerOfTwoFormat {
  readonly kind: 'powerOfTwo';
  readonly minExponent: number;
  readonly maxExponent: number;
}

/** How the numbers of one part of a layer are stored. */
export type NumberFormat = Float32Format | FixedPointFormat | MinifloatFormat | PowerOfTwoFormat;

/** Number formats of one layer; power of two exists for weights only. */
export interface LayerFormats {
  readonly input: NumberFormat;
  readonly output: NumberFormat;
  readonly weights: NumberFormat;
  readonly bias: NumberFormat;
}

/** A proposal for a whole net: layer name to number formats. Layers not named stay float. */
export type Candidate = ReadonlyMap<string, LayerFormats>;

export const float32: Float32Format = { kind: 'float32' };

/** A short text that two equal formats share, for use as a key. */
export function formatKey(format: NumberFormat): string {
  switch (format.kind) {
    case 'float32':
      return 'float32';
    case 'fixedPoint':
      return `fixed${format.bits}.${format.fractionalLength}`;
    case 'minifloat':
      return `mini${format.exponentBits}.${format.mantissaBits}`;
    case 'powerOfTwo':
      return `pow${format.minExponent}.${format.maxExponent}`;
  }
}

/** The same for the formats of a layer. */
export function formatsKey({ input, output, weights, bias }: LayerFormats): string {
  return [input, output, weights, bias].map(formatKey).join(' ') + ';';
}

/** A text that two equal candidates share. */
export function candidateKey(candidate: Candidate): string {
  return [...candidate]
    .map(([layer, formats]) => `${JSON.stringify(layer)} ${formatsKey(formats)}`)
    .join('');
}

/**
 * What a `quantization_param` block means. The file's defaults (32 bits, fractional length 16)
 * are formats like any other: a layer of a Ristretto type is never plain float because a field
 * is missing.
 */
export function readQuantizationParam(param: QuantizationParameter): LayerFormats {
  const input: NumberFormat = {
    kind: 'fixedPoint',
    bits: param.bw_layer_in,
    fractionalLength: param.fl_layer_in,
  };
  const output: NumberFormat = {
    kind: 'fixedPoint',
    bits: param.bw_layer_out,
    fractionalLength: param.fl_layer_out,
  };
  switch (param.precision) {
    case 'MINIFLOAT': {
      const format: NumberFormat = {
        kind: 'minifloat',
        exponentBits: param.exp_bits,
        mantissaBits: param.mant_bits,
      };
      return { input: format, output: format, weights: format, bias: format };
    }
    case 'INTEGER_POWER_OF_2_WEIGHTS':
      return {
        input,
        output,
        weights: { kind: 'powerOfTwo', minExponent: param.exp_min, maxExponent: param.exp_max },
        bias: float32,
      };
    case 'DYNAMIC_FIXED_POINT': {
      const weights: NumberFormat = {
        kind: 'fixedPoint',
        bits: param.bw_params,
        fractionalLength: param.fl_params,
      };
      return { input, output, weights, bias: weights };
    }
  }
}
