import { parameterGroup } from '../../caffe/layerTypes';
import type { Candidate } from '../../formats/layerFormats';
import { predictionBlob } from '../../caffe/predictions';
import { planEffort, type AvailableImages } from '../../quantize/best/effort';
import { sizeOf } from '../../quantize/best/forecast';
import type { BestContext, Verdict } from '../../quantize/best/context';
import { bestWidths, knobsOf, type Knob, type SearchLayer } from '../../quantize/best/knobs';
import { searchBest } from '../../quantize/best/search';
import { modes } from '../../quantize/modes/modes';
import { BestKeeper } from '../../quantize/bestSoFar';
import { CostModel, defaultObjective } from '../../quantize/costs';
import { formatFloat } from '../../quantize/formatFloat';
import { isWithinMargin } from '../../quantize/margin';
import { phaseNames } from '../../quantize/phases';
import type { BestReport, LayerReport } from '../../quantize/report';
import type { Score } from '../../quantize/score';
import { UserError } from '../../base/userError';
import { pause } from '../../runtime/pause';
import { noSamples } from '../scoring/activationSamples';
import { CalibrationData, type ImageRange } from '../inputs/calibrationData';
import { Calibrator } from '../scoring/calibrator';
import { operationsOf } from './operations';
import type { QuantizeSetup } from './quantizeSetup';
import { SearchPhases } from './searchPhases';
import type { SearchRun } from './searchRun';
import { VisitedPoints } from './visitedPoints';

/**
 * Images that candidates are ranked on where nobody says how many: a thousand, fewer where few are
 * scored (ranking is not to take longer than judging) and where there are not as many. Of data that
 * are scored too, those that are not scored come first, where there are enough.
 */
function calibrationPart({ options, setup }: Pick<SearchRun, 'options' | 'setup'>): ImageRange {
  const { calibrationData, testData } = setup;
  const scored = Math.min(testData.records, options.iterations * testData.batchSize);
  const usual = Math.min(1000, Math.max(200, Math.ceil(scored / 4)));
  const wanted = Math.min(options.calibrationImages ?? usual, calibrationData.records);
  const unscored = calibrationData === testData ? testData.records - scored : 0;
  return unscored * 2 >= wanted
    ? {
        start: unscored === 0 ? 0 : scored,
        images: unscored === 0 ? wanted : Math.min(wanted, unscored),
      }
    : { start: 0, images: wanted };
}

/** Images that a best search may score and rank on, and what they cost. */
export function availableImages(run: Pick<SearchRun, 'options' | 'setup'>): AvailableImages {
  const { testData, targets, ranger, blobShapes } = run.setup;
  const scored = Math.min(testData.records, run.options.iterations * testData.batchSize);
  const operations = targets.reduce((sum, target) => {
    const [weights] = ranger.weightsOf(target);
    return sum + operationsOf(target, weights?.data.length ?? 0, blobShapes);
  }, 0);
  return { scored, ranked: calibrationPart(run).images, operations };
}

/** What to tell where candidates are ranked on the very data that are scored, or beside them. */
function describeRanking({ setup }: SearchRun, { start, images }: ImageRange): string | undefined {
  if (start > 0) {
    return `candidates are ranked on ${images} records from number ${start + 1} on, which are not scored`;
  }
  if (setup.calibrationData !== setup.testData && !isSameData(setup)) return undefined;
  return 'candidates are ranked on the data that they are scored on: on other data the score may be lower';
}

/** The net that the search delivers, and what it found out besides. */
export interface BestOutcome {
  readonly candidate: Candidate;
  readonly final: Score;
  readonly best: BestReport;
}

