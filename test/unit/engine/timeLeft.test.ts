import { describe, expect, it } from 'vitest';
import type { Candidate } from '../../../src/formats/layerFormats';
import { PassProgress, type Progress } from '../../../src/engine/files/progress';
import { SteadyTime } from '../../../src/engine/files/timeLeft';
import { expectedOfOriginal, runOriginalSearch } from '../../../src/engine/search/originalSearch';
import { expectedOfBest, SearchPhases } from '../../../src/engine/search/searchPhases';
import type { QuantizeOptions } from '../../../src/engine/search/quantizeOptions';
import type { SearchRun } from '../../../src/engine/search/searchRun';
import type { BestContext } from '../../../src/quantize/best/context';
import { planEffort } from '../../../src/quantize/best/effort';
import { sizeOf } from '../../../src/quantize/best/forecast';
import { knobsOf } from '../../../src/quantize/best/knobs';
import { searchBest } from '../../../src/quantize/best/search';
import { CostModel, defaultObjective } from '../../../src/quantize/costs';
import { isWithinMargin, type Margin } from '../../../src/quantize/margin';
import type { LayerReport } from '../../../src/quantize/report';
import { bitsOf } from '../../../src/formats/formats';
import { searchLayer } from '../quantize/best/sampleLayers';

/** Numbers from 0 to 1, the same every time. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const margin: Margin = { baseline: 0.9, errorMargin: 1, direction: 'higher' };

const operations = 1e9;

/** What the machine of a simulation takes, in seconds. */
interface Machine {
  readonly load: number;
  readonly image: number;
  readonly scoreImages: number;
  readonly sampleImages: number;
}

/** A run on a clock that only passes move on. */
class Simulation {
  now = 0;
  readonly seen: { readonly at: number; readonly progress: Progress }[] = [];
  readonly progress: PassProgress;
  private readonly next: () => number;

  constructor(
    readonly machine: Machine,
    seed: number,
    sample = machine.sampleImages,
  ) {
    this.next = random(seed);
    const { scoreImages: score } = machine;
    this.progress = new PassProgress(
      { score, sample },
      (progress) => this.seen.push({ at: this.now, progress }),
      () => this.now,
    );
  }

  random(): number {
    return this.next();
  }

  /** Lets about so many seconds pass: no two passes take the same. */
  spend(seconds: number): void {
    this.now += seconds * (0.8 + 0.4 * this.next());
  }

  /** A pass over the scoring data in 20 batches, which may end early. */
  score(onBatch: (done: number) => void, share = 1, batches = 20): void {
    const { load, image, scoreImages } = this.machine;
    this.spend(load);
    for (let batch = 1; batch <= batches; batch++) {
      this.spend((scoreImages * image * share) / 20);
      onBatch(batch);
    }
  }

  baseline(): void {
    const { scoreImages } = this.machine;
    const pass = { batches: 20, batchSize: scoreImages / 20, kind: 'score' } as const;
    this.score(this.progress.pass('Scoring the float net', pass));
    this.progress.ended('score');
  }

  /** What was shown after a share of the run, against what was true then. */
  ratioAt(share: number): number {
    const { at, progress } = this.seen.find(({ at }) => at >= share * this.now) ?? {};
    if (at === undefined || progress?.secondsLeft === undefined) return Number.NaN;
    return progress.secondsLeft / (this.now - at);
  }

  /** The largest growth within a twentieth of the run, once a tenth of it is over. */
  get growth(): number {
    let worst = 1;
    let before = 0;
    const late = this.seen.filter(({ at }) => at > 0.1 * this.now && at < 0.9 * this.now);
    for (const { at, progress } of late) {
      while ((late[before + 1]?.at ?? at) <= at - this.now / 20) before++;
      const was = late[before];
      if (was === undefined || was.at > at - this.now / 20) continue;
      worst = Math.max(worst, (progress.secondsLeft ?? 0) / (was.progress.secondsLeft ?? 0));
    }
    return worst;
  }
}

const machines: Readonly<Record<string, Machine>> = {
  'a small net': { load: 0.02, image: 0.0001, scoreImages: 10_000, sampleImages: 1000 },
  'a large net on few images': { load: 0.5, image: 0.05, scoreImages: 400, sampleImages: 200 },
  'many scored images': { load: 0.3, image: 0.004, scoreImages: 50_000, sampleImages: 1000 },
};

