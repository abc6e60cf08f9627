import protobuf from 'protobufjs';
import protoText from '../../proto/onnx.proto';
import { elementTypes, type Attribute, type Graph, type Value } from './graph';

/** The one operator set version that all written models use. */
export const opsetVersion = 17;
/** What written models say they were made by. */
export const producerName = 'ristretto-vscode';
/** The ONNX file format version that goes with the operator set. */
const irVersion = 8;

const modelType = protobuf.parse(protoText, { keepCase: true }).root.lookupType('onnx.ModelProto');

/**
 * Serializes a graph as an ONNX model file's bytes.
 *
 * @param metadata written as the model's metadata properties (source file, mode, ...)
 */
export function writeModel(
  graph: Graph,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  return modelType
    .encode({
      ir_version: irVersion,
      producer_name: producerName,
      producer_version: '',
      opset_import: [{ domain: '', version: opsetVersion }],
      metadata_props: Object.entries(metadata).map(([key, value]) => ({ key, value })),
      graph: {
        name: graph.name,
        input: graph.inputs.map(valueInfo),
        output: graph.outputs.map(valueInfo),
        value_info: graph.values.map(valueInfo),
        initializer: graph.initializers.map(({ name, type, shape, data }) => ({
          name,
          data_type: elementTypes[type],
          dims: shape,
          raw_data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
        })),
        node: graph.nodes.map((node) => ({
          name: node.name,
          op_type: node.opType,
          input: node.inputs,
          output: node.outputs,
          attribute: Object.entries(node.attributes).map(([name, value]) => attribute(name, value)),
        })),
      },
    })
    .finish();
}

function valueInfo({ name, type, shape }: Value): object {
  return {
    name,
    type: {
      tensor_type: {
        elem_type: elementTypes[type],
        shape: { dim: shape.map((dim_value) => ({ dim_value })) },
      },
    },
  };
}

function attribute(name: string, value: Attribute): object {
  if (typeof value === 'number') return { name, type: 2, i: value };
  if (typeof value === 'string') return { name, type: 3, s: Buffer.from(value) };
  if ('float' in value) return { name, type: 1, f: value.float };
  return { name, type: 7, ints: value };
}
