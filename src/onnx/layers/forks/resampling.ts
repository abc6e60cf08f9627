import { formatShape } from '../../../base/shape';
import type { Layer } from '../../../caffe/net';
import { isSet } from '../../../prototxt/bind';
import type { Value } from '../../graph';
import type { Shape } from '../../../base/shape';
import type { LayerConverter } from '../../layerConverter';
import { layerError } from '../../layerError';
import { Steps } from '../../steps';

/** Interp (DeepLab, PSPNet): bilinear, with the corner pixels on each other. */
const interp: LayerConverter = {
  types: ['Interp'],
  summary: 'bilinear resizing with aligned corners, by factors, to a size or to a second bottom',
  params: ['interp_param'],
  isImagewise: () => true,
  topShapes(layer, bottoms) {
    const [images = 1, channels = 1] = imageOf(layer, bottoms, 2);
    return [[images, channels, ...interpSize(layer, bottoms)]];
  },
  emit(emission) {
    const { layer, bottoms } = emission;
    const steps = new Steps(emission);
    const bottom = bottoms[0] as Value;
    const { pad_beg = 0, pad_end = 0 } = layer.param.interp_param ?? {};
    const [images = 1, channels = 1, height = 1, width = 1] = bottom.shape;
    const ends = [height + pad_end, width + pad_end];
    const cut =
      pad_beg === 0 && pad_end === 0
        ? bottom
        : steps.step(
            'Slice',
            [
              bottom,
              steps.integers('starts', [-pad_beg, -pad_beg]),
              steps.integers('ends', ends),
              steps.integers('axes', [2, 3]),
            ],
            'cut',
            { shape: [images, channels, ...ends.map((end) => end + pad_beg)] },
          );
    const [top = 1, side = 1] = interpSize(
      layer,
      bottoms.map(({ shape }) => shape),
    );
    // Not by scales: what a size times a scale comes to depends on who rounds.
    const first = steps.step('Shape', [cut], 'images-and-channels', {
      shape: [2],
      type: 'int64',
      attributes: { start: 0, end: 2 },
    });
    const sizes = steps.step('Concat', [first, steps.integers('size', [top, side])], 'sizes', {
      shape: [4],
      attributes: { axis: 0 },
    });
    return [
      steps.top('Resize', [cut, undefined, undefined, sizes], {
        mode: 'linear',
        coordinate_transformation_mode: 'align_corners',
      }),
    ];
  },
};

/**
 * Upsample: with a mask as second bottom, puts each number where max pooling took it from (SegNet);
 * with one bottom, repeats each pixel (nets from Darknet).
 */
const upsample: LayerConverter = {
  types: ['Upsample'],
  summary: 'undoes max pooling by its mask (SegNet), or repeats pixels where there is no mask',
  params: ['upsample_param'],
  isImagewise: () => true,
  topShapes(layer, bottoms) {
    const [images = 1, channels = 1] = imageOf(layer, bottoms, 2);
    const [bottom, mask] = bottoms;
    if (mask !== undefined && formatShape(mask) !== formatShape(bottom ?? [])) {
      throw layerError(
        layer,
        'layer/shapes',
        `the mask (${formatShape(mask)}) must have the shape of the first bottom ` +
          `(${formatShape(bottom ?? [])})`,
      );
    }
    const [height, width] = upsampledSize(layer, bottom ?? []);
    const isWhole = height % (bottom?.[2] ?? 1) === 0 && width % (bottom?.[3] ?? 1) === 0;
    if (mask === undefined && !isWhole) {
      throw layerError(
        layer,
        'layer/param',
        `without a mask, pixels are repeated: ${height}x${width} is no multiple of the bottom's size`,
      );
    }
    return [[images, channels, height, width]];
  },
  emit(emission) {
    const { bottoms, topShapes } = emission;
    const steps = new Steps(emission);
    const [bottom, mask] = bottoms as readonly [Value, Value | undefined];
    const [images = 1, channels = 1, height = 1, width = 1] = bottom.shape;
    const top = topShapes[0] ?? [];
    const [, , topHeight = 1, topWidth = 1] = top;
    if (mask === undefined) {
      const scales = Float32Array.of(1, 1, topHeight / height, topWidth / width);
      return [
        steps.top('Resize', [bottom, undefined, steps.constant('scales', [4], scales)], {
          mode: 'nearest',
          coordinate_transformation_mode: 'asymmetric',
          nearest_mode: 'floor',
        }),
      ];
    }
    const flat = (from: Value, part: string): Value => {
      const shape = [images, channels, height * width];
      return steps.step('Reshape', [from, steps.integers(`${part}-shape`, shape)], part, { shape });
    };
    const places = steps.step('Cast', [flat(mask, 'mask')], 'places', {
      type: 'int64',
      attributes: { to: 7 },
    });
    const planes = [images, channels, topHeight * topWidth];
    const empty = steps.step(
      'Expand',
      [steps.scalar(0), steps.integers('planes', planes)],
      'empty',
      { shape: planes },
    );
    const filled = steps.step(
      'ScatterElements',
      [empty, places, flat(bottom, 'values')],
      'filled',
      { attributes: { axis: 2 } },
    );
    return [steps.top('Reshape', [filled, steps.integers('shape', top)])];
  },
};

