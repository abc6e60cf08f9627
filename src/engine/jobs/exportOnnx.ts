import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { readWeights } from '../../caffe/readWeights';
import { resolveWeights } from '../../caffe/layerWeights';
import { buildNet, type Net } from '../../caffe/net';
import { readNetFile } from '../../caffe/netFile';
import { formatKey } from '../../caffe/numberFormat';
import { netState } from '../../caffe/phase';
import { quantizationNotes } from '../../caffe/quantizedLayers';
import type { OptionsOf } from '../../options/table';
import { convertNet, type ConversionOptions } from '../../onnx/convertNet';
import { withDynamicBatch } from '../../onnx/dynamicBatch';
import { refuseUnobeyed } from '../../onnx/forkSettings';
import type { Graph, Value } from '../../onnx/graph';
import {
  largestModel,
  producerName,
  splitModel,
  writeModel,
  type ExternalTensor,
} from '../../onnx/model';
import { withoutUnsupportedEnds } from '../../onnx/convertibleNet';
import { checkSupported } from '../../onnx/registry';
import { formatDiagnostic } from '../../prototxt/diagnostic';
import { UserError } from '../../base/userError';
import { quantize } from '../../quantize/arithmetic';
import { quantizeBlob } from '../../quantize/quantizedWeights';
import { pause } from '../../runtime/pause';
import { blobReader } from '../inputs/blobReader';
import { dataShapes } from '../inputs/dataShapes';
import { dataFiles } from '../inputs/netData';
import { checkNotRead, checkOutput, writeOutput } from '../files/outputFile';
import { PassProgress, type OnProgress } from '../files/progress';
import { version } from '../files/version';

/** The options of the command, and what its callers add. */
export interface ExportOptions extends OptionsOf<'convert'> {
  /** Folder that relative paths in the prototxt start at, where it is not the prototxt's own. */
  readonly modelFolder?: string | undefined;
  readonly cwd: string;
  readonly signal?: AbortSignal;
}

/** What was written. */
export interface ExportResult {
  readonly bytes: number;
  /** The file of the weights, where they have one of their own. */
  readonly dataFile: string | undefined;
  /** Whether the file takes any number of images at once. */
  readonly dynamicBatch: boolean;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  /** What the user should know about the net's file. */
  readonly notes: readonly string[];
}

/**
 * Writes a net, float or quantized, as an `.onnx` file: float32 inputs and outputs named after
 * Caffe's blobs, standard operators only.
 *
 * @param onNote told as soon as it is known, so that it is told where the job fails later too
 * @throws UserError for bad input, the signal's reason when it is aborted; nothing is written then
 */
export async function exportOnnx(
  options: ExportOptions,
  onProgress: OnProgress,
  onNote: (note: string) => void = () => undefined,
): Promise<ExportResult> {
  checkOutput({
    path: options.output,
    flag: '--output',
    inputs: [options.model, options.weights],
    force: options.force,
    isEarlierResult: (content) => content.subarray(0, 64).includes(producerName),
  });
  const { phase = 'TEST' } = options;
  const dataFile = `${options.output}.data`;
  const isSplit = options.externalData === true || bytesOf(options.weights) > largestModel;
  if (isSplit) {
    checkOutput({
      path: dataFile,
      flag: '--output',
      inputs: [options.model, options.weights],
      force: options.force,
      isEarlierResult: () => existsSync(options.output),
    });
  }
  const file = readNetFile(options.model, options);
  const notes: string[] = [];
  const note = (text: string): void => {
    notes.push(text);
    onNote(text);
  };
  for (const warning of file.warnings) note(formatDiagnostic(file.source, warning));
  const { net, dropped } = withoutUnsupportedEnds(buildNet(file, netState(phase, options)));
  for (const { name, type, place } of dropped) {
    note(
      `layer "${name}" (line ${place.line}) of type "${type}" is not supported and left out: nobody ` +
        'reads what it makes, and the net is written up to there',
    );
  }
  checkNotRead({ path: options.output, flag: '--output' }, dataFiles(net, options));
  checkSupported(net);
  const { signal } = options;
  const progress = new PassProgress({ passes: 3, batches: 3 }, onProgress);
  progress.pass('reading weights', 1);
  await pause(signal);
  const weights = await readWeights(options.weights);
  resolveWeights(net, weights).notes.forEach(note);
  const conversion = {
    weights,
    inputShapes: await dataShapes(net, weights, options),
    readBlob: blobReader(file, options),
  };
  const rounded = await roundWeights(net, conversion, progress.pass('converting', 1), signal);
  const converted = convertNet(net, { ...conversion, quantizeBlob: rounded });
  refuseUnobeyed(net);
  const dynamic = dynamicGraph(net, converted.graph, { ...conversion, quantizeBlob: rounded });
  const graph = dynamic ?? converted.graph;
  const onWritten = progress.pass('writing', 1);
  await pause(signal);
  const info = {
    producerVersion: version,
    metadata: {
      source: options.model,
      phase,
      // Blobs whose value has another name than the blob itself.
      blobs: JSON.stringify(
        Object.fromEntries([...converted.valueNames].filter(([blob, value]) => blob !== value)),
      ),
    },
  };
  let bytes: number;
  if (isSplit) {
    const split = splitModel(graph, info, path.basename(dataFile));
    // The weights first: a model without them cannot be loaded.
    await writeOutput(dataFile, joined(split.external), signal);
    await writeOutput(options.output, split.bytes, signal);
    bytes = split.bytes.byteLength + statSync(dataFile).size;
  } else {
    const model = writeModel(graph, info);
    await pause(signal);
    await writeOutput(options.output, model, signal);
    bytes = model.byteLength;
  }
  onWritten(1);
  quantizationNotes(net).forEach(note);
  return {
    bytes,
    dataFile: isSplit ? dataFile : undefined,
    dynamicBatch: dynamic !== undefined,
    inputs: graph.inputs,
    outputs: graph.outputs,
    notes,
  };
}

/**
 * The graph for any number of images, where the net allows that: its inputs must begin with one
 * number of images and nothing may hang on that number but sizes.
 */
function dynamicGraph(net: Net, graph: Graph, conversion: ConversionOptions): Graph | undefined {
  const [batch, ...others] = new Set(graph.inputs.map(({ shape }) => shape[0]));
  if (batch === undefined || others.length > 0) return undefined;
  const other = batch + 1;
  const inputShapes = new Map(
    graph.inputs.map(({ name, shape }) => [name, [other, ...shape.slice(1)]]),
  );
  try {
    const { graph: second } = convertNet(net, { ...conversion, inputShapes });
    return withDynamicBatch(graph, second, [batch, other]);
  } catch (cause) {
    // A layer that needs just this number of images: then it stays fixed.
    if (cause instanceof UserError) return undefined;
    throw cause;
  }
}

/** Tensors one after the other, each at its offset. */
function* joined(tensors: readonly ExternalTensor[]): Generator<Uint8Array> {
  let end = 0;
  for (const { offset, data } of tensors) {
    if (offset > end) yield new Uint8Array(offset - end);
    yield data;
    end = offset + data.byteLength;
  }
}

/** Whoever reads the file says why there are none. */
function bytesOf(file: string): number {
  try {
    return statSync(file).size;
  } catch {
    return 0;
  }
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
