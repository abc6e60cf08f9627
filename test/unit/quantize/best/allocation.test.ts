import { describe, expect, it } from 'vitest';
import type { NumberFormat } from '../../../../src/formats/formats';
import { CostModel } from '../../../../src/quantize/costs';
import { allocations, type Curve } from '../../../../src/quantize/best/allocation';
import { candidateOf, type Knob, type Settings } from '../../../../src/quantize/best/knobs';
import { searchLayer } from './sampleLayers';

const fixed = (bits: number): NumberFormat => ({ kind: 'fixedPoint', bits, fractionalLength: 0 });
const objective = { weightBytes: 1, activationBits: 0.2, bitOperations: 0 };

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Three layers with a knob for the weights and one for the input each, and curves made up. */
function problem(seed: number): { knobs: Knob[]; curves: Curve[]; costs: CostModel } {
  const next = random(seed);
  const layers = ['a', 'b', 'c'].map((name) =>
    searchLayer(name, { weights: Math.ceil(10_000 * next() ** 3) + 8 }),
  );
  const knobs: Knob[] = [];
  const curves: Curve[] = [];
  for (const layer of layers) {
    for (const part of ['weights', 'input'] as const) {
      let excess = -0.1 * next();
      const curve = [8, 6, 4, 2].map((bits) => {
        excess += next() ** 4;
        return { bits, formats: { [part]: fixed(bits) }, excess };
      });
      knobs.push({
        layer,
        part,
        choices: curve.map(({ bits, formats }) => ({
          bits,
          contenders: [formats],
          noises: [4 ** -bits],
        })),
      });
      curves.push(curve);
    }
  }
  return { knobs, curves, costs: new CostModel(layers, objective) };
}

const costIn = (costs: CostModel, knobs: readonly Knob[], settings: Settings): number =>
  costs.weigh(costs.of(candidateOf(knobs, settings)));

/** Excess of settings over the least there is. */
function excessOf(curves: readonly Curve[], settings: Settings): number {
  return curves.reduce((sum, curve, i) => {
    const least = Math.min(...curve.map(({ excess }) => excess));
    const point = curve.find(({ formats }) => formats === settings[i]);
    if (point === undefined) throw new Error('a setting that is not on the curve');
    return sum + point.excess - least;
  }, 0);
}

/** Every way to set all knobs. */
function everySetting(curves: readonly Curve[]): Settings[] {
  return curves.reduce<Settings[]>(
    (all, curve) => all.flatMap((s) => curve.map(({ formats }) => [...s, formats])),
    [[]],
  );
}

describe('bit allocation', () => {
  it.each([1, 2, 3, 4, 5, 6])('problem %i: nets get cheaper and worse, none twice', (seed) => {
    const { knobs, curves, costs } = problem(seed);
    const nets = allocations(knobs, curves, costs, 1e-4);
    const prices = nets.map((settings) => costIn(costs, knobs, settings));
    expect(prices).toEqual([...new Set(prices)].sort((a, b) => b - a));
    // The last net has the fewest bits everywhere.
    expect(nets.at(-1)).toEqual(curves.map((curve) => curve.at(-1)?.formats));
    expect(nets.length).toBeGreaterThan(8);
  });

  it.each([1, 2, 3, 4, 5, 6])('problem %i: no other net is cheaper and better', (seed) => {
    const { knobs, curves, costs } = problem(seed);
    const every = everySetting(curves).map((settings) => ({
      cost: costIn(costs, knobs, settings),
      excess: excessOf(curves, settings),
    }));
    for (const settings of allocations(knobs, curves, costs, 1e-4)) {
      const [cost, excess] = [costIn(costs, knobs, settings), excessOf(curves, settings)];
      // Budgets come in 400 steps, rounded up for each of three layers.
      const better = every.filter((net) => net.excess < excess * (1 - 4 / 400) - 1e-9);
      expect(Math.min(...better.map((net) => net.cost))).toBeGreaterThan(cost - 1e-12);
    }
  });

  it('finds nets that are off the convex hull', () => {
    // One large step is cheaper than many small ones although its rate is the worst of all.
    const large = searchLayer('large', { weights: 1000 });
    const small = searchLayer('small', { weights: 100 });
    const curve = (excesses: readonly number[]): Curve =>
      excesses.map((excess, i) => ({ bits: 8 - i, formats: { weights: fixed(8 - i) }, excess }));
    const curves = [curve([0, 1]), curve([0, 0.05, 0.1, 0.3])];
    const knobs = [large, small].map((layer, i): Knob => ({
      layer,
      part: 'weights',
      choices: (curves[i] ?? []).map(({ bits, formats }) => ({
        bits,
        contenders: [formats],
        noises: [4 ** -bits],
      })),
    }));
    const costs = new CostModel([large, small], { ...objective, activationBits: 0 });
    const nets = allocations(knobs, curves, costs, 1e-3);
    const bits = nets.map((settings) =>
      settings.map(({ weights }) => (weights?.kind === 'fixedPoint' ? weights.bits : 0)).join(),
    );
    expect(bits).toContain('7,8');
    expect(bits.at(-1)).toBe('7,5');
  });
});
