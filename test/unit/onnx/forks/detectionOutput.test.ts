import { describe, expect, it } from 'vitest';
import { runNet, weightsOf } from '../../../support/runModel';
import { expectRefused, image, input, matrix, type ErrorCase } from '../layerErrorSupport';

type Box = readonly [left: number, top: number, right: number, bottom: number];

interface Settings {
  readonly images: number;
  readonly boxes: number;
  readonly classes: number;
  readonly background: number;
  readonly shared: boolean;
  readonly code: 'CORNER' | 'CENTER_SIZE' | 'CORNER_SIZE';
  readonly encoded: boolean;
  readonly threshold: number;
  readonly nms: number;
  readonly topK: number;
  readonly keepTopK: number;
}

const base: Settings = {
  images: 2,
  boxes: 40,
  classes: 4,
  background: 0,
  shared: true,
  code: 'CENTER_SIZE',
  encoded: false,
  threshold: 0.3,
  nms: 0.4,
  topK: 20,
  keepTopK: 12,
};

/** Random priors, offsets and scores; no two scores are alike. */
function inputsOf({ images, boxes, classes, shared }: Settings): {
  loc: Float32Array;
  conf: Float32Array;
  prior: Float32Array;
} {
  let state = 11;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const places = shared ? 1 : classes;
  const corners = Array.from({ length: boxes }, () => {
    const [x, y] = [next() * 0.6, next() * 0.6];
    return [x, y, x + 0.1 + next() * 0.3, y + 0.1 + next() * 0.3];
  }).flat();
  const variances = Array.from({ length: boxes }, () => [0.1, 0.1, 0.2, 0.2]).flat();
  return {
    prior: Float32Array.from([...corners, ...variances]),
    loc: Float32Array.from({ length: images * boxes * places * 4 }, () => next() * 2 - 1),
    conf: Float32Array.from({ length: images * boxes * classes }, next),
  };
}

/** SSD's own steps, one after the other. */
function reference(s: Settings): number[][] {
  const { loc, conf, prior } = inputsOf(s);
  const places = s.shared ? 1 : s.classes;
  const box = (image: number, index: number, label: number): Box => {
    const at = ((image * s.boxes + index) * places + (s.shared ? 0 : label)) * 4;
    const p = [...prior.subarray(index * 4, index * 4 + 4)] as [number, number, number, number];
    const v = prior.subarray((s.boxes + index) * 4, (s.boxes + index) * 4 + 4);
    const o = [0, 1, 2, 3].map((i) => (loc[at + i] ?? 0) * (s.encoded ? 1 : (v[i] ?? 0)));
    const [w, h] = [p[2] - p[0], p[3] - p[1]];
    const [a = 0, b = 0, c = 0, d = 0] = o;
    if (s.code === 'CORNER') return [p[0] + a, p[1] + b, p[2] + c, p[3] + d];
    if (s.code === 'CORNER_SIZE') {
      return [p[0] + a * w, p[1] + b * h, p[2] + c * w, p[3] + d * h];
    }
    const [x, y] = [(p[0] + p[2]) / 2 + a * w, (p[1] + p[3]) / 2 + b * h];
    const [hw, hh] = [(Math.exp(c) * w) / 2, (Math.exp(d) * h) / 2];
    return [x - hw, y - hh, x + hw, y + hh];
  };
  const area = ([l, t, r, b]: Box): number => (r < l || b < t ? 0 : (r - l) * (b - t));
  const overlap = (a: Box, b: Box): number => {
    const inner: Box = [
      Math.max(a[0], b[0]),
      Math.max(a[1], b[1]),
      Math.min(a[2], b[2]),
      Math.min(a[3], b[3]),
    ];
    return area(inner) === 0 ? 0 : area(inner) / (area(a) + area(b) - area(inner));
  };
  const result: number[][] = [];
  for (let image = 0; image < s.images; image++) {
    let kept: { label: number; score: number; box: Box }[] = [];
    for (let label = 0; label < s.classes; label++) {
      if (label === s.background) continue;
      const candidates = Array.from({ length: s.boxes }, (_, index) => ({
        label,
        score: conf[(image * s.boxes + index) * s.classes + label] ?? 0,
        box: box(image, index, label),
      }))
        .filter(({ score }) => score > s.threshold)
        .sort((a, b) => b.score - a.score)
        .slice(0, s.topK < 0 ? undefined : s.topK);
      const chosen: typeof candidates = [];
      for (const one of candidates) {
        if (chosen.every((other) => overlap(one.box, other.box) <= s.nms)) chosen.push(one);
      }
      kept.push(...chosen);
    }
    if (s.keepTopK >= 0 && kept.length > s.keepTopK) {
      kept = [...kept].sort((a, b) => b.score - a.score).slice(0, s.keepTopK);
      kept.sort((a, b) => a.label - b.label || b.score - a.score);
    }
    result.push(...kept.map((one) => [image, one.label, one.score, ...one.box]));
  }
  if (result.length > 0) return result;
  return Array.from({ length: s.images }, (_, image) => [image, -1, -1, -1, -1, -1, -1]);
}

