/** How far a run is. */
export interface Progress {
  /** What is being scored: `CONV weights 8 bit`. */
  readonly what: string;
  /** Batches of this pass done, and how many it has. */
  readonly batch: number;
  readonly batches: number;
  /** Seconds the rest of the run takes at most, judged by the time so far; undefined at first. */
  readonly secondsLeft: number | undefined;
}

export type OnProgress = (progress: Progress) => void;

/** Turns batch counts of single passes into the progress of a run of several passes. */
export class PassProgress {
  private readonly start = performance.now();
  private finishedBatches = 0;

  /** @param mostBatches batches of all passes if none is saved */
  constructor(
    private readonly mostBatches: number,
    private readonly report: OnProgress,
  ) {}

  /** Starts a pass; the result is to be called after each batch with the number done. */
  pass(what: string, batches: number): (done: number) => void {
    this.report({ what, batch: 0, batches, secondsLeft: this.secondsLeft() });
    const before = this.finishedBatches;
    return (done) => {
      this.finishedBatches = before + done;
      this.report({ what, batch: done, batches, secondsLeft: this.secondsLeft() });
    };
  }

  private secondsLeft(): number | undefined {
    if (this.finishedBatches === 0) return undefined;
    const perBatch = (performance.now() - this.start) / 1000 / this.finishedBatches;
    return Math.max(0, this.mostBatches - this.finishedBatches) * perBatch;
  }
}