/** Layers of very different size; some care much about their bits, most do not. */
function layersOf(depth: number, next: () => number): LayerReport[] {
  return Array.from({ length: depth }, (_, i) => ({
    ...searchLayer(`layer${i}`, {
      weights: Math.round(100 * 4 ** (1 + 3 * next())),
      type: i === depth - 1 ? 'InnerProduct' : 'Convolution',
    }),
    operations: Math.round(1e5 * 4 ** (3 * next())),
  }));
}

async function simulateBest(depth: number, machine: Machine, seed: number): Promise<Simulation> {
  const options = { mode: 'dynamic_fixed_point' } as QuantizeOptions;
  const { scoreImages: scored, sampleImages: ranked } = machine;
  const expected = expectedOfBest(options, depth, { scored, ranked, operations });
  const run = new Simulation(machine, seed, expected.sampleImages);
  const { progress } = run;
  const layers = layersOf(depth, () => run.random());
  const care = new Map(layers.map(({ name }) => [name, 8 ** (2 * run.random() - 1) / depth]));
  const lossOf = (candidate: Candidate): number => {
    let loss = 0;
    for (const [name, { weights, input, output }] of candidate) {
      for (const format of [weights, weights, input, output]) {
        loss += (care.get(name) ?? 1) * 0.1 * 4 ** -bitsOf(format);
      }
    }
    return loss;
  };
  progress.expect(expected.work);
  run.baseline();
  const searchLayers = layers.map((layer) => ({ ...searchLayer(layer.name), ...layer }));
  const widths = [16, 14, 12, 10, 8, 7, 6, 5, 4, 3, 2, 1];
  const knobs = knobsOf(searchLayers, { mode: 'dynamic_fixed_point', widths });
  const all = layers.reduce((sum, { operations }) => sum + operations, 0);
  const effort = planEffort(
    knobs.map(({ choices }) => choices.map(sizeOf)),
    { scored, ranked, operations },
  );
  let tail = 1;
  const phases = new SearchPhases(progress, { batches: 20, batchSize: machine.scoreImages / 20 });
  const context: BestContext = {
    knobs,
    costs: new CostModel(layers, defaultObjective),
    margin,
    effort,
    calibratedFloat: { distortion: 0.1, score: 0.92 },
    calibrate: (candidate) => {
      run.spend(machine.load + effort.images * machine.image * tail);
      phases.calibrated();
      const lost = lossOf(candidate);
      return Promise.resolve({ distortion: 0.1 + 0.9 * lost, score: 0.92 - 0.9 * lost });
    },
    prepare: (_, name) => {
      const at = layers.findIndex((layer) => layer.name === name);
      tail = layers.slice(at).reduce((sum, { operations }) => sum + operations, 0) / all;
      return Promise.resolve();
    },
    verdict: (candidate, mayStop) => {
      const score = 0.9 - lossOf(candidate);
      const within = isWithinMargin(score, margin);
      const isBound = !within && mayStop;
      run.score(phases.score(), 1, isBound ? 3 + Math.floor(10 * run.random()) : 20);
      phases.scored(false);
      tail = 1;
      return Promise.resolve({ score, loss: null, seconds: 0, within, isBound });
    },
    onPhase: (phase, round) => {
      tail = 1;
      phases.begin(phase, round);
    },
    onExpected: (share, left) => phases.expect(share, left),
  };
  await searchBest(context);
  return run;
}

/** Where each sweep first falls outside of the margin: bits, or 0 where it never does. */
type Ends = Readonly<Record<'conv_params' | 'fc_params' | 'activations', number>>;

