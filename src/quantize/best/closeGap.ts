import type { CostModel } from '../costs';
import type { Verdict } from './context';
import {
  candidateOf,
  knobsByLayer,
  mergeFormats,
  withSetting,
  type Knob,
  type Settings,
} from './knobs';

/** A net that was scored whole. */
export interface JudgedNet {
  readonly settings: Settings;
  readonly verdict: Verdict;
}

/** What closing the gap needs of the search. */
export interface GapContext {
  readonly knobs: readonly Knob[];
  readonly costs: CostModel;
  /** All nets scored so far; {@link judge} adds to them. */
  readonly judged: readonly JudgedNet[];
  /** Scores a net whole. */
  judge(settings: Settings): Promise<Verdict>;
}

/** A gap of this share of the costs is too small to look into. */
const smallGap = 0.02;

/**
 * Looks between the cheapest net within the margin and the next cheaper one that was found outside.
 * Sensitivities are measured one knob at a time on calibration data; where knobs do harm together that
 * none does alone, the path laid by them may lie outside as a whole, and nothing would be tried between
 * it and the widest net.
 *
 * Here the two nets are joined by steps that take one knob one width down, those first that save the
 * most for the noise they add (the power of uniform quantization noise is proportional to `4^-bits`).
 * Bisection by verdicts finds the last net within; the step that leads outside is left out from then
 * on, and the steps left are gone again, until none is left or the gap is small.
 *
 * @param mostVerdicts that this may take
 * @returns the cheapest net within that was found: `accepted`, or a cheaper one
 */
export async function closeGap(
  context: GapContext,
  accepted: JudgedNet,
  mostVerdicts: number,
): Promise<JudgedNet> {
  const blocked = new Set<number>();
  let best = accepted;
  // Nets outside that are found here are a step away from one inside: they close no gap.
  const outside = nextOutside(context, accepted);
  if (outside === undefined) return accepted;
  for (let left = mostVerdicts; left > 0;) {
    if (gapShare(context, best, outside) <= smallGap) return best;
    const path = stepsDown(context, best.settings, outside.settings, blocked);
    if (path.length === 0) return best;
    let low = 0;
    let high = path.length + 1;
    while (high - low > 1 && left > 0) {
      const middle = (low + high) >> 1;
      const settings = path[middle - 1]?.settings ?? [];
      left--;
      const verdict = await context.judge(settings);
      if (verdict.within) {
        low = middle;
        best = { settings, verdict };
      } else {
        high = middle;
      }
    }
    const failed = path[high - 1];
    // Where every step is inside, what makes the other net fail is formats, or knobs it has dearer.
    if (failed === undefined || high - low > 1) return best;
    blocked.add(failed.knob);
  }
  return best;
}

function costOf({ knobs, costs }: GapContext, settings: Settings): number {
  return costs.weigh(costs.of(candidateOf(knobs, settings)));
}

/** The dearest net outside of the margin that is cheaper than one within. */
function nextOutside(context: GapContext, within: JudgedNet): JudgedNet | undefined {
  const limit = costOf(context, within.settings) * (1 - 1e-9);
  let next: JudgedNet | undefined;
  for (const net of context.judged) {
    if (net.verdict.within || costOf(context, net.settings) >= limit) continue;
    if (next === undefined || costOf(context, net.settings) > costOf(context, next.settings)) {
      next = net;
    }
  }
  return next;
}

function gapShare(context: GapContext, within: JudgedNet, outside: JudgedNet): number {
  const cost = costOf(context, within.settings);
  return (cost - costOf(context, outside.settings)) / cost;
}

interface Step {
  readonly settings: Settings;
  /** The knob that the step turned. */
  readonly knob: number;
}

/** Nets between two, one knob one width down a step, knobs left out staying as they are. */
function stepsDown(
  context: GapContext,
  from: Settings,
  to: Settings,
  blocked: ReadonlySet<number>,
): readonly Step[] {
  const { knobs, costs } = context;
  const byLayer = knobsByLayer(knobs);
  /** What the layer of a knob costs: all that turning it changes. */
  const layerCost = ({ layer }: Knob, of: Settings): number =>
    costs.ofLayer(layer, mergeFormats((byLayer.get(layer) ?? []).map((place) => of[place])));
  const places = knobs.map((knob, i) => placeOf(knob, from[i]));
  const targets = knobs.map((knob, i) => placeOf(knob, to[i]));
  const steps: Step[] = [];
  let settings = from;
  for (;;) {
    let next: { knob: number; settings: Settings; worth: number } | undefined;
    for (const [i, knob] of knobs.entries()) {
      const place = places[i] ?? -1;
      const choice = knob.choices[place + 1];
      const present = knob.choices[place];
      if (blocked.has(i) || place < 0 || place >= (targets[i] ?? -1)) continue;
      if (choice === undefined || present === undefined) continue;
      const formats = place + 1 === targets[i] ? to[i] : choice.contenders[0];
      if (formats === undefined) continue;
      const turned = withSetting(settings, i, formats);
      const noise = 4 ** -choice.bits - 4 ** -present.bits;
      const worth = (layerCost(knob, settings) - layerCost(knob, turned)) / noise;
      if (next === undefined || worth > next.worth) next = { knob: i, settings: turned, worth };
    }
    if (next === undefined) return steps;
    ({ settings } = next);
    places[next.knob] = (places[next.knob] ?? 0) + 1;
    steps.push({ settings, knob: next.knob });
  }
}

function placeOf({ choices }: Knob, formats: Settings[number] | undefined): number {
  return formats === undefined
    ? -1
    : choices.findIndex(({ contenders }) => contenders.includes(formats));
}
