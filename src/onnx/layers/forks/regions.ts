import { formatShape } from '../../../base/shape';
import type { Layer } from '../../../caffe/net';
import { float, type Value } from '../../graph';
import type { Shape } from '../../../base/shape';
import type { LayerConverter } from '../../layerConverter';
import { layerError, twoBottoms } from '../../layerError';
import { Steps } from '../../steps';

/**
 * ROIPooling (Fast R-CNN): the maximum in each of a grid of bins laid over each region; an empty bin
 * gives 0. ONNX's operator has the same arithmetic, rounding of the region included.
 */
const roiPooling: LayerConverter = {
  types: ['ROIPooling'],
  summary: 'the maximum in each bin of a grid over each region (Fast R-CNN)',
  params: ['roi_pooling_param'],
  topShapes(layer, bottoms) {
    const [features, regions] = regionBottoms(layer, bottoms);
    const { pooled_h = 0, pooled_w = 0 } = layer.param.roi_pooling_param ?? {};
    if (pooled_h < 1 || pooled_w < 1) {
      throw layerError(
        layer,
        'layer/param',
        'needs roi_pooling_param with pooled_h and pooled_w above 0',
      );
    }
    return [[regions[0] ?? 0, features[1] ?? 1, pooled_h, pooled_w]];
  },
  emit(emission) {
    const { layer } = emission;
    const steps = new Steps(emission);
    const [features, regions] = twoBottoms(layer, emission.bottoms);
    const { pooled_h = 0, pooled_w = 0, spatial_scale = 1 } = layer.param.roi_pooling_param ?? {};
    return [
      steps.top('MaxRoiPool', [features, regionRows(steps, regions)], {
        pooled_shape: [pooled_h, pooled_w],
        spatial_scale: float(spatial_scale),
      }),
    ];
  },
};

/**
 * PSROIPooling (R-FCN): like an average ROIPooling in which each bin has channels of its own. The
 * sums come from a table of sums of everything above and to the left, in double precision, so that
 * the differences stay exact enough.
 */
const psRoiPooling: LayerConverter = {
  types: ['PSROIPooling'],
  summary: 'the mean in each bin over each region, each bin from channels of its own (R-FCN)',
  params: ['psroi_pooling_param'],
  topShapes(layer, bottoms) {
    const [features, regions] = regionBottoms(layer, bottoms);
    const { output_dim, group_size } = psParam(layer);
    const needed = output_dim * group_size * group_size;
    if (features[1] !== needed) {
      throw layerError(
        layer,
        'layer/shapes',
        `output_dim ${output_dim} and group_size ${group_size} need ${needed} channels, the bottom ` +
          `has ${features[1] ?? 0}`,
      );
    }
    return [[regions[0] ?? 0, output_dim, group_size, group_size]];
  },
  emit(emission) {
    const { layer } = emission;
    const steps = new Steps(emission);
    const [features, regions] = twoBottoms(layer, emission.bottoms);
    const { output_dim: outputs, group_size: bins, spatial_scale: scale } = psParam(layer);
    const rows = regionRows(steps, regions);
    const count = rows.shape[0] ?? 0;
    const [, , height = 1, width = 1] = features.shape;
    const vertical = binEdges(steps, rows, {
      part: 'y',
      columns: [2, 4],
      size: height,
      bins,
      scale,
    });
    const horizontal = binEdges(steps, rows, {
      part: 'x',
      columns: [1, 3],
      size: width,
      bins,
      scale,
    });
    const table = sumTable(steps, features);

    const grid: Shape = [count, outputs, bins, bins];
    const spread = (from: Value, shape: Shape, part: string): Value => {
      const view = steps.step(
        'Reshape',
        [from, steps.integers(`${part}-view`, shape)],
        `${part}-v`,
        {
          shape,
        },
      );
      const target = steps.integers(`${part}-grid`, [...grid, 1]);
      return steps.step('Expand', [view, target], `${part}-index`, { shape: [...grid, 1] });
    };
    const image = steps.step('Cast', [column(steps, rows, 0, 'image')], 'image-number', {
      type: 'int64',
      attributes: { to: 7 },
    });
    const channels = BigInt64Array.from({ length: outputs * bins * bins }, (_, i) => BigInt(i));
    const channel = steps.builder.initializer(
      `${layer.name}:channels`,
      [channels.length],
      channels,
    );
    const fixed = [
      spread(image, [count, 1, 1, 1, 1], 'image'),
      spread(channel, [1, outputs, bins, bins, 1], 'channel'),
    ] as const;
    const y = { start: [count, 1, bins, 1, 1], ...vertical } as const;
    const x = { start: [count, 1, 1, bins, 1], ...horizontal } as const;
    const corner = (top: Value, left: Value, part: string): Value => {
      const index = steps.step(
        'Concat',
        [...fixed, spread(top, y.start, `${part}-y`), spread(left, x.start, `${part}-x`)],
        `${part}-place`,
        { shape: [...grid, 4], attributes: { axis: 4 } },
      );
      return steps.step('GatherND', [table, index], part, { shape: grid });
    };
    const below = steps.step(
      'Sub',
      [corner(y.last, x.last, 'corner-ll'), corner(y.last, x.first, 'corner-lf')],
      'below',
    );
    const above = steps.step(
      'Sub',
      [corner(y.first, x.last, 'corner-fl'), corner(y.first, x.first, 'corner-ff')],
      'above',
    );
    const sum = steps.step('Cast', [steps.step('Sub', [below, above], 'sum')], 'bin-sum', {
      type: 'float32',
      attributes: { to: 1 },
    });
    const extent = (axis: { first: Value; last: Value }, shape: Shape, part: string): Value => {
      const size = steps.step('Sub', [axis.last, axis.first], `${part}-size`);
      const view = steps.step('Reshape', [size, steps.integers(`${part}-s`, shape)], `${part}-e`, {
        shape,
      });
      return steps.step('Cast', [view], part, { type: 'float32', attributes: { to: 1 } });
    };
    const area = steps.step(
      'Mul',
      [extent(y, [count, 1, bins, 1], 'tall'), extent(x, [count, 1, 1, bins], 'wide')],
      'area',
      { shape: [count, 1, bins, bins] },
    );
    // An empty bin has the sum 0: divided by 1 it stays so.
    return [steps.top('Div', [sum, steps.step('Max', [area, steps.scalar(1)], 'divisor')])];
  },
};

