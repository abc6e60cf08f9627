import type { Candidate } from '../../formats/layerFormats';
import { isWithinMargin } from '../margin';
import { allocations, noiseFloor } from './allocation';
import { closeGap, type GapContext, type JudgedNet } from './closeGap';
import type { BestContext, Verdict } from './context';
import { BestForecast, knobSizes, mostRounds, mostVainRounds } from './forecast';
import { candidateOf, type Knob, type Settings } from './knobs';
import {
  measureAround,
  measureSensitivities,
  retune,
  widestSettings,
  type KnobContext,
} from './sensitivity';

/** The end of a search. */
export interface BestResult {
  readonly candidate: Candidate;
  readonly final: Verdict;
  /** False where even the widest formats fall outside: the candidate is that net then. */
  readonly isWithin: boolean;
}

/** Verdicts that finding the end of the first path takes at most, and of each later one. */
const mostFirstVerdicts = 9;
const mostRoundVerdicts = 6;
/** A round that saves less than this share of the costs is taken for one that found nothing. */
const worthwhile = 0.015;
/** Points of the first path scored for the frontier alone. */
const frontierPoints = 4;

/** The search's context, with what it has scored whole so far and what it expects to come. */
interface SearchContext extends KnobContext, GapContext {
  judge(settings: Settings, mayStop?: boolean): Promise<Verdict>;
  /** @param vain rounds in a row by now that found nothing worth it */
  onRoundEnd(vain: number): void;
}

