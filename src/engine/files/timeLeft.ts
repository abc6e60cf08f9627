/** What kinds of passes cost differently: over all scoring data, over the calibration data. */
export type PassKind = 'score' | 'sample';

/** How far a pass is, and how long that took. */
export interface PaceOfPass {
  /** Seconds to the end of the first batch, and to now. */
  readonly first: number;
  readonly seconds: number;
  readonly batches: number;
  /** Images a batch. */
  readonly batchSize: number;
  /** Whether the whole net is run. */
  readonly isWhole: boolean;
}

/** How many passes that were measured count: the machine may become slower or faster. */
const memory = 40;

/** What passes of the whole net cost, in seconds, as measured. */
export class PassCosts {
  private readonly measured = {
    score: { seconds: 0, passes: 0 },
    sample: { seconds: 0, passes: 0 },
  };
  /** Of any pass whose batches were seen: to load a net, and an image. */
  private pace:
    { readonly load: number; readonly image: number; readonly isWhole: boolean } | undefined;

  /** @param images of a pass, by kind */
  constructor(private readonly images: Readonly<Record<PassKind, number>>) {}

  /** @param share what the pass costs as a share of one of the whole net */
  add(kind: PassKind, seconds: number, share: number): void {
    const known = this.measured[kind];
    const kept = known.passes > memory ? memory / known.passes : 1;
    known.seconds = known.seconds * kept + seconds;
    known.passes = known.passes * kept + share;
  }

  /** Learns from a pass that goes on; what a pass of the whole net shows counts for more. */
  watch({ first, seconds, batches, batchSize, isWhole }: PaceOfPass): void {
    if (!isWhole && this.pace?.isWhole === true) return;
    const perBatch = batches > 1 ? (seconds - first) / (batches - 1) : first;
    // The very first batch also waits for the program itself: that is not how long loading takes.
    const load = Math.min(perBatch, Math.max(0, first - perBatch));
    this.pace = { load, image: perBatch / batchSize, isWhole };
  }

  /** Seconds of a pass of the whole net; undefined where nothing is known. */
  of(kind: PassKind): number | undefined {
    const { seconds, passes } = this.measured[kind];
    if (passes >= 1) return seconds / passes;
    if (this.pace === undefined) return passes === 0 ? undefined : seconds / passes;
    const guess = this.pace.load + this.images[kind] * this.pace.image;
    return seconds + (1 - passes) * guess;
  }
}

/** Seconds within which a view follows an estimate, as a share of it, and at least. */
const followShare = 0.1;
const followLeast = 0.3;
/** The shown time may grow by no more than so many seconds a second. */
const fastestGrowth = 3;

/** Time left as it is shown: it falls with the clock and follows the estimate without jumps. */
export class SteadyTime {
  private shown: number | undefined;
  private at = 0;

  /**
   * @param estimate seconds left
   * @param now seconds
   */
  next(estimate: number, now: number): number {
    if (this.shown === undefined) {
      this.at = now;
      this.shown = estimate;
      return estimate;
    }
    const passed = Math.max(0, now - this.at);
    const expected = Math.max(0, this.shown - passed);
    const scale = followShare * Math.min(expected, estimate);
    const follow = 1 - Math.exp(-passed / Math.max(followLeast, scale));
    const moved = expected + (estimate - expected) * follow;
    this.at = now;
    this.shown = Math.min(moved, this.shown + fastestGrowth * passed);
    return this.shown;
  }
}
