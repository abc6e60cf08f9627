import { readCaffemodel } from '../caffe/caffemodel';
import { buildNet, type Net } from '../caffe/net';
import { readNetFile } from '../caffe/netFile';
import { formatKey } from '../caffe/numberFormat';
import { netState } from '../caffe/phase';
import type { Phase } from '../caffe/schema';
import { convertNet, type ConversionOptions } from '../onnx/convertNet';
import type { Value } from '../onnx/graph';
import { producerName, writeModel } from '../onnx/model';
import { checkSupported } from '../onnx/registry';
import { formatDiagnostic } from '../prototxt/diagnostic';
import { quantize } from '../quantize/arithmetic';
import { quantizeBlob } from '../quantize/quantizedWeights';
import { pause } from '../runtime/pause';
import { dataShapes } from './dataShapes';
import { dataFiles } from './netData';
import { checkNotRead, checkOutput, writeOutput } from './outputFile';
import { PassProgress, type OnProgress } from './progress';

export interface ExportOptions {
  readonly model: string;
  /** Which net of a file that defines several, from 0. */
  readonly netIndex?: number | undefined;
  /** Folder that relative paths in the prototxt start at, where it is not the prototxt's own. */
  readonly modelFolder?: string | undefined;
  readonly weights: string;
  readonly output: string;
  readonly phase: Phase;
  readonly caffeRoot?: string | undefined;
  readonly cwd: string;
  readonly force: boolean;
  readonly signal?: AbortSignal;
}

/** What was written. */
export interface ExportResult {
  readonly bytes: number;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  /** What the user should know about the net's file. */
  readonly notes: readonly string[];
}

/**
 * Writes a net, float or quantized, as an `.onnx` file: float32 inputs and outputs named after
 * Caffe's blobs, standard operators only.
 *
 * @throws UserError for bad input, the signal's reason when it is aborted; nothing is written then
 */
export async function exportOnnx(
  options: ExportOptions,
  onProgress: OnProgress,
): Promise<ExportResult> {
  checkOutput({
    path: options.output,
    flag: '--output',
    inputs: [options.model, options.weights],
    force: options.force,
    isEarlierResult: (content) => content.subarray(0, 64).includes(producerName),
  });
  const file = readNetFile(options.model, options);
  const net = buildNet(file, netState(options.phase));
  checkNotRead({ path: options.output, flag: '--output' }, dataFiles(net, options));
  checkSupported(net);
  const { signal } = options;
  const progress = new PassProgress({ passes: 3, batches: 3 }, onProgress);
  progress.pass('reading weights', 1);
  await pause(signal);
  const weights = readCaffemodel(options.weights);
  const conversion = { weights, inputShapes: dataShapes(net, weights, options) };
  const rounded = await roundWeights(net, conversion, progress.pass('converting', 1), signal);
  const { graph } = convertNet(net, { ...conversion, quantizeBlob: rounded });
  const onWritten = progress.pass('writing', 1);
  await pause(signal);
  const model = writeModel(graph, { source: options.model, phase: options.phase });
  await pause(signal);
  await writeOutput(options.output, model, signal);
  onWritten(1);
  return {
    bytes: model.byteLength,
    inputs: graph.inputs,
    outputs: graph.outputs,
    notes: file.warnings.map((warning) => formatDiagnostic(file.source, warning)),
  };
}

type Rounding = ConversionOptions['quantizeBlob'];

/** Numbers rounded in one go: a few milliseconds. */
const pieceLength = 2 ** 18;

/**
 * Rounds the weights of all quantized layers beforehand, in small pieces: the conversion itself
 * cannot be interrupted, and the layers of a large net take seconds.
 */
async function roundWeights(
  net: Net,
  conversion: Omit<ConversionOptions, 'quantizeBlob'>,
  onDone: (share: number) => void,
  signal: AbortSignal | undefined,
): Promise<Rounding> {
  const wanted: Parameters<Rounding>[] = [];
  // What a first conversion asks for is what the second one needs.
  convertNet(net, {
    ...conversion,
    quantizeBlob: (blob, format) => {
      if (format.kind !== 'float32') wanted.push([blob, format]);
      return blob;
    },
  });
  const rounded = new Map<Float32Array, { readonly key: string; readonly data: Float32Array }>();
  for (const [index, [{ data }, format]] of wanted.entries()) {
    const result = new Float32Array(data.length);
    for (let at = 0; at < data.length; at += pieceLength) {
      await pause(signal);
      result.set(quantize(data.subarray(at, at + pieceLength), format), at);
    }
    rounded.set(data, { key: formatKey(format), data: result });
    onDone((index + 1) / wanted.length);
  }
  return (blob, format) => {
    const known = rounded.get(blob.data);
    return known?.key === formatKey(format)
      ? { ...blob, data: known.data }
      : quantizeBlob(blob, format);
  };
}
