import type { Margin } from '../../quantize/margin';
import type { LayerReport } from '../../quantize/report';
import type { CandidateScorer } from '../scoring/candidateScorer';
import type { Tell } from '../files/events';
import type { PassProgress } from '../files/progress';
import type { RunOptions } from './quantizeOptions';
import type { QuantizeSetup } from './quantizeSetup';
import type { ScoreJournal } from '../scoring/scoreJournal';

/** What a search works with, once the baseline and the ranges are known. */
export interface SearchRun {
  readonly options: RunOptions;
  readonly setup: QuantizeSetup;
  readonly layers: readonly LayerReport[];
  readonly margin: Margin;
  readonly scorer: CandidateScorer;
  readonly journal: ScoreJournal;
  readonly progress: PassProgress;
  readonly tell: Tell;
}
