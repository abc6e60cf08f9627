import { describe, expect, it } from 'vitest';
import type { Candidate } from '../../../src/caffe/numberFormat';
import { PassProgress, type Progress } from '../../../src/engine/files/progress';
import { SteadyTime } from '../../../src/engine/files/timeLeft';
import { expectedOfOriginal, runOriginalSearch } from '../../../src/engine/search/originalSearch';
import { expectedOfBest, SearchPhases } from '../../../src/engine/search/searchPhases';
import type { QuantizeOptions } from '../../../src/engine/search/quantizeOptions';
import type { SearchRun } from '../../../src/engine/search/searchRun';
import type { BestContext } from '../../../src/quantize/best/context';
import { knobsOf } from '../../../src/quantize/best/knobs';
import { searchBest } from '../../../src/quantize/best/search';
import { CostModel, defaultObjective } from '../../../src/quantize/costs';
import { isWithinMargin, type Margin } from '../../../src/quantize/margin';
import type { LayerReport } from '../../../src/quantize/report';
import { bitsOf } from '../../../src/quantize/weightBytes';
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
  ) {
    this.next = random(seed);
    const { scoreImages: score, sampleImages: sample } = machine;
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
    const late = this.seen.filter(({ at }) => at > 0.1 * this.now && at < 0.9 * this.now);
    for (const [i, { at, progress }] of late.entries()) {
      const before = late.findLast((one, j) => j < i && one.at <= at - this.now / 20);
      const was = before?.progress.secondsLeft;
      if (was !== undefined) worst = Math.max(worst, (progress.secondsLeft ?? was) / was);
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
  const run = new Simulation(machine, seed);
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
  const options = { mode: 'dynamic_fixed_point' } as QuantizeOptions;
  progress.expect(expectedOfBest(options, depth));
  run.baseline();
  const searchLayers = layers.map((layer) => ({ ...searchLayer(layer.name), ...layer }));
  const widths = [16, 14, 12, 10, 8, 7, 6, 5, 4, 3, 2, 1];
  const knobs = knobsOf(searchLayers, { mode: 'dynamic_fixed_point', widths });
  const all = layers.reduce((sum, { operations }) => sum + operations, 0);
  let tail = 1;
  const phases = new SearchPhases(progress, { batches: 20, batchSize: machine.scoreImages / 20 });
  const context: BestContext = {
    knobs,
    costs: new CostModel(layers, defaultObjective),
    margin,
    calibratedFloat: { distortion: 0.1, score: 0.92 },
    calibrate: (candidate) => {
      run.spend(machine.load + machine.sampleImages * machine.image * tail);
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

const seeds = [1, 2, 3];

describe.each(Object.entries(machines))('the time left on %s', (_, machine) => {
  it.each([3, 8, 20, 54])('best search, %i layers', async (depth) => {
    for (const seed of seeds) {
      const run = await simulateBest(depth, machine, seed);
      console.log(depth, seed, run.now.toFixed(0), run.seen.length, [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8].map((s) => run.ratioAt(s).toFixed(2)).join(' '), 'growth', run.growth.toFixed(2));
    }
  });
});
void SteadyTime; void runOriginalSearch; void expectedOfOriginal; type X = SearchRun; export type Y = X;
