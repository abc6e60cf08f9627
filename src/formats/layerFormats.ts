import { float32 } from './float32';
import { formatKey, type NumberFormat } from './formats';

/** Number formats of one layer; power of two exists for weights only. */
export interface LayerFormats {
  readonly input: NumberFormat;
  readonly output: NumberFormat;
  readonly weights: NumberFormat;
  readonly bias: NumberFormat;
}

/** A proposal for a whole net: layer name to number formats. Layers not named stay float. */
export type Candidate = ReadonlyMap<string, LayerFormats>;

/** A layer that is not quantized. */
export const floatFormats: LayerFormats = {
  input: float32,
  output: float32,
  weights: float32,
  bias: float32,
};

/** A short text that the formats of two layers share where they are equal. */
export function formatsKey({ input, output, weights, bias }: LayerFormats): string {
  return [input, output, weights, bias].map(formatKey).join(' ') + ';';
}

/** A text that two equal candidates share. */
export function candidateKey(candidate: Candidate): string {
  return [...candidate]
    .map(([layer, formats]) => `${JSON.stringify(layer)} ${formatsKey(formats)}`)
    .join('');
}
