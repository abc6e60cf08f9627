import type { Words } from '../../base/words';
import { lossWeights } from '../../caffe/lossWeights';
import { floatNet } from '../../caffe/predictions';
import { chooseScoreBlob, scoreValue } from '../../caffe/scoreBlob';
import type { ScoreDirection } from '../../caffe/scoreChoice';
import type { OptionsOf } from '../../options/table';
import { phaseNames } from '../../quantize/phases';
import { describeProvider } from '../../runtime/provider';
import type { Tensor } from '../../runtime/session';
import { openScoring, readScoredNet, type ScoringOptions } from '../inputs/openScoring';
import { batchScore, outputOf } from '../scoring/batchScore';
import { totalLoss } from '../scoring/evaluator';
import type { Tell } from '../files/events';
import { PassProgress } from '../files/progress';

/** The options of the command, and what its callers add. */
export interface ScoreOptions extends OptionsOf<'score'>, ScoringOptions {}

/** Means over the iterations, as `caffe test` gives them. */
export interface ScoreResult {
  /** Output that is the score, as users name it: `accuracy`, `per_class[3]`, `per_class:mean`. */
  readonly scoreBlob: string;
  /** Whether the score is a share between 0 and 1 of right answers. */
  readonly scoreIsAccuracy: boolean;
  /** Which scores are better; `lower` for a loss. */
  readonly scoreDirection: ScoreDirection;
  readonly score: number;
  readonly loss: number | null;
  /** Every net output, alphabetically. */
  readonly outputs: ReadonlyMap<string, Tensor>;
  /** Weight of each output in the loss; outputs that do not count are left out. */
  readonly lossWeights: ReadonlyMap<string, number>;
  readonly provider: string;
  readonly seconds: number;
  readonly notes: readonly Words[];
}

/**
 * Scores any net, float or already quantized, on its TEST data.
 *
 * @throws UserError for bad input; the signal's reason when it is aborted
 */
export async function scoreNet(options: ScoreOptions, tell: Tell): Promise<ScoreResult> {
  const notes: Words[] = [];
  const note = (text: Words): void => {
    notes.push(text);
    tell('note', text);
  };
  const scored = await readScoredNet(options, options.phase ?? 'TEST', chooseScoreBlob, note);
  const { net, labelled, choice } = scored;
  const scoring = await openScoring(scored, options, note);
  const { data, evaluator, evaluatorOf, iterations, provider } = scoring;
  try {
    scoring.tell();
    const { batchSize } = data;
    tell('start', { iterations, batchSize, provider: describeProvider(provider) });
    const passes = choice.pick === 'agreement' ? 2 : 1;
    const images = iterations * batchSize;
    const progress = new PassProgress({ score: images, sample: images }, (now) =>
      tell('progress', now),
    );
    const pass = { batches: iterations, batchSize, kind: 'score' } as const;
    progress.expect({ score: passes - 1, sample: 0 });
    const scores = batchScore(choice);
    if (choice.pick === 'agreement') {
      const onFloat = progress.pass(phaseNames.floatNet, pass);
      await evaluatorOf({ net: floatNet(net) }).average(
        iterations,
        undefined,
        onFloat,
        (outputs, index) => {
          scores.float(outputs, index);
          return undefined;
        },
      );
      progress.ended('score');
      progress.expect({ score: 0, sample: 0 });
    }
    let agreed = 0;
    const { outputs, seconds } = await evaluator.average(
      iterations,
      undefined,
      progress.pass(phaseNames.score, pass),
      (batch, index) => {
        if (choice.pick === 'agreement') agreed += scores.of(batch, index);
        return undefined;
      },
    );
    const score =
      choice.pick === 'agreement'
        ? Math.fround(agreed / iterations)
        : scoreValue(choice, outputOf(outputs, choice.blob).data);
    const shown = new Map([...outputs].filter(([name]) => labelled.outputs.includes(name)));
    if (choice.pick === 'agreement') {
      shown.set(choice.name, { shape: [], data: Float32Array.of(score) });
    }
    return {
      scoreBlob: choice.name,
      scoreIsAccuracy: choice.isAccuracy,
      scoreDirection: choice.direction,
      score,
      loss: totalLoss(net, outputs),
      outputs: shown,
      lossWeights: lossWeights(net),
      provider: describeProvider(provider),
      seconds,
      notes,
    };
  } finally {
    await data.close();
  }
}
