import { readFileSync } from 'node:fs';
import protobuf from 'protobufjs';
import { expect } from 'vitest';

const schema = protobuf.parse(
  readFileSync(new URL('../../proto/onnx.proto', import.meta.url), 'utf8'),
  {
    keepCase: true,
  },
).root;

interface Dimension {
  readonly dim_value?: number;
  readonly dim_param?: string;
}

interface ValueInfo {
  readonly name: string;
  readonly type: {
    readonly tensor_type: {
      readonly elem_type: number;
      readonly shape?: { readonly dim?: Dimension[] };
    };
  };
}

interface Tensor {
  readonly name: string;
  readonly data_type: number;
  readonly dims?: number[];
  readonly raw_data?: Uint8Array;
}

interface Node {
  readonly name: string;
  readonly op_type: string;
  readonly input?: string[];
  readonly output?: string[];
  readonly attribute?: { readonly name: string; readonly type: number }[];
}

/** An ONNX file as its bytes say. */
export interface ModelContent {
  readonly ir_version: number;
  readonly producer_name: string;
  readonly producer_version: string;
  /** The standard domain is the empty one, which is not written. */
  readonly opset_import: { readonly domain?: string; readonly version: number }[];
  readonly metadata_props?: { readonly key: string; readonly value: string }[];
  readonly graph: {
    readonly name: string;
    readonly node?: Node[];
    readonly initializer?: Tensor[];
    readonly input?: ValueInfo[];
    readonly output?: ValueInfo[];
    readonly value_info?: ValueInfo[];
  };
}

export function readModel(bytes: Uint8Array): ModelContent {
  const type = schema.lookupType('onnx.ModelProto');
  return type.toObject(type.decode(bytes), {
    longs: Number,
    enums: Number,
    defaults: false,
  }) as ModelContent;
}

const bytesPerElement: Readonly<Record<number, number>> = { 1: 4, 6: 4, 7: 8, 9: 1, 11: 8 };

/**
 * Checks the rules of the ONNX checker that do not need its operator tables: names, one maker per
 * value, makers before readers, types and shapes of everything, sizes of tensors, one operator set.
 */
export function checkModel(bytes: Uint8Array): ModelContent {
  const model = readModel(bytes);
  expect(model.opset_import).toEqual([{ version: 17 }]);
  expect(model.ir_version).toBe(8);
  const { node = [], initializer = [], input = [], output = [], value_info = [] } = model.graph;
  expect(model.graph.name).not.toBe('');

  const known = new Set<string>();
  const define = (name: string): void => {
    expect(name, 'a name').not.toBe('');
    expect(known.has(name), `${name} is made twice`).toBe(false);
    known.add(name);
  };
  for (const { name } of input) define(name);
  for (const { name, dims = [], data_type, raw_data } of initializer) {
    define(name);
    const count = dims.reduce((product, dim) => product * dim, 1);
    expect(raw_data?.length ?? 0, name).toBe(count * (bytesPerElement[data_type] ?? NaN));
  }
  const made = new Set<string>();
  for (const { name, op_type, input: read = [], output: written = [], attribute = [] } of node) {
    expect(name).not.toBe('');
    expect(op_type).toMatch(/^[A-Z][A-Za-z0-9]+$/);
    for (const value of read) {
      if (value !== '') expect(known.has(value), `${name} reads ${value} too early`).toBe(true);
    }
    for (const value of written) {
      if (value === '') continue;
      define(value);
      made.add(value);
    }
    expect(new Set(attribute.map((a) => a.name)).size).toBe(attribute.length);
    for (const { type } of attribute) expect(type).toBeGreaterThan(0);
  }
  const typed = new Set<string>();
  for (const { name, type } of [...input, ...output, ...value_info]) {
    typed.add(name);
    const { elem_type, shape } = type.tensor_type;
    expect(bytesPerElement[elem_type], `type of ${name}`).toBeDefined();
    for (const { dim_value, dim_param } of shape?.dim ?? []) {
      expect(
        dim_param === undefined ? dim_value : dim_param,
        `a dimension of ${name}`,
      ).toBeDefined();
    }
  }
  expect(new Set(value_info.map(({ name }) => name)).size).toBe(value_info.length);
  for (const { name } of output) expect(known.has(name), `output ${name}`).toBe(true);
  for (const name of made) expect(typed.has(name), `${name} has no type`).toBe(true);
  return model;
}
