import { parameterGroup } from '../caffe/layerTypes';
import { candidateKey, type Candidate } from '../caffe/numberFormat';
import { predictionBlob } from '../caffe/predictions';
import type { BestContext, Verdict } from '../quantize/best/context';
import { bestWidths, knobsOf, type Knob, type SearchLayer } from '../quantize/best/knobs';
import { mostWork, searchBest, type MostWork } from '../quantize/best/search';
import { dynamicFixedPointCandidate, minifloatCandidate } from '../quantize/candidates';
import { CostModel, type Objective } from '../quantize/costs';
import { formatFloat } from '../quantize/formatFloat';
import { frontierOf } from '../quantize/frontier';
import { isWithinMargin } from '../quantize/margin';
import { minifloatExponentBits } from '../quantize/ranges';
import type { BestReport, LayerReport, VisitedPoint } from '../quantize/report';
import type { Score } from '../quantize/search';
import { UserError } from '../prototxt/userError';
import { pause } from '../runtime/pause';
import { CalibrationData } from './calibrationData';
import { Calibrator } from './calibrator';
import type { PassProgress } from './progress';
import type { QuantizeOptions } from './quantizeOptions';
import type { QuantizeSetup } from './quantizeSetup';
import type { SearchRun } from './searchRun';

/** Weight bytes foremost; activations count as far as they cost little. */
export const defaultObjective: Objective = {
  weightBytes: 1,
  activationBits: 0.25,
  bitOperations: 0,
};

/**
 * Images that candidates are ranked on where nobody says how many: a thousand, fewer where few are
 * scored (ranking is not to take longer than judging) and where there are not as many.
 */
function calibrationImages({ options, setup }: SearchRun): number {
  const { rangeData, testData } = setup;
  const scored = Math.min(testData.records, options.iterations * testData.batchSize);
  return Math.min(1000, Math.max(200, Math.ceil(scored / 4)), rangeData.records);
}

/** The net that the search delivers, and what it found out besides. */
export interface BestOutcome {
  readonly candidate: Candidate;
  readonly final: Score;
  readonly best: BestReport;
}

/** The best search on the real net: its knobs, its calibration data, its points. */
export async function runBestSearch(run: SearchRun): Promise<BestOutcome> {
  const { options, setup, layers, margin, journal, progress, events } = run;
  if (isSameData(setup)) {
    events.onNote(
      'candidates are ranked on the data that they are scored on: on other data the score may be lower',
    );
  }
  const searched = searchedLayers(run);
  const objective = options.objective ?? defaultObjective;
  const costs = new CostModel(searched, objective);
  const predictions = predictionBlob(setup.tester.net, setup.choice.blob) ?? setup.choice.blob;
  const data = await CalibrationData.read(
    setup.tester.net,
    setup.rangeData,
    setup.testData.shapes,
    options.calibrationImages ?? calibrationImages(run),
    options.signal,
  );
  const evaluator = setup.testerOn(data, predictions);
  const knobs = await makeKnobs(run, searched, await samplesOf(run, evaluator, searched));
  const phases = new Phases(progress, options.iterations, bestWork(options, layers.length));
  const calibrator = new Calibrator({
    evaluator,
    choice: setup.choice,
    predictions,
    iterations: data.iterations,
    journal,
    onPass: () => phases.calibrated(),
  });
  const fixed = fixedFormats(run);
  const whole = (candidate: Candidate): Candidate => new Map([...fixed, ...candidate]);
  const points = new Points(run, costs);
  const calibratedFloat = await calibrator.float();
  const context: BestContext = {
    knobs,
    costs,
    margin,
    calibratedFloat,
    calibrate: (candidate) => calibrator.calibrate(whole(candidate)),
    prepare: (candidate, layer) => Promise.resolve(calibrator.prepare(whole(candidate), layer)),
    verdict: async (candidate, what, mayStop) => {
      const all = whole(candidate);
      const onBatch = phases.verdict(what, setup.testData.batchSize);
      const score = await run.scorer.score(all, onBatch, mayStop ? margin : undefined);
      const verdict = { ...score, within: isWithinMargin(score.score, margin) };
      points.add(candidate, all, verdict);
      return verdict;
    },
    onPhase: (what) => phases.begin(what),
  };
  const result = await searchBest(context);
  phases.end();
  const candidate = whole(result.candidate);
  const isGiven = knobs.every(({ choices }) => choices.length <= 1);
  if (!result.isWithin && !isGiven) throw outside(run, result.final);
  return {
    candidate,
    final: result.final,
    best: {
      objective,
      calibrationImages: data.images,
      calibrationScores: phases.calibrations,
      points: points.finished(candidate),
      floatCosts: costs.float,
      costs: costs.of(candidate),
    },
  };
}

