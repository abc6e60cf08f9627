import type { QuantizationParameter } from '../caffe/schema';
import type { Grid } from './grid';
import type { NodeWriter } from './nodeWriter';

/** A number format as data: what reports, files and messages hold. `kind` says whose it is. */
export interface Format {
  readonly kind: string;
}

/**
 * Everything there is to know of a kind of number formats. A new one is a file with such a value and a
 * line in `formats.ts`.
 */
export type FormatKind<F extends Format> = Described<F> & Rounding<F>;

interface Described<F extends Format> {
  readonly kind: F['kind'];
  /** A short text that two equal formats share. */
  key(format: F): string;
  /** Bits that one number takes in memory. */
  bits(format: F): number;
  /** Why there can be no such format, behind the name of what has it; undefined where there can. */
  fault(format: F): string | undefined;
  /** In a table of plain text: `4 bit, fl 3`. */
  brief(format: F): string;
  /** In a table with room for all of it: `4 bit, il 1, fl 3`. */
  full(format: F): string;
  /** Range and step in plain words. */
  explain(format: F): string;
  /** Formats of a width that suit numbers; absent where a search has nothing to choose. */
  suiting?(numbers: Extremes, bits: number): Suited<F>;
  /** Where a `quantization_param` can hold weights in this format. */
  readonly weights?: WeightFields<F>;
  /** Where it can hold inputs and outputs in this format beside weights in another one. */
  readonly activations?: ActivationFields<F>;
}

/** How numbers are rounded. A grid says it all; whatever has none says it for numbers and for nodes. */
type Rounding<F extends Format> =
  | {
      grid(format: F): Grid;
      readonly quantize?: undefined;
      readonly writeNodes?: undefined;
    }
  | {
      readonly grid?: undefined;
      /** To the same bits as the original's GPU code; may give back its argument. */
      quantize(data: Float32Array, format: F): Float32Array;
      /** The same as nodes of a graph. */
      writeNodes<Value>(nodes: NodeWriter<Value>, value: Value, format: F): Value;
    };

/** What numbers reach. */
export interface Extremes {
  readonly lowest: number;
  readonly highest: number;
  /** Largest magnitude of most of them: of a sample. */
  readonly usual: number;
}

/** Formats worth a look, and which of them clip none of the numbers. */
export interface Suited<F extends Format> {
  readonly formats: readonly F[];
  isUnclipped(format: F): boolean;
}

type Fields = Partial<QuantizationParameter>;

/** Weights in a `quantization_param`: their format decides its `precision`. */
export interface WeightFields<F extends Format> {
  readonly precision: QuantizationParameter['precision'];
  /** What else has the format of the weights; a bias that has not is float. */
  readonly alsoOf: 'bias' | 'bias and activations' | 'nothing else';
  read(param: QuantizationParameter): F;
  /** The fields, without `precision`. */
  fields(format: F): Fields;
  faults(param: QuantizationParameter): readonly FieldFault[];
}

/** The side of a layer: its input or its output. */
export type Side = 'in' | 'out';

/** Inputs or outputs in a `quantization_param`. */
export interface ActivationFields<F extends Format> {
  /** Undefined where the fields speak of another format. */
  read(param: QuantizationParameter, side: Side): F | undefined;
  fields(format: F, side: Side): Fields;
  faults(param: QuantizationParameter, side: Side): readonly FieldFault[];
}

/** Fields of a `quantization_param` that hold numbers. */
export type NumberField = {
  [K in keyof QuantizationParameter]: QuantizationParameter[K] extends number ? K : never;
}[keyof QuantizationParameter];

/** A field that says what cannot be. */
export interface FieldFault {
  readonly field: NumberField;
  /** Kind of fault, in short. */
  readonly code: string;
  readonly message: string;
  /** What would be right: a value, or the values of two fields the other way round. */
  readonly fix?: { readonly value: number } | { readonly swapWith: NumberField };
}
