import { formatShape } from '../../../base/shape';
import type { Layer } from '../../../caffe/net';
import type { PriorBoxParameter } from '../../../caffe/schema';
import { isSet } from '../../../prototxt/bind';
import type { Shape } from '../../../base/shape';
import type { LayerConverter } from '../../layerConverter';
import { layerError, twoBottoms } from '../../layerError';
import { Steps } from '../../steps';

/**
 * PriorBox (SSD): boxes of some sizes and aspect ratios round each cell of a feature map, and their
 * variances. It depends on the shapes of its bottoms only: 1 x 2 x (cells * boxes * 4) constants.
 */
export const priorBox: LayerConverter = {
  types: ['PriorBox'],
  summary: 'boxes of given sizes and ratios round each cell of a feature map, with variances',
  params: ['prior_box_param'],
  topShapes(layer, bottoms) {
    const { cells } = geometry(layer, bottoms);
    const boxes = boxSizes(layer, paramOf(layer)).length;
    return [[1, 2, (cells[0] ?? 1) * (cells[1] ?? 1) * boxes * 4]];
  },
  emit(emission) {
    const { layer, bottoms, topShapes } = emission;
    const data = priors(
      layer,
      bottoms.map(({ shape }) => shape),
    );
    return [new Steps(emission).constant('boxes', topShapes[0] ?? [], data)];
  },
};

function priors(layer: Layer, bottoms: readonly Shape[]): Float32Array {
  const param = paramOf(layer);
  const { cells, image } = geometry(layer, bottoms);
  const [rows = 1, columns = 1] = cells;
  const [imageHeight = 1, imageWidth = 1] = image;
  const stepHeight = stepOf(param, 'step_h') ?? Math.fround(imageHeight / rows);
  const stepWidth = stepOf(param, 'step_w') ?? Math.fround(imageWidth / columns);
  const sizes = boxSizes(layer, param);
  const count = rows * columns * sizes.length;
  const result = new Float32Array(2 * count * 4);
  let at = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const x = Math.fround((column + param.offset) * stepWidth);
      const y = Math.fround((row + param.offset) * stepHeight);
      for (const [width, height] of sizes) {
        result[at++] = (x - width / 2) / imageWidth;
        result[at++] = (y - height / 2) / imageHeight;
        result[at++] = (x + width / 2) / imageWidth;
        result[at++] = (y + height / 2) / imageHeight;
      }
    }
  }
  if (param.clip) {
    for (let i = 0; i < at; i++) result[i] = Math.min(1, Math.max(0, result[i] ?? 0));
  }
  const variances = variancesOf(layer, param);
  for (let i = 0; i < 4 * count; i++) result[at + i] = variances[i % 4] ?? 0;
  return result;
}

/** Width and height of each box in pixels, in SSD's order. */
function boxSizes(layer: Layer, param: PriorBoxParameter): (readonly [number, number])[] {
  const { min_size, max_size, aspect_ratio, flip } = param;
  if (min_size.length === 0 || min_size.some((size) => size <= 0)) {
    throw layerError(layer, 'layer/param', 'needs prior_box_param with min_size above 0');
  }
  if (max_size.length > 0 && max_size.length !== min_size.length) {
    throw layerError(
      layer,
      'layer/param',
      `there are ${max_size.length} max_size values for ${min_size.length} min_size values`,
    );
  }
  const ratios: number[] = [];
  for (const ratio of aspect_ratio) {
    if (ratio <= 0) throw layerError(layer, 'layer/param', 'aspect_ratio must be above 0');
    if ([1, ...ratios].some((known) => Math.abs(known - ratio) < 1e-6)) continue;
    ratios.push(ratio);
    if (flip) ratios.push(1 / ratio);
  }
  return min_size.flatMap((given, index) => {
    // SSD holds sizes in integers at this point.
    const min = Math.trunc(given);
    const largest = max_size[index];
    const boxes: [number, number][] = [[min, min]];
    if (largest !== undefined) {
      if (largest <= given) {
        throw layerError(
          layer,
          'layer/param',
          `max_size ${largest} is not above min_size ${given}`,
        );
      }
      const side = Math.sqrt(min * Math.trunc(largest));
      boxes.push([side, side]);
    }
    for (const ratio of ratios) boxes.push([min * Math.sqrt(ratio), min / Math.sqrt(ratio)]);
    return boxes;
  });
}

function variancesOf(layer: Layer, { variance }: PriorBoxParameter): readonly number[] {
  if (variance.length === 4) return variance;
  if (variance.length <= 1) return new Array<number>(4).fill(variance[0] ?? 0.1);
  throw layerError(
    layer,
    'layer/param',
    `variance has ${variance.length} values; give none, one or four`,
  );
}

function paramOf(layer: Layer): PriorBoxParameter {
  const param = layer.param.prior_box_param;
  if (param === undefined) {
    throw layerError(layer, 'layer/param', 'needs prior_box_param with min_size');
  }
  return param;
}

/** SSD takes a pair whole or not at all, and nothing beside it. */
function checkPair(
  layer: Layer,
  param: PriorBoxParameter,
  [both, height, width]: readonly (keyof PriorBoxParameter)[],
): void {
  const given = [both, height, width].filter((field) => field !== undefined && isSet(param, field));
  const isWhole =
    given.length === 0 || given.join() === both || given.join() === `${height},${width}`;
  if (isWhole && given.every((field) => field !== undefined && Number(param[field]) > 0)) return;
  throw layerError(
    layer,
    'layer/param',
    `needs ${both}, or ${height} and ${width}, above 0, or none of them`,
  );
}

function stepOf(param: PriorBoxParameter, field: 'step_h' | 'step_w'): number | undefined {
  if (isSet(param, field)) return param[field];
  return isSet(param, 'step') ? param.step : undefined;
}

/** Cells of the feature map and size of the image, each as height and width. */
function geometry(
  layer: Layer,
  bottoms: readonly Shape[],
): { readonly cells: Shape; readonly image: Shape } {
  const [features, data] = twoBottoms(layer, bottoms);
  if (features.length !== 4 || data.length !== 4) {
    throw layerError(
      layer,
      'layer/bottoms',
      `needs a feature map and the image, both NCHW, has ${formatShape(features)} and ` +
        formatShape(data),
    );
  }
  const param = paramOf(layer);
  checkPair(layer, param, ['img_size', 'img_h', 'img_w']);
  checkPair(layer, param, ['step', 'step_h', 'step_w']);
  const given = (field: 'img_h' | 'img_w'): number | undefined => {
    if (isSet(param, field)) return param[field];
    return isSet(param, 'img_size') ? param.img_size : undefined;
  };
  return {
    cells: features.slice(2),
    image: [given('img_h') ?? data[2] ?? 1, given('img_w') ?? data[3] ?? 1],
  };
}
