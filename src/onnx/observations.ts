import { spreadIndices } from '../base/spread';
import type { Layer, Net } from '../caffe/net';
import { sharesMemory } from '../caffe/sharedMemory';
import type { GraphBuilder, Value } from './graph';
import type { Shape } from '../base/shape';
import { converterOf } from './registry';

/** What a layer reads, or a blob right after the layer that made it: one point of a pass. */
export interface Point {
  readonly layer: Layer;
  /** The layer's first bottom as it finds it, or its first top as it leaves it. */
  readonly side: 'input' | 'output';
}

/** The two points that a layer's formats are chosen by. */
export interface LayerPoints {
  readonly input: Point;
  readonly output: Point;
}

/**
 * Where the numbers of layers are read.
 *
 * The input is what the layer itself reads, whatever becomes of that blob later. The output is what
 * the layer itself puts out, before any layer in place changes it, but for one case: where nobody but
 * a layer reads it that {@link LayerConverter.narrowsRange narrows the range}, such as a ReLU, the
 * output is read after that layer, in place or not.
 */
export function pointsOf(net: Net, layers: readonly Layer[]): ReadonlyMap<Layer, LayerPoints> {
  const onlyReader = onlyReaders(net);
  return new Map(
    layers.map((layer) => {
      let maker = layer;
      for (
        let next = onlyReader.get(maker);
        next !== undefined && narrows(net, next);
        next = onlyReader.get(maker)
      ) {
        maker = next;
      }
      return [layer, { input: { layer, side: 'input' }, output: { layer: maker, side: 'output' } }];
    }),
  );
}

function narrows(net: Net, layer: Layer): boolean {
  if (layer.bottoms.length !== 1 || layer.tops.length !== 1) return false;
  return sharesMemory(layer) || converterOf(layer)?.narrowsRange?.(layer, net.state.phase) === true;
}

/** The layer that reads the only top of another, where it is the only one that does. */
function onlyReaders(net: Net): ReadonlyMap<Layer, Layer> {
  const makers = new Map<string, Layer>();
  const readers = new Map<Layer, (Layer | undefined)[]>();
  const read = (blob: string, reader: Layer | undefined): void => {
    const maker = makers.get(blob);
    if (maker === undefined) return;
    readers.set(maker, [...(readers.get(maker) ?? []), reader]);
  };
  for (const layer of net.layers) {
    for (const bottom of layer.bottoms) read(bottom, layer);
    for (const top of layer.tops) makers.set(top, layer);
  }
  // Whoever looks at the net's outputs reads them too.
  for (const output of net.outputs) read(output, undefined);
  const only = new Map<Layer, Layer>();
  for (const [maker, [first, ...others]] of readers) {
    if (first !== undefined && others.length === 0 && maker.tops.length === 1) {
      only.set(maker, first);
    }
  }
  return only;
}

/** What is to be known of a point: the largest magnitude, or extremes and some of the numbers. */
export type Measure = 'largest' | 'sample';

/** Names of the graph outputs that tell of a point. */
export type PointOutputs =
  | { readonly measure: 'largest'; readonly largest: string }
  | {
      readonly measure: 'sample';
      readonly highest: string;
      readonly lowest: string;
      readonly values: string;
    };

/** Numbers of a blob that a pass puts out for a sample: at most. */
export const mostSampled = 2 ** 13;

/** Collects the values of points while a net is converted; makes them outputs in the end. */
export class Observer {
  private readonly values = new Map<Value, Point[]>();
  private readonly indices = new Map<number, Value>();
  private readonly wanted: ReadonlyMap<Layer, readonly Point[]>;

  constructor(points: Iterable<Point>) {
    const wanted = new Map<Layer, Point[]>();
    for (const point of points) {
      wanted.set(point.layer, [...(wanted.get(point.layer) ?? []), point]);
    }
    this.wanted = wanted;
  }

  /** Takes a layer's value where somebody wants it. */
  see(layer: Layer, side: Point['side'], value: () => Value): void {
    const points = (this.wanted.get(layer) ?? []).filter((point) => point.side === side);
    if (points.length === 0) return;
    const seen = value();
    this.values.set(seen, [...(this.values.get(seen) ?? []), ...points]);
  }

  /**
   * Adds the outputs.
   *
   * The last value comes first: the runtime works off the ends of a graph from the last node on, and so
   * takes each maximum right after its blob is made. The other way round it first makes all blobs, in
   * ten times the memory and half the speed.
   */
  addOutputs(builder: GraphBuilder, measure: Measure): ReadonlyMap<Point, PointOutputs> {
    const outputs = new Map<Point, PointOutputs>();
    for (const [value, points] of [...this.values].reverse()) {
      const made =
        measure === 'largest' ? addLargest(builder, value) : this.addSample(builder, value);
      for (const point of points) outputs.set(point, made);
    }
    const missing = [...this.wanted.values()].flat().find((point) => !outputs.has(point));
    if (missing !== undefined) {
      throw new Error(`layer "${missing.layer.name}" is not part of the net to observe`);
    }
    return outputs;
  }

  private addSample(builder: GraphBuilder, value: Value): PointOutputs {
    return {
      measure: 'sample',
      highest: addReduced(builder, value, 'ReduceMax', 'highest'),
      lowest: addReduced(builder, value, 'ReduceMin', 'lowest'),
      values: addOutput(builder, value, 'values', this.chosen(builder, value)),
    };
  }

  /** Some of a value's numbers; all of them where there are few, or nobody knows how many. */
  private chosen(builder: GraphBuilder, value: Value): Value {
    const size = sizeOf(value.shape);
    if (size === undefined || size <= mostSampled) return value;
    let indices = this.indices.get(size);
    if (indices === undefined) {
      indices = builder.integers(`observed:${size}:places`, spreadIndices(size, mostSampled));
      this.indices.set(size, indices);
    }
    const { name } = value;
    const flat = builder.node('Reshape', [value, builder.integers(`${name}:row:shape`, [-1])], {
      name: `${name}:row`,
      shape: [size],
    });
    return builder.node('Gather', [flat, indices], {
      name: `${name}:chosen`,
      shape: [mostSampled],
      type: value.type,
    });
  }
}

function addLargest(builder: GraphBuilder, value: Value): PointOutputs {
  const { name, shape } = value;
  const magnitude = builder.node('Abs', [value], { name: `${name}:magnitude`, shape });
  return {
    measure: 'largest',
    largest: addReduced(builder, magnitude, 'ReduceMax', 'largest'),
  };
}

function addReduced(builder: GraphBuilder, value: Value, opType: string, what: string): string {
  const spec = { name: `${value.name}:${what}`, shape: [] };
  return addOutput(builder, value, what, builder.node(opType, [value], spec, { keepdims: 0 }));
}

function addOutput(builder: GraphBuilder, of: Value, what: string, value: Value): string {
  const name = builder.reserveLike(`observed:${of.name}:${what}`);
  builder.output(name, value);
  return name;
}

/** Numbers of a shape; undefined where it is known at run time only. */
function sizeOf(shape: Shape): number | undefined {
  return shape.some((dim) => dim < 0) ? undefined : shape.reduce((size, dim) => size * dim, 1);
}
