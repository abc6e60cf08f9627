import type { Candidate } from '../../formats/layerFormats';
import type { CostModel } from '../costs';
import type { ExpectedWork } from '../expectedWork';
import type { Margin } from '../margin';
import type { Score } from '../score';
import type { BestPhase } from '../phases';
import type { Effort } from './effort';
import type { Knob } from './knobs';

/** What a candidate does to the net on calibration data. */
export interface Calibrated {
  /** The smaller the better: the net's loss, or how far its outputs are from the float net's. */
  readonly distortion: number;
  /** The score on calibration data. */
  readonly score: number;
}

/** A candidate's score on all iterations of the scoring data. */
export interface Verdict extends Score {
  readonly within: boolean;
  /** Whether scoring stopped early: the score is the best that it could have become. */
  readonly isBound: boolean;
}

/** What the best search asks of the one who runs it. */
export interface BestContext {
  readonly knobs: readonly Knob[];
  readonly costs: CostModel;
  readonly margin: Margin;
  readonly effort: Effort;
  /** The float net on calibration data. */
  readonly calibratedFloat: Calibrated;
  /** Scores a candidate on calibration data; rejects when cancelled. */
  calibrate(candidate: Candidate): Promise<Calibrated>;
  /** Announces that the next candidates differ from this one from a layer on only. */
  prepare(candidate: Candidate, layer: string): Promise<void>;
  /**
   * Scores a candidate on all iterations; rejects when cancelled.
   *
   * @param mayStop whether a bound will do once the verdict is certain
   */
  verdict(candidate: Candidate, mayStop: boolean): Promise<Verdict>;
  /**
   * Called as the next phase begins.
   *
   * @param round of narrowing down, from 1; 0 before
   */
  onPhase(phase: BestPhase, round: number): void;
  /**
   * Called before each candidate.
   *
   * @param share what its pass over calibration data costs, as a share of a pass of the whole net
   * @param left what is expected to come after it
   */
  onExpected(share: number, left: ExpectedWork): void;
}