async function detect(s: Settings): Promise<{ shape: readonly number[]; rows: number[][] }> {
  const places = s.shared ? 1 : s.classes;
  const { loc, conf, prior } = inputsOf(s);
  const shapes = {
    loc: [s.images, s.boxes * places * 4],
    conf: [s.images, s.boxes * s.classes],
    prior: [1, 2, s.boxes * 4],
  };
  const net = `${input('loc', ...shapes.loc)} ${input('conf', ...shapes.conf)} ${input('prior', ...shapes.prior)}
    layer { name: "d" type: "DetectionOutput" bottom: "loc" bottom: "conf" bottom: "prior" top: "d"
      detection_output_param { num_classes: ${s.classes} share_location: ${s.shared}
        background_label_id: ${s.background} code_type: ${s.code}
        variance_encoded_in_target: ${s.encoded} keep_top_k: ${s.keepTopK}
        confidence_threshold: ${s.threshold}
        nms_param { nms_threshold: ${s.nms} ${s.topK < 0 ? '' : `top_k: ${s.topK}`} } } }`;
  const outputs = await runNet(net, weightsOf({}), {
    loc: { shape: shapes.loc, data: loc },
    conf: { shape: shapes.conf, data: conf },
    prior: { shape: shapes.prior, data: prior },
  });
  const { shape, data } = outputs.get('d') ?? { shape: [], data: new Float32Array() };
  const rows = Array.from({ length: data.length / 7 }, (_, i) => [
    ...data.subarray(7 * i, 7 * i + 7),
  ]);
  return { shape, rows };
}

describe('DetectionOutput', () => {
  const variants: readonly [string, Partial<Settings>][] = [
    ['as in SSD', {}],
    ['boxes by class', { shared: false }],
    ['offsets to corners', { code: 'CORNER' }],
    ['offsets in units of the size', { code: 'CORNER_SIZE' }],
    ['variances in the target', { encoded: true }],
    ['another background', { background: 2 }],
    ['no background', { background: -1 }],
    ['all that suppression leaves', { keepTopK: -1, topK: -1 }],
    ['many kept', { keepTopK: 500 }],
    ['few candidates', { topK: 3 }],
    ['one box an image', { keepTopK: 1 }],
    ['boxes turned round', { code: 'CORNER', encoded: true, nms: 0.05 }],
    ['any overlap allowed', { nms: 1.5 }],
    ['overlaps allowed', { nms: 0.9, images: 1 }],
    ['no box at all', { threshold: 1 }],
  ];

  it.each(variants)('%s', async (_, changes) => {
    const settings = { ...base, ...changes };
    const wanted = reference(settings);
    const { shape, rows } = await detect(settings);
    expect(shape).toEqual([1, 1, wanted.length, 7]);
    wanted.forEach((row, i) =>
      row.forEach((value, j) => expect(rows[i]?.[j]).toBeCloseTo(value, 4)),
    );
  });
});

const one = (type: string, param = ''): string => `bottom: "x" top: "y" type: "${type}" ${param}`;
const pair = (type: string, param = ''): string =>
  `bottom: "x" bottom: "z" top: "y" type: "${type}" ${param}`;
const three = (type: string, param = ''): string =>
  `bottom: "x" bottom: "z" bottom: "p" top: "y" type: "${type}" ${param}`;