async function simulateOriginal(ends: Ends, machine: Machine, seed: number): Promise<Simulation> {
  const run = new Simulation(machine, seed);
  const { progress } = run;
  const layers = [...layersOf(7, () => run.random())];
  const options = { mode: 'dynamic_fixed_point', iterations: 20 } as QuantizeOptions;
  progress.expect(expectedOfOriginal(options, layers));
  run.baseline();
  const data = { batchSize: machine.scoreImages / 20 };
  const all = layers.reduce((sum, { operations }) => sum + operations, 0);
  const fcShare = (layers.at(-1)?.operations ?? 0) / all;
  const scoreOf = (candidate: Candidate): number => {
    const [first] = candidate.values();
    const isWhole = candidate.size === layers.length;
    const group = isWhole ? 'activations' : candidate.size === 1 ? 'fc_params' : 'conv_params';
    const bits = bitsOf(
      (group === 'activations' ? first?.input : first?.weights) ?? { kind: 'float32' },
    );
    return bits <= ends[group] ? 0.5 : 0.9;
  };
  await runOriginalSearch(
    {
      options,
      setup: { rangeData: data, testData: data, choice: { isAccuracy: true } },
      layers,
      margin,
      scorer: {
        score: (candidate: Candidate, onBatch: (done: number) => void) => {
          run.score(onBatch, candidate.size === 1 ? fcShare : 1);
          const made = { score: scoreOf(candidate), loss: null, seconds: 0 };
          return Promise.resolve({ ...made, isBound: false, isKnown: false });
        },
      },
      progress,
      tell: () => undefined,
    } as unknown as SearchRun,
    { score: 0.9, loss: null, seconds: 0 },
  );
  return run;
}

const shares = [0.2, 0.3, 0.4, 0.5];

function expectTruth(run: Simulation): void {
  for (const share of shares) {
    const ratio = run.ratioAt(share);
    expect(ratio, `at ${share}`).toBeGreaterThan(0.5);
    expect(ratio, `at ${share}`).toBeLessThan(2);
  }
  expect(run.growth).toBeLessThan(1.4);
  const done = run.seen.map(({ progress }) => progress.share);
  expect(done).toEqual([...done].sort((a, b) => a - b));
}

describe.each(Object.entries(machines))(
  'the time left on %s is right within a factor of 2',
  (_, machine) => {
    it.each([
      [3, [1, 2, 3]],
      [8, [1, 2, 3]],
      [20, [1]],
    ])('best search, %i layers', async (depth, seeds) => {
      for (const seed of seeds) expectTruth(await simulateBest(depth, machine, seed));
    });

    it.each<Ends>([
      { conv_params: 2, fc_params: 2, activations: 4 },
      { conv_params: 4, fc_params: 1, activations: 4 },
      { conv_params: 2, fc_params: 0, activations: 2 },
      { conv_params: 4, fc_params: 4, activations: 8 },
    ])('search as the original: %j', async (ends) => {
      for (const seed of [1, 2, 3]) expectTruth(await simulateOriginal(ends, machine, seed));
    });
  },
);

describe('the time that is shown', () => {
  it('falls with the clock where the estimate holds', () => {
    const time = new SteadyTime();
    expect(time.next(100, 0)).toBe(100);
    expect(time.next(90, 10)).toBeCloseTo(90);
    expect(time.next(50, 50)).toBeCloseTo(50);
    expect(time.next(0, 100)).toBe(0);
  });

  it('follows a leap of the estimate, down soon and up slowly', () => {
    const time = new SteadyTime();
    time.next(100, 0);
    const jump = time.next(1000, 1);
    expect(jump).toBeGreaterThan(99);
    expect(jump).toBeLessThan(110);
    const down = new SteadyTime();
    down.next(1000, 0);
    expect(down.next(100, 20)).toBeLessThan(250);
  });

  it('is not known before a pass tells what passes cost', () => {
    const seen: Progress[] = [];
    let now = 0;
    const progress = new PassProgress(
      { score: 100, sample: 10 },
      (p) => seen.push(p),
      () => now,
    );
    progress.expect({ score: 4, sample: 10 });
    const pass = { batches: 10, batchSize: 10, kind: 'score' } as const;
    const onBatch = progress.pass('Scoring the float net', pass);
    now = 3;
    onBatch(1);
    // The first batch waited for the program to be loaded.
    expect(seen.at(-1)?.secondsLeft).toBeUndefined();
    now = 4;
    onBatch(2);
    // 8 batches of this pass, 4 passes of 10 and 10 of 1, a second each and one to load the net.
    expect(seen.at(-1)?.secondsLeft).toBeCloseTo(11 * 0.8 + 4 * 11 + 10 * 2);
    expect(seen.at(-1)?.best).toBeUndefined();
  });
});
