import type { Words } from '../../base/words';
import { statSync } from 'node:fs';
import { parameterGroup } from '../../caffe/layerTypes';
import { floatFormats, type Candidate, type LayerFormats } from '../../formats/layerFormats';
import { encodeText } from '../../prototxt/encoding';
import { isWithinMargin, type Margin } from '../../quantize/margin';
import { phaseNames } from '../../quantize/phases';
import type {
  BestSearchReport,
  CommonReport,
  InputRecord,
  OriginalReport,
  QuantizeReport,
  RunPlan,
} from '../../quantize/report';
import { rewritePrototxt } from '../../quantize/rewritePrototxt';
import { plannedSweeps } from '../../quantize/original/search';
import type { OriginalMode } from '../../quantize/modes/modes';
import type { Score } from '../../quantize/score';
import { weightBytes } from '../../quantize/weightBytes';
import { describeProvider } from '../../runtime/provider';
import { runtimeVersion } from '../../runtime/session';
import { availableImages, runBestSearch } from '../search/bestSearch';
import { refuseBlindScore } from '../search/blindScore';
import { CandidateScorer } from '../scoring/candidateScorer';
import { recordInput } from '../files/inputRecords';
import { JournalFile } from '../search/journalFile';
import { measureRanges, rangeIterations } from '../search/measureRanges';
import { expectedOfOriginal, originalMode, runOriginalSearch } from '../search/originalSearch';
import { describeFirmness, doubtfulBaseline } from '../search/runNotes';
import { writeOutput } from '../files/outputFile';
import type { Tell } from '../files/events';
import { PassProgress, type OnProgress } from '../files/progress';
import type { QuantizeOptions, RunOptions } from '../search/quantizeOptions';
import { expectedOfBest } from '../search/searchPhases';
import type { SearchRun } from '../search/searchRun';
import { prepareQuantize, type QuantizeSetup } from '../search/quantizeSetup';
import { version } from '../files/version';

/**
 * The main job: finds the fewest bits within the error margin by the original's search and writes
 * the quantized prototxt. Nothing is written unless the whole search succeeds; whoever cancels after
 * that gets a report without the hashes that were still to come.
 *
 * @throws UserError for bad input, before any pass where that can be known; the signal's reason
 * when it is aborted
 */
export async function quantizeNet(request: QuantizeOptions, tell: Tell): Promise<QuantizeReport> {
  const start = performance.now();
  const notes: Words[] = [];
  const note = (text: Words): void => {
    notes.push(text);
    tell('note', text);
  };
  const setup = await prepareQuantize(request, note);
  const options: RunOptions = { ...request, iterations: setup.iterations };
  let endJournal: (() => Promise<void>) | undefined;
  try {
    const journalFile = await JournalFile.open(options, setup, note);
    endJournal = () => journalFile.flush();
    const plan = planOf(options, setup);
    tell('plan', plan);
    const progress = progressOf(options, setup, (now) => tell('progress', now));
    const { journal } = journalFile;
    const scorer = new CandidateScorer({
      evaluator: setup.tester,
      choice: setup.choice,
      iterations: options.iterations,
      distinctBatches: Math.floor(setup.testData.records / plan.batchSize),
      journal,
    });
    const baseline = await scoreBaseline(setup, scorer, options.iterations, progress);
    tell('baseline', baseline);
    const { errorMargin } = options;
    const { scoreDirection } = plan;
    const margin: Margin = { baseline: baseline.score, errorMargin, direction: scoreDirection };
    const doubt = doubtfulBaseline(margin, plan.scoreIsAccuracy);
    if (doubt !== undefined) note(doubt);
    progress.begin(phaseNames.checkScore);
    const blindness = await refuseBlindScore(options, setup, scorer, margin);
    if (blindness !== undefined) note(blindness);
    const layers = await measureRanges(setup, progress);
    tell('layers', layers);
    const run = { options, setup, layers, margin, scorer, journal, progress, tell };
    const result =
      plan.search === 'best'
        ? await findBest(run, options)
        : await findAsOriginal(run, baseline, originalMode(options));
    options.signal?.throwIfAborted();
    const text = rewritePrototxt(setup.file, result.candidate);
    await writeOutput(options.modelQuantized, encodeText(text, setup.file.encoding));
    const seconds = (performance.now() - start) / 1000;
    const { final } = result;
    const delivered = layers.map((layer) => ({
      ...layer,
      formats: formatsOf(result.candidate, layer.name),
    }));
    const firmness = scorer.firmness(result.candidate, final.score, margin);
    const isWithin = isWithinMargin(final.score, margin);
    const doubtfulEnd = describeFirmness(isWithin, firmness, options, setup);
    if (doubtfulEnd !== undefined) note(doubtfulEnd);
    const report: QuantizeReport = {
      ...result.found,
      baseline: baseline.score,
      baselineLoss: baseline.loss,
      final: {
        score: final.score,
        loss: final.loss,
        seconds: final.seconds,
        withinMargin: isWithin,
        ...firmness,
      },
      layers: delivered,
      net: plan.net,
      scoreBlob: plan.scoreBlob,
      scoreIsAccuracy: plan.scoreIsAccuracy,
      scoreDirection,
      weightBytes: {
        float: sum(delivered.map((l) => weightBytes(l, floatFormats))),
        quantized: sum(delivered.map((layer) => weightBytes(layer, layer.formats))),
      },
      errorMargin,
      iterations: options.iterations,
      batchSize: plan.batchSize,
      calibration: options.calibration,
      provider: plan.provider,
      seconds,
      output: options.modelQuantized,
      inputs: await recordInputs(options, setup, progress),
      versions: { ristretto: version, onnxruntime: runtimeVersion, node: process.versions.node },
      notes,
    };
    await journalFile.settled();
    return report;
  } catch (cause) {
    await endJournal?.();
    throw cause;
  } finally {
    await setup.close();
  }
}

