/** Which scores are better: higher ones, or lower ones as of a loss. */
export type ScoreDirection = 'higher' | 'lower';
