import { isWithinMargin } from '../margin';
import type { JudgedNet } from './closeGap';
import { candidateOf, type Settings } from './knobs';
import { costOf, type SearchContext } from './searchContext';

/** A net of a path that was scored whole. */
export interface PathEnd extends JudgedNet {
  readonly index: number;
}

/** Two neighbours of a path whose costs differ by less need no verdict between them. */
const smallStep = 0.01;

/** How the end of a path is looked for. */
export interface EndSearch {
  readonly mostVerdicts: number;
  /** Index to look at first. */
  readonly guess: number;
  /** How far from there to look next, twice as far each time until the end lies between two nets. */
  readonly step: number;
  /** Whether the net before the path's first is known to be within: then halving begins at once. */
  readonly isBounded: boolean;
}

/**
 * The last net of a path within the margin, taking the path as monotone; undefined where not even the
 * first one is, or no verdict showed it.
 *
 * @param path from the most costly net to the cheapest
 */
export async function lastWithin(
  context: SearchContext,
  path: readonly Settings[],
  { mostVerdicts, guess, step: firstStep, isBounded }: EndSearch,
): Promise<PathEnd | undefined> {
  let within = -1;
  let found: JudgedNet | undefined;
  let outside = path.length;
  let next = guess;
  // From the guess outwards in growing steps, then halving.
  for (let tries = 0, step = firstStep; tries < mostVerdicts && outside - within > 1; tries++) {
    if (found !== undefined && isSmallStep(context, found.settings, path[outside - 1])) break;
    const index = Math.min(outside - 1, Math.max(within + 1, next));
    const verdict = await context.judge(path[index] ?? []);
    if (verdict.within) {
      within = index;
      found = { settings: path[index] ?? [], verdict };
      next = outside === path.length ? index + step : (index + outside) >> 1;
    } else {
      outside = index;
      next = within < 0 && !isBounded ? index - step : (index + within) >> 1;
    }
    step *= 2;
  }
  return found === undefined ? undefined : { ...found, index: within };
}

/** Whether the cheapest net that may still be within saves next to nothing. */
function isSmallStep(
  context: SearchContext,
  within: Settings,
  cheapest: Settings | undefined,
): boolean {
  return (
    cheapest !== undefined && costOf(context, cheapest) > costOf(context, within) * (1 - smallStep)
  );
}

/** Where the calibration score says that a path leaves the margin, by bisection. */
export async function endByCalibration(
  context: SearchContext,
  path: readonly Settings[],
): Promise<number> {
  const { knobs, margin, calibratedFloat } = context;
  const onCalibration = { ...margin, baseline: calibratedFloat.score };
  let low = 0;
  for (let high = path.length; high - low > 1;) {
    const middle = (low + high) >> 1;
    const { score } = await context.calibrate(candidateOf(knobs, path[middle] ?? []));
    if (isWithinMargin(score, onCalibration)) low = middle;
    else high = middle;
  }
  return low;
}

/** Scores a few nets of the path on both sides of its end, so that the frontier shows its shape. */
export async function scorePathForFrontier(
  context: SearchContext,
  path: readonly Settings[],
  end: number,
  points: number,
): Promise<void> {
  const places = new Set<number>();
  for (let i = 1; i < points; i++) places.add(Math.round((end * i) / points));
  places.add(Math.min(path.length - 1, end + Math.max(2, Math.round((path.length - end) / 4))));
  for (const place of places) {
    if (place === 0 || place === end) continue;
    await context.judge(path[place] ?? [], false);
  }
}

/** A round that saves less than this share of the costs is taken for one that found nothing. */
export const worthwhile = 0.015;
