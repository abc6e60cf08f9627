import { caffeSchema } from '../caffe/caffeSchema';
import { MessageType } from '../prototxt/schema';
import type { MessageNode } from '../prototxt/tree';

/** Settings that leave all shapes as they are: who computes, how weights start, what follows. */
const shapeless =
  /engine|cudnn|mkl|_math$|algo|filler|cache|thread|prefetch|shuffle|relu|slope|fuse|bias|eps|frozen|momentum|stats|seed|debug/;

/**
 * Whether a layer has a setting of a fork that can change the shapes of its tops: these are not known
 * then. What Caffe's own rules say of it would be wrong, and all that follows from it.
 */
export function hasForeignSettings({ fields }: MessageNode): boolean {
  const layer = caffeSchema.message('LayerParameter').fields;
  return fields.some(({ name, values }) => {
    const type = layer.get(name)?.type;
    if (!(type instanceof MessageType) || !name.endsWith('_param')) return false;
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
