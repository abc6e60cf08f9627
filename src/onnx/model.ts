import protobuf from 'protobufjs';
import protoText from '../../proto/onnx.proto';
import { elementTypes, type Attribute, type Graph, type Initializer, type Value } from './graph';

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

/**
 * Serializes a graph as an ONNX model file's bytes.
 *
 * Weights go straight into the result: the general encoder would copy them once for each of the
 * three messages they are nested in, which for a net of 500 MB is another 1 GB.
 *
 * @param metadata written as the model's metadata properties (source file, mode, ...)
 */
export function writeModel(
  graph: Graph,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const model = modelType
    .encode({
      ir_version: irVersion,
      producer_name: producerName,
      producer_version: '',
      opset_import: [{ domain: '', version: opsetVersion }],
      metadata_props: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    })
    .finish();
  const structure = graphType
    .encode({
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
    })
    .finish();
  const tensors = graph.initializers.flatMap((initializer) =>
    nested(graphType, 'initializer', tensorParts(initializer)),
  );
  return join([model, ...nested(modelType, 'graph', [structure, ...tensors])]);
}

function tensorParts({ name, type, shape, data }: Initializer): Uint8Array[] {
  const description = { name, data_type: elementTypes[type], dims: shape };
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return [tensorType.encode(description).finish(), ...nested(tensorType, 'raw_data', [raw])];
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

/** A size, or a name of its own for one that is known at run time only. */
function dimension(size: number, value: string, axis: number): object {
  return size < 0 ? { dim_param: `${value}:${axis}` } : { dim_value: size };
}

function attribute(name: string, value: Attribute): object {
  if (typeof value === 'number') return { name, type: 2, i: value };
  if (typeof value === 'string') return { name, type: 3, s: Buffer.from(value) };
  if ('float' in value) return { name, type: 1, f: value.float };
  if ('floats' in value) return { name, type: 6, floats: value.floats };
  return value.some((item) => typeof item === 'string')
    ? { name, type: 8, strings: value.map((item) => Buffer.from(String(item))) }
    : { name, type: 7, ints: value };
}