const detection = [input('x', 1, 8), input('z', 1, 16), input('p', 1, 2, 16)];
const cases: readonly ErrorCase[] = [
  ['Permute without an order', matrix, one('Permute'), 'layer/param', /permute_param with order/],
  [
    'Permute with an axis twice',
    matrix,
    one('Permute', 'permute_param { order: 1 order: 1 }'),
    'layer/param',
    /order 1, 1 is no order of the 2 axes/,
  ],
  [
    'Normalize without channels',
    [input('x', 3)],
    one('Normalize'),
    'layer/bottoms',
    /bottom with channels, has 3/,
  ],
  [
    'BN by the statistics of a batch',
    image,
    one('BN', 'bn_param { scale_filler { value: 1 } }'),
    'layer/param',
    /bn_mode: LEARN/,
  ],
  [
    'PriorBox with a step of 0',
    [...image, input('z', 1, 3, 9, 9)],
    pair('PriorBox', 'prior_box_param { min_size: 1 step: 0 }'),
    'layer/param',
    /needs step, or step_h and step_w, above 0/,
  ],
  [
    'DetectionOutput with a threshold below 0',
    detection,
    three(
      'DetectionOutput',
      'detection_output_param { num_classes: 4 nms_param { nms_threshold: -1 } }',
    ),
    'layer/param',
    /nms_threshold must not be below 0/,
  ],
  ['ReLU6 of two', matrix, `bottom: "x" ${one('ReLU6')}`, 'layer/bottoms', /exactly one bottom/],
  [
    'ShuffleChannel in groups that do not fit',
    image,
    one('ShuffleChannel', 'shuffle_channel_param { group: 3 }'),
    'layer/group',
    /group 3 does not divide/,
  ],
  ['Axpy of one', matrix, one('Axpy'), 'layer/bottoms', /three bottoms \(factors, x, y\), has 1/],
  ['BN of a row', matrix, one('BN'), 'layer/bottoms', /NCHW/],
  ['Interp without settings', image, one('Interp'), 'layer/param', /interp_param/],
  [
    'Interp that pads',
    image,
    one('Interp', 'interp_param { zoom_factor: 2 pad_beg: 1 }'),
    'layer/param',
    /pad_beg and pad_end must not be above 0/,
  ],
  [
    'Upsample with a mask of another shape',
    [...image, input('z', 1, 4, 2, 2)],
    `bottom: "x" bottom: "z" top: "y" type: "Upsample"`,
    'layer/shapes',
    /the mask \(1x4x2x2\) must have the shape/,
  ],
  ['Reorg without a stride', image, one('Reorg'), 'layer/param', /reorg_param with stride/],
  [
    'Reorg by a stride that does not fit',
    image,
    one('Reorg', 'reorg_param { stride: 2 }'),
    'layer/stride',
    /stride 2 does not divide/,
  ],
  [
    'PriorBox of one',
    image,
    one('PriorBox', 'prior_box_param { min_size: 1 }'),
    'layer/bottoms',
    /two bottoms/,
  ],
  [
    'PriorBox without a size',
    [...image, input('z', 1, 3, 9, 9)],
    pair('PriorBox', 'prior_box_param { }'),
    'layer/param',
    /min_size above 0/,
  ],
  [
    'PriorBox with sizes that do not pair',
    [...image, input('z', 1, 3, 9, 9)],
    pair('PriorBox', 'prior_box_param { min_size: 1 min_size: 2 max_size: 3 }'),
    'layer/param',
    /1 max_size values for 2 min_size/,
  ],
  [
    'PriorBox with two variances',
    [...image, input('z', 1, 3, 9, 9)],
    pair('PriorBox', 'prior_box_param { min_size: 1 variance: 1 variance: 2 }'),
    'layer/param',
    /variance has 2 values/,
  ],
  [
    'DetectionOutput without settings',
    detection,
    three('DetectionOutput'),
    'layer/param',
    /num_classes/,
  ],
  [
    'DetectionOutput of shapes that do not fit',
    detection,
    three('DetectionOutput', 'detection_output_param { num_classes: 3 }'),
    'layer/shapes',
    /4 prior boxes and num_classes 3 do not fit/,
  ],
  [
    'DetectionOutput with eta',
    detection,
    three('DetectionOutput', 'detection_output_param { num_classes: 4 nms_param { eta: 0.5 } }'),
    'layer/param',
    /eta other than 1/,
  ],
  [
    'ROIPooling without a size',
    [...image, input('z', 2, 5)],
    'bottom: "x" bottom: "z" top: "y" type: "ROIPooling"',
    'layer/param',
    /pooled_h and pooled_w/,
  ],
  [
    'ROIPooling of no regions',
    [...image, input('z', 2, 4)],
    'bottom: "x" bottom: "z" top: "y" type: "ROIPooling" roi_pooling_param { pooled_h: 1 pooled_w: 1 }',
    'layer/shapes',
    /regions of five numbers/,
  ],
  [
    'PSROIPooling without settings',
    [...image, input('z', 2, 5)],
    'bottom: "x" bottom: "z" top: "y" type: "PSROIPooling"',
    'layer/param',
    /psroi_pooling_param/,
  ],
  [
    'PSROIPooling of other channels',
    [...image, input('z', 2, 5)],
    'bottom: "x" bottom: "z" top: "y" type: "PSROIPooling" psroi_pooling_param { spatial_scale: 1 output_dim: 2 group_size: 3 }',
    'layer/shapes',
    /need 18 channels, the bottom has 4/,
  ],
  [
    'ConvolutionDepthwise without settings',
    image,
    one('ConvolutionDepthwise'),
    'layer/param',
    /num_output/,
  ],
  [
    'DepthwiseConvolution without settings',
    image,
    one('DepthwiseConvolution'),
    'layer/param',
    /num_output/,
  ],
];

describe('layers of forks that do not fit', () => {
  it.each(cases)('%s', (...refused) => expectRefused(refused));
});
