/** A point that is not drawn to scale. */
export interface OffScalePoint {
  /** Tells it from the others. */
  readonly key: string;
  readonly value: number;
}

/**
 * Rows for what is too far off to be drawn to scale, from the top: the highest score has row 0, so that
 * the order of the scores is still seen. Equal ones keep the order they are given in.
 *
 * @param worst where scores that are no numbers belong: they are worse than all others
 */
export function rowsByScore(
  points: readonly OffScalePoint[],
  worst: 'top' | 'bottom',
): ReadonlyMap<string, number> {
  const notANumber = worst === 'top' ? Infinity : -Infinity;
  const heightOf = (value: number): number => (Number.isNaN(value) ? notANumber : value);
  // Two infinities have no difference.
  const compare = (a: number, b: number): number => (a === b ? 0 : b > a ? 1 : -1);
  const order = [...points].sort((a, b) => compare(heightOf(a.value), heightOf(b.value)));
  return new Map(order.map(({ key }, row) => [key, row]));
}
