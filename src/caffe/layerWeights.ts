import { UserError } from '../base/userError';
import type { LayerWeights, WeightBlob, Weights } from './caffemodel';
import { checkBlobs, type NamedShape } from './matchWeights';
import { formatShape } from '../base/shape';
import type { Layer, Net } from './net';
import { fillerValues, isDeterministic, weightSlots } from './weightFillers';

/** The weights of a net's layers, as Caffe would have them after loading a caffemodel. */
export interface ResolvedWeights {
  /** What the user should know: which layers do not have their weights from the caffemodel. */
  readonly notes: readonly string[];
  /**
   * The blobs of a layer of the net, in the shapes the net gives them; layers that share a blob get
   * one array. Layers must be asked in the order of the net.
   *
   * @throws UserError naming the layer when the caffemodel does not have it, has another number of
   * blobs or a blob of another shape, and naming both layers when one cannot share the other's blob
   */
  blobsOf(layer: Layer, expected: readonly NamedShape[]): readonly WeightBlob[];
}

const known = new WeakMap<readonly Layer[], WeakMap<Weights, ResolvedWeights>>();

/**
 * Finds the weights of all layers by the layers' names, as Caffe's CopyTrainedLayersFrom does: each
 * layer of the caffemodel is copied in file order, and layers whose `param` have one name share one
 * blob, so that the last copied one counts for all of them. Of a part of a net the whole net counts.
 * The same net and weights give the same arrays again.
 *
 * @throws UserError naming all layers that need weights and have none. A layer that the caffemodel
 * lacks has some where the prototxt gives all numbers by fillers of type constant or bilinear.
 */
export function resolveWeights({ allLayers }: Net, weights: Weights): ResolvedWeights {
  const ofNet = known.get(allLayers) ?? new WeakMap<Weights, ResolvedWeights>();
  known.set(allLayers, ofNet);
  const resolved = ofNet.get(weights) ?? resolve(allLayers, weights);
  ofNet.set(weights, resolved);
  return resolved;
}

function resolve(layers: readonly Layer[], weights: Weights): ResolvedWeights {
  const blobs = new SharedBlobs(layers, weights);
  const lacking = layers.filter((layer) => blobs.isLacking(layer));
  const missing = lacking.filter((layer) => !blobs.isFilled(layer));
  if (missing.length > 0) throw missingLayers(layers, weights, missing);
  const filled = lacking.map(({ name, place }) => `"${name}" (line ${place.line})`);
  const [subject, verb] = filled.length === 1 ? ['layer', 'is'] : ['layers', 'are'];
  const note =
    `${subject} ${filled.join(', ')} ${verb} not in ${weights.path}: the constant and bilinear ` +
    'fillers of the prototxt give the weights';
  return {
    notes: filled.length === 0 ? [] : [note],
    blobsOf: (layer, expected) => blobs.of(layer, expected),
  };
}

/** A blob that layers share, or that one layer has for itself. */
interface SharedBlob {
  /** The first layer of the net that has it, and which of the layer's blobs it is. */
  readonly owner: Layer;
  readonly index: number;
  /** Name that sharers know it by; empty where it is not shared. */
  readonly name: string;
  /** What the caffemodel gives it last. */
  stored?: WeightBlob;
  /** The shape that the net gives the owner's blob, once that is known. */
  shape?: readonly number[];
  filled?: Float32Array;
}

class SharedBlobs {
  private readonly byLayer = new Map<Layer, SharedBlob[]>();
  private readonly byName = new Map<string, SharedBlob>();
  private readonly storedBlobs = new Map<Layer, LayerWeights>();

  constructor(
    layers: readonly Layer[],
    private readonly weights: Weights,
  ) {
    for (const layer of layers) {
      const count = weightSlots(layer)?.length ?? layer.param.param.length;
      for (let index = 0; index < count; index++) this.blob(layer, index);
    }
    const targets = targetsByName(layers);
    for (const layer of weights.layers) {
      const { name, blobs, indices } = layer;
      const target = targets.get(name);
      if (target === undefined || blobs.length === 0) continue;
      this.storedBlobs.set(target, layer);
      blobs.forEach((stored, i) => (this.blob(target, indices?.[i] ?? i).stored = stored));
    }
  }

  /** Whether the caffemodel leaves a layer without numbers for some of its blobs. */
  isLacking(layer: Layer): boolean {
    if (this.storedBlobs.has(layer)) return false;
    const slots = weightSlots(layer) ?? [];
    return slots.some((_, index) => this.blob(layer, index).stored === undefined);
  }

  /** Whether the prototxt has numbers for all blobs that a layer lacks. */
  isFilled(layer: Layer): boolean {
    const slots = weightSlots(layer) ?? [];
    return slots.every((_, index) => {
      const { stored, owner, index: at } = this.blob(layer, index);
      const slot = weightSlots(owner)?.[at];
      return stored !== undefined || (slot !== undefined && isDeterministic(slot));
    });
  }

  of(layer: Layer, expected: readonly NamedShape[]): WeightBlob[] {
    this.checkStored(layer, expected);
    return expected.map(({ role, shape }, index) => {
      const blob = this.blob(layer, index);
      this.checkSharing(blob, layer, index, { role, shape });
      const data = blob.stored?.data ?? this.fill(blob, layer, { role, shape });
      if (data.length !== countOf(shape)) {
        throw cannotShare(blob, layer, `which has ${data.length} numbers in ${this.weights.path}`, {
          role,
          shape,
        });
      }
      return { shape, legacyShape: false, data };
    });
  }

