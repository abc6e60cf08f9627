import { readCaffemodel, type Weights } from '../caffe/caffemodel';
import { parameterGroup } from '../caffe/layerTypes';
import { buildNet, type Layer, type Net } from '../caffe/net';
import { readNetFile, type NetFile } from '../caffe/netFile';
import type { Candidate } from '../caffe/numberFormat';
import { netState } from '../caffe/phase';
import { chooseScoreBlob } from '../caffe/scoreBlob';
import { checkSupported } from '../onnx/registry';
import { formatDiagnostic } from '../prototxt/diagnostic';
import { parsePrototxt } from '../prototxt/parse';
import { SourceText } from '../prototxt/source';
import { UserError } from '../prototxt/userError';
import type { QuantizableLayer } from '../quantize/candidates';
import { integerLengths, largestMagnitude } from '../quantize/ranges';
import type { Calibration, QuantizeReport } from '../quantize/report';
import { rewritePrototxt } from '../quantize/rewritePrototxt';
import {
  isWithinMargin,
  search,
  type Score,
  type SweepRow,
  type TrimmingMode,
} from '../quantize/search';
import { checkProvider, describeProvider, type ExecutionProvider } from '../runtime/provider';
import { runtimeVersion } from '../runtime/session';
import { Evaluator } from './evaluator';
import { recordInput } from './inputRecords';
import { NetData } from './netData';
import { checkNotRead, checkOutput, writeOutput } from './outputFile';
import { PassProgress, type OnProgress } from './progress';
import { version } from './version';

/** Batches of the TRAIN phase that the original measures ranges on. */
const rangeIterations = 10;
/** Most passes over the TEST data that a search may take: baseline, sweeps, final net. */
const mostPasses: Readonly<Record<TrimmingMode, number>> = {
  dynamic_fixed_point: 17,
  minifloat: 4,
  integer_power_of_2_weights: 2,
};

export interface QuantizeOptions {
  /** Paths of the float net, its weights, and the prototxt to write. */
  readonly model: string;
  readonly weights: string;
  readonly modelQuantized: string;
  readonly mode: TrimmingMode;
  readonly iterations: number;
  /** Accepted absolute drop of the score in percent. */
  readonly errorMargin: number;
  readonly provider: ExecutionProvider;
  readonly calibration: Calibration;
  readonly scoreBlob?: string | undefined;
  readonly caffeRoot?: string | undefined;
  readonly cwd: string;
  /** Replace an output that no earlier run made. */
  readonly force: boolean;
  /** What the caller will write besides, to be checked against the data that are read. */
  readonly otherOutputs?: readonly { readonly path: string; readonly flag: string }[];
  readonly signal?: AbortSignal;
}

