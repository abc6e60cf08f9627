import { parameterGroup } from '../caffe/layerTypes';
import type { Candidate } from '../caffe/numberFormat';
import type { QuantizableLayer } from '../quantize/candidates';
import { integerLengths, largestMagnitude } from '../quantize/ranges';
import type { InputRecord, QuantizeReport } from '../quantize/report';
import { rewritePrototxt } from '../quantize/rewritePrototxt';
import { isWithinMargin, search, type Score, type TrimmingMode } from '../quantize/search';
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
/** Most passes over the TEST data that a search may take: baseline, sweeps, final net. */
const mostPasses: Readonly<Record<TrimmingMode, number>> = {
  dynamic_fixed_point: 17,
  minifloat: 4,
  integer_power_of_2_weights: 2,
};

/**
 * The main job: finds the fewest bits within the error margin by the original's search and writes
 * the quantized prototxt. Nothing is written unless the whole run succeeds.
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
  const setup = prepareQuantize(options, (text) => {
    notes.push(text);
    events.onNote(text);
  });
  try {
    const progress = new PassProgress(
      options.iterations * mostPasses[options.mode] + rangeIterations,
      events.onProgress,
    );
    const score = (candidate: Candidate | undefined, what: string): Promise<Score> =>
      setup.tester.score(
        setup.scoreBlob,
        options.iterations,
        candidate,
        progress.pass(what, options.iterations),
      );
    const baseline = await scoreBaseline(setup, options.iterations, progress);
    const layers = await measureRanges(setup, progress);
    const result = await search(options.mode, {
      layers,
      baseline,
      errorMargin: options.errorMargin,
      score,
      onRow: (row) => events.onRow(row),
    });
    const { final } = result;
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
        withinMargin: isWithinMargin(final.score, baseline.score, options.errorMargin),
      },
      layers: layers.map((layer) => ({ ...layer, ...integerLengths(layer) })),
      scoreBlob: setup.scoreBlob,
      errorMargin: options.errorMargin,
      iterations: options.iterations,
      batchSize: setup.testData.batchSize,
      calibration: options.calibration,
      provider: describeProvider(options.provider),
      seconds: (performance.now() - start) / 1000,
      output: options.modelQuantized,
      inputs: await recordInputs(options, setup),
      versions: { ristretto: version, onnxruntime: runtimeVersion, node: process.versions.node },
      notes,
    };
    options.signal?.throwIfAborted();
    await writeOutput(options.modelQuantized, rewritePrototxt(setup.file, result.candidate));
    return report;
  } finally {
    setup.close();
  }
}

/** Scores the float net, keeping what the sweep of the FC weights need not compute again. */
async function scoreBaseline(
  { tester, targets, scoreBlob }: QuantizeSetup,
  iterations: number,
  progress: PassProgress,
): Promise<Score> {
  const start = performance.now();
  const onBatch = progress.pass('baseline', iterations);
  const fcLayers = targets.filter(({ type }) => parameterGroup(type) === 'fc_params');
  await tester.keepActivationsBefore(
    fcLayers.map(({ name }) => name),
    iterations,
    onBatch,
  );
  const score = await tester.score(scoreBlob, iterations, undefined, onBatch);
  return { ...score, seconds: (performance.now() - start) / 1000 };
}

async function measureRanges(
  { targets, weights, ranger }: QuantizeSetup,
  progress: PassProgress,
): Promise<QuantizableLayer[]> {
  const blobs = targets.flatMap((layer) => [layer.bottoms[0] ?? '', layer.tops[0] ?? '']);
  const largest = await ranger.largest(
    blobs,
    rangeIterations,
    progress.pass('ranges', rangeIterations),
  );
  return targets.map((layer) => ({
    name: layer.name,
    type: layer.type,
    maxIn: largest.get(layer.bottoms[0] ?? '') ?? 0,
    maxOut: largest.get(layer.tops[0] ?? '') ?? 0,
    maxParams: largestMagnitude(weights.byName(layer.name)?.blobs[0]?.data ?? new Float32Array()),
  }));
}

async function recordInputs(
  { model, weights, signal }: QuantizeOptions,
  { testData, rangeData }: QuantizeSetup,
): Promise<InputRecord[]> {
  const files: (readonly [InputRecord['role'], string])[] = [
    ['model', model],
    ['weights', weights],
    ...testData.sources.map((path) => ['test data', path] as const),
    ...(rangeData === testData
      ? []
      : rangeData.sources.map((path) => ['train data', path] as const)),
  ];
  const records: InputRecord[] = [];
  for (const [role, path] of files) records.push(await recordInput(role, path, signal));
  return records;
}
