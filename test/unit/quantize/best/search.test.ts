import { beforeAll, describe, expect, it } from 'vitest';
import { candidateKey, type Candidate } from '../../../../src/formats/layerFormats';
import { CostModel } from '../../../../src/quantize/costs';
import { isWithinMargin, type Margin } from '../../../../src/quantize/margin';
import type { BestContext } from '../../../../src/quantize/best/context';
import { planEffort, type AvailableImages } from '../../../../src/quantize/best/effort';
import { sizeOf } from '../../../../src/quantize/best/forecast';
import { knobsOf, type KnobOptions } from '../../../../src/quantize/best/knobs';
import { searchBest, type BestResult } from '../../../../src/quantize/best/search';
import type { ExpectedWork } from '../../../../src/quantize/expectedWork';
import type { BestPhase } from '../../../../src/quantize/phases';
import { bitsOf } from '../../../../src/formats/formats';
import { searchLayer } from './sampleLayers';

const margin: Margin = { baseline: 0.9, errorMargin: 1, direction: 'higher' };
const layers = [
  searchLayer('small', { weights: 100 }),
  searchLayer('large', { weights: 10_000 }),
  searchLayer('last', { weights: 500, type: 'InnerProduct' }),
];
/** How much a layer's bits matter to the score. */
const care: Readonly<Record<string, number>> = { small: 3, large: 1, last: 0.3 };

/** What a made-up net loses: every tensor by its bits, weights more than activations. */
function lossOf(candidate: Candidate): number {
  let loss = 0;
  for (const [name, { weights, input, output }] of candidate) {
    for (const format of [weights, weights, input, output]) {
      loss += (care[name] ?? 1) * 0.05 * 4 ** -bitsOf(format);
    }
  }
  return loss;
}

interface Run {
  readonly result: BestResult;
  readonly verdicts: readonly { readonly key: string; readonly within: boolean }[];
  readonly phases: readonly BestPhase[];
  readonly expected: readonly ExpectedWork[];
}

const operations = 1e9;

/** Efforts by the images that nets are scored on. */
const efforts = {
  'with everything measured': { scored: 10_000, ranked: 1000, operations },
  'by gains': { scored: 100, ranked: 100, operations },
} as const;
let images: AvailableImages = efforts['with everything measured'];

async function run(
  options: Partial<KnobOptions> = {},
  more: { readonly lossOf?: (candidate: Candidate) => number; readonly margin?: Margin } = {},
): Promise<Run> {
  const knobs = knobsOf(layers, {
    mode: 'dynamic_fixed_point',
    widths: [16, 8, 6, 5, 4, 3, 2, 1],
    ...options,
  });
  const known = new Set<string>();
  const verdicts: { key: string; within: boolean }[] = [];
  const phases: BestPhase[] = [];
  const expected: ExpectedWork[] = [];
  const used = margin;
  const loss = more.lossOf ?? lossOf;
  const context: BestContext = {
    knobs,
    costs: new CostModel(layers, { weightBytes: 1, activationBits: 0.25, bitOperations: 0 }),
    margin: more.margin ?? used,
    effort: planEffort(
      knobs.map(({ choices }) => choices.map(sizeOf)),
      images,
    ),
    calibratedFloat: { distortion: 0.1, score: 0.95 },
    calibrate: (candidate) => {
      known.add(candidateKey(candidate));
      // Calibration data are a little kinder.
      const lost = loss(candidate);
      return Promise.resolve({ distortion: 0.1 + 0.9 * lost, score: 0.95 - 0.8 * lost });
    },
    prepare: () => Promise.resolve(),
    verdict: (candidate) => {
      const score = 0.9 - loss(candidate);
      const within = isWithinMargin(score, more.margin ?? used);
      verdicts.push({ key: candidateKey(candidate), within });
      return Promise.resolve({ score, loss: null, seconds: 0, within, isBound: false });
    },
    onPhase: (phase) => phases.push(phase),
    onExpected: (_, left) => expected.push(left),
  };
  const result = await searchBest(context);
  return { result, verdicts, phases, expected };
}

const bits = (candidate: Candidate, layer: string): readonly number[] => {
  const formats = candidate.get(layer);
  if (formats === undefined) return [];
  return [formats.weights, formats.input, formats.output].map(bitsOf);
};

