import type { Attribute, ElementType, GraphBuilder, Value } from './graph';
import type { Shape } from '../base/shape';
import type { Emission } from './layerConverter';

interface StepOptions {
  /** The first input's shape where not given. */
  readonly shape?: Shape;
  /** The first input's type where not given. */
  readonly type?: ElementType;
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

type Inputs = readonly [Value, ...(Value | undefined)[]];

/** Writes the nodes of one layer, named after it. */
export class Steps {
  readonly builder: GraphBuilder;

  constructor(private readonly emission: Emission) {
    this.builder = emission.builder;
  }

  /** A node between the layer's bottoms and its tops; `part` says what it makes. */
  step(opType: string, inputs: Inputs, part: string, options: StepOptions = {}): Value {
    const { shape = inputs[0].shape, type = inputs[0].type, attributes } = options;
    const name = `${this.emission.layer.name}:${part}`;
    return this.builder.node(opType, inputs, { name, shape, type }, attributes);
  }

  /** The node that makes top `index`, a float32 tensor. */
  top(
    opType: string,
    inputs: readonly (Value | undefined)[],
    attributes: Readonly<Record<string, Attribute>> = {},
    index = 0,
  ): Value {
    const { layer, topNames, topShapes } = this.emission;
    const name = topNames[index] ?? `${layer.name}:top${index}`;
    const shape = topShapes[index] ?? [];
    return this.builder.node(opType, inputs, { name, shape, type: 'float32' }, attributes);
  }

  /** Shape of top `index`. */
  topShape(index = 0): Shape {
    return this.emission.topShapes[index] ?? [];
  }

  /** A float32 constant of rank 0. */
  scalar(value: number): Value {
    return this.builder.scalar(value);
  }

  /** A constant list of integers (axes, shapes). */
  integers(part: string, values: readonly number[]): Value {
    return this.builder.integers(`${this.emission.layer.name}:${part}`, values);
  }

  /** A constant float32 tensor. */
  constant(part: string, shape: Shape, data: Float32Array): Value {
    return this.builder.initializer(`${this.emission.layer.name}:${part}`, shape, data);
  }
}
