import { readCaffemodel } from '../caffe/caffemodel';
import { buildNet } from '../caffe/net';
import { readNetFile } from '../caffe/netFile';
import { netState } from '../caffe/phase';
import type { Phase } from '../caffe/schema';
import { convertNet } from '../onnx/convertNet';
import type { Value } from '../onnx/graph';
import { producerName, writeModel } from '../onnx/model';
import { checkSupported } from '../onnx/registry';
import { formatDiagnostic } from '../prototxt/diagnostic';
import { quantizeBlob } from '../quantize/quantizedWeights';
import { dataShapes } from './dataShapes';
import { checkOutput, writeOutput } from './outputFile';

export interface ExportOptions {
  readonly model: string;
  readonly weights: string;
  readonly output: string;
  readonly phase: Phase;
  readonly caffeRoot?: string | undefined;
  readonly cwd: string;
  readonly force: boolean;
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
 * @throws UserError for bad input; nothing is written then
 */
export async function exportOnnx(options: ExportOptions): Promise<ExportResult> {
  checkOutput({
    path: options.output,
    flag: '--output',
    inputs: [options.model, options.weights],
    force: options.force,
    isEarlierResult: (content) => content.subarray(0, 64).includes(producerName),
  });
  const file = readNetFile(options.model);
  const net = buildNet(file, netState(options.phase));
  checkSupported(net);
  const weights = readCaffemodel(options.weights);
  const { graph } = convertNet(net, {
    weights,
    inputShapes: dataShapes(net, weights, options),
    quantizeBlob,
  });
  const model = writeModel(graph, { source: options.model, phase: options.phase });
  await writeOutput(options.output, model);
  return {
    bytes: model.byteLength,
    inputs: graph.inputs,
    outputs: graph.outputs,
    notes: file.warnings.map((warning) => formatDiagnostic(file.source, warning)),
  };
}
