import { formatBytes } from '../base/amounts';
import type { CostModel, Costs } from './costs';

/** The cheapest net within the margin that a run has scored so far. */
export interface BestSoFar {
  /** Of all weights and biases, and how many bits one of them has on average. */
  readonly weightBytes: number;
  readonly weightBits: number;
  /** Of inputs and outputs, on average. */
  readonly activationBits: number;
  readonly score: number;
  /** Whether the score is a share between 0 and 1 of right answers. */
  readonly isAccuracy: boolean;
}

/** Remembers the best net so far. */
export class BestKeeper {
  private known: BestSoFar | undefined;

  constructor(
    private readonly costs: Pick<CostModel, 'float' | 'weigh'>,
    private readonly isAccuracy: boolean,
  ) {}

  private least = Number.POSITIVE_INFINITY;

  /** A net that was scored whole, within the margin. */
  offer(costs: Costs, score: number): void {
    const cost = this.costs.weigh(costs);
    if (cost >= this.least) return;
    this.least = cost;
    const { weightBytes, activationBits } = costs;
    const weightBits = (32 * weightBytes) / (this.costs.float.weightBytes || 1);
    const { isAccuracy } = this;
    this.known = { weightBytes, weightBits, activationBits, score, isAccuracy };
  }

  get best(): BestSoFar | undefined {
    return this.known;
  }
}

/** `best so far: 110 kB, 97.12 %`. */
export function describeBestSoFar({ weightBytes, score, isAccuracy }: BestSoFar): string {
  return `best so far: ${formatBytes(weightBytes)}, ${describeScore(score, isAccuracy)}`;
}

/** `97.12 %`, or `2.301` of what is no accuracy. */
export function describeScore(score: number, isAccuracy: boolean): string {
  return isAccuracy ? `${(score * 100).toFixed(2)} %` : String(Number(score.toPrecision(4)));
}
