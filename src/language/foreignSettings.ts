import { caffeSchema } from '../caffe/caffeSchema';
import { MessageType } from '../prototxt/schema';
import type { MessageNode } from '../prototxt/tree';
import { forkOfType, forkWords } from './forkTypes';
import type { NetLayer } from './netParts';

/** Settings that leave all shapes as they are: who computes, how weights start, what follows. */
const shapeless =
  /engine|cudnn|mkl|_math$|algo|filler|cache|thread|prefetch|shuffle|relu|slope|fuse|bias|eps|frozen|momentum|stats|seed|debug/;

/** Messages that say how a layer learns on many machines, and how images are changed before it. */
const harmless = /^(mn_activation|mn_grad_compress|mask|split)_param$/;

/**
 * Whether a layer has a setting of a fork that can change the shapes of its tops: these are not known
 * then. What Caffe's own rules say of it would be wrong, and all that follows from it.
 */
export function hasForeignSettings({ fields }: MessageNode): boolean {
  const layer = caffeSchema.message('LayerParameter').fields;
  return fields.some(({ name, values }) => {
    if (!name.endsWith('_param')) return false;
    // Settings that Caffe's layers do not have at all: what the layer does with them is its fork's.
    if (!layer.has(name)) return !harmless.test(name);
    const type = layer.get(name)?.type;
    if (!(type instanceof MessageType)) return false;
    if (name === 'quantization_param' || name === 'loss_param') return false;
    return values.some(
      (value) =>
        value.kind === 'message' &&
        (hasForeignField(value, type) || (name === 'pooling_param' && hasManyAxes(value))),
    );
  });
}

function hasForeignField({ fields }: MessageNode, type: MessageType): boolean {
  return fields.some(({ name }) => !type.fields.has(name) && !shapeless.test(name));
}

/** Forks that pool in three dimensions give a size for each of them, as convolutions do. */
export function hasManyAxes({ fields }: MessageNode): boolean {
  const sizes = fields.filter(({ name }) => name === 'kernel_size').flatMap(({ values }) => values);
  return sizes.length > 1;
}

/** In forks the blob in the weights says the shape of a Parameter that gives none. */
export function takesShapeFromWeights({ type, node }: NetLayer): boolean {
  return type === 'Parameter' && !node.fields.some(({ name }) => name === 'parameter_param');
}

/**
 * Why a layer may have another number of bottoms or tops than Caffe takes; undefined where it may not.
 * FlowNet scales one bottom by an Eltwise, Fast R-CNN and U-Net give a loss its weights as a third
 * bottom; in a net that has layer types of a fork, the others are that fork's as well.
 */
export function forkTakingBlobs(
  { type, bottoms }: NetLayer,
  layers: readonly NetLayer[],
): string | undefined {
  if (type === 'Eltwise' && bottoms.length === 1) return 'the FlowNet fork of Caffe takes one';
  if (weighedLosses.has(type) && bottoms.length === 3) {
    return 'forks of Caffe take weights as a third one';
  }
  const foreign = layers.find((layer) => forkOfType(layer.type) !== undefined);
  if (foreign === undefined) return undefined;
  return `its fork may take this, as "${foreign.type}" is a layer of ${forkWords(forkOfType(foreign.type) ?? 'others')}`;
}

const weighedLosses: ReadonlySet<string> = new Set([
  'SoftmaxWithLoss',
  'EuclideanLoss',
  'SigmoidCrossEntropyLoss',
]);
