import type { BestSoFar } from '../../quantize/bestSoFar';
import type { ExpectedWork } from '../../quantize/expectedWork';
import { PassCosts, SteadyTime, type PassKind } from './timeLeft';

/** How far a run is. */
export interface Progress {
  /** What the run is at, from the table of phases: `Checking how much each layer can bear`. */
  readonly what: string;
  /** Batches of this pass done, and how many it has. */
  readonly batch: number;
  readonly batches: number;
  /** Share of the whole run that is done as far as can be told, from 0 to 1: it never falls. */
  readonly share: number;
  /** Speed of this pass; undefined at its first batch. */
  readonly imagesPerSecond: number | undefined;
  /** Seconds that the rest of the run is expected to take; undefined as long as nobody can tell. */
  readonly secondsLeft: number | undefined;
  /** The cheapest net within the margin so far; undefined where there is none yet. */
  readonly best: BestSoFar | undefined;
}

export type OnProgress = (progress: Progress) => void;

/** A pass as far as its batches tell. */
interface PassUnderWay {
  readonly kind: PassKind | undefined;
  readonly batches: number;
  readonly start: number;
  /** Share of the batches done. */
  done: number;
}

/** What a pass is, for its costs and its speed. */
export interface PassOptions {
  readonly batches: number;
  /** Undefined where the batches hold no images. */
  readonly batchSize?: number | undefined;
  /** Undefined for a pass that is like no other. */
  readonly kind?: PassKind | undefined;
}

/**
 * Turns the batches of single passes into the progress of a run of many: what each kind of pass has cost
 * so far, times how many are expected still to come.
 */
export class PassProgress {
  /** Told with every report. */
  best: BestSoFar | undefined;
  private readonly costs: PassCosts;
  private readonly time = new SteadyTime();
  private readonly began: number;
  /** When the last pass ended: what comes between two samples is part of the second one's cost. */
  private mark: number;
  private expected: ExpectedWork | undefined;
  private present: PassUnderWay | undefined;
  private what = '';
  private share = 0;

  /**
   * @param images of a pass, by kind
   * @param clock seconds since some moment
   */
  constructor(
    images: Readonly<Record<PassKind, number>>,
    private readonly report: OnProgress,
    private readonly clock: () => number = () => performance.now() / 1000,
  ) {
    this.costs = new PassCosts(images);
    this.began = this.mark = clock();
  }

  /** Says what is expected to come after the pass that is under way, or that begins next. */
  expect(left: ExpectedWork): void {
    this.expected = left;
  }

  /** Says what the run is at from now on. */
  begin(what: string): void {
    this.what = what;
    this.present = undefined;
    this.mark = this.clock();
    this.tell({ batch: 0, batches: 1 });
  }

  /**
   * Starts a pass, which ends the one before; the result is to be called after each batch with the
   * number done. Going back (a second round over the same batches) shows nothing.
   */
  pass(what: string, { batches, batchSize, kind }: PassOptions): (done: number) => void {
    this.what = what;
    const start = this.clock();
    this.mark = start;
    const present: PassUnderWay = { kind, batches, start, done: 0 };
    this.present = present;
    let last = 0;
    let first: number | undefined;
    const tell = (done: number): void => {
      last = done;
      present.done = batches === 0 ? 1 : done / batches;
      const passed = this.clock() - start;
      if (done >= 1) first ??= passed / done;
      // The first batch waits until the net is loaded: by itself it tells too much.
      const isTelling = done > 1 || done === batches;
      if (batchSize !== undefined && first !== undefined && isTelling) {
        this.costs.watch({
          first,
          seconds: passed,
          batches: done,
          batchSize,
          isWhole: kind === 'score',
        });
      }
      const speed = batchSize === undefined || done === 0 ? undefined : (done * batchSize) / passed;
      this.tell({ batch: Math.floor(done), batches, speed });
    };
    tell(0);
    return (done) => {
      if (done > last) tell(done);
    };
  }

  /**
   * Ends a pass.
   *
   * @param kind undefined for one that tells nothing of what others cost, or that was not really run
   * @param share what it cost as a share of a pass of the whole net
   */
  ended(kind: PassKind | undefined, share = 1): void {
    const now = this.clock();
    if (kind !== undefined) this.costs.add(kind, now - this.mark, share);
    this.mark = now;
    this.present = undefined;
    if (kind === 'sample') this.tell({ batch: 1, batches: 1 });
  }

  /** Says what is done after the last pass. */
  finish(what: string): void {
    this.what = what;
    this.present = undefined;
    this.expected = undefined;
    this.share = 1;
    this.tell({ batch: 1, batches: 1 });
  }

  private tell(pass: {
    readonly batch: number;
    readonly batches: number;
    readonly speed?: number | undefined;
  }): void {
    const { what, best } = this;
    const { batch, batches, speed: imagesPerSecond } = pass;
    const now = this.clock();
    const estimate = this.estimate(now);
    const secondsLeft = estimate === undefined ? undefined : this.time.next(estimate, now);
    const passed = now - this.began;
    if (secondsLeft !== undefined && passed > 0) {
      this.share = Math.max(this.share, passed / (passed + secondsLeft));
    }
    const { share } = this;
    this.report({ what, batch, batches, share, imagesPerSecond, secondsLeft, best });
  }

  /** Seconds left; undefined as long as it cannot be told what a pass costs. */
  private estimate(now: number): number | undefined {
    if (this.expected === undefined) return undefined;
    let left = this.presentLeft(now);
    for (const kind of ['score', 'sample'] as const) {
      const passes = this.expected[kind];
      if (passes === 0 || left === undefined) continue;
      const cost = this.costs.of(kind);
      left = cost === undefined ? undefined : left + passes * cost;
    }
    return left;
  }

  private presentLeft(now: number): number | undefined {
    if (this.present === undefined) return 0;
    const { kind, start, done } = this.present;
    const usual = kind === undefined ? undefined : this.costs.of(kind);
    if (usual !== undefined) return usual * (1 - done);
    return done === 0 ? undefined : ((now - start) * (1 - done)) / done;
  }
}

/** The progress of a job of a few steps without passes over data. */
export class StepProgress {
  private done = -1;

  constructor(
    private readonly steps: number,
    private readonly report: OnProgress,
  ) {}

  /** Starts a step, which ends the one before; the result takes the share of it that is done. */
  step(what: string): (share: number) => void {
    this.done++;
    const tell = (share: number): void =>
      this.report({
        what,
        batch: Math.floor(share),
        batches: 1,
        share: Math.min(1, (this.done + share) / this.steps),
        imagesPerSecond: undefined,
        secondsLeft: undefined,
        best: undefined,
      });
    tell(0);
    return tell;
  }
}
