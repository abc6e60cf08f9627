import type { Layer } from '../caffe/net';
import type { Shape } from '../base/shape';
import { isSet } from '../prototxt/bind';

/**
 * A shape worked out twice, with two different guesses for every size that is not known: sizes that
 * agree do not depend on the guesses. So the rules of the layers serve for partial shapes as well.
 */
export interface ProbedShape {
  readonly first: Shape;
  readonly second: Shape;
}

/** Size of the images in a database. */
export interface ImageSize {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** Sizes of the images of databases that could be looked into, by the `source` of the net. */
export type KnownImages = ReadonlyMap<string, ImageSize>;

/**
 * Two guesses for a size that is not known. They are large, that windows fit, and have many
 * divisors, that groups and slices do.
 */
const guesses = { batch: [12, 24], channels: [24, 48], side: [480, 960] } as const;
type Size = number | readonly [number, number];

/** Shapes of a data layer's tops: what it says itself, and what is known of its images. */
export function dataTops(layer: Layer, images: KnownImages): ProbedShape[] {
  const batch = positive(batchSize(layer), guesses.batch);
  if (layer.type === 'HDF5Data') return layer.tops.map((_, index) => datasets(batch, index));
  const image = [batch, ...imageSize(layer, images)];
  return layer.tops.map((_, index) => probed(index === 0 ? image : [batch]));
}

/** Images in a batch; 0 where the layer does not say. */
export function batchSize({ type, param }: Layer): number {
  switch (type) {
    case 'ImageData':
      return param.image_data_param?.batch_size ?? 1;
    case 'HDF5Data':
      return param.hdf5_data_param?.batch_size ?? 0;
    case 'MemoryData':
      return param.memory_data_param?.batch_size ?? 0;
    case 'WindowData':
      return param.window_data_param?.batch_size ?? 0;
    default:
      return param.data_param?.batch_size ?? 0;
  }
}

function imageSize({ type, param }: Layer, images: KnownImages): [Size, Size, Size] {
  const { transform_param: transform, image_data_param: list } = param;
  const crop = transform?.crop_size ?? 0;
  if (type === 'MemoryData') {
    const { channels = 0, height = 0, width = 0 } = param.memory_data_param ?? {};
    return [
      positive(channels, guesses.channels),
      positive(crop || height, guesses.side),
      positive(crop || width, guesses.side),
    ];
  }
  const known = images.get(param.data_param?.source ?? '');
  const color = transform?.force_gray ? 1 : transform?.force_color ? 3 : 0;
  const means = transform?.mean_value.length ?? 0;
  const listed =
    type === 'WindowData' ? 3 : type === 'ImageData' ? ((list?.is_color ?? true) ? 3 : 1) : 0;
  const channels = listed || color || known?.channels || (means > 1 ? means : 0);
  const resized = list !== undefined && isSet(list, 'new_height') && isSet(list, 'new_width');
  const height = crop || (resized ? list.new_height : known?.height) || 0;
  const width = crop || (resized ? list.new_width : known?.width) || 0;
  return [
    positive(channels, guesses.channels),
    positive(height, guesses.side),
    positive(width, guesses.side),
  ];
}

function positive(size: number, guess: readonly [number, number]): Size {
  return size > 0 ? size : guess;
}

/** Not even the number of axes is known; what comes after the first top is mostly labels. */
function datasets(batch: Size, index: number): ProbedShape {
  const rows = typeof batch === 'number' ? ([batch, batch] as const) : batch;
  const [channels] = guesses.channels;
  const [side] = guesses.side;
  return index === 0
    ? { first: [rows[0], channels], second: [rows[1], channels, side, side] }
    : { first: [rows[0]], second: [rows[1], 1] };
}

function probed(sizes: readonly Size[]): ProbedShape {
  const pick = (which: 0 | 1): Shape =>
    sizes.map((size) => (typeof size === 'number' ? size : size[which]));
  const first = pick(0);
  return { first, second: sizes.every((size) => typeof size === 'number') ? first : pick(1) };
}
