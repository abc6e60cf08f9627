import type { ScoreDirection } from '../../caffe/scoreChoice';
import type { Margin } from '../../quantize/margin';
import { ScoreFormat } from './formatting';
import type { RunRecord } from '../runRecord';

/** How a run's score is shown; an accuracy as long as nothing is known. */
export function scoreFormat({ plan }: Pick<RunRecord, 'plan'>): ScoreFormat {
  return new ScoreFormat(plan?.scoreIsAccuracy ?? true, directionOf(plan));
}

/** What a run's scores are held against; undefined before the float net is scored. */
export function marginOf({ plan, baseline, request }: RunRecord): Margin | undefined {
  if (baseline === undefined) return undefined;
  const { errorMargin } = request;
  return { baseline: baseline.score, errorMargin, direction: directionOf(plan) };
}

/** Runs that an early version stored do not say: higher was better for them all. */
export function directionOf(
  of: { readonly scoreDirection?: ScoreDirection } | undefined,
): ScoreDirection {
  return of?.scoreDirection ?? 'higher';
}
