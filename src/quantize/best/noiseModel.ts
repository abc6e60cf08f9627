import type { Sensitivity } from './allocation';
import type { Choice } from './knobs';

/** What was measured of one width. */
export interface Anchor {
  /** Place among the knob's choices. */
  readonly place: number;
  readonly measured: Sensitivity;
  /** Whether all formats that are worth it were compared. */
  readonly isWhole: boolean;
}

/** A change of the distortion is at least this: logarithms need a number above 0. */
const least = 1e-12;

/**
 * What every width of a knob does to a net, worked out from the few that were measured.
 *
 * The error of a net's outputs is nearly the sum over its quantizers of (power of the noise that the
 * quantizer adds) times (gain of that place of the net): Shoham and Gersho, "Efficient bit allocation for
 * an arbitrary set of quantizers", 1988, for sources; Zhou, Moosavi-Dezfooli, Cheung and Frossard,
 * "Adaptive quantization for deep neural network", 2018, for layers of nets, with the gain measured by a
 * probe; HAWQ-V2 (Dong et al., 2020) and V3 (Yao et al., 2021) take the trace of the Hessian for it. The
 * power of the noise is known of every format from the numbers themselves, so that one probe gives the
 * gain. Where noise is large the error saturates: between two probes it goes as a power of the noise, a
 * line between their logarithms; beyond them in proportion to the noise.
 *
 * Errors of layers do not quite add up (Deng et al., "Mixed-precision quantization with cross-layer
 * dependencies" (CLADO), 2023): the search measures again around its solution.
 *
 * @param choices of the knob, from the most bits to the fewest
 * @param anchors at least one
 */
export function fillCurve(
  choices: readonly Choice[],
  anchors: readonly Anchor[],
): readonly Sensitivity[] {
  const points = anchors
    .map(({ place, measured }) => ({
      noise: Math.log(Math.max(least, noiseOf(choices[place], measured))),
      excess: Math.log(Math.max(least, measured.excess)),
    }))
    .sort((a, b) => a.noise - b.noise);
  return choices.map((choice, place) => {
    const known = anchors.find((anchor) => anchor.place === place);
    if (known !== undefined) return known.measured;
    const [noise = 0] = choice.noises;
    const excess = noise === 0 ? 0 : Math.exp(excessAt(points, Math.log(Math.max(least, noise))));
    return { bits: choice.bits, formats: choice.contenders[0] ?? {}, excess };
  });
}

function noiseOf(choice: Choice | undefined, { formats }: Sensitivity): number {
  const at = choice?.contenders.indexOf(formats) ?? -1;
  return choice?.noises[at] ?? 0;
}

/** All in logarithms. */
interface Point {
  readonly noise: number;
  readonly excess: number;
}

function excessAt(points: readonly Point[], noise: number): number {
  const above = points.find((point) => point.noise >= noise);
  const below = points.findLast((point) => point.noise < noise);
  if (above === undefined || below === undefined) {
    const nearest = above ?? below;
    return nearest === undefined ? 0 : nearest.excess + noise - nearest.noise;
  }
  const share = (noise - below.noise) / (above.noise - below.noise);
  return below.excess + share * (above.excess - below.excess);
}