/** The best search on the real net: its knobs, its calibration data, its points. */
export async function runBestSearch(run: SearchRun): Promise<BestOutcome> {
  const { options, setup, margin, journal, progress, tell } = run;
  const ranked = calibrationPart(run);
  const rankedNote = describeRanking(run, ranked);
  if (rankedNote !== undefined) tell('note', rankedNote);
  const searched = searchedLayers(run);
  const objective = options.objective ?? defaultObjective;
  const costs = new CostModel(searched, objective);
  const predictions = predictionBlob(setup.tester.net, setup.choice.blob) ?? setup.choice.blob;
  const data = await CalibrationData.read(
    setup.tester.net,
    setup.calibrationData,
    setup.testData.shapes,
    ranked,
    options.signal,
  );
  const evaluator = setup.testerOn(data, predictions);
  const samples = await samplesOf(run, evaluator, data, searched);
  const knobs = await makeKnobs(run, searched, samples);
  const effort = planEffort(
    knobs.map(({ choices }) => choices.map(sizeOf)),
    { ...availableImages(run), ranked: data.images },
  );
  const rankedData = data.some(effort.images);
  const { iterations } = options;
  const { batchSize } = setup.testData;
  const phases = new SearchPhases(progress, { batches: iterations, batchSize });
  const calibrator = new Calibrator({
    evaluator: setup.testerOn(rankedData, predictions),
    choice: setup.choice,
    predictions,
    iterations: rankedData.iterations,
    images: rankedData.images,
    journal,
    onPass: () => phases.calibrated(),
  });
  const fixed = fixedFormats(run);
  const whole = (candidate: Candidate): Candidate => new Map([...fixed, ...candidate]);
  const points = new VisitedPoints(run, costs);
  const keeper = new BestKeeper(costs, setup.choice.isAccuracy);
  progress.begin(phaseNames.widest);
  const calibratedFloat = await calibrator.float();
  const context: BestContext = {
    knobs,
    costs,
    margin,
    effort,
    calibratedFloat,
    calibrate: (candidate) => calibrator.calibrate(whole(candidate)),
    prepare: (candidate, layer) => Promise.resolve(calibrator.prepare(whole(candidate), layer)),
    verdict: async (candidate, mayStop) => {
      const all = whole(candidate);
      const made = await run.scorer.score(all, phases.score(), mayStop ? margin : undefined);
      const { isKnown, ...score } = made;
      phases.scored(isKnown);
      const verdict = { ...score, within: isWithinMargin(score.score, margin) };
      if (verdict.within && !verdict.isBound) keeper.offer(costs.of(candidate), verdict.score);
      progress.best = keeper.best;
      points.add(candidate, all, verdict);
      return verdict;
    },
    onPhase: (phase, round) => phases.begin(phase, round),
    onExpected: (share, left) => phases.expect(share, left),
  };
  const result = await searchBest(context);
  const candidate = whole(result.candidate);
  const isGiven = knobs.every(({ choices }) => choices.length <= 1);
  if (!result.isWithin && !isGiven) throw outside(run, result.final);
  return {
    candidate,
    final: result.final,
    best: {
      objective,
      calibrationImages: rankedData.images,
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
  return modes[options.mode].best.wideFormats(others, layers);
}

/** The layers with the numbers that their formats are chosen by, from all calibration images. */
async function samplesOf(
  { setup, progress }: SearchRun,
  evaluator: ReturnType<QuantizeSetup['testerOn']>,
  { iterations, images }: CalibrationData,
  searched: readonly LayerReport[],
): Promise<readonly SearchLayer[]> {
  const names = new Set(searched.map(({ name }) => name));
  const layers = setup.tester.net.layers.filter(
    ({ name, type }) => names.has(name) && parameterGroup(type) !== undefined,
  );
  const pass = { batches: iterations, batchSize: images / iterations };
  const onBatch = progress.pass(phaseNames.samples, pass);
  const samples = await evaluator.samplesOf(layers, iterations, onBatch);
  const none = new Float32Array();
  return searched.map((report) => {
    const layer = layers.find(({ name }) => name === report.name);
    const { input, output } = (layer && samples.get(layer)) ?? noSamples;
    const [weights, bias] = layer === undefined ? [] : evaluator.weightsOf(layer);
    return {
      ...report,
      weightValues: weights?.data ?? none,
      biasValues: bias?.data ?? none,
      inputSample: input,
      outputSample: output,
    };
  });
}

async function makeKnobs(
  { options, progress }: SearchRun,
  searched: readonly LayerReport[],
  layers: readonly SearchLayer[],
): Promise<readonly Knob[]> {
  const widths = options.bits ?? bestWidths;
  const knobs: Knob[] = [];
  const onLayer = progress.pass(phaseNames.formats, { batches: layers.length });
  for (const [i, layer] of layers.entries()) {
    await pause(options.signal);
    knobs.push(
      ...knobsOf([layer], { mode: options.mode, widths, keep: options.keep, base: options.base }),
    );
    onLayer(i + 1);
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
