import { describe, expect, it } from 'vitest';
import { closeGap, type JudgedNet } from '../../../../src/quantize/best/closeGap';
import type { Verdict } from '../../../../src/quantize/best/context';
import { candidateOf, knobsOf, type Settings } from '../../../../src/quantize/best/knobs';
import { CostModel } from '../../../../src/quantize/costs';
import { bitsOf } from '../../../../src/formats/formats';
import { searchLayer } from './sampleLayers';

const mostGapVerdicts = 14;
const layers = ['a', 'b', 'c', 'd'].map((name, i) =>
  searchLayer(name, { weights: 1000 * (i + 1) }),
);
const widths = [16, 14, 12, 10, 8, 6, 4];
const knobs = knobsOf(layers, { mode: 'dynamic_fixed_point', widths });
const costs = new CostModel(layers, { weightBytes: 1, activationBits: 0.25, bitOperations: 0 });
const cost = (settings: Settings): number => costs.weigh(costs.of(candidateOf(knobs, settings)));
const at = (place: number): Settings =>
  knobs.map(({ choices }) => choices[place]?.contenders[0] ?? {});

/** Knobs that do harm together only: noise adds up, and one limit holds for all. */
async function close(isWithin: (bits: readonly number[]) => boolean): Promise<{
  best: JudgedNet;
  judged: readonly JudgedNet[];
  verdicts: number;
}> {
  const judged: JudgedNet[] = [];
  const judge = (settings: Settings): Promise<Verdict> => {
    const bits = [...candidateOf(knobs, settings).values()].flatMap((formats) =>
      [formats.weights, formats.input, formats.output].map(bitsOf),
    );
    const verdict = { score: 1, loss: null, seconds: 0, isBound: false, within: isWithin(bits) };
    judged.push({ settings, verdict });
    return Promise.resolve(verdict);
  };
  const widest = { settings: at(0), verdict: await judge(at(0)) };
  await judge(at(widths.length - 1));
  const before = judged.length;
  const best = await closeGap({ knobs, costs, judged, judge }, widest, mostGapVerdicts);
  return { best, judged, verdicts: judged.length - before };
}

const noise = (bits: readonly number[]): number => bits.reduce((sum, b) => sum + 4 ** -b, 0);

describe('the gap between the last net inside and the first one outside', () => {
  it('is searched until little of it is left', async () => {
    const limit = noise(Array.from({ length: 12 }, () => 10));
    const { best, judged, verdicts } = await close((bits) => noise(bits) <= limit);
    expect(best.verdict.within).toBe(true);
    // Ten bits everywhere lie just inside.
    expect(cost(best.settings)).toBeLessThanOrEqual(cost(at(3)) * 1.02);
    const outside = judged
      .filter(({ verdict, settings }) => !verdict.within && cost(settings) < cost(best.settings))
      .map(({ settings }) => cost(settings));
    expect(Math.max(...outside)).toBeGreaterThan(cost(best.settings) * 0.9);
    expect(verdicts).toBeLessThanOrEqual(mostGapVerdicts);
  });

  it('leaves a single part that cannot go down, and lowers the others', async () => {
    // The first weights of all must stay as they are.
    const { best } = await close(([first = 0]) => first === 16);
    const [a, b] = [...candidateOf(knobs, best.settings).values()];
    expect(a?.weights).toMatchObject({ bits: 16 });
    expect(b?.weights).toMatchObject({ bits: 4 });
  });

  it('is left alone where nothing was found outside', async () => {
    const { best, verdicts } = await close(() => true);
    expect(best.settings).toEqual(at(0));
    expect(verdicts).toBe(0);
  });

  it('is empty where only the widest net is inside', async () => {
    const { best, verdicts } = await close((bits) => bits.every((b) => b === 16));
    expect(best.settings).toEqual(at(0));
    expect(verdicts).toBeLessThanOrEqual(mostGapVerdicts);
  });
});
