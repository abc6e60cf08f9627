import type { Candidate } from '../../formats/layerFormats';
import type { ScoreChoice } from '../../caffe/scoreChoice';
import { firmnessOf } from '../../quantize/firmness';
import { isWithinMargin, type Margin } from '../../quantize/margin';
import type { Firmness } from '../../quantize/report';
import type { Score } from '../../quantize/score';
import type { Watch } from '../../runtime/scoreBatches';
import { batchScore } from './batchScore';
import { totalLoss, type Evaluator, type OnBatch } from './evaluator';
import type { JournalEntry, ScoreJournal } from './scoreJournal';

export interface CandidateScorerOptions {
  readonly evaluator: Evaluator;
  readonly choice: ScoreChoice;
  readonly iterations: number;
  /** Batches before the data begin again. */
  readonly distinctBatches: number;
  readonly journal: ScoreJournal;
}

/** A candidate's score, and whether it is only a bound. */
export interface CandidateScore extends Score {
  /** Whether it was known already, so that nothing was run. */
  readonly isKnown: boolean;
  /** Whether the pass ended early: the score is then the best that it could still have become. */
  readonly isBound: boolean;
}

/** Scores candidates on all iterations of the scoring data, each at most once. */
export class CandidateScorer {
  private readonly batchScore;
  private floatBatches: readonly number[] = [];

  constructor(private readonly options: CandidateScorerOptions) {
    this.batchScore = batchScore(options.choice);
  }

  /** Scores the float net, which has to come first. */
  async baseline(onBatch: OnBatch): Promise<Score & { readonly isKnown: boolean }> {
    const { journal, choice, iterations } = this.options;
    const known = journal.get('test', undefined);
    // What the float net predicts is needed again, what it scores is not.
    if (known !== undefined && choice.pick !== 'agreement') {
      this.floatBatches = known.batches;
      onBatch(iterations);
      return { ...scoreOf(known), isKnown: true };
    }
    const made = await this.run(undefined, onBatch, undefined);
    this.floatBatches = made.batches;
    journal.set('test', undefined, made);
    return { ...scoreOf(made), isKnown: false };
  }

  /**
   * Scores a candidate.
   *
   * @param margin given where a bound will do: the pass ends as soon as the score cannot come to lie
   * within the margin any more
   */
  async score(
    candidate: Candidate,
    onBatch: OnBatch,
    margin: Margin | undefined = undefined,
  ): Promise<CandidateScore> {
    const { journal, iterations } = this.options;
    const known = journal.get('test', candidate);
    if (known !== undefined && (!known.isBound || margin !== undefined)) {
      onBatch(iterations);
      return { ...scoreOf(known), isBound: known.isBound, isKnown: true };
    }
    const made = await this.run(candidate, onBatch, margin);
    journal.set('test', candidate, made);
    onBatch(iterations);
    return { ...scoreOf(made), isBound: made.isBound, isKnown: false };
  }

  /** How firm the verdict on a candidate is that was scored before. */
  firmness(candidate: Candidate, score: number, margin: Margin): Firmness {
    const { journal, distinctBatches } = this.options;
    const batches = journal.get('test', candidate)?.batches ?? [];
    return firmnessOf(
      score,
      margin,
      batches.slice(0, distinctBatches),
      this.floatBatches.slice(0, distinctBatches),
    );
  }

  /**
   * Mean score of the first batches of a net that is no candidate, and the float net's on these.
   */
  async scoreOther(
    evaluator: Evaluator,
    candidate: Candidate,
    iterations: number,
  ): Promise<{ readonly score: number; readonly float: number }> {
    const batches: number[] = [];
    await evaluator.average(
      iterations,
      candidate,
      () => undefined,
      (outputs, index) => {
        batches.push(this.batchScore.of(outputs, index));
        return undefined;
      },
    );
    return { score: mean(batches), float: mean(this.floatBatches.slice(0, iterations)) };
  }

  private async run(
    candidate: Candidate | undefined,
    onBatch: OnBatch,
    margin: Margin | undefined,
  ): Promise<JournalEntry> {
    const { evaluator, choice, iterations } = this.options;
    const batches: number[] = [];
    let sum = 0;
    let bound: number | undefined;
    const watch: Watch = (outputs, index) => {
      const score =
        candidate === undefined
          ? this.batchScore.float(outputs, index)
          : this.batchScore.of(outputs, index);
      batches.push(score);
      sum += score;
      if (margin === undefined || !choice.isAccuracy) return undefined;
      // Of an accuracy every batch that is still to come gives 1 at most.
      const best = (sum + iterations - batches.length) / iterations;
      if (batches.length === iterations || isWithinMargin(best + rounding, margin))
        return undefined;
      bound = best;
      return 'stop';
    };
    const { outputs, seconds } = await evaluator.average(iterations, candidate, onBatch, watch);
    return {
      score: bound ?? this.meanScore(outputs, batches),
      loss: bound === undefined ? totalLoss(evaluator.net, outputs) : null,
      seconds,
      batches,
      isBound: bound !== undefined,
    };
  }

  private meanScore(
    outputs: Awaited<ReturnType<Evaluator['average']>>['outputs'],
    batches: readonly number[],
  ): number {
    const { choice } = this.options;
    return choice.pick === 'agreement'
      ? Math.fround(batches.reduce((sum, score) => sum + score, 0) / batches.length)
      : this.batchScore.of(outputs, 0);
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** More than float32 sums of an accuracy can be off. */
const rounding = 1e-5;

function scoreOf({ score, loss, seconds }: JournalEntry): Score {
  return { score, loss, seconds };
}