export const regions: readonly LayerConverter[] = [roiPooling, psRoiPooling];

interface EdgeOptions {
  readonly part: string;
  /** Columns of the regions that hold the two ends. */
  readonly columns: readonly [number, number];
  readonly size: number;
  readonly bins: number;
  readonly scale: number;
}

/** First and one past the last pixel of each bin along one axis: regions x bins, int64. */
function binEdges(
  steps: Steps,
  rows: Value,
  { part, columns, size, bins, scale }: EdgeOptions,
): { readonly first: Value; readonly last: Value } {
  const count = rows.shape[0] ?? 0;
  const name = (what: string): string => `${part}-${what}`;
  // Coordinates are not negative: this rounds as C does.
  const rounded = (index: number, add: number, what: string): Value => {
    const moved = steps.step(
      'Add',
      [column(steps, rows, index, name(`${what}-given`)), steps.scalar(add + 0.5)],
      name(`${what}-moved`),
    );
    const whole = steps.step('Floor', [moved], name(`${what}-whole`));
    return steps.step('Mul', [whole, steps.scalar(scale)], name(what));
  };
  const start = rounded(columns[0], 0, 'start');
  const end = rounded(columns[1], 1, 'end');
  const length = steps.step(
    'Max',
    [steps.step('Sub', [end, start], name('length')), steps.scalar(0.1)],
    name('least-length'),
  );
  // A product with 1 / bins would be another number at times, and its ceiling a pixel more.
  const bin = steps.step('Div', [length, steps.scalar(bins)], name('bin'));
  const edges = (from: number, round: string, what: string): Value => {
    const numbers = Float32Array.from({ length: bins }, (_, i) => i + from);
    const shape = [count, bins];
    const offset = steps.step(
      'Mul',
      [bin, steps.constant(name(`${what}-bins`), [1, bins], numbers)],
      name(`${what}-offset`),
      { shape },
    );
    const place = steps.step('Add', [offset, start], name(`${what}-place`), { shape });
    const whole = steps.step(round, [place], name(`${what}-pixel`));
    const kept = steps.step(
      'Clip',
      [whole, steps.scalar(0), steps.scalar(size)],
      name(`${what}-kept`),
    );
    return steps.step('Cast', [kept], name(what), { type: 'int64', attributes: { to: 7 } });
  };
  const first = edges(0, 'Floor', 'first');
  const last = edges(1, 'Ceil', 'last');
  return { first, last: steps.step('Max', [last, first], name('last-or-first')) };
}

/** Sums of all pixels above and to the left of each corner, N x C x (H + 1) x (W + 1), float64. */
function sumTable(steps: Steps, features: Value): Value {
  const [images = 1, channels = 1, height = 1, width = 1] = features.shape;
  const double = steps.step('Cast', [features], 'double', {
    type: 'float64',
    attributes: { to: 11 },
  });
  const axis = (index: number): Value =>
    steps.builder.initializer(`sum-axis${index}`, [], BigInt64Array.of(BigInt(index)));
  const down = steps.step('CumSum', [double, axis(2)], 'sums-down');
  const both = steps.step('CumSum', [down, axis(3)], 'sums');
  const pads = steps.integers('table-pads', [0, 0, 1, 1, 0, 0, 0, 0]);
  return steps.step('Pad', [both, pads], 'sum-table', {
    shape: [images, channels, height + 1, width + 1],
  });
}

function column(steps: Steps, rows: Value, index: number, part: string): Value {
  return steps.step('Gather', [rows, steps.integers(`${part}-column`, [index])], part, {
    shape: [rows.shape[0] ?? 0, 1],
    attributes: { axis: 1 },
  });
}

/** Regions as rows of five: which image, left, top, right, bottom. */
function regionRows(steps: Steps, regions: Value): Value {
  if (regions.shape.length === 2) return regions;
  const shape = [regions.shape[0] ?? 0, 5];
  return steps.step('Reshape', [regions, steps.integers('region-rows', shape)], 'regions', {
    shape,
  });
}

function regionBottoms(layer: Layer, bottoms: readonly Shape[]): readonly [Shape, Shape] {
  const [features, regions] = twoBottoms(layer, bottoms);
  const isRows = regions[1] === 5 && regions.slice(2).every((dim) => dim === 1);
  if (features.length === 4 && isRows) return [features, regions];
  throw layerError(
    layer,
    'layer/shapes',
    `needs NCHW features and regions of five numbers, has ${formatShape(features)} and ` +
      formatShape(regions),
  );
}

function psParam(layer: Layer): {
  readonly output_dim: number;
  readonly group_size: number;
  readonly spatial_scale: number;
} {
  const param = layer.param.psroi_pooling_param;
  if (param === undefined || param.output_dim < 1 || param.group_size < 1) {
    throw layerError(
      layer,
      'layer/param',
      'needs psroi_pooling_param with output_dim and group_size above 0',
    );
  }
  return param;
}
