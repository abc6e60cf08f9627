/** How far a run is. */
export interface Progress {
  /** What is being scored: `CONV weights 8 bit`. */
  readonly what: string;
  /** Batches of this pass done, and how many it has. */
  readonly batch: number;
  readonly batches: number;
  /** This pass, from 1, and how many there are at most. */
  readonly pass: number;
  readonly mostPasses: number;
  /**
   * Batches of the whole run done, and how many it has at most: batches that turned out not to be
   * needed count as done, so that the share only grows, up to 1. A batch may be done in part.
   */
  readonly runBatch: number;
  readonly runBatches: number;
  /** Speed of this pass; undefined at its first batch. */
  readonly imagesPerSecond: number | undefined;
  /** Seconds the rest of the run takes at most, judged by the time so far; undefined at first. */
  readonly secondsLeft: number | undefined;
}

export type OnProgress = (progress: Progress) => void;

/** Turns batch counts of single passes into the progress of a run of several passes. */
export class PassProgress {
  private readonly start = performance.now();
  private passNumber = 0;
  private mostPasses: number;
  /** Batches of finished passes, of the present one, and of passes that were not needed. */
  private finished = 0;
  private current = 0;
  private skipped = 0;
  private currentBatches = 0;

  /** @param most passes and batches of the whole run if none is saved */
  constructor(
    private readonly most: { readonly passes: number; readonly batches: number },
    private readonly report: OnProgress,
  ) {
    this.mostPasses = most.passes;
  }

  /**
   * Starts a pass, which ends the one before; the result is to be called after each batch with the
   * number done. Going back (a second round over the same batches) shows nothing.
   */
  pass(what: string, batches: number, batchSize?: number): (done: number) => void {
    this.finished += this.currentBatches;
    this.currentBatches = batches;
    this.passNumber++;
    const start = performance.now();
    const tell = (done: number): void => {
      const seconds = (performance.now() - start) / 1000;
      this.current = done;
      this.report({
        what,
        batch: Math.floor(done),
        batches,
        pass: this.passNumber,
        mostPasses: this.mostPasses,
        runBatch: Math.min(this.most.batches, this.finished + done + this.skipped),
        runBatches: this.most.batches,
        imagesPerSecond:
          batchSize === undefined || done === 0 ? undefined : (done * batchSize) / seconds,
        secondsLeft: this.secondsLeft(),
      });
    };
    tell(0);
    return (done) => {
      if (done > this.current) tell(done);
    };
  }

  /** Counts passes that turn out not to be needed as done. */
  skip(passes: number, batches: number): void {
    this.mostPasses -= passes;
    this.skipped += passes * batches;
  }

  /** Says what is done after the last pass. */
  tellMore(what: string): void {
    this.report({
      what,
      batch: 1,
      batches: 1,
      pass: this.passNumber,
      mostPasses: this.mostPasses,
      runBatch: this.most.batches,
      runBatches: this.most.batches,
      imagesPerSecond: undefined,
      secondsLeft: undefined,
    });
  }

  private secondsLeft(): number | undefined {
    const run = this.finished + this.current;
    if (run === 0) return undefined;
    const perBatch = (performance.now() - this.start) / 1000 / run;
    return Math.max(0, this.most.batches - run - this.skipped) * perBatch;
  }
}