describe.each(['with everything measured', 'by gains'] as const)('the best search %s', (effort) => {
  beforeAll(() => {
    images = efforts[effort];
  });

  it('delivers a net that was scored whole and lies within the margin', async () => {
    const { result, verdicts } = await run();
    expect(result.isWithin).toBe(true);
    expect(result.final.score).toBeGreaterThanOrEqual(0.89);
    const key = candidateKey(result.candidate);
    expect(verdicts).toContainEqual({ key, within: true });
  });

  it('spends the margin: no bit that weighs anything can be taken any more', async () => {
    const { result } = await run();
    const costs = new CostModel(layers, { weightBytes: 1, activationBits: 0.25, bitOperations: 0 });
    const cost = costs.weigh(costs.of(result.candidate));
    const worst = [...result.candidate].filter(([name, formats]) => {
      const { weights } = formats;
      if (weights.kind !== 'fixedPoint' || weights.bits === 1) return false;
      const fewer = { ...weights, bits: weights.bits - 1 };
      const other = new Map(result.candidate).set(name, { ...formats, weights: fewer });
      // A layer of 1 % of the weights is not worth a pass over all images.
      return 0.9 - lossOf(other) >= 0.89 && costs.weigh(costs.of(other)) < cost * 0.985;
    });
    expect(worst.map(([name]) => name)).toEqual([]);
  });

  it('takes bits where that saves most: from the large layer, not from the one that cares', async () => {
    const { candidate } = (await run()).result;
    const [large = 0] = bits(candidate, 'large');
    const [small = 0] = bits(candidate, 'small');
    expect(large).toBeLessThan(small);
  });

  it('finds nearly the cheapest net there is', async () => {
    const { candidate } = (await run()).result;
    const costs = new CostModel(layers, { weightBytes: 1, activationBits: 0.25, bitOperations: 0 });
    const widths = [16, 8, 6, 5, 4, 3, 2, 1];
    // Losses and costs add up, so that every budget of a layer can be searched by itself.
    const options = layers.map((layer) =>
      widths.flatMap((w) =>
        widths.flatMap((i) =>
          widths.map((o) => {
            const format = (n: number) =>
              ({ kind: 'fixedPoint', bits: n, fractionalLength: 0 }) as const;
            const formats = {
              weights: format(w),
              bias: format(w),
              input: format(i),
              output: format(o),
            };
            return {
              cost: costs.ofLayer(layer, formats),
              loss: lossOf(new Map([[layer.name, formats]])),
            };
          }),
        ),
      ),
    );
    let best = Number.POSITIVE_INFINITY;
    for (const a of options[0] ?? []) {
      if (a.loss > 0.01) continue;
      for (const b of options[1] ?? []) {
        if (a.loss + b.loss > 0.01 || a.cost + b.cost > best) continue;
        for (const c of options[2] ?? []) {
          if (a.loss + b.loss + c.loss <= 0.01) best = Math.min(best, a.cost + b.cost + c.cost);
        }
      }
    }
    expect(costs.weigh(costs.of(candidate))).toBeLessThan(best * 1.03);
  });

  it('expects less and less, and nothing after the end', async () => {
    const { phases, expected, verdicts } = await run();
    const order = ['widest', 'layers', 'together', 'comparison', 'narrowing', 'between'];
    const places = phases.map((phase) => order.indexOf(phase));
    expect(places).toEqual([...places].sort((x, y) => x - y));
    expect(expected.length).toBeGreaterThan(verdicts.length);
    for (const { score, sample } of expected) {
      expect(score).toBeGreaterThanOrEqual(0);
      expect(sample).toBeGreaterThanOrEqual(0);
    }
    const first = expected[0]?.sample ?? 0;
    expect(first).toBeGreaterThan(effort === 'by gains' ? 9 * 2 : 9 * 5);
    expect(expected.at(-1)?.sample).toBe(0);
    expect(expected.at(-1)?.score).toBeLessThan(5);
  });

  it('says so where even the widest formats fall outside', async () => {
    const { result, phases } = await run({}, { lossOf: () => 0.02 });
    expect(result.isWithin).toBe(false);
    expect(phases).toHaveLength(1);
  });

  it('takes everything where nothing does harm', async () => {
    const { candidate } = (await run({}, { lossOf: () => 0 })).result;
    for (const layer of layers) expect(bits(candidate, layer.name)).toEqual([1, 1, 1]);
  });

  it('leaves kept bits as they are', async () => {
    const keep = { large: { weights: 6 }, last: { weights: 8, activations: 5 } };
    const { candidate } = (await run({ keep })).result;
    expect(bits(candidate, 'large')[0]).toBe(6);
    expect(bits(candidate, 'large')[1]).toBeLessThan(6);
    expect(bits(candidate, 'last')).toEqual([8, 5, 5]);
  });

  it('delivers bits that are all given, within the margin or not', async () => {
    const keep = Object.fromEntries(
      layers.map(({ name }) => [name, { weights: 2, activations: 2 }]),
    );
    const { result } = await run({ keep });
    for (const layer of layers) expect(bits(result.candidate, layer.name)).toEqual([2, 2, 2]);
    expect(result.final.score).toBeLessThan(0.89);
  });

  it('takes formats of the trimming mode only', async () => {
    const kinds = async (mode: KnobOptions['mode']): Promise<string[]> => {
      const { candidate } = (await run({ mode })).result;
      return [...new Set([...candidate.values()].map(({ weights }) => weights.kind))].sort();
    };
    expect(await kinds('dynamic_fixed_point')).toEqual(['fixedPoint']);
    expect(await kinds('integer_power_of_2_weights')).toEqual(['powerOfTwo']);
    expect(await kinds('minifloat')).toEqual(['minifloat']);
    for (const kind of await kinds('mixed')) expect(['fixedPoint', 'powerOfTwo']).toContain(kind);
  });

  it('turns round for losses', async () => {
    const direction = 'lower' as const;
    const { result } = await run(
      {},
      { margin: { baseline: 0.9, errorMargin: 1, direction }, lossOf: (c) => -lossOf(c) },
    );
    expect(result.isWithin).toBe(true);
    expect(result.final.score).toBeLessThanOrEqual(0.91);
    expect(result.final.score).toBeGreaterThan(0.9);
  });
});