function searchContext(context: BestContext): SearchContext {
  const { knobs } = context;
  const judged: JudgedNet[] = [];
  const forecast = new BestForecast(knobSizes(knobs), isGiven(knobs));
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
function isGiven(knobs: readonly Knob[]): boolean {
  return knobs.every(({ choices }) => choices.length <= 1);
}

/**
 * Finds the cheapest net whose score as a whole lies within the margin.
 *
 * 1. Every knob's sensitivity by itself, on calibration data.
 * 2. A path of nets from the most costly to the cheapest, each the best for a budget of distortion.
 * 3. The last net of the path whose score on all scoring data is within the margin.
 * 4. In rounds: the first net beyond it gets its formats chosen anew for all knobs together; the
 *    sensitivities are measured again around it, a new path is laid, and its last net within the margin
 *    is found; until no round finds a cheaper one.
 * 5. Where the next cheaper net that was scored is much cheaper, nets between are scored
 *    ({@link closeGap}).
 *
 * Calibration data decide what is tried and in which order; scoring data only say yes or no.
 */
export async function searchBest(given: BestContext): Promise<BestResult> {
  const context = searchContext(given);
  const { knobs, costs } = context;
  const { settings: start, verdict: first } = await widestNet(context);
  if (!first.within || isGiven(knobs)) {
    return { candidate: candidateOf(knobs, start), final: first, isWithin: first.within };
  }
  context.onPhase('layers', 0);
  const floor = noiseFloor(context.calibratedFloat.distortion);
  const path = allocations(knobs, await measureSensitivities(context, start), costs, floor);
  context.onPhase('together', 0);
  const end = await lastWithin(context, path, mostFirstVerdicts);
  context.onPhase('comparison', 0);
  await scorePathForFrontier(context, path, end?.index ?? 0);
  let accepted: JudgedNet = end ?? { settings: start, verdict: first };
  let bases = basesAfter(context, path, end?.index ?? -1, accepted);
  for (let round = 1, vain = 0; round <= mostRounds && vain < mostVainRounds; round++) {
    const base = bases.shift();
    if (base === undefined) break;
    context.onPhase('narrowing', round);
    vain++;
    const tuned = await retune(context, base);
    const around = await measureAround(context, tuned);
    const cost = costOf(context, accepted.settings);
    const cheaper = allocations(knobs, around, costs, floor).filter(
      (settings) => costOf(context, settings) < cost,
    );
    const found = await lastWithin(context, cheaper, mostRoundVerdicts);
    if (found !== undefined) {
      accepted = found;
      if (costOf(context, found.settings) < cost * (1 - worthwhile)) vain = 0;
      bases = basesAfter(context, cheaper, found.index, found);
    }
    context.onRoundEnd(vain);
  }
  context.onPhase('between', 0);
  accepted = await closeGap(context, accepted);
  return {
    candidate: candidateOf(knobs, accepted.settings),
    final: accepted.verdict,
    isWithin: true,
  };
}

/** A net this much cheaper than the accepted one is worth a round of its own. */
const largeSaving = 0.85;

/**
 * Nets to look around next: the first one that was too cheap, the first one that is much cheaper (a large
 * layer with a bit less, which the others may be able to make up for), and the accepted one itself.
 */
function basesAfter(
  context: SearchContext,
  path: readonly Settings[],
  end: number,
  accepted: JudgedNet,
): Settings[] {
  const beyond = path.slice(end + 1);
  const cost = costOf(context, accepted.settings);
  const muchCheaper = beyond.find((settings) => costOf(context, settings) < cost * largeSaving);
  const bases = [muchCheaper, beyond[0], accepted.settings].filter((one) => one !== undefined);
  return [...new Set(bases)];
}

/**
 * The net of the most bits that may be tried. Its formats are those of the least squared error, chosen
 * anew for all knobs together where that is not enough, or where no bits are left to search for.
 */
async function widestNet(context: SearchContext): Promise<JudgedNet> {
  const { knobs } = context;
  context.onPhase('widest', 0);
  const settings = widestSettings(knobs);
  const verdict = await context.judge(settings, false);
  if (verdict.within && !isGiven(knobs)) return { settings, verdict };
  const tuned = await retune(context, settings);
  const again = await context.judge(tuned, false);
  return again.within || !verdict.within
    ? { settings: tuned, verdict: again }
    : { settings, verdict };
}

function costOf({ costs, knobs }: BestContext, settings: Settings): number {
  return costs.weigh(costs.of(candidateOf(knobs, settings)));
}

/**
 * The last net of a path within the margin, taking the path as monotone; undefined where not even the
 * first one is. The calibration score says where to look first.
 */
async function lastWithin(
  context: SearchContext,
  path: readonly Settings[],
  mostVerdicts: number,
): Promise<(JudgedNet & { readonly index: number }) | undefined> {
  const { knobs, margin, calibratedFloat } = context;
  const candidateAt = (index: number): Candidate => candidateOf(knobs, path[index] ?? []);
  const onCalibration = { ...margin, baseline: calibratedFloat.score };
  let low = 0;
  for (let high = path.length; high - low > 1;) {
    const middle = (low + high) >> 1;
    const { score } = await context.calibrate(candidateAt(middle));
    if (isWithinMargin(score, onCalibration)) low = middle;
    else high = middle;
  }

  let within = -1;
  let found: JudgedNet | undefined;
  let outside = path.length;
  let next = low;
  // From the guess outwards in growing steps, then halving.
  for (let tries = 0, step = 1; tries < mostVerdicts && outside - within > 1; tries++) {
    const index = Math.min(outside - 1, Math.max(within + 1, next));
    const verdict = await context.judge(path[index] ?? []);
    if (verdict.within) {
      within = index;
      found = { settings: path[index] ?? [], verdict };
      next = outside === path.length ? index + step : (index + outside) >> 1;
    } else {
      outside = index;
      next = within < 0 ? index - step : (index + within) >> 1;
    }
    step *= 2;
  }
  return found === undefined ? undefined : { ...found, index: within };
}

/** Scores a few nets of the path on both sides of its end, so that the frontier shows its shape. */
async function scorePathForFrontier(
  context: SearchContext,
  path: readonly Settings[],
  end: number,
): Promise<void> {
  const places = new Set<number>();
  for (let i = 1; i < frontierPoints; i++) places.add(Math.round((end * i) / frontierPoints));
  places.add(Math.min(path.length - 1, end + Math.max(2, Math.round((path.length - end) / 4))));
  for (const place of places) {
    if (place === 0 || place === end) continue;
    await context.judge(path[place] ?? [], false);
  }
}
