/** What scoring a candidate gave. */
export interface Score {
  /** The score's value in the outputs' means over the iterations. */
  readonly score: number;
  /** Mean of the weighted loss; null for a net without a loss layer. */
  readonly loss: number | null;
  readonly seconds: number;
}