export const resampling: readonly LayerConverter[] = [interp, upsample];

function interpSize(layer: Layer, bottoms: readonly Shape[]): readonly [number, number] {
  const [bottom, reference] = bottoms;
  const param = layer.param.interp_param;
  if (reference !== undefined) return [reference[2] ?? 1, reference[3] ?? 1];
  if (param === undefined) {
    throw layerError(layer, 'layer/param', 'needs interp_param with a factor or a size');
  }
  const { pad_beg, pad_end, shrink_factor, zoom_factor, height, width } = param;
  if (pad_beg > 0 || pad_end > 0) {
    throw layerError(layer, 'layer/param', 'pad_beg and pad_end must not be above 0: they crop');
  }
  if (shrink_factor < 1 || zoom_factor < 1) {
    throw layerError(layer, 'layer/param', 'shrink_factor and zoom_factor must be above 0');
  }
  const [inner, outer] = [bottom?.[2] ?? 1, bottom?.[3] ?? 1].map((n) => n + pad_beg + pad_end);
  const byFactors = (size: number): number => {
    const shrunk = Math.floor((size - 1) / shrink_factor) + 1;
    return shrunk + (shrunk - 1) * (zoom_factor - 1);
  };
  const factors = [isSet(param, 'shrink_factor'), isSet(param, 'zoom_factor')];
  const hasSize = isSet(param, 'height') && isSet(param, 'width');
  // As in DeepLab: one factor wins over a size, a size over both factors.
  const isByFactor = factors.includes(true) && !(hasSize && factors.every((given) => given));
  const size: readonly [number, number] = isByFactor
    ? [byFactors(inner ?? 1), byFactors(outer ?? 1)]
    : [height, width];
  if (size[0] > 0 && size[1] > 0 && (inner ?? 0) > 0 && (outer ?? 0) > 0) return size;
  throw layerError(
    layer,
    'layer/param',
    'needs zoom_factor, shrink_factor, or height and width above 0',
  );
}

function upsampledSize(layer: Layer, bottom: Shape): readonly [number, number] {
  const param = layer.param.upsample_param;
  const [height, width] = [bottom[2] ?? 1, bottom[3] ?? 1];
  if (param === undefined) return [2 * height, 2 * width];
  const scale = [
    isSet(param, 'scale_h') ? param.scale_h : param.scale,
    isSet(param, 'scale_w') ? param.scale_w : param.scale,
  ] as const;
  const size = [
    isSet(param, 'upsample_h') ? param.upsample_h : scale[0] * height - (param.pad_out_h ? 1 : 0),
    isSet(param, 'upsample_w') ? param.upsample_w : scale[1] * width - (param.pad_out_w ? 1 : 0),
  ] as const;
  if (size[0] >= height && size[1] >= width) return size;
  throw layerError(
    layer,
    'layer/param',
    `upsample_param gives ${formatShape(size)}, less than the bottom's ${height}x${width}`,
  );
}

function imageOf(layer: Layer, bottoms: readonly Shape[], most: number): Shape {
  const [bottom] = bottoms;
  if (bottom === undefined || bottoms.length > most) {
    throw layerError(layer, 'layer/bottoms', `needs one or two bottoms, has ${bottoms.length}`);
  }
  if (bottoms.every((shape) => shape.length === 4)) return bottom;
  throw layerError(
    layer,
    'layer/bottoms',
    `needs NCHW bottoms, has ${bottoms.map(formatShape).join(' and ')}`,
  );
}
