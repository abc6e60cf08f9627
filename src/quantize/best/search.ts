import type { Candidate } from '../../formats/layerFormats';
import { closeGap, type JudgedNet } from './closeGap';
import type { BestContext, Verdict } from './context';
import type { Thoroughness } from './effort';
import { searchByGains } from './gainSearch';
import { candidateOf } from './knobs';
import { isGiven, searchContext, type SearchContext } from './searchContext';
import { retune, widestSettings } from './sensitivity';
import { searchBySensitivities } from './sensitivitySearch';

/** The end of a search. */
export interface BestResult {
  readonly candidate: Candidate;
  readonly final: Verdict;
  /** False where even the widest formats fall outside: the candidate is that net then. */
  readonly isWithin: boolean;
}

const searches: Readonly<
  Record<Thoroughness, (context: SearchContext, widest: JudgedNet) => Promise<JudgedNet>>
> = { everything: searchBySensitivities, gains: searchByGains };

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
 * Calibration data decide what is tried and in which order; scoring data only say yes or no. How much is
 * measured goes by the {@link Effort} that the net allows.
 */
export async function searchBest(given: BestContext): Promise<BestResult> {
  const context = searchContext(given);
  const { knobs, effort } = context;
  const widest = await widestNet(context);
  if (!widest.verdict.within || isGiven(knobs)) return resultOf(context, widest);
  const accepted = await searches[effort.thoroughness](context, widest);
  context.onPhase('between', 0);
  return resultOf(context, await closeGap(context, accepted, effort.verdicts.gap));
}

function resultOf({ knobs }: SearchContext, { settings, verdict }: JudgedNet): BestResult {
  return { candidate: candidateOf(knobs, settings), final: verdict, isWithin: verdict.within };
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
