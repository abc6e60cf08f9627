import { statSync } from 'node:fs';
import { parameterGroup } from '../caffe/layerTypes';
import { float32, type Candidate, type LayerFormats } from '../caffe/numberFormat';
import { encodeText } from '../prototxt/encoding';
import { isWithinMargin, type Margin } from '../quantize/margin';
import { integerLengths, largestMagnitude } from '../quantize/ranges';
import type { InputRecord, LayerReport, QuantizeReport, RunPlan } from '../quantize/report';
import { rewritePrototxt } from '../quantize/rewritePrototxt';
import { mostCandidates, plannedSweeps, search, type Score } from '../quantize/search';
import { formatFloat } from '../quantize/textReport';
import { weightBytes } from '../quantize/weightBytes';
import { describeProvider } from '../runtime/provider';
import { runtimeVersion } from '../runtime/session';
import { recordInput } from './inputRecords';
import { writeOutput } from './outputFile';
import { PassProgress } from './progress';
import type { QuantizeEvents, QuantizeOptions } from './quantizeOptions';
import { prepareQuantize, type QuantizeSetup } from './quantizeSetup';
import { version } from './version';

/** Batches of the TRAIN phase that the original measures ranges on. */
const rangeIterations = 10;
/**
 * The main job: finds the fewest bits within the error margin by the original's search and writes
 * the quantized prototxt. Nothing is written unless the whole search succeeds; whoever cancels after
 * that gets a report without the hashes that were still to come.
 *
 * @throws UserError for bad input, before any pass where that can be known; the signal's reason
 * when it is aborted
 */
export async function quantizeNet(
  options: QuantizeOptions,
  events: QuantizeEvents,
): Promise<QuantizeReport> {
  const start = performance.now();
  const notes: string[] = [];
  const note = (text: string): void => {
    notes.push(text);
    events.onNote(text);
  };
  const setup = await prepareQuantize(options, note);
  try {
    const plan = planOf(options, setup);
    events.onPlan?.(plan);
    const most = mostCandidates(options.mode, setup.targets);
    const progress = new PassProgress(
      { passes: 2 + most, batches: rangeIterations + (1 + most) * options.iterations },
      events.onProgress,
    );
    const baseline = await scoreBaseline(setup, options.iterations, progress);
    events.onBaseline?.(baseline);
    const { errorMargin } = options;
    const { scoreDirection } = plan;
    const margin: Margin = { baseline: baseline.score, errorMargin, direction: scoreDirection };
    const doubt = doubtfulBaseline(margin, plan.scoreIsAccuracy);
    if (doubt !== undefined) note(doubt);
    const layers = await measureRanges(setup, progress);
    events.onLayers?.(layers);
    if (setup.rangeData !== setup.testData) await setup.rangeData.close();
    const result = await search(options.mode, {
      layers,
      baseline,
      errorMargin,
      direction: scoreDirection,
      score: (candidate, what) =>
        setup.tester.score(
          setup.choice,
          options.iterations,
          candidate,
          progress.pass(what, options.iterations, plan.batchSize),
        ),
      onRow: (row) => events.onRow(row),
      onSaved: (candidates) => progress.skip(candidates, options.iterations),
    });
    options.signal?.throwIfAborted();
    const text = rewritePrototxt(setup.file, result.candidate);
    await writeOutput(options.modelQuantized, encodeText(text, setup.file.encoding));
    const seconds = (performance.now() - start) / 1000;
    const { final } = result;
    const delivered = layers.map((layer) => ({
      ...layer,
      formats: formatsOf(result.candidate, layer.name),
    }));
    const report: QuantizeReport = {
      mode: options.mode,
      baseline: baseline.score,
      baselineLoss: baseline.loss,
      rows: result.rows,
      chosen: result.chosen,
      final: {
        score: final.score,
        loss: final.loss,
        seconds: final.seconds,
        withinMargin: isWithinMargin(final.score, margin),
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
    return report;
  } finally {
    await setup.close();
  }
}

function planOf(options: QuantizeOptions, setup: QuantizeSetup): RunPlan {
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
    sweeps: plannedSweeps(options.mode),
  };
}

function formatsOf(candidate: Candidate, layer: string): LayerFormats {
  const formats = candidate.get(layer);
  if (formats === undefined) throw new Error(`the search left layer "${layer}" out`);
  return formats;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Scores the float net, keeping what the sweep of the FC weights need not compute again. */
async function scoreBaseline(
  { tester, targets, choice, testData }: QuantizeSetup,
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
  const score = await tester.score(choice, iterations, undefined, onBatch);
  return { ...score, seconds: (performance.now() - start) / 1000 };
}

async function measureRanges(
  { targets, ranger, rangeData }: QuantizeSetup,
  progress: PassProgress,
): Promise<LayerReport[]> {
  const blobs = targets.flatMap((layer) => [layer.bottoms[0] ?? '', layer.tops[0] ?? '']);
  const largest = await ranger.largest(
    blobs,
    rangeIterations,
    progress.pass('ranges', rangeIterations, rangeData.batchSize),
  );
  return targets.map((layer) => {
    const [weightBlob, biasBlob] = ranger.weightsOf(layer);
    const range = {
      name: layer.name,
      type: layer.type,
      maxIn: largest.get(layer.bottoms[0] ?? '') ?? 0,
      maxOut: largest.get(layer.tops[0] ?? '') ?? 0,
      maxParams: largestMagnitude(weightBlob?.data ?? new Float32Array()),
    };
    return {
      ...range,
      ...integerLengths(range),
      line: layer.place.line ?? 1,
      weights: weightBlob?.data.length ?? 0,
      biases: biasBlob?.data.length ?? 0,
    };
  });
}

/** Why a baseline makes the search pointless; undefined for one that does not. */
function doubtfulBaseline(margin: Margin, isAccuracy: boolean): string | undefined {
  const { baseline: score, errorMargin } = margin;
  const advice = 'check that weights, data and labels belong together';
  if (Number.isNaN(score)) {
    return `the float net's score is not a number, so that no width is within the margin: ${advice}`;
  }
  // An accuracy cannot fall below 0, so that a margin as large as the baseline accepts everything.
  if (score !== 0 && (!isAccuracy || !isWithinMargin(0, margin))) return undefined;
  return (
    `the float net scores ${formatFloat(score)}: ` +
    (isAccuracy ? `every width is within the margin of ${errorMargin} %; ` : '') +
    advice
  );
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
