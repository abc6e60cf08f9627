import type { ScoreDirection } from '../caffe/scoreChoice';

/** How much worse than the float net's a score may be. */
export interface Margin {
  /** Score of the float net, a float32. */
  readonly baseline: number;
  /** Accepted absolute change for the worse in percent: 2 accepts 0.88 of 0.9, and 0.12 of a loss of 0.1. */
  readonly errorMargin: number;
  readonly direction: ScoreDirection;
}

/**
 * Whether a score lies within the margin; float32 scores, double margin, as the original adds them:
 * `score + margin / 100 < baseline` fails. Of a loss, where lower is better, the same turned round,
 * `score - margin / 100 > baseline`; the original accepts any worse loss. What is not a number never
 * lies within.
 */
export function isWithinMargin(score: number, margin: Margin): boolean {
  const { baseline, errorMargin, direction } = margin;
  // Anything but `lower` counts as higher: stored runs of early versions do not say.
  return direction === 'lower'
    ? score - errorMargin / 100 <= baseline
    : score + errorMargin / 100 >= baseline;
}

/** The worst score that is accepted. */
export function worstAccepted({ baseline, errorMargin, direction }: Margin): number {
  return direction === 'lower' ? baseline + errorMargin / 100 : baseline - errorMargin / 100;
}

/** How much worse than the float net's a score is; negative for a better one. */
export function worseBy(
  score: number,
  { baseline, direction }: Omit<Margin, 'errorMargin'>,
): number {
  return direction === 'lower' ? score - baseline : baseline - score;
}
