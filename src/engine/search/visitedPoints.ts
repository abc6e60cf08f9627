import { candidateKey, type Candidate } from '../../formats/layerFormats';
import type { Verdict } from '../../quantize/best/context';
import type { CostModel } from '../../quantize/costs';
import { frontierOf } from '../../quantize/frontier';
import type { VisitedPoint } from '../../quantize/report';
import type { SearchRun } from './searchRun';

/** The nets that were scored on all iterations, in the order of their visits. */
export class VisitedPoints {
  private readonly points: VisitedPoint[] = [];
  private readonly keys: string[] = [];

  constructor(
    private readonly run: SearchRun,
    private readonly costs: CostModel,
  ) {}

  add(candidate: Candidate, whole: Candidate, verdict: Verdict): void {
    const { scorer, margin, tell } = this.run;
    const key = candidateKey(whole);
    const known = this.keys.indexOf(key);
    const index = known < 0 ? this.points.length : known;
    const point: VisitedPoint = {
      index,
      score: verdict.score,
      loss: verdict.loss,
      withinMargin: verdict.within,
      ...scorer.firmness(whole, verdict.score, margin),
      costs: this.costs.of(candidate),
      isBound: verdict.isBound,
      onFrontier: false,
      isDelivered: false,
      formats: Object.fromEntries(whole),
    };
    this.points[index] = point;
    this.keys[index] = key;
    tell('point', { ...point, onFrontier: this.frontier().has(index) });
  }

  /** All points as they stand at the end. */
  finished(delivered: Candidate): readonly VisitedPoint[] {
    const frontier = this.frontier();
    const key = candidateKey(delivered);
    return this.points.map((point, index) => ({
      ...point,
      onFrontier: frontier.has(index),
      isDelivered: this.keys[index] === key,
    }));
  }

  private frontier(): ReadonlySet<number> {
    const sized = this.points
      .filter(({ isBound }) => !isBound)
      .map(({ index, score, costs }) => ({ index, score, cost: this.costs.weigh(costs) }));
    return new Set(frontierOf(sized, this.run.margin.direction).map(({ index }) => index));
  }
}