/** What one of the searches gave, and its own part of the report. */
interface Found {
  readonly candidate: Candidate;
  readonly final: Score;
  readonly found: OwnPart<OriginalReport> | OwnPart<BestSearchReport>;
}

type OwnPart<Report extends QuantizeReport> = Omit<Report, keyof CommonReport>;

async function findBest(run: SearchRun, { mode }: RunOptions): Promise<Found> {
  const { candidate, final, best } = await runBestSearch(run);
  return { candidate, final, found: { search: 'best', mode, best, rows: [], chosen: null } };
}

async function findAsOriginal(run: SearchRun, baseline: Score, mode: OriginalMode): Promise<Found> {
  const { candidate, final, rows, chosen } = await runOriginalSearch(run, baseline);
  return { candidate, final, found: { search: 'original', mode, rows, chosen } };
}

function planOf(options: RunOptions, setup: QuantizeSetup): RunPlan {
  return {
    net: setup.netName,
    provider: describeProvider(setup.provider),
    scoreBlob: setup.choice.name,
    scoreIsAccuracy: setup.choice.isAccuracy,
    scoreDirection: setup.choice.direction,
    iterations: options.iterations,
    batchSize: setup.testData.batchSize,
    testSources: setup.testData.sources,
    weightsBytes: statSync(options.weights).size,
    search: options.search ?? 'original',
    sweeps: options.search === 'best' ? [] : plannedSweeps(originalMode(options), options.bits),
  };
}

/** The progress of a run, with what is expected to come after the baseline. */
function progressOf(
  options: RunOptions,
  setup: QuantizeSetup,
  onProgress: OnProgress,
): PassProgress {
  const { targets, testData, rangeData } = setup;
  const score = options.iterations * testData.batchSize;
  const expected =
    options.search === 'best'
      ? expectedOfBest(options, targets.length, availableImages({ options, setup }))
      : { work: expectedOfOriginal(options, targets), sampleImages: score };
  const progress = new PassProgress({ score, sample: expected.sampleImages }, onProgress);
  const { work } = expected;
  const ranges = (rangeIterations * rangeData.batchSize) / score;
  progress.expect({ ...work, score: work.score + ranges });
  return progress;
}

/** Layers that a search leaves out stay float. */
function formatsOf(candidate: Candidate, layer: string): LayerFormats {
  return candidate.get(layer) ?? floatFormats;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Scores the float net, keeping what the sweep of the FC weights need not compute again. */
async function scoreBaseline(
  { tester, targets, testData }: QuantizeSetup,
  scorer: CandidateScorer,
  iterations: number,
  progress: PassProgress,
): Promise<Score> {
  const start = performance.now();
  const { batchSize } = testData;
  const pass = { batches: iterations, batchSize, kind: 'score' } as const;
  const onBatch = progress.pass(phaseNames.floatNet, pass);
  const fcLayers = targets.filter(({ type }) => parameterGroup(type) === 'fc_params');
  await tester.keepActivationsBefore(
    fcLayers.map(({ name }) => name),
    iterations,
    onBatch,
  );
  const { score, loss, isKnown } = await scorer.baseline(onBatch);
  progress.ended(isKnown ? undefined : 'score');
  return { score, loss, seconds: (performance.now() - start) / 1000 };
}

async function recordInputs(
  { model, weights, signal }: QuantizeOptions,
  { testData, rangeData }: QuantizeSetup,
  progress: PassProgress,
): Promise<InputRecord[]> {
  const files: (readonly [InputRecord['role'], string])[] = [
    ['model', model],
    ['weights', weights],
    ...testData.sources.map((path) => ['test data', path] as const),
    ...(rangeData === testData
      ? []
      : rangeData.sources.map((path) => ['train data', path] as const)),
  ];
  progress.finish(phaseNames.files);
  const records: InputRecord[] = [];
  for (const [role, path] of files) records.push(await recordInput(role, path, signal));
  return records;
}
