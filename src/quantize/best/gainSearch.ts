import { allocations, noiseFloor, type Curve } from './allocation';
import type { JudgedNet } from './closeGap';
import { GainMeter } from './gains';
import { candidateOf, knobsByLayer, mergeFormats, type Settings } from './knobs';
import { lastWithin, scorePathForFrontier, worthwhile } from './pathEnd';
import { costOf, type SearchContext } from './searchContext';
import { measureAround, retune } from './sensitivity';

/** Change of the outputs, as a share of their energy, at which nets usually begin to decide otherwise. */
const usualDistortion = 0.005;

/** Times that widths are measured around a solution, which moves by what they show. */
const mostRefinements = 3;

/** Paths that are laid before nets are looked at as a whole. */
const mostPaths = 2;

/**
 * The cheapest net within the margin by what few probes tell: the gain of each knob, more widths only
 * around the solution and of the knobs that cost much. The work grows with the number of knobs.
 */
export async function searchByGains(context: SearchContext, widest: JudgedNet): Promise<JudgedNet> {
  const { effort } = context;
  context.onPhase('layers', 0);
  const gains = await GainMeter.of(context);
  await gains.probe();
  await refine(context, gains, (path, curves) => path[lastBelow(path, curves, usualDistortion)]);
  context.onPhase('together', 0);
  let accepted = widest;
  let next: Settings | undefined;
  for (let paths = 0; paths < mostPaths; paths++) {
    const curves = gains.curves();
    const whole = pathOf(context, curves);
    const cost = costOf(context, accepted.settings);
    const path = whole.filter((settings) => costOf(context, settings) < cost);
    const isFirst = paths === 0;
    const bearable = isFirst ? usualDistortion : excessOf(curves, accepted.settings);
    const end = await lastWithin(context, path, {
      mostVerdicts: isFirst ? effort.verdicts.first : effort.verdicts.round,
      guess: lastBelow(path, curves, bearable),
      step: isFirst ? 3 : 1,
      isBounded: !isFirst,
    });
    accepted = end ?? accepted;
    next = path[(end?.index ?? -1) + 1];
    if (end === undefined && !isFirst) break;
    const solution = accepted.settings;
    if (!(await refine(context, gains, () => solution))) break;
  }
  context.onPhase('comparison', 0);
  const path = pathOf(context, gains.curves());
  const cost = costOf(context, accepted.settings);
  const end = path.findLastIndex((settings) => costOf(context, settings) >= cost);
  if (context.judged.filter(({ verdict }) => !verdict.isBound).length < 2 * effort.frontier) {
    await scorePathForFrontier(context, path, Math.max(0, end), effort.frontier);
  }
  const curves = gains.curves();
  if (await addsUp(context, curves, accepted.settings)) return accepted;
  return narrowDown(context, curves, accepted, [next, accepted.settings]);
}

/** Errors that differ from their sum by less than this factor are taken to add up. */
const interaction = 2;

/** Whether a net does what its knobs do one by one. */
async function addsUp(
  context: SearchContext,
  curves: readonly Curve[],
  settings: Settings,
): Promise<boolean> {
  const { distortion } = await context.calibrate(candidateOf(context.knobs, settings));
  const excess = distortion - context.calibratedFloat.distortion;
  return excess <= interaction * excessOf(curves, settings);
}

/** Looks around nets as wholes: what knobs do together, no sum of what they do alone says. */
async function narrowDown(
  context: SearchContext,
  known: readonly Curve[],
  start: JudgedNet,
  first: readonly (Settings | undefined)[],
): Promise<JudgedNet> {
  const { knobs, effort } = context;
  let accepted = start;
  let bases = first.filter((base) => base !== undefined);
  for (let round = 1, vain = 0; round <= effort.rounds && vain < effort.vainRounds; round++) {
    const base = bases.shift();
    if (base === undefined) break;
    context.onPhase('narrowing', round);
    vain++;
    const tuned = await retune(context, base, effort.retuning);
    const around = await measureAround(context, tuned, {
      knobs: dearKnobs(context, tuned, effort.around.share),
      reach: effort.around.reach,
      known,
    });
    const cost = costOf(context, accepted.settings);
    const path = pathOf(context, around).filter((settings) => costOf(context, settings) < cost);
    const present = await context.calibrate(candidateOf(knobs, tuned));
    const within = await context.calibrate(candidateOf(knobs, accepted.settings));
    const found = await lastWithin(context, path, {
      mostVerdicts: effort.verdicts.round,
      guess: lastBelow(path, around, within.distortion - present.distortion),
      step: 1,
      isBounded: true,
    });
    if (found !== undefined) {
      accepted = found;
      if (costOf(context, found.settings) < cost * (1 - worthwhile)) vain = 0;
      bases = [path[found.index + 1], found.settings].filter((one) => one !== undefined);
    }
    context.onRoundEnd(vain);
  }
  return accepted;
}

function pathOf({ knobs, costs }: SearchContext, curves: readonly Curve[]): readonly Settings[] {
  return allocations(knobs, curves, costs, noiseFloor(0));
}

/**
 * Measures the widths around a solution until all of them are known.
 *
 * @returns whether anything was measured
 */
async function refine(
  context: SearchContext,
  gains: GainMeter,
  solutionOf: (path: readonly Settings[], curves: readonly Curve[]) => Settings | undefined,
): Promise<boolean> {
  for (let times = 0; times < mostRefinements; times++) {
    const curves = gains.curves();
    const solution = solutionOf(pathOf(context, curves), curves) ?? [];
    const dear = dearKnobs(context, solution, context.effort.around.share);
    if (!(await gains.refine(solution, dear))) return times > 0;
  }
  return true;
}

/** What a net is expected to add to the distortion, by the curves of its knobs. */
function excessOf(curves: readonly Curve[], settings: Settings): number {
  return curves.reduce((sum, curve, i) => {
    const point = curve.find(({ formats }) => formats === settings[i]);
    return sum + (point?.excess ?? 0);
  }, 0);
}

/** The last net of a path that is expected to add no more than so much. */
function lastBelow(path: readonly Settings[], curves: readonly Curve[], most: number): number {
  return Math.max(
    0,
    path.findLastIndex((settings) => excessOf(curves, settings) <= most),
  );
}

/** The knobs that make up most of what fewer bits could still save. */
function dearKnobs(
  { knobs, costs }: SearchContext,
  settings: Settings,
  share: number,
): ReadonlySet<number> {
  const byLayer = knobsByLayer(knobs);
  const savings = knobs.map(({ layer, choices }, i) => {
    const cost = (formats: Settings[number] | undefined): number => {
      const places = byLayer.get(layer) ?? [];
      const parts = places.map((place) => (place === i ? formats : settings[place]));
      return costs.ofLayer(layer, mergeFormats(parts));
    };
    return { knob: i, saving: cost(settings[i]) - cost(choices.at(-1)?.contenders[0]) };
  });
  const all = savings.reduce((sum, { saving }) => sum + saving, 0);
  let left = all * share;
  const dear = new Set<number>();
  for (const { knob, saving } of savings.sort((a, b) => b.saving - a.saving)) {
    if (left <= 0) break;
    dear.add(knob);
    left -= saving;
  }
  return dear;
}
