import type { Words } from '../base/words';

/** Which scores are better: higher ones, or lower ones as of a loss. */
export type ScoreDirection = 'higher' | 'lower';

/**
 * The number of an output that is the score: one of its values, the mean of all, or how far its highest
 * channels agree with the float net's.
 */
export interface ScorePlace {
  readonly blob: string;
  readonly pick: number | 'mean' | 'agreement';
}

/** The score, and how it came to be chosen. */
export interface ScoreChoice extends ScorePlace {
  /** How users name it: `accuracy`, `per_class[3]`, `per_class:mean`. */
  readonly name: string;
  /** Whether an Accuracy layer makes it: a share between 0 and 1 of right answers. */
  readonly isAccuracy: boolean;
  readonly direction: ScoreDirection;
  /** What to tell the user where the choice was not plain; undefined otherwise. */
  readonly note: Words | undefined;
}
