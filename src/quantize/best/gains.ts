import type { Curve } from './allocation';
import type { Settings, Knob } from './knobs';
import { fillCurve, type Anchor } from './noiseModel';
import { contendersAt, SensitivityMeter, type KnobContext } from './sensitivity';

/** Where a knob is measured first. */
const firstBits = 4;
/** Contenders of a width that are compared: at few bits the least squared error often is not the best. */
const fewBits = 3;
const contendersOfFewBits = 2;
/** Beyond this share of the outputs' energy an error saturates: wider formats tell the gain. */
const saturated = 0.2;
/** Below it a knob may bear fewer bits, where noise is no longer uniform: those are measured too. */
const harmless = 4e-3;
const mostProbes = 4;
/** Widths below the present one that are measured around a solution, and above. */
const refinedBelow = 2;
const refinedAbove = 1;
/** Candidates of a knob at most. */
export const mostGainCandidates = mostProbes + 1;
export const mostRefinedCandidates = (refinedBelow + 1 + refinedAbove) * 2;

/**
 * Measures what widths of knobs do to the float net. All other knobs are float meanwhile, so that a pass
 * costs no more than one of the float net; widths that were not measured are worked out from those that
 * were, see {@link fillCurve}.
 */
export class GainMeter {
  private constructor(
    private readonly context: KnobContext,
    private readonly meter: SensitivityMeter,
    private readonly anchors: readonly Anchor[][],
  ) {}

  static async of(context: KnobContext): Promise<GainMeter> {
    const float: Settings = context.knobs.map(() => ({}));
    const meter = await SensitivityMeter.in(context, float);
    return new GainMeter(
      context,
      meter,
      context.knobs.map(() => []),
    );
  }

  /** What each width of each knob is known or expected to do. */
  curves(): readonly Curve[] {
    return this.context.knobs.map(({ choices }, i) => {
      const anchors = this.anchors[i] ?? [];
      const [widest] = choices;
      if (widest === undefined) return [];
      if (choices.length > 1 && anchors.length > 0) return fillCurve(choices, anchors);
      // Nothing to choose, or every format tried makes the outputs no numbers.
      return [{ bits: widest.bits, formats: widest.contenders[0] ?? {}, excess: 0 }];
    });
  }

  /** The gain of every knob, by two or three probes each. */
  async probe(): Promise<void> {
    const { context } = this;
    for (const [i, knob] of context.knobs.entries()) {
      await this.probeKnob(i, knob);
      context.onKnobDone();
    }
  }

  /**
   * Measures the widths around those that knobs have: what noise does there is as much luck as its
   * power, since weights are rounded the same way for all images.
   *
   * @returns whether anything was not known
   */
  async refine(settings: Settings, which: ReadonlySet<number>): Promise<boolean> {
    let isNew = false;
    for (const [i, { choices }] of this.context.knobs.entries()) {
      const present = which.has(i) ? (settings[i] ?? {}) : undefined;
      if (present === undefined) {
        this.context.onKnobDone();
        continue;
      }
      const place = choices.findIndex(({ contenders }) => contenders.includes(present));
      for (let at = place - refinedAbove; at <= place + refinedBelow; at++) {
        const choice = choices[at];
        if (choice === undefined || this.anchorOf(i, at)?.isWhole === true) continue;
        isNew = true;
        const best = await this.measure(i, at, contendersAt(choice.bits));
        if (best > saturated) break;
      }
      this.context.onKnobDone();
    }
    return isNew;
  }

  private async probeKnob(index: number, { choices }: Knob): Promise<void> {
    if (choices.length <= 1) return;
    let place = nearest(choices, firstBits);
    for (let probes = 0; probes < mostProbes; probes++) {
      const choice = choices[place];
      if (choice === undefined || this.anchorOf(index, place) !== undefined) return;
      const most = choice.bits <= fewBits ? contendersOfFewBits : 1;
      const excess = await this.measure(index, place, most);
      if (excess > saturated) place = wider(choices, choice.bits + 2);
      else if (excess < harmless) {
        place = nearest(choices, choice.bits - (choice.bits > 2 ? 2 : 1));
      }
    }
  }

  /** The excess of a width at its best; infinite where it makes the outputs no numbers. */
  private async measure(index: number, place: number, most: number): Promise<number> {
    const choice = this.context.knobs[index]?.choices[place];
    const best = choice === undefined ? undefined : await this.meter.best(index, choice, most);
    if (choice === undefined || best === undefined) return Number.POSITIVE_INFINITY;
    const anchors = this.anchors[index] ?? [];
    const known = anchors.findIndex((anchor) => anchor.place === place);
    const isWhole = most >= Math.min(choice.contenders.length, contendersAt(choice.bits));
    anchors.splice(known < 0 ? anchors.length : known, known < 0 ? 0 : 1, {
      place,
      measured: best.sensitivity,
      isWhole,
    });
    return best.sensitivity.excess;
  }

  private anchorOf(index: number, place: number): Anchor | undefined {
    return this.anchors[index]?.find((anchor) => anchor.place === place);
  }
}

/** The narrowest choice of at least so many bits, or else the widest. */
function wider(choices: Knob['choices'], bits: number): number {
  return Math.max(
    0,
    choices.findLastIndex((choice) => choice.bits >= bits),
  );
}

/** The choice of that many bits, or the next one below, or else the narrowest. */
function nearest(choices: Knob['choices'], bits: number): number {
  const place = choices.findIndex((choice) => choice.bits <= bits);
  return place < 0 ? choices.length - 1 : place;
}
