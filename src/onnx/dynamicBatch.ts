import {
  batchDimension,
  unknownDimension,
  type Attribute,
  type Graph,
  type GraphNode,
  type Initializer,
  type Value,
} from './graph';
import type { Shape } from '../base/shape';

/**
 * Makes one graph for any number of images of two that were made for two different numbers: what is
 * alike stays, a dimension that follows the number of images becomes symbolic, and a shape to reshape
 * to infers that dimension.
 *
 * @param batch numbers of images that the graphs were made for
 * @returns undefined where the graphs differ in anything else: such a net computes something that
 * hangs on the number of images (a loss divides by it, a layer reshapes across images)
 */
export function withDynamicBatch(
  one: Graph,
  other: Graph,
  batch: readonly [one: number, other: number],
): Graph | undefined {
  if (!sameNodes(one.nodes, other.nodes)) return undefined;
  const targets = reshapeTargets(one.nodes);
  const initializers = pairs(one.initializers, other.initializers)?.map(([a, b]) =>
    mergeInitializers(a, b, targets),
  );
  const merge = (a: readonly Value[], b: readonly Value[]): (Value | undefined)[] | undefined =>
    pairs(a, b)?.map(([x, y]) => mergeValues(x, y, batch));
  const inputs = merge(one.inputs, other.inputs);
  const outputs = merge(one.outputs, other.outputs);
  const values = merge(one.values, other.values);
  if (!isWhole(initializers) || !isWhole(inputs) || !isWhole(outputs) || !isWhole(values)) {
    return undefined;
  }
  return { ...one, initializers, inputs, outputs, values };
}

function isWhole<T>(list: readonly (T | undefined)[] | undefined): list is T[] {
  return list !== undefined && !list.includes(undefined);
}

function pairs<T>(a: readonly T[], b: readonly T[]): (readonly [T, T])[] | undefined {
  if (a.length !== b.length) return undefined;
  return a.map((item, index) => [item, b[index] as T]);
}

function sameNodes(one: readonly GraphNode[], other: readonly GraphNode[]): boolean {
  const both = pairs(one, other);
  return (
    both !== undefined &&
    both.every(
      ([a, b]) =>
        a.opType === b.opType &&
        sameList(a.inputs, b.inputs) &&
        sameList(a.outputs, b.outputs) &&
        sameAttributes(a.attributes, b.attributes),
    )
  );
}

function sameAttributes(
  a: Readonly<Record<string, Attribute>>,
  b: Readonly<Record<string, Attribute>>,
): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function sameList<T>(a: ArrayLike<T>, b: ArrayLike<T>): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}

/** Initializers that are nothing but shapes to reshape to. */
function reshapeTargets(nodes: readonly GraphNode[]): ReadonlySet<string> {
  const targets = new Set<string>();
  for (const { opType, inputs } of nodes) {
    const [, target] = inputs;
    if (opType === 'Reshape' && target !== undefined) targets.add(target);
  }
  for (const { opType, inputs } of nodes) {
    inputs.forEach((name, index) => {
      if (opType !== 'Reshape' || index !== 1) targets.delete(name);
    });
  }
  return targets;
}

function mergeInitializers(
  a: Initializer,
  b: Initializer,
  targets: ReadonlySet<string>,
): Initializer | undefined {
  if (a.name !== b.name || a.type !== b.type || !sameList(a.shape, b.shape)) return undefined;
  if (sameList<number | bigint>(a.data, b.data)) return a;
  if (!targets.has(a.name)) return undefined;
  if (!(a.data instanceof BigInt64Array) || !(b.data instanceof BigInt64Array)) return undefined;
  const others = b.data;
  const data = a.data.map((dim, axis) => (dim === others[axis] ? dim : -1n));
  // ONNX infers one dimension, no more.
  return data.filter((dim) => dim === -1n).length === 1 ? { ...a, data } : undefined;
}

function mergeValues(
  a: Value,
  b: Value,
  [one, other]: readonly [number, number],
): Value | undefined {
  if (a.name !== b.name || a.type !== b.type || a.shape.length !== b.shape.length) return undefined;
  const shape: Shape = a.shape.map((dim, axis) => {
    const follows = b.shape[axis];
    if (dim === follows) return dim;
    return dim === one && follows === other ? batchDimension : unknownDimension;
  });
  return { ...a, shape };
}