  private checkStored(layer: Layer, expected: readonly NamedShape[]): void {
    const own = this.storedBlobs.get(layer);
    if (own === undefined) return;
    const { blobs, indices } = own;
    // A blob that the file leaves out is another layer's, or it is missing.
    const isShared = expected.every(
      (_, index) => indices?.includes(index) !== false || this.blob(layer, index).owner !== layer,
    );
    const stored = isShared ? indices?.flatMap((index) => expected[index] ?? []) : undefined;
    checkBlobs(this.weights, layer, blobs, stored ?? expected);
  }

  private blob(layer: Layer, index: number): SharedBlob {
    const known = this.byLayer.get(layer) ?? [];
    this.byLayer.set(layer, known);
    const name = paramName(layer, index);
    const shared = name === '' ? undefined : this.byName.get(name);
    const blob = known[index] ?? shared ?? { owner: layer, index, name };
    known[index] = blob;
    if (name !== '') this.byName.set(name, blob);
    return blob;
  }

  private checkSharing(
    blob: SharedBlob,
    layer: Layer,
    index: number,
    { role, shape }: NamedShape,
  ): void {
    if (blob.owner === layer && blob.index === index) {
      blob.shape = shape;
      return;
    }
    if (blob.shape === undefined) return;
    const isPermissive = layer.param.param[index]?.share_mode === 'PERMISSIVE';
    const fits = isPermissive
      ? countOf(shape) === countOf(blob.shape)
      : formatShape(shape) === formatShape(blob.shape);
    if (fits) return;
    const hint =
      !isPermissive && countOf(shape) === countOf(blob.shape)
        ? ' (share_mode: PERMISSIVE would allow that)'
        : '';
    throw cannotShare(blob, layer, `which has shape ${formatShape(blob.shape)}${hint}`, {
      role,
      shape,
    });
  }

  private fill(blob: SharedBlob, layer: Layer, { role, shape }: NamedShape): Float32Array {
    const slot = weightSlots(blob.owner)?.[blob.index];
    if (slot?.filler === undefined || !isDeterministic(slot)) {
      throw missingLayers([layer], this.weights, [layer]);
    }
    // One array for all who ask: what is rounded once is then known.
    if (blob.filled?.length === countOf(shape)) return blob.filled;
    const values = fillerValues(slot.filler, shape);
    if (values === undefined) {
      throw new UserError(
        'weights/filler',
        `layer "${layer.name}": a bilinear filler needs ${role} of shape NxCxKxK, the net has ` +
          formatShape(shape),
        layer.place,
      );
    }
    return (blob.filled = values);
  }
}

/** The layer that takes the blobs of a name: the first of the name that can have some. */
function targetsByName(layers: readonly Layer[]): ReadonlyMap<string, Layer> {
  const targets = new Map<string, Layer>();
  const canHave = (layer: Layer): boolean => (weightSlots(layer)?.length ?? 0) > 0;
  for (const layer of layers) {
    const known = targets.get(layer.name);
    if (known === undefined || (!canHave(known) && canHave(layer))) targets.set(layer.name, layer);
  }
  return targets;
}

/** Caffe drops the three `param` of a BatchNorm layer, whose form has changed since. */
function paramName({ type, param: { param } }: Layer, index: number): string {
  if (type === 'BatchNorm' && param.length === 3) return '';
  return param[index]?.name ?? '';
}

function countOf(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1);
}

function cannotShare(
  { owner, name }: SharedBlob,
  layer: Layer,
  why: string,
  { role, shape }: NamedShape,
): UserError {
  return new UserError(
    'weights/shared',
    `layer "${layer.name}": its ${role} (${formatShape(shape)}) cannot share param "${name}" with ` +
      `layer "${owner.name}" (line ${owner.place.line}), ${why}`,
    layer.place,
  );
}

/** More than these say nothing new: then it is another net's file. */
const mostListed = 20;

function missingLayers(
  layers: readonly Layer[],
  weights: Weights,
  missing: readonly Layer[],
): UserError {
  const [first] = missing;
  const isSecond = (layer: Layer): boolean =>
    weights.byName(layer.name) !== undefined &&
    layers.find(({ name }) => name === layer.name) !== layer;
  const names = missing.slice(0, mostListed).map((layer) => {
    const second = isSecond(layer) ? ', the second layer of this name' : '';
    return `"${layer.name}" (line ${layer.place.line}${second})`;
  });
  const more = missing.length > mostListed ? ` and ${missing.length - mostListed} more` : '';
  const detail =
    missing.length === 1 && first !== undefined && !isSecond(first)
      ? `layer "${first.name}" (${first.place.file}:${first.place.line}) has no weights in this file`
      : `${missing.length} ${missing.length === 1 ? 'layer has' : 'layers have'} no weights in this ` +
        `file: ${names.join(', ')}${more} of ${first?.place.file}`;
  return new UserError(
    'weights/missing-layer',
    `${detail}; is this the caffemodel of another net?`,
    { file: weights.path },
  );
}
