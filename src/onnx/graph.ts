import type { Shape } from '../base/shape';
import { exactDialect, type QuantizerDialect } from './dialects';

/** Stands in a shape for a dimension that is known at run time only. */
export const unknownDimension = -1;
/** Stands in a shape for the number of images, whatever it will be. */
export const batchDimension = -2;

/** Element types this project writes, with their ONNX numbers. */
export const elementTypes = { float32: 1, int32: 6, int64: 7, bool: 9, float64: 11 } as const;
export type ElementType = keyof typeof elementTypes;

/** A named tensor inside the graph. */
export interface Value {
  readonly name: string;
  readonly shape: Shape;
  readonly type: ElementType;
}

/** Attribute values; a number is written as an integer unless wrapped by {@link float}. */
export type Attribute =
  | number
  | string
  | readonly number[]
  | readonly string[]
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | { readonly graph: Graph };

export interface GraphNode {
  readonly opType: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

export interface Initializer {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: Shape;
  readonly data: TensorData;
}

/** Element data by type: float32, int32, int64, bool (one byte each). */
export type TensorData = Float32Array | Int32Array | BigInt64Array | Uint8Array;

/** A finished graph: plain data, ready to be written as a model. */
export interface Graph {
  readonly name: string;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  /** Every other value of the graph, with its inferred shape. */
  readonly values: readonly Value[];
  readonly nodes: readonly GraphNode[];
  readonly initializers: readonly Initializer[];
}

/** Marks numbers as a float list attribute. */
export function floats(values: readonly number[]): { readonly floats: readonly number[] } {
  return { floats: values };
}

/** Marks a number as a float attribute. */
export function float(value: number): { readonly float: number } {
  return { float: value };
}

/** What a new node's output is to be. */
export interface OutputSpec {
  /** A wish: a suffix is added where the name is taken. */
  readonly name: string;
  readonly shape: Shape;
  readonly type?: ElementType;
}

/** Collects nodes, initializers and value names; names stay unique. */
export class GraphBuilder {
  private readonly inputs: Value[] = [];
  private readonly outputs: Value[] = [];
  private readonly values: Value[] = [];
  private readonly nodes: GraphNode[] = [];
  private readonly initializers: Initializer[] = [];
  private readonly scalars = new Map<string, Value>();
  private readonly renames = new Map<string, string>();

  /** @param dialect how rounding to a number format is written */
  constructor(
    private readonly graphName: string,
    readonly dialect: QuantizerDialect = exactDialect,
    private readonly names = new Set<string>(),
  ) {}

  /**
   * A builder for the body of a loop, a graph that becomes an attribute of a node of this one. Its
   * nodes may read this graph's constants; names stay unique over both.
   */
  body(name: string): GraphBuilder {
    return new GraphBuilder(name, this.dialect, this.names);
  }

  /** Keeps a name free for a graph output that is made last. */
  reserve(name: string): void {
    this.names.add(name);
  }

  /** Keeps a name free like {@link reserve}, with a suffix where it is taken; returns it. */
  reserveLike(wish: string): string {
    return this.unique(wish);
  }

  /** Declares a graph input; its name is exactly the one given. */
  input(name: string, shape: Shape): Value {
    this.names.add(name);
    const value: Value = { name, shape, type: 'float32' };
    this.inputs.push(value);
    return value;
  }

  /** Adds a constant tensor. */
  initializer(name: string, shape: Shape, data: TensorData): Value {
    const type = elementTypeOf(data);
    const value: Value = { name: this.unique(name), shape, type };
    this.initializers.push({ name: value.name, type, shape, data });
    return value;
  }

  /** A float32 constant of rank 0, shared by all nodes that use the same number. */
  scalar(value: number): Value {
    const key = Object.is(value, -0) ? '-0' : String(value);
    const known = this.scalars.get(key);
    if (known !== undefined) return known;
    const made = this.initializer(`const:${key}`, [], Float32Array.of(value));
    this.scalars.set(key, made);
    return made;
  }

  /** A constant list of integers (axes, shapes). */
  integers(name: string, values: readonly number[]): Value {
    return this.initializer(name, [values.length], BigInt64Array.from(values, BigInt));
  }

  /** Adds a node with one output. An optional input that is left out is `undefined`. */
  node(
    opType: string,
    inputs: readonly (Value | undefined)[],
    output: OutputSpec,
    attributes: Readonly<Record<string, Attribute>> = {},
  ): Value {
    return this.nodeOf(opType, inputs, [output], attributes)[0] as Value;
  }

  /** Adds a node with several outputs; one that nobody needs is `undefined` and has no value. */
  nodeOf(
    opType: string,
    inputs: readonly (Value | undefined)[],
    outputs: readonly (OutputSpec | undefined)[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): (Value | undefined)[] {
    const values = outputs.map((output) =>
      output === undefined
        ? undefined
        : {
            name: this.unique(output.name),
            shape: output.shape,
            type: output.type ?? inputs[0]?.type ?? 'float32',
          },
    );
    this.values.push(...values.filter((value) => value !== undefined));
    this.push(opType, inputs, values, attributes);
    return values;
  }

  /**
   * Makes a value a graph output of exactly this name, which must have been reserved. A value made
   * by a node takes the name over; a graph input of another name, or a value that is an output
   * already, is copied.
   */
  output(name: string, from: Value): void {
    this.outputs.push({ ...from, name });
    if (from.name === name) return;
    if (this.values.includes(from) && !this.renames.has(from.name)) {
      this.renames.set(from.name, name);
    } else {
      this.push('Identity', [from], [{ ...from, name }], {});
    }
  }

  /** The name that a value has in the end: an output may have renamed it. */
  finalName(value: Value): string {
    return this.renames.get(value.name) ?? value.name;
  }

  build(): Graph {
    const nameOf = (name: string): string => this.renames.get(name) ?? name;
    return {
      name: this.graphName,
      inputs: this.inputs,
      outputs: this.outputs,
      values: this.values.filter((value) => !this.renames.has(value.name)),
      nodes: this.nodes.map((node) => ({
        ...node,
        inputs: node.inputs.map(nameOf),
        outputs: node.outputs.map(nameOf),
      })),
      initializers: this.initializers,
    };
  }

  private push(
    opType: string,
    inputs: readonly (Value | undefined)[],
    outputs: readonly (Value | undefined)[],
    attributes: Readonly<Record<string, Attribute>>,
  ): void {
    // In ONNX an empty name stands for what is left out.
    const nameOf = (value: Value | undefined): string => value?.name ?? '';
    this.nodes.push({
      opType,
      name: `${opType}:${nameOf(outputs.find((output) => output !== undefined))}`,
      inputs: inputs.map(nameOf),
      outputs: outputs.map(nameOf),
      attributes,
    });
  }

  private unique(wish: string): string {
    let name = wish;
    for (let n = 2; this.names.has(name); n++) name = `${wish}:${n}`;
    this.names.add(name);
    return name;
  }
}

function elementTypeOf(data: TensorData): ElementType {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Int32Array) return 'int32';
  return data instanceof BigInt64Array ? 'int64' : 'bool';
}
