import type { CostModel } from '../costs';
import type { PartFormats } from './contenders';
import { knobsByLayer, mergeFormats, type Knob, type SearchLayer, type Settings } from './knobs';

/** A setting of one knob, and what it does to the net while all others stay. */
export interface Sensitivity {
  readonly bits: number;
  readonly formats: PartFormats;
  /** Change of the distortion against that of the net it was measured in. */
  readonly excess: number;
}

/** The settings that one knob may take, in any order; it takes one of them. */
export type Curve = readonly Sensitivity[];

/** Below this a difference of distortions is noise, of whatever unit the distortion is. */
export function noiseFloor(baseDistortion: number): number {
  return Math.max(Math.abs(baseDistortion) * 1e-3, 1e-7);
}

/** Steps that a budget of distortion is divided into. */
const budgetSteps = 400;
/** One budget after the other is larger by this factor. */
const budgetGrowth = 1.2;

/**
 * Nets from the most costly to the cheapest: for growing budgets of distortion the cheapest net that
 * keeps each, distortions taken as if they added up. Each is the optimum of a multiple-choice knapsack,
 * found by dynamic programming over the layers (bit allocation as in Shoham and Gersho, "Efficient bit
 * allocation for an arbitrary set of quantizers", 1988; unlike their Lagrangian solution this one also
 * finds nets off the convex hull, such as a single large layer at one bit less and all others wider).
 *
 * @returns settings, no two alike, costs strictly falling
 */
export function allocations(
  knobs: readonly Knob[],
  curves: readonly Curve[],
  costs: CostModel,
  floor: number,
): readonly Settings[] {
  const layers = [...knobsByLayer(knobs)].map(([layer, places]) =>
    layerOptions(layer, places, curves, costs),
  );
  const widest = layers.reduce((sum, options) => sum + (options.at(-1)?.excess ?? 0), 0);
  const narrowest = layers.reduce((sum, options) => sum + (options[0]?.excess ?? 0), 0);
  const nets: { readonly settings: Settings; readonly cost: number }[] = [];
  for (let budget = widest + floor; ; budget *= budgetGrowth) {
    const net = cheapest(layers, budget, knobs.length);
    // Sums of the same costs in another order are no saving.
    const last = (nets.at(-1)?.cost ?? Number.POSITIVE_INFINITY) * (1 - 1e-12);
    if (net !== undefined && net.cost < last) {
      nets.push(net);
    }
    if (budget > narrowest + layers.length * (budget / budgetSteps)) {
      return nets.map(({ settings }) => settings);
    }
  }
}

/** One way to set all knobs of a layer. */
interface LayerOption {
  readonly cost: number;
  /** At least 0: above the least that the layer's knobs can do. */
  readonly excess: number;
  readonly settings: readonly { readonly place: number; readonly formats: PartFormats }[];
}

/** All ways to set a layer's knobs that no other one beats, from the cheapest to the most exact. */
function layerOptions(
  layer: SearchLayer,
  places: readonly number[],
  curves: readonly Curve[],
  costs: CostModel,
): readonly LayerOption[] {
  let options: readonly Omit<LayerOption, 'cost'>[] = [{ excess: 0, settings: [] }];
  for (const place of places) {
    const curve = curves[place] ?? [];
    const least = curve.reduce(
      (min, { excess }) => Math.min(min, excess),
      Number.POSITIVE_INFINITY,
    );
    options = options.flatMap(({ excess, settings }) =>
      curve.map((point) => ({
        excess: excess + point.excess - least,
        settings: [...settings, { place, formats: point.formats }],
      })),
    );
  }
  const priced = options
    .map((option) => ({
      ...option,
      cost: costs.ofLayer(layer, mergeFormats(option.settings.map(({ formats }) => formats))),
    }))
    .sort((a, b) => a.cost - b.cost || a.excess - b.excess);
  let least = Number.POSITIVE_INFINITY;
  return priced.filter(({ excess }) => {
    if (excess >= least) return false;
    least = excess;
    return true;
  });
}

/** The cheapest choice of one option a layer whose excesses sum up to at most a budget. */
function cheapest(
  layers: readonly (readonly LayerOption[])[],
  budget: number,
  knobs: number,
): { readonly settings: Settings; readonly cost: number } | undefined {
  const width = budgetSteps + 1;
  let best = new Float64Array(width);
  const chosen = layers.map((options) => {
    const next = new Float64Array(width).fill(Number.POSITIVE_INFINITY);
    const choice = new Int32Array(width).fill(-1);
    options.forEach(({ excess, cost }, index) => {
      const weight = Math.ceil((excess / budget) * budgetSteps - 1e-9);
      for (let at = weight; at < width; at++) {
        const total = (best[at - weight] ?? Number.POSITIVE_INFINITY) + cost;
        if (total < (next[at] ?? 0)) {
          next[at] = total;
          choice[at] = index;
        }
      }
    });
    best = next;
    return choice;
  });
  const cost = best[budgetSteps] ?? Number.POSITIVE_INFINITY;
  if (!Number.isFinite(cost)) return undefined;
  const settings: PartFormats[] = Array.from({ length: knobs }, () => ({}));
  let at = budgetSteps;
  for (let l = layers.length - 1; l >= 0; l--) {
    const option = layers[l]?.[chosen[l]?.[at] ?? -1];
    if (option === undefined) throw new Error('an allocation was lost on the way back');
    for (const { place, formats } of option.settings) settings[place] = formats;
    at -= Math.ceil((option.excess / budget) * budgetSteps - 1e-9);
  }
  return { settings, cost };
}
