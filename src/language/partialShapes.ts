import type { NamedShape } from '../caffe/matchWeights';
import type { Layer } from '../caffe/net';
import type { Shape } from '../base/shape';
import { layerError } from '../onnx/layerError';
import { converterOf, sourceOf } from '../onnx/registry';
import { UserError } from '../base/userError';
import { dataTops, type KnownImages, type ProbedShape } from './dataTops';
import { hasForeignSettings, takesShapeFromWeights } from './foreignSettings';
import type { NetLayer } from './netParts';

/** A shape of which some sizes may not be known: undefined. */
export type PartialShape = readonly (number | undefined)[];

/** What is known of one layer in one state; an undefined shape has not even a known rank. */
export interface LayerShapes {
  readonly bottoms: readonly (PartialShape | undefined)[];
  readonly tops: readonly (PartialShape | undefined)[];
  /** Undefined where they cannot be known; none for a layer that learns nothing. */
  readonly weights: readonly NamedShape[] | undefined;
  /** Why the layer cannot be, whatever the unknown sizes are. */
  readonly fault: UserError | undefined;
}

/** Layers whose tops follow from their data. */
const dataTypes: ReadonlySet<string> = new Set([
  'Data',
  'ImageData',
  'HDF5Data',
  'MemoryData',
  'WindowData',
]);

/** Works out the shapes of a net's layers in file order as far as they are known. Never throws. */
export function inferPartialShapes(
  layers: readonly NetLayer[],
  images: KnownImages,
): ReadonlyMap<NetLayer, LayerShapes> {
  const blobs = new Map<string, ProbedShape | undefined>();
  const result = new Map<NetLayer, LayerShapes>();
  for (const item of layers) {
    const { layer } = item;
    if (layer === undefined) continue;
    const bottoms = layer.bottoms.map((bottom) => blobs.get(bottom));
    const isForeign = hasForeignSettings(item.node) || takesShapeFromWeights(item);
    const { tops, weights, fault } = isForeign ? nothing : shapesOf(layer, bottoms, images);
    layer.tops.forEach((top, index) => blobs.set(top, tops[index]));
    result.set(item, {
      bottoms: bottoms.map(partial),
      tops: layer.tops.map((_, index) => partial(tops[index])),
      weights,
      fault,
    });
  }
  return result;
}

interface ProbedLayer {
  readonly tops: readonly (ProbedShape | undefined)[];
  readonly weights: readonly NamedShape[] | undefined;
  readonly fault: UserError | undefined;
}

const nothing: ProbedLayer = { tops: [], weights: undefined, fault: undefined };

function shapesOf(
  layer: Layer,
  bottoms: readonly (ProbedShape | undefined)[],
  images: KnownImages,
): ProbedLayer {
  if (dataTypes.has(layer.type)) return { ...nothing, tops: dataTops(layer, images), weights: [] };
  if (!bottoms.every((bottom) => bottom !== undefined)) return nothing;
  const firsts = bottoms.map(({ first }) => first);
  const first = evaluate(layer, firsts);
  if (first === undefined) return nothing;
  const isExact = bottoms.every((bottom) => bottom.first === bottom.second);
  const seconds = bottoms.map((bottom) => bottom.second);
  const second = isExact ? first : evaluate(layer, seconds);
  if (second === undefined) return nothing;
  if (first instanceof UserError || second instanceof UserError) {
    const isCertain =
      first instanceof UserError &&
      second instanceof UserError &&
      (isExact || first.message === second.message);
    return { ...nothing, fault: isCertain ? first : undefined };
  }
  return {
    tops: first.tops.map((shape, index) => join(shape, second.tops[index] ?? [])),
    weights: sameWeights(first.weights, second.weights) ? first.weights : undefined,
    fault: undefined,
  };
}

interface Evaluation {
  readonly tops: readonly Shape[];
  readonly weights: readonly NamedShape[];
}

/** What the layer's own rules say; undefined for types that have none here. */
function evaluate(layer: Layer, bottoms: readonly Shape[]): Evaluation | UserError | undefined {
  try {
    const converter = converterOf(layer);
    const source = sourceOf(layer);
    const tops = source?.sourceShapes(layer, new Map()) ?? converter?.topShapes(layer, bottoms);
    if (tops === undefined) return undefined;
    const extra = layer.tops[tops.length];
    if (extra !== undefined) throw layerError(layer, 'layer/tops', `makes no top "${extra}"`);
    return { tops, weights: converter?.blobShapes?.(layer, bottoms) ?? [] };
  } catch (cause) {
    if (cause instanceof UserError) return cause;
    throw cause;
  }
}

/** One object for both guesses where they agree, so that exactness is quickly told. */
function join(first: Shape, second: Shape): ProbedShape {
  return { first, second: isSame(first, second) ? first : second };
}

/** A negative size is one that only running the net tells, as the number of boxes found. */
function partial(shape: ProbedShape | undefined): PartialShape | undefined {
  if (shape === undefined) return undefined;
  const { first, second } = shape;
  if (first.length !== second.length) return undefined;
  if (first === second && first.every((dim) => dim >= 0)) return first;
  return first.map((dim, axis) => (dim === second[axis] && dim >= 0 ? dim : undefined));
}

function sameWeights(first: readonly NamedShape[], second: readonly NamedShape[]): boolean {
  return first.every(({ shape }, index) => isSame(shape, second[index]?.shape ?? []));
}

function isSame(first: Shape, second: Shape): boolean {
  return first.length === second.length && first.every((dim, axis) => dim === second[axis]);
}

/** `100x20x24x24`, with `?` for a size that is not known, and for a shape of which nothing is. */
export function formatPartialShape(shape: PartialShape | undefined): string {
  if (shape === undefined) return '?';
  return shape.length === 0 ? 'scalar' : shape.map((dim) => dim ?? '?').join('x');
}
