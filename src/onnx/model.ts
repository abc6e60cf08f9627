import protobuf from 'protobufjs';
import protoText from '../../proto/onnx.proto';
import {
  batchDimension,
  elementTypes,
  type Attribute,
  type Graph,
  type Initializer,
  type Value,
} from './graph';

/** The one operator set version that all written models use. */
export const opsetVersion = 17;
/** What written models say they were made by. */
export const producerName = 'ristretto-vscode';
/** The ONNX file format version that goes with the operator set. */
const irVersion = 8;

const schema = protobuf.parse(protoText, { keepCase: true }).root;
const modelType = schema.lookupType('onnx.ModelProto');
const graphType = schema.lookupType('onnx.GraphProto');
const tensorType = schema.lookupType('onnx.TensorProto');

/** What a model says of itself. */
export interface ModelInfo {
  /** Version of this tool. */
  readonly producerVersion?: string;
  /** Metadata properties (source file, phase, ...). */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A model whose large tensors lie outside of its bytes. */
export interface SplitModel {
  readonly bytes: Uint8Array;
  /** The numbers of each large tensor, in the order of their offsets where they share one file. */
  readonly external: readonly ExternalTensor[];
}

/** Numbers outside of a model's bytes. */
export interface ExternalTensor {
  /** Name of the file that the model says they are in. */
  readonly location: string;
  /** Where they start in it. */
  readonly offset: number;
  /** Little-endian, as in memory. */
  readonly data: Uint8Array;
}

/** Tensors below this many bytes stay within the model: shapes and such must be there. */
const smallTensor = 1024;

/**
 * Serializes a graph as an ONNX model file's bytes.
 *
 * Weights go straight into the result: the general encoder would copy them once for each of the
 * three messages they are nested in, which for a net of 500 MB is another 1 GB.
 *
 * @throws RangeError where the model is larger than a protobuf file may be, see {@link splitModel}
 */
export function writeModel(graph: Graph, info: ModelInfo = {}): Uint8Array {
  if (weightBytes(graph) > largestModel) throw new RangeError('the model exceeds 2 GB');
  return serialize(graph, info, tensorParts);
}

/** Bytes that a model's tensors take. */
export function weightBytes({ initializers }: Graph): number {
  return initializers.reduce((sum, { data }) => sum + data.byteLength, 0);
}

/** Readers of protobuf refuse files of 2 GiB; this leaves room for the structure. */
export const largestModel = 2 ** 31 - 2 ** 26;

/**
 * Serializes a graph with its large tensors left outside, so that nothing is copied and the limit of
 * 2 GiB on protobuf files does not count.
 *
 * @param location name of the one file that all large tensors go to one after the other; without it
 * each is a file of its own
 */
export function splitModel(graph: Graph, info: ModelInfo = {}, location?: string): SplitModel {
  const external: ExternalTensor[] = [];
  let end = 0;
  const bytes = serialize(graph, info, (initializer) => {
    const data = bytesOf(initializer);
    if (data.byteLength < smallTensor) return tensorParts(initializer);
    const tensor = {
      location: location ?? `tensor${external.length}`,
      offset: location === undefined ? 0 : end,
      data,
    };
    external.push(tensor);
    // Runtimes map the file into memory, which needs whole pages.
    end = Math.ceil((end + data.byteLength) / pageSize) * pageSize;
    return [tensorType.encode(externalTensor(initializer, tensor)).finish()];
  });
  return { bytes, external };
}

const pageSize = 4096;

function serialize(
  graph: Graph,
  { producerVersion = '', metadata = {} }: ModelInfo,
  writeTensor: (initializer: Initializer) => Uint8Array[],
): Uint8Array {
  const model = modelType
    .encode({
      ir_version: irVersion,
      producer_name: producerName,
      producer_version: producerVersion,
      opset_import: [{ domain: '', version: opsetVersion }],
      metadata_props: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    })
    .finish();
  const structure = graphType.encode(structureOf(graph)).finish();
  const tensors = graph.initializers.flatMap((initializer) =>
    nested(graphType, 'initializer', writeTensor(initializer)),
  );
  return join([model, ...nested(modelType, 'graph', [structure, ...tensors])]);
}

/** A graph without its constants. */
function structureOf(graph: Graph): object {
  return {
    name: graph.name,
    input: graph.inputs.map(valueInfo),
    output: graph.outputs.map(valueInfo),
    value_info: graph.values.map(valueInfo),
    node: graph.nodes.map((node) => ({
      name: node.name,
      op_type: node.opType,
      input: node.inputs,
      output: node.outputs,
      attribute: Object.entries(node.attributes).map(([name, value]) => attribute(name, value)),
    })),
  };
}

function tensorParts(initializer: Initializer): Uint8Array[] {
  const description = tensorType.encode(describeTensor(initializer)).finish();
  return [description, ...nested(tensorType, 'raw_data', [bytesOf(initializer)])];
}

function externalTensor(
  initializer: Initializer,
  { location, offset, data }: ExternalTensor,
): object {
  const entries = { location, offset: String(offset), length: String(data.byteLength) };
  return {
    ...describeTensor(initializer),
    data_location: 1,
    external_data: Object.entries(entries).map(([key, value]) => ({ key, value })),
  };
}

function describeTensor({ name, type, shape }: Initializer): object {
  return { name, data_type: elementTypes[type], dims: shape };
}

function bytesOf({ data }: Initializer): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** A length-delimited field: its tag and length, then its content. */
function nested(type: protobuf.Type, field: string, parts: readonly Uint8Array[]): Uint8Array[] {
  const id = type.fields[field]?.id ?? 0;
  const lengthDelimited = 2;
  const head = protobuf.Writer.create()
    .uint32((id << 3) | lengthDelimited)
    .uint32(byteLength(parts))
    .finish();
  return [head, ...parts];
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(byteLength(parts));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return bytes;
}

function byteLength(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.byteLength, 0);
}

function valueInfo({ name, type, shape }: Value): object {
  return {
    name,
    type: {
      tensor_type: {
        elem_type: elementTypes[type],
        shape: { dim: shape.map((size, axis) => dimension(size, name, axis)) },
      },
    },
  };
}

/** A size, `N` for the number of images, or a name of its own for one known at run time only. */
function dimension(size: number, value: string, axis: number): object {
  if (size === batchDimension) return { dim_param: 'N' };
  return size < 0 ? { dim_param: `${value}:${axis}` } : { dim_value: size };
}

function attribute(name: string, value: Attribute): object {
  if (typeof value === 'number') return { name, type: 2, i: value };
  if (typeof value === 'string') return { name, type: 3, s: Buffer.from(value) };
  if ('float' in value) return { name, type: 1, f: value.float };
  if ('floats' in value) return { name, type: 6, floats: value.floats };
  if ('graph' in value) return { name, type: 5, g: bodyOf(value.graph) };
  return value.some((item) => typeof item === 'string')
    ? { name, type: 8, strings: value.map((item) => Buffer.from(String(item))) }
    : { name, type: 7, ints: value };
}

/** The body of a loop; the graph around it holds its constants. */
function bodyOf(graph: Graph): object {
  if (graph.initializers.length > 0) throw new Error(`${graph.name} has constants of its own`);
  return structureOf(graph);
}
