import { statSync } from 'node:fs';
import { parameterGroup } from '../../caffe/layerTypes';
import { float32, type Candidate, type LayerFormats } from '../../caffe/numberFormat';
import { encodeText } from '../../prototxt/encoding';
import { isWithinMargin, type Margin } from '../../quantize/margin';
import type { InputRecord, QuantizeReport, RunPlan } from '../../quantize/report';
import { rewritePrototxt } from '../../quantize/rewritePrototxt';
import { mostCandidates, plannedSweeps, type Score } from '../../quantize/original/search';
import { weightBytes } from '../../quantize/weightBytes';
import { describeProvider } from '../../runtime/provider';
import { runtimeVersion } from '../../runtime/session';
import { runBestSearch } from '../search/bestSearch';
import { refuseBlindScore } from '../scoring/blindScore';
import { CandidateScorer } from '../scoring/candidateScorer';
import { recordInput } from '../files/inputRecords';
import { JournalFile } from '../search/journalFile';
import { measureRanges, rangeIterations } from '../search/measureRanges';
import { originalMode, runOriginalSearch } from '../search/originalSearch';
import { describeFirmness, doubtfulBaseline } from '../search/runNotes';
import { writeOutput } from '../files/outputFile';
import { PassProgress } from '../files/progress';
import type { QuantizeEvents, QuantizeOptions, RunOptions } from '../search/quantizeOptions';
import { bestWork, workOf } from '../search/searchPhases';
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
export async function quantizeNet(
  request: QuantizeOptions,
  events: QuantizeEvents,
): Promise<QuantizeReport> {
  const start = performance.now();
  const notes: string[] = [];
  const note = (text: string): void => {
    notes.push(text);
    events.onNote(text);
  };
  const setup = await prepareQuantize(request, note);
  const options: RunOptions = { ...request, iterations: setup.iterations };
  let endJournal: (() => Promise<void>) | undefined;
  try {
    const journalFile = await JournalFile.open(options, setup, note);
    endJournal = () => journalFile.flush();
    const plan = planOf(options, setup);
    events.onPlan?.(plan);
    const progress = new PassProgress(workOfRun(options, setup), events.onProgress);
    const { journal } = journalFile;
    const scorer = new CandidateScorer({
      evaluator: setup.tester,
      choice: setup.choice,
      iterations: options.iterations,
      distinctBatches: Math.floor(setup.testData.records / plan.batchSize),
      journal,
    });
    const baseline = await scoreBaseline(setup, scorer, options.iterations, progress);
    events.onBaseline?.(baseline);
    const { errorMargin } = options;
    const { scoreDirection } = plan;
    const margin: Margin = { baseline: baseline.score, errorMargin, direction: scoreDirection };
    const doubt = doubtfulBaseline(margin, plan.scoreIsAccuracy);
    if (doubt !== undefined) note(doubt);
    const blindness = await refuseBlindScore(options, setup, scorer, margin);
    if (blindness !== undefined) note(blindness);
    const layers = await measureRanges(setup, progress);
    events.onLayers?.(layers);
    const run = { options, setup, layers, margin, scorer, journal, progress, events };
    const result =
      plan.search === 'best'
        ? { ...(await runBestSearch(run)), rows: [], chosen: null }
        : { ...(await runOriginalSearch(run, baseline)), best: undefined };
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
      mode: options.mode,
      search: plan.search,
      best: result.best,
      baseline: baseline.score,
      baselineLoss: baseline.loss,
      rows: result.rows,
      chosen: result.chosen,
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
        float: sum(delivered.map((l) => weightBytes(l, { weights: float32, bias: float32 }))),
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

/** Passes and batches of a run at most. */
function workOfRun(
  options: RunOptions,
  { targets }: QuantizeSetup,
): { readonly passes: number; readonly batches: number } {
  const { iterations } = options;
  if (options.search === 'best') {
    const { passes, batches } = workOf(bestWork(options, targets.length), iterations);
    return { passes: 3 + passes, batches: rangeIterations + iterations + 1 + batches };
  }
  const most = mostCandidates(originalMode(options), targets, options.bits);
  return { passes: 2 + most, batches: rangeIterations + (1 + most) * iterations };
}

/** Layers that a search leaves out stay float. */
function formatsOf(candidate: Candidate, layer: string): LayerFormats {
  const float = { input: float32, output: float32, weights: float32, bias: float32 };
  return candidate.get(layer) ?? float;
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
  const onBatch = progress.pass('baseline', iterations, testData.batchSize);
  const fcLayers = targets.filter(({ type }) => parameterGroup(type) === 'fc_params');
  await tester.keepActivationsBefore(
    fcLayers.map(({ name }) => name),
    iterations,
    onBatch,
  );
  const score = await scorer.baseline(onBatch);
  return { ...score, seconds: (performance.now() - start) / 1000 };
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
  progress.tellMore('hashing inputs');
  const records: InputRecord[] = [];
  for (const [role, path] of files) records.push(await recordInput(role, path, signal));
  return records;
}
