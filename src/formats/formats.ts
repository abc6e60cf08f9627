import { fixedPointKind } from './fixedPoint';
import { float32Kind } from './float32';
import type { Extremes, FormatKind, Suited } from './format';
import { roundToGrid, writeGridNodes, type Grid } from './grid';
import { minifloatKind } from './minifloat';
import type { NodeWriter } from './nodeWriter';
import { powerOfTwoKind } from './powerOfTwo';

/**
 * All number formats. Of those that a `quantization_param` can hold as activations the first that finds
 * itself in the fields counts: fixed point, which finds itself in any, stands last.
 */
const kinds = [float32Kind, minifloatKind, powerOfTwoKind, fixedPointKind] as const;

type FormatOf<Kind> = Kind extends FormatKind<infer F> ? F : never;

/** How the numbers of one part of a layer are stored. */
export type NumberFormat = FormatOf<(typeof kinds)[number]>;

/** What is known of any of them. */
export type AnyFormatKind = FormatKind<NumberFormat>;

export const formatKinds: readonly AnyFormatKind[] = kinds;

const kindsByName = new Map<string, AnyFormatKind>(formatKinds.map((kind) => [kind.kind, kind]));

export function kindNamed(name: NumberFormat['kind']): AnyFormatKind {
  const kind = kindsByName.get(name);
  if (kind === undefined) throw new Error(`there is no number format "${name}"`);
  return kind;
}

export function kindOf(format: NumberFormat): AnyFormatKind {
  return kindNamed(format.kind);
}

/** A short text that two equal formats share, for use as a key. */
export function formatKey(format: NumberFormat): string {
  return kindOf(format).key(format);
}

/** Bits that one number of a format takes in memory. */
export function bitsOf(format: NumberFormat): number {
  return kindOf(format).bits(format);
}

/** The integers that a format's numbers are in steps; undefined for a format without a step. */
export function gridOf(format: NumberFormat): Grid | undefined {
  return kindOf(format).grid?.(format);
}

/** Rounds numbers to a number format, to the same bits as the original's GPU code: ties go to even. */
export function quantize(data: Float32Array, format: NumberFormat): Float32Array {
  const kind = kindOf(format);
  return kind.grid === undefined
    ? kind.quantize(data, format)
    : roundToGrid(data, kind.grid(format));
}

/** Writes the nodes that do the same to a value of a graph. */
export function writeRounding<Value>(
  nodes: NodeWriter<Value>,
  value: Value,
  format: NumberFormat,
): Value {
  const kind = kindOf(format);
  return kind.grid === undefined
    ? kind.writeNodes(nodes, value, format)
    : writeGridNodes(nodes, value, kind.grid(format));
}

/** `4 bit, fl 3`; `2 bit, +-2^-5..-4`; `6 bit, 4 exponent`; `float`. */
export function describeBriefly(format: NumberFormat): string {
  return kindOf(format).brief(format);
}

/** `8 bit, il 3, fl 5`; `8 bit float, 4 exponent, 3 mantissa`; `4 bit, ±2^−8 to ±2^−1`. */
export function describeFully(format: NumberFormat): string {
  return kindOf(format).full(format);
}

/** Range and step of a number format in plain words. */
export function explainFormat(format: NumberFormat): string {
  return kindOf(format).explain(format);
}

/** Formats of one kind and width that suit numbers. */
export function suitingFormats(
  name: NumberFormat['kind'],
  numbers: Extremes,
  bits: number,
): Suited<NumberFormat> {
  const suited = kindNamed(name).suiting?.(numbers, bits);
  if (suited === undefined) throw new Error(`nothing to choose of the number format "${name}"`);
  return suited;
}
