import { worseBy } from '../margin';
import { noiseFloor, type Curve, type Sensitivity } from './allocation';
import type { BestContext, Calibrated } from './context';
import type { PartFormats } from './contenders';
import { candidateOf, withSetting, type Choice, type Knob, type Settings } from './knobs';

/** A search that wants to know how far it is. */
export interface KnobContext extends BestContext {
  /** Called as all that is wanted of a knob is known: of one after the other. */
  onKnobDone(): void;
}

/** The widest choice of every knob with the least squared error: as near to the float net as it gets. */
export function widestSettings(knobs: readonly Knob[]): Settings {
  return knobs.map(({ choices }) => choices[0]?.contenders[0] ?? {});
}

/** Widths above this are tried only where this one does harm. */
const usualBits = 8;

/** How many contenders are worth a pass: at few bits the least squared error often is not the best. */
export function contendersAt(bits: number): number {
  return bits <= 3 ? 4 : bits <= 5 ? 2 : 1;
}

/** A bit-width that a knob may take, and how many formats it has there. */
export interface ChoiceSize {
  readonly bits: number;
  readonly contenders: number;
}

/**
 * Candidates that {@link measureSensitivities} scores for a knob where no width does harm; more only where
 * the usual widths do.
 *
 * @param choices from the most bits to the fewest
 */
export function sensitivityCandidates(choices: readonly ChoiceSize[]): number {
  return choices
    .slice(1)
    .filter(({ bits }) => bits <= usualBits)
    .reduce((sum, { bits, contenders }) => sum + Math.min(contenders, contendersAt(bits)), 0);
}

/**
 * Turns one knob at a time down, all others at their widest, and notes what that does to the net: the
 * sensitivity analysis of AIMET and NNCF, here with the loss on calibration data (or the error of the
 * outputs) as its measure, so that the choice among formats of one width is loss-aware too.
 *
 * A knob goes no further down once the score is far outside of the margin.
 */
export async function measureSensitivities(
  context: KnobContext,
  start: Settings,
): Promise<readonly Curve[]> {
  const { knobs } = context;
  const meter = await SensitivityMeter.in(context, start);
  const floor = noiseFloor(context.calibratedFloat.distortion);
  const extend = async (
    curve: Sensitivity[],
    knob: number,
    by: readonly Choice[],
  ): Promise<void> => {
    for (const choice of by) {
      const best = await meter.best(knob, choice);
      if (best === undefined || isHopeless(context, best.calibrated)) return;
      curve.push(best.sensitivity);
    }
  };
  const curves: Curve[] = [];
  for (const [i, { choices }] of knobs.entries()) {
    const [first, ...narrower] = choices;
    const curve: Sensitivity[] = [{ bits: first?.bits ?? 32, formats: start[i] ?? {}, excess: 0 }];
    curves.push(curve);
    const wide = narrower.filter(({ bits }) => bits > usualBits);
    const usual = narrower.slice(wide.length);
    const [entry] = usual;
    const reached = entry === undefined ? undefined : await meter.best(i, entry);
    // Where 8 bits do no harm nobody wants more.
    if (reached === undefined || reached.sensitivity.excess > floor) {
      await extend(curve, i, wide);
    }
    await extend(curve, i, usual);
    context.onKnobDone();
  }
  return curves;
}

/** How a net's surroundings are looked at once most is settled. */
export interface Surroundings {
  /** Knobs that are measured. */
  readonly knobs: ReadonlySet<number>;
  /** How far from its present width a knob is measured. */
  readonly reach: number;
  /** What is known of the others, and of widths further away: of any net, for their shape. */
  readonly known?: readonly Curve[];
}

/** Contenders of a neighbouring width: the formats chosen are chosen anew before they count. */
const neighbourContenders = 2;

/** Candidates that {@link measureAround} scores for a knob at most. */
export function neighbourCandidates(choices: readonly ChoiceSize[], reach: number): number {
  return Math.min(2 * reach, Math.max(0, choices.length - 1)) * neighbourContenders;
}

/** The same around a net in which all knobs are settled: some widths up and down. */
export async function measureAround(
  context: KnobContext,
  settings: Settings,
  around: Surroundings,
): Promise<readonly Curve[]> {
  const { knobs } = context;
  const meter = await SensitivityMeter.in(context, settings);
  const curves: Curve[] = [];
  for (const [i, knob] of knobs.entries()) {
    const present = settings[i] ?? {};
    const place = placeOf(knob, present);
    const curve: Sensitivity[] = [
      { bits: knob.choices[place]?.bits ?? 32, formats: present, excess: 0 },
    ];
    for (const direction of around.knobs.has(i) ? [-1, 1] : []) {
      for (let step = 1; step <= around.reach; step++) {
        const choice = knob.choices[place + direction * step];
        const best =
          choice === undefined ? undefined : await meter.best(i, choice, neighbourContenders);
        if (best === undefined || isHopeless(context, best.calibrated)) break;
        curve.push(best.sensitivity);
      }
    }
    curves.push(around.known === undefined ? curve : extended(curve, around.known[i] ?? []));
    context.onKnobDone();
  }
  return curves;
}

