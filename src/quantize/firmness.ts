import { worstAccepted, worseBy, type Margin } from './margin';
import type { Firmness } from './report';

/**
 * How firm a verdict on the margin is, from the scores of single batches.
 *
 * The two nets are scored on the same batches, so that the error of their difference is that of the
 * batches' differences: `s / sqrt(n)` with `s^2 = sum (d_i - mean d)^2 / (n - 1)`, the paired
 * difference of any textbook. Batches that are scored again (a run longer than the data) say nothing
 * new and are to be left out by the caller.
 *
 * @param score the whole run's score
 * @param batches the quantized net's score of each batch
 * @param floatBatches the float net's, of the same batches
 */
export function firmnessOf(
  score: number,
  margin: Margin,
  batches: ArrayLike<number>,
  floatBatches: ArrayLike<number>,
): Firmness {
  const standardError = pairedStandardError(batches, floatBatches);
  if (standardError === null) return { standardError, verdict: 'unknown' };
  const distance = Math.abs(worseBy(score, { ...margin, baseline: worstAccepted(margin) }));
  return { standardError, verdict: distance >= 2 * standardError ? 'firm' : 'open' };
}

/** Null for fewer than two batches, and where a score is not a number. */
export function pairedStandardError(
  batches: ArrayLike<number>,
  floatBatches: ArrayLike<number>,
): number | null {
  const count = Math.min(batches.length, floatBatches.length);
  if (count < 2) return null;
  const differences = Array.from(
    { length: count },
    (_, i) => (batches[i] ?? Number.NaN) - (floatBatches[i] ?? Number.NaN),
  );
  const mean = differences.reduce((sum, d) => sum + d, 0) / count;
  const squares = differences.reduce((sum, d) => sum + (d - mean) ** 2, 0);
  const error = Math.sqrt(squares / (count - 1) / count);
  return Number.isFinite(error) ? error : null;
}
