import type { Extremes } from './format';

/** Exponent of the power of two at or above a magnitude; 128 for an infinite one. */
export function ceilExponent(largest: number): number {
  return largest > 0 ? Math.min(128, Math.ceil(Math.log2(largest))) : 0;
}

export function largestOf({ lowest, highest }: Pick<Extremes, 'lowest' | 'highest'>): number {
  return Math.max(-lowest, highest, 0);
}

/** Exponents of the largest number, and of the largest one of most. */
export function topExponents(numbers: Extremes): { readonly all: number; readonly usual: number } {
  const all = ceilExponent(largestOf(numbers));
  return { all, usual: numbers.usual > 0 ? Math.min(all, ceilExponent(numbers.usual)) : all };
}