/**
 * Adds to what was measured around a net the widths that were not, from another net's curve moved so
 * that the two meet at the present width.
 */
function extended(measured: Curve, known: Curve): Curve {
  const [present] = measured;
  if (present === undefined) return known;
  const base = known.find(({ bits }) => bits === present.bits)?.excess ?? 0;
  const widths = new Set(measured.map(({ bits }) => bits));
  const others = known.filter(({ bits }) => !widths.has(bits));
  return [...measured, ...others.map((one) => ({ ...one, excess: one.excess - base }))];
}

/** Which formats are chosen anew. */
export interface Retuning {
  /** Contenders of a knob that are looked at. */
  readonly contenders: number;
  /** Knobs of more bits keep their formats: the least squared error is right there. */
  readonly mostBits: number;
}

/** Everything. */
export const retuneAll: Retuning = { contenders: 6, mostBits: 32 };

/** Candidates that {@link retune} scores for a knob of usual width. */
export function retuneCandidates(
  choices: readonly ChoiceSize[],
  { contenders: most, mostBits }: Retuning,
): number {
  const all = choices.reduce(
    (sum, { bits, contenders }) =>
      sum + (bits > mostBits ? 0 : Math.max(0, Math.min(contenders, most) - 1)),
    0,
  );
  return choices.length === 0 ? 0 : all / choices.length;
}

/**
 * Chooses the format of every knob anew at its width, in the company of all others as they have become:
 * coordinate descent on fractional lengths and exponents.
 */
export async function retune(
  context: KnobContext,
  start: Settings,
  which: Retuning = retuneAll,
): Promise<Settings> {
  const { knobs } = context;
  let settings = start;
  let { distortion } = await context.calibrate(candidateOf(knobs, settings));
  for (const [i, knob] of knobs.entries()) {
    const present = settings[i] ?? {};
    const { bits = 32, contenders = [] } = knob.choices[placeOf(knob, present)] ?? {};
    const tried = bits > which.mostBits ? [] : contenders.slice(0, which.contenders);
    if (tried.some((formats) => formats !== present)) {
      await context.prepare(candidateOf(knobs, settings), knob.layer.name);
    }
    for (const formats of tried) {
      if (formats === present) continue;
      const other = withSetting(settings, i, formats);
      const made = await context.calibrate(candidateOf(knobs, other));
      if (!(made.distortion < distortion)) continue;
      distortion = made.distortion;
      settings = other;
    }
    context.onKnobDone();
  }
  return settings;
}

/** Measures what single changes do to a net. */
export class SensitivityMeter {
  private preparedFor: string | undefined;

  private constructor(
    private readonly context: BestContext,
    private readonly settings: Settings,
    private readonly base: number,
  ) {}

  static async in(context: BestContext, settings: Settings): Promise<SensitivityMeter> {
    const { distortion } = await context.calibrate(candidateOf(context.knobs, settings));
    return new SensitivityMeter(context, settings, distortion);
  }

  /** The best format of a width; undefined where every one makes the net's outputs no numbers. */
  async best(
    knob: number,
    { bits, contenders }: Choice,
    most = contendersAt(bits),
  ): Promise<{ sensitivity: Sensitivity; calibrated: Calibrated } | undefined> {
    const { context, settings, base } = this;
    const { knobs } = context;
    const layer = knobs[knob]?.layer.name ?? '';
    if (this.preparedFor !== layer) await context.prepare(candidateOf(knobs, settings), layer);
    this.preparedFor = layer;
    let best: { sensitivity: Sensitivity; calibrated: Calibrated } | undefined;
    for (const formats of contenders.slice(0, most)) {
      const candidate = candidateOf(knobs, withSetting(settings, knob, formats));
      const calibrated = await context.calibrate(candidate);
      const excess = calibrated.distortion - base;
      // A distortion that is not a number is never the best.
      if (excess < (best?.sensitivity.excess ?? Number.POSITIVE_INFINITY)) {
        best = { sensitivity: { bits, formats, excess }, calibrated };
      }
    }
    return best;
  }
}

function placeOf(knob: Knob, formats: PartFormats): number {
  return knob.choices.findIndex(({ contenders }) => contenders.includes(formats));
}

/** Whether a score is so far outside of the margin that no other change can make up for it. */
function isHopeless({ margin, calibratedFloat }: BestContext, { score }: Calibrated): boolean {
  const worse = worseBy(score, { ...margin, baseline: calibratedFloat.score });
  return !(worse <= (4 * margin.errorMargin) / 100 + 0.01);
}