/** Whether TRAIN and TEST phase read the same, or one of them stands for both. */
function isSameData({ rangeData, testData }: QuantizeSetup): boolean {
  const scored = new Set(testData.sources);
  return rangeData === testData || rangeData.sources.some((source) => scored.has(source));
}

/** Layers whose formats are searched for: those of the scored net that are not kept in float. */
function searchedLayers({ options, setup, layers }: SearchRun): LayerReport[] {
  const { keep = {} } = options;
  const scored = new Set(
    setup.tester.net.layers
      .filter(({ type }) => parameterGroup(type) !== undefined)
      .map(({ name }) => name),
  );
  const unknown = Object.keys(keep).find((name) => !scored.has(name));
  if (unknown !== undefined) {
    const names = layers.map(({ name }) => name).join(', ');
    throw new UserError(
      'quantize/keep',
      `there is no layer "${unknown}" to keep bits of; the layers to quantize are ${names}`,
      { file: options.model },
    );
  }
  return layers.filter(({ name }) => {
    const kept = keep[name];
    const { weights, activations = 32, input = activations, output = activations } = kept ?? {};
    const isFloat = weights === 32 && input === 32 && output === 32;
    return scored.has(name) && !isFloat;
  });
}

/** Formats of layers that take part in TRAIN only: wide ones, which no score depends on. */
function fixedFormats({ options, setup, layers }: SearchRun): Candidate {
  const scored = new Set(setup.tester.net.layers.map(({ name }) => name));
  const others = layers.filter(({ name }) => !scored.has(name));
  return options.mode === 'minifloat'
    ? minifloatCandidate(others, 16, minifloatExponentBits(layers))
    : dynamicFixedPointCandidate(others, { conv_params: 16, fc_params: 16, activations: 16 });
}

async function samplesOf(
  { setup }: SearchRun,
  evaluator: ReturnType<QuantizeSetup['testerOn']>,
  searched: readonly LayerReport[],
): Promise<readonly SearchLayer[]> {
  const names = new Set(searched.map(({ name }) => name));
  const layers = setup.tester.net.layers.filter(
    ({ name, type }) => names.has(name) && parameterGroup(type) !== undefined,
  );
  const blobs = layers.flatMap(({ bottoms, tops }) => [bottoms[0] ?? '', tops[0] ?? '']);
  const samples = await evaluator.samplesOf(blobs);
  const none = new Float32Array();
  return searched.map((report) => {
    const layer = layers.find(({ name }) => name === report.name);
    return {
      ...report,
      weightValues: (layer && evaluator.weightsOf(layer)[0]?.data) ?? none,
      inputValues: samples.get(layer?.bottoms[0] ?? '') ?? none,
      outputValues: samples.get(layer?.tops[0] ?? '') ?? none,
    };
  });
}

async function makeKnobs(
  { options }: SearchRun,
  searched: readonly LayerReport[],
  layers: readonly SearchLayer[],
): Promise<readonly Knob[]> {
  const widths = options.bits ?? bestWidths;
  const knobs: Knob[] = [];
  for (const layer of layers) {
    await pause(options.signal);
    knobs.push(...knobsOf([layer], { mode: options.mode, widths, keep: options.keep }));
  }
  const empty = knobs.find(({ choices }) => choices.length === 0);
  if (empty !== undefined) {
    throw new UserError(
      'quantize/bits',
      `layer "${empty.layer.name}": none of the bit-widths given makes a format of its ` +
        `${empty.part === 'layer' ? 'numbers' : empty.part} in this trimming mode`,
      { file: options.model, line: searched.find(({ name }) => name === empty.layer.name)?.line },
    );
  }
  return knobs;
}