/** What a run tells while it works. */
export interface QuantizeEvents {
  onProgress: OnProgress;
  onRow(row: SweepRow): void;
  onNote(note: string): void;
}

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
  checkOutput({
    path: options.modelQuantized,
    flag: '--model_quantized',
    inputs: [options.model, options.weights],
    force: options.force,
    isEarlierResult: (content) => isQuantizedPrototxt(content.toString('utf8')),
  });
  checkProvider(options.provider);
  const notes: string[] = [];
  const note = (text: string): void => {
    notes.push(text);
    events.onNote(text);
  };
  const file = readNetFile(options.model);
  for (const warning of file.warnings) note(formatDiagnostic(file.source, warning));
  const testNet = buildNet(file, netState('TEST'));
  const rangeNet = options.calibration === 'train' ? buildNet(file, netState('TRAIN')) : testNet;
  checkSupported(testNet);
  checkSupported(rangeNet);
  const choice = chooseScoreBlob(testNet, options.scoreBlob);
  if (choice.note !== undefined) note(choice.note);
  const targets = quantizableLayers(file, rangeNet);
  const weights = readCaffemodel(options.weights);

  const testData = NetData.open(testNet, options);
  let rangeData = testData;
  try {
    rangeData = rangeNet === testNet ? testData : openTrainData(rangeNet, options);
    for (const output of [
      { path: options.modelQuantized, flag: '--model_quantized' },
      ...(options.otherOutputs ?? []),
    ]) {
      checkNotRead(output, [...testData.files, ...rangeData.files]);
    }
    const common = { weights, provider: options.provider, signal: options.signal };
    const tester = new Evaluator({ ...common, net: testNet, data: testData });
    const ranger = new Evaluator({ ...common, net: rangeNet, data: rangeData });
    tester.check();
    ranger.check();
    if (options.calibration === 'test')
      note('ranges are taken from TEST-phase data (--calibration=test)');
    if (testData.records < options.iterations * testData.batchSize) {
      note(
        `${options.iterations} iterations of ${testData.batchSize} read more than the ` +
          `${testData.records} records there are: some are scored more than once, as Caffe does`,
      );
    }

    const progress = new PassProgress(
      options.iterations * mostPasses[options.mode] + rangeIterations,
      events.onProgress,
    );
    const scoreOf = (what: string, candidate: Candidate | undefined): Promise<Score> =>
      tester.score(
        choice.blob,
        options.iterations,
        candidate,
        progress.pass(what, options.iterations),
      );
    // The sweep of the FC weights changes nothing before the first of them.
    const baselineStart = performance.now();
    const countBaseline = progress.pass('baseline', options.iterations);
    await tester.keepActivationsBefore(
      targets.filter(({ type }) => parameterGroup(type) === 'fc_params').map(({ name }) => name),
      options.iterations,
      countBaseline,
    );
    const baseline: Score = {
      ...(await tester.score(choice.blob, options.iterations, undefined, countBaseline)),
      seconds: (performance.now() - baselineStart) / 1000,
    };
    const layers = await measureRanges(targets, weights, ranger, progress);
    const result = await search(options.mode, {
      layers,
      baseline,
      errorMargin: options.errorMargin,
      score: (candidate, what) => scoreOf(what, candidate),
      onRow: (row) => events.onRow(row),
    });
    options.signal?.throwIfAborted();

    const report: QuantizeReport = {
      mode: options.mode,
      baseline: baseline.score,
      baselineLoss: baseline.loss,
      rows: result.rows,
      chosen: result.chosen,
      final: {
        score: result.final.score,
        loss: result.final.loss,
        seconds: result.final.seconds,
        withinMargin: isWithinMargin(result.final.score, baseline.score, options.errorMargin),
      },
      layers: layers.map((layer) => ({ ...layer, ...integerLengths(layer) })),
      scoreBlob: choice.blob,
      errorMargin: options.errorMargin,
      iterations: options.iterations,
      batchSize: testData.batchSize,
      calibration: options.calibration,
      provider: describeProvider(options.provider),
      seconds: (performance.now() - start) / 1000,
      output: options.modelQuantized,
      inputs: [
        await recordInput('model', options.model),
        await recordInput('weights', options.weights),
        ...(await Promise.all(testData.sources.map((path) => recordInput('test data', path)))),
        ...(rangeData === testData
          ? []
          : await Promise.all(rangeData.sources.map((path) => recordInput('train data', path)))),
      ],
      versions: { ristretto: version, onnxruntime: runtimeVersion, node: process.versions.node },
      notes,
    };
    await writeOutput(options.modelQuantized, rewritePrototxt(file, result.candidate));
    return report;
  } finally {
    testData.close();
    if (rangeData !== testData) rangeData.close();
  }
}

/** Layers to quantize: those of the net whose ranges are measured, in file order. */
function quantizableLayers(file: NetFile, net: Net): Layer[] {
  const layers = net.layers.filter((layer) => parameterGroup(layer.type) !== undefined);
  if (layers.length === 0) {
    throw new UserError(
      'net/nothing-to-quantize',
      'there is no Convolution or InnerProduct layer in this net to quantize',
      { file: file.source.path },
    );
  }
  return layers;
}

async function measureRanges(
  layers: readonly Layer[],
  weights: Weights,
  ranger: Evaluator,
  progress: PassProgress,
): Promise<QuantizableLayer[]> {
  const blobs = layers.flatMap((layer) => [layer.bottoms[0] ?? '', layer.tops[0] ?? '']);
  const largest = await ranger.largest(
    blobs,
    rangeIterations,
    progress.pass('ranges', rangeIterations),
  );
  return layers.map((layer) => ({
    name: layer.name,
    type: layer.type,
    maxIn: largest.get(layer.bottoms[0] ?? '') ?? 0,
    maxOut: largest.get(layer.tops[0] ?? '') ?? 0,
    maxParams: largestMagnitude(weights.byName(layer.name)?.blobs[0]?.data ?? new Float32Array()),
  }));
}

/** The original measures on TRAIN data; where that is not at hand there is another way. */
function openTrainData(net: Net, options: QuantizeOptions): NetData {
  try {
    return NetData.open(net, options);
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause;
    throw new UserError(
      cause.code,
      `${cause.detail} (the TRAIN-phase data are needed to measure ranges; ` +
        '--calibration=test takes them from the TEST-phase data instead)',
      cause.place,
      { cause },
    );
  }
}

function isQuantizedPrototxt(text: string): boolean {
  const { root, diagnostics } = parsePrototxt(new SourceText('', text));
  if (diagnostics.some(({ severity }) => severity === 'error')) return false;
  return root.fields.some(
    ({ name, values }) =>
      name === 'layer' &&
      values.some(
        (value) =>
          value.kind === 'message' &&
          value.fields.some((field) => field.name === 'quantization_param'),
      ),
  );
}
