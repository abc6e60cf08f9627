import type { ScoreDirection } from '../caffe/scoreChoice';

/** A net by its size and its score. */
export interface SizedScore {
  readonly cost: number;
  readonly score: number;
}

/**
 * The points that no other one dominates, from the smallest cost on: none is both at most as costly
 * and at least as good. Of equal points the first counts. Scores that are no numbers never belong.
 */
export function frontierOf<T extends SizedScore>(
  points: readonly T[],
  direction: ScoreDirection,
): readonly T[] {
  const goodness = ({ score }: SizedScore): number => (direction === 'lower' ? -score : score);
  const ordered = points
    .filter(({ score }) => !Number.isNaN(score))
    .map((point, index) => ({ point, index }))
    .sort(
      (a, b) =>
        a.point.cost - b.point.cost || goodness(b.point) - goodness(a.point) || a.index - b.index,
    );
  const frontier: T[] = [];
  let best = Number.NEGATIVE_INFINITY;
  for (const { point } of ordered) {
    if (goodness(point) <= best) continue;
    best = goodness(point);
    frontier.push(point);
  }
  return frontier;
}