function outside({ options, margin }: SearchRun, { score }: Verdict): UserError {
  return new UserError(
    'search/outside',
    `even the widest formats that may be tried score ${formatFloat(score)} where the float net ` +
      `scores ${formatFloat(margin.baseline)}: outside of the margin of ${options.errorMargin} %. ` +
      'Nothing was written; widen the margin, or allow more bits',
    { file: options.model },
  );
}

/** The most work of a best search, phase by phase, known before it begins. */
export function bestWork(options: QuantizeOptions, layers: number): readonly MostWork[] {
  const knobs = options.mode === 'minifloat' ? layers : 3 * layers;
  return mostWork(knobs, options.bits ?? bestWidths);
}

/** A calibration pass as a share of a pass over all scoring data is small: it counts as one batch. */
const calibrationBatches = 1;

/** Passes and batches of phases as progress counts them. */
export function workOf(
  phases: readonly MostWork[],
  iterations: number,
): { readonly passes: number; readonly batches: number } {
  const total = (key: keyof MostWork): number => phases.reduce((sum, most) => sum + most[key], 0);
  const [calibrations, verdicts] = [total('calibrations'), total('verdicts')];
  return {
    passes: calibrations + verdicts,
    batches: calibrations * calibrationBatches + verdicts * iterations,
  };
}

/** Counts the work of the search's phases: what was announced and not needed counts as done. */
class Phases {
  calibrations = 0;
  private what = 'calibration';
  private phase = -1;
  private left: { calibrations: number; verdicts: number } = { calibrations: 0, verdicts: 0 };

  constructor(
    private readonly progress: PassProgress,
    private readonly iterations: number,
    private readonly most: readonly MostWork[],
  ) {}

  begin(what: string): void {
    this.skipRest();
    this.what = what;
    this.phase++;
    this.left = { calibrations: 0, verdicts: 0, ...this.most[this.phase] };
  }

  calibrated(): void {
    this.calibrations++;
    if (this.left.calibrations === 0) return;
    this.left.calibrations--;
    this.progress.pass(this.what, calibrationBatches)(calibrationBatches);
  }

  verdict(what: string, batchSize: number): (done: number) => void {
    this.left.verdicts = Math.max(0, this.left.verdicts - 1);
    return this.progress.pass(what, this.iterations, batchSize);
  }

  /** Counts all phases that are still to come as done. */
  end(): void {
    while (this.phase < this.most.length) this.begin('');
  }

  private skipRest(): void {
    this.progress.skip(this.left.calibrations, calibrationBatches);
    this.progress.skip(this.left.verdicts, this.iterations);
  }
}

/** The nets that were scored on all iterations, in the order of their visits. */
class Points {
  private readonly points: VisitedPoint[] = [];
  private readonly keys: string[] = [];

  constructor(
    private readonly run: SearchRun,
    private readonly costs: CostModel,
  ) {}

  add(candidate: Candidate, whole: Candidate, verdict: Verdict): void {
    const { scorer, margin, events } = this.run;
    const key = candidateKey(whole);
    const known = this.keys.indexOf(key);
    const index = known < 0 ? this.points.length : known;
    const point: VisitedPoint = {
      index,
      score: verdict.score,
      loss: verdict.loss,
      withinMargin: verdict.within,
      ...scorer.firmness(whole, verdict.score, margin),
      costs: this.costs.of(candidate),
      isBound: verdict.isBound,
      onFrontier: false,
      isDelivered: false,
      formats: Object.fromEntries(whole),
    };
    this.points[index] = point;
    this.keys[index] = key;
    events.onPoint?.({ ...point, onFrontier: this.frontier().has(index) });
  }

  /** All points as they stand at the end. */
  finished(delivered: Candidate): readonly VisitedPoint[] {
    const frontier = this.frontier();
    const key = candidateKey(delivered);
    return this.points.map((point, index) => ({
      ...point,
      onFrontier: frontier.has(index),
      isDelivered: this.keys[index] === key,
    }));
  }

  private frontier(): ReadonlySet<number> {
    const sized = this.points
      .filter(({ isBound }) => !isBound)
      .map(({ index, score, costs }) => ({ index, score, cost: this.costs.weigh(costs) }));
    return new Set(frontierOf(sized, this.run.margin.direction).map(({ index }) => index));
  }
}
