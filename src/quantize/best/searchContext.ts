import type { BestContext, Verdict } from './context';
import type { GapContext, JudgedNet } from './closeGap';
import { BestForecast, knobSizes } from './forecast';
import { candidateOf, type Knob, type Settings } from './knobs';
import type { KnobContext } from './sensitivity';

/** The search's context, with what it has scored whole so far and what it expects to come. */
export interface SearchContext extends KnobContext, GapContext {
  /** @param mayStop whether a bound will do once the verdict is certain */
  judge(settings: Settings, mayStop?: boolean): Promise<Verdict>;
  /** @param vain rounds in a row by now that found nothing worth it */
  onRoundEnd(vain: number): void;
}

/** Lets a context remember what was judged, and forecast what is left. */
export function searchContext(context: BestContext): SearchContext {
  const { knobs, effort } = context;
  const judged: JudgedNet[] = [];
  const forecast = new BestForecast(knobSizes(knobs, effort), effort, isGiven(knobs));
  return {
    ...context,
    judged,
    judge: async (settings, mayStop = true) => {
      forecast.score();
      context.onExpected(1, forecast.left());
      const verdict = await context.verdict(candidateOf(knobs, settings), mayStop);
      judged.push({ settings, verdict });
      return verdict;
    },
    calibrate: (candidate) => {
      const share = forecast.present;
      forecast.sample();
      context.onExpected(share, forecast.left());
      return context.calibrate(candidate);
    },
    onPhase: (phase, round) => {
      forecast.begin(phase);
      context.onPhase(phase, round);
    },
    onKnobDone: () => forecast.knobDone(),
    onRoundEnd: (vain) => forecast.roundEnded(vain),
  };
}

/** Whether there is nothing to search for. */
export function isGiven(knobs: readonly Knob[]): boolean {
  return knobs.every(({ choices }) => choices.length <= 1);
}

/** What a net costs, weighed. */
export function costOf(
  { costs, knobs }: Pick<BestContext, 'costs' | 'knobs'>,
  settings: Settings,
): number {
  return costs.weigh(costs.of(candidateOf(knobs, settings)));
}
