import type { Words } from '../../base/words';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { readWeights } from '../../caffe/readWeights';
import { resolveWeights } from '../../caffe/layerWeights';
import type { Net } from '../../caffe/net';
import { oddWeightNotes } from '../../caffe/oddWeights';
import { buildNet } from '../../caffe/buildNet';
import { readNetFile } from '../../caffe/netFile';
import { formatKey, type NumberFormat } from '../../formats/formats';
import { isFloat32 } from '../../formats/float32';
import { netState } from '../../caffe/phase';
import { quantizationNotes, simulationNote } from '../../caffe/quantizedLayers';
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
import { quantize } from '../../formats/formats';
import { pause } from '../../runtime/pause';
import { blobReader } from '../inputs/blobReader';
import { dataShapes } from '../inputs/dataShapes';
import { dataFiles } from '../inputs/netData';
import { checkNotRead, checkOutput, writeOutput } from '../files/outputFile';
import { phaseNames } from '../../quantize/phases';
import type { Tell } from '../files/events';
import { StepProgress } from '../files/progress';
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
  /** Whether quantized layers are in it: their numbers are rounded and held as float32. */
  readonly isSimulation: boolean;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  /** What the user should know about the net's file. */
  readonly notes: readonly Words[];
}

/**
 * Writes a net, float or quantized, as an `.onnx` file: float32 inputs and outputs named after
 * Caffe's blobs, standard operators only.
 *
 * @param tell of notes as soon as they are known, so that they are told where the job fails later too
 * @throws UserError for bad input, the signal's reason when it is aborted; nothing is written then
 */
export async function exportOnnx(options: ExportOptions, tell: Tell): Promise<ExportResult> {
  checkOutput({
    path: options.output,
    option: 'output',
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
      option: 'output',
      inputs: [options.model, options.weights],
      force: options.force,
      isEarlierResult: () => existsSync(options.output),
    });
  }
  const file = readNetFile(options.model, options);
  const notes: Words[] = [];
  const note = (text: string): void => {
    notes.push(text);
    tell('note', text);
  };
  for (const warning of file.warnings) note(formatDiagnostic(file.source, warning));
  const { net, dropped } = withoutUnsupportedEnds(buildNet(file, netState(phase, options)));
  for (const { name, type, place } of dropped) {
    note(
      `layer "${name}" (line ${place.line}) of type "${type}" is not supported and left out: nobody ` +
        'reads what it makes, and the net is written up to there',
    );
  }
  checkNotRead({ path: options.output, option: 'output' }, dataFiles(net, options));
  checkSupported(net);
  const { signal } = options;
  const progress = new StepProgress(3, (now) => tell('progress', now));
  progress.step(phaseNames.reading);
  await pause(signal);
  const weights = await readWeights(options.weights);
  resolveWeights(net, weights).notes.forEach(note);
  oddWeightNotes(net, weights).forEach(note);
  const rounding = new LateRounding();
  const conversion = {
    weights,
    inputShapes: await dataShapes(net, weights, options),
    readBlob: blobReader(file, options),
    quantizeBlob: rounding.quantizeBlob,
  };
  const onConverted = progress.step(phaseNames.convert);
  const converted = convertNet(net, conversion);
  refuseUnobeyed(net);
  const dynamic = dynamicGraph(net, converted.graph, conversion);
  const graph = dynamic ?? converted.graph;
  await rounding.finish(graph, onConverted, signal);
  const onWritten = progress.step(phaseNames.files);
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
  const simulation = simulationNote(net);
  if (simulation !== undefined) note(simulation);
  return {
    bytes,
    dataFile: isSplit ? dataFile : undefined,
    dynamicBatch: dynamic !== undefined,
    isSimulation: simulation !== undefined,
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

/** Numbers rounded in one go: a few milliseconds. */
const pieceLength = 2 ** 18;

/**
 * Rounds the weights of quantized layers after the conversion, in small pieces: the conversion itself
 * cannot be interrupted, and the layers of a large net take seconds. The graph holds arrays that are
 * filled here.
 */
class LateRounding {
  private readonly wanted = new Map<Float32Array, Map<string, RoundedBlob>>();

  /** For {@link ConversionOptions.quantizeBlob}; equal blobs of two conversions share their numbers. */
  readonly quantizeBlob: ConversionOptions['quantizeBlob'] = (blob, format) => {
    if (isFloat32(format)) return blob;
    const key = formatKey(format);
    const ofBlob = this.wanted.get(blob.data) ?? new Map<string, RoundedBlob>();
    this.wanted.set(blob.data, ofBlob);
    const known = ofBlob.get(key);
    const rounded = known ?? { format, data: new Float32Array(blob.data.length) };
    ofBlob.set(key, rounded);
    return { ...blob, data: rounded.data };
  };

  /** @throws Error where a layer's converter has read numbers that were still to come */
  async finish(
    graph: Graph,
    onDone: (share: number) => void,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const all = [...this.wanted].flatMap(([from, ofBlob]) =>
      [...ofBlob.values()].map(({ format, data }) => ({ from, format, data })),
    );
    const held = new Set<unknown>(graph.initializers.map(({ data }) => data));
    for (const [index, { from, format, data }] of all.entries()) {
      if (!held.has(data)) throw new Error('a converter changed weights that are rounded later');
      for (let at = 0; at < data.length; at += pieceLength) {
        await pause(signal);
        data.set(quantize(from.subarray(at, at + pieceLength), format), at);
      }
      onDone((index + 1) / all.length);
    }
  }
}

interface RoundedBlob {
  readonly format: NumberFormat;
  readonly data: Float32Array;
}
