import { describe, expect, it } from 'vitest';
import {
  expectRefused,
  image,
  input,
  layerErrorOf,
  matrix,
  type ErrorCase,
} from './layerErrorSupport';

const one = (type: string, param = ''): string => `bottom: "x" top: "y" type: "${type}" ${param}`;
const two = (type: string, param = ''): string => `bottom: "x" ${one(type, param)}`;
const pair = (type: string, param = ''): string =>
  `bottom: "x" bottom: "z" top: "y" type: "${type}" ${param}`;
const pairOf = (...shape: number[]): string[] => [...matrix, input('z', ...shape)];

/** Layers with one bottom, given two. */
const single = [
  ...['AbsVal', 'BNLL', 'ELU', 'Exp', 'Log', 'Power', 'Sigmoid', 'TanH', 'Threshold', 'Swish'],
  ...['PReLU', 'BatchNorm', 'MVN', 'Flatten', 'Split', 'Slice', 'ArgMax', 'Reduction', 'Tile'],
  ...['Reshape', 'SPP', 'Im2col', 'Embed'],
].map((type): ErrorCase => {
  const params: Readonly<Record<string, string>> = {
    Tile: 'tile_param { tiles: 2 }',
    Embed: 'embed_param { num_output: 1 input_dim: 1 }',
    Im2col: 'convolution_param { kernel_size: 1 }',
  };
  return [type, matrix, two(type, params[type]), 'layer/bottoms', /exactly one bottom, has 2/];
});

const cases: readonly ErrorCase[] = [
  ...single,
  ['Clip without its ends', matrix, one('Clip'), 'layer/param', /clip_param with min and max/],
  [
    'Exp to a bad base',
    matrix,
    one('Exp', 'exp_param { base: -2 }'),
    'layer/param',
    /exp_param: base/,
  ],
  [
    'Log to a bad base',
    matrix,
    one('Log', 'log_param { base: 0 }'),
    'layer/param',
    /log_param: base/,
  ],
  ['PReLU of one axis', [input('x', 3)], one('PReLU'), 'layer/bottoms', /at least 2 axes/],
  [
    'BatchNorm without weights',
    matrix,
    one('BatchNorm'),
    'weights/missing-layer',
    /has no weights/,
  ],
  [
    'Scale of too many axes',
    matrix,
    one('Scale', 'scale_param { num_axes: 2 }'),
    'layer/axis',
    /num_axes 2 from axis 1/,
  ],
  [
    'Scale of three',
    pairOf(2),
    `bottom: "x" ${pair('Scale')}`,
    'layer/bottoms',
    /one or two bottoms, has 3/,
  ],
  [
    'Scale by another shape',
    pairOf(7),
    pair('Scale'),
    'layer/shapes',
    /\(7\) does not fit the first \(2x3\)/,
  ],
  [
    'Bias at an axis that is not there',
    matrix,
    one('Bias', 'bias_param { axis: 5 }'),
    'layer/axis',
    /axis 5/,
  ],
  ['MVN of five axes', [input('x', 1, 1, 1, 1, 1)], one('MVN'), 'layer/bottoms', /up to 4 axes/],
  [
    'Flatten backwards',
    image,
    one('Flatten', 'flatten_param { axis: 2 end_axis: 1 }'),
    'layer/axis',
    /end_axis 1 lies before axis 2/,
  ],
  ['Reshape without a shape', matrix, one('Reshape'), 'layer/param', /reshape_param with a shape/],
  [
    'Reshape to another size',
    matrix,
    one('Reshape', 'reshape_param { shape { dim: 4 } }'),
    'layer/shape',
    /shape 2x3 cannot be given the shape \{ dim: 4 \}/,
  ],
  [
    'Reshape with two unknown axes',
    matrix,
    one('Reshape', 'reshape_param { shape { dim: -1 dim: -1 } }'),
    'layer/shape',
    /cannot be given/,
  ],
  [
    'Reshape that copies what is not there',
    matrix,
    one('Reshape', 'reshape_param { shape { dim: 2 dim: 3 dim: 0 } }'),
    'layer/shape',
    /dim: 0 at place 3 copies axis 2/,
  ],
  [
    'Reshape of axes that are not there',
    matrix,
    one('Reshape', 'reshape_param { shape { dim: 6 } axis: 1 num_axes: 2 }'),
    'layer/axis',
    /num_axes 2/,
  ],
  [
    'Reshape in place',
    matrix,
    'bottom: "x" top: "x" type: "Reshape" reshape_param { shape { dim: 6 } }',
    'layer/in-place',
    /cannot work in place/,
  ],
  [
    'Slice that does not share out',
    matrix,
    `top: "z" ${one('Slice')}`,
    'layer/slice',
    /3 entries, which 2 tops/,
  ],
  [
    'Slice with too few points',
    matrix,
    one('Slice', 'slice_param { slice_point: 1 }'),
    'layer/slice',
    /1 tops need 0 slice_point/,
  ],
  [
    'Slice beyond the end',
    matrix,
    `top: "z" ${one('Slice', 'slice_param { slice_point: 3 }')}`,
    'layer/slice',
    /slice_point 3 must rise and stay below 3/,
  ],
  ['Eltwise of one', matrix, one('Eltwise'), 'layer/bottoms', /two or more bottoms, has 1/],
  [
    'Eltwise of unlike shapes',
    pairOf(3, 2),
    pair('Eltwise'),
    'layer/shapes',
    /2x3 and 3x2 are not alike/,
  ],
  [
    'Eltwise with a wrong number of coefficients',
    matrix,
    two('Eltwise', 'eltwise_param { coeff: 1 }'),
    'layer/param',
    /as many coeff values, there are 1/,
  ],
  [
    'Eltwise product with coefficients',
    matrix,
    two('Eltwise', 'eltwise_param { operation: PROD coeff: 1 coeff: 1 }'),
    'layer/param',
    /coeff is for operation: SUM/,
  ],
  ['Crop of one', image, one('Crop'), 'layer/bottoms', /exactly two bottoms, has 1/],
  [
    'Crop to something larger',
    [...image, input('z', 1, 4, 9, 5)],
    pair('Crop'),
    'layer/crop',
    /offset 0 and size 9 exceed the 5 entries of axis 2/,
  ],
  [
    'Crop to other axes',
    [...image, input('z', 1, 4)],
    pair('Crop'),
    'layer/shapes',
    /as many axes/,
  ],
  [
    'Crop with too many offsets',
    [...image, input('z', 1, 4, 1, 1)],
    pair('Crop', 'crop_param { offset: 0 offset: 0 offset: 0 }'),
    'layer/param',
    /2 cropped axes/,
  ],
  ['Tile without tiles', matrix, one('Tile'), 'layer/param', /tiles above 0/],
  [
    'Reduction of an axis that is not there',
    matrix,
    one('Reduction', 'reduction_param { axis: 2 }'),
    'layer/axis',
    /axis 2/,
  ],
  [
    'ArgMax of more than there are',
    matrix,
    one('ArgMax', 'argmax_param { top_k: 4 }'),
    'layer/top-k',
    /top_k 4 does not fit 3/,
  ],
  ['Embed without sizes', matrix, one('Embed'), 'layer/param', /num_output and input_dim above 0/],
  [
    'BatchReindex by a table',
    pairOf(2, 2),
    pair('BatchReindex'),
    'layer/shapes',
    /list of indices, is 2x2/,
  ],
  ['Filter of one', matrix, one('Filter'), 'layer/bottoms', /has 1 bottoms and 1 tops/],
  [
    'Filter by a table',
    pairOf(2, 2),
    pair('Filter'),
    'layer/shapes',
    /one number an image, is 2x2/,
  ],
  ['Filter of other images', pairOf(5), pair('Filter'), 'layer/shapes', /selector has 5 entries/],
  [
    'Parameter without a shape',
    matrix,
    'top: "y" type: "Parameter"',
    'layer/param',
    /parameter_param with a shape/,
  ],
  [
    'Parameter with a bottom',
    matrix,
    one('Parameter', 'parameter_param { shape { dim: 1 } }'),
    'layer/bottoms',
    /takes no bottoms/,
  ],
  [
    'DummyData without a shape',
    matrix,
    'top: "y" type: "DummyData" dummy_data_param { }',
    'layer/shape',
    /no shape for top "y"/,
  ],
  [
    'DummyData without settings',
    matrix,
    'top: "y" type: "DummyData"',
    'layer/param',
    /dummy_data_param/,
  ],
  [
    'DummyData with a filler nobody knows',
    matrix,
    'top: "y" type: "DummyData" dummy_data_param { shape { dim: 1 } data_filler { type: "xavier" } }',
    'layer/filler',
    /"xavier"/,
  ],
  ['Silence with a top', matrix, one('Silence'), 'layer/tops', /has no tops/],
  ['Im2col without settings', image, one('Im2col'), 'layer/param', /convolution_param/],
  [
    'Im2col with a kernel that is too large',
    image,
    one('Im2col', 'convolution_param { kernel_size: 9 }'),
    'layer/kernel',
    /larger than its padded bottom/,
  ],
  ['SPP without settings', image, one('SPP'), 'layer/param', /pyramid_height/],
  [
    'SPP of a row',
    matrix,
    one('SPP', 'spp_param { pyramid_height: 1 }'),
    'layer/bottoms',
    /NCHW bottom, has 2x3/,
  ],
  [
    'SPP by chance',
    image,
    one('SPP', 'spp_param { pyramid_height: 1 pool: STOCHASTIC }'),
    'layer/pooling',
    /stochastic/,
  ],
  ['Deconvolution without settings', image, one('Deconvolution'), 'layer/param', /num_output/],
  [
    'Deconvolution in groups that do not fit',
    image,
    one('Deconvolution', 'convolution_param { num_output: 3 kernel_size: 1 group: 2 }'),
    'layer/group',
    /group 2/,
  ],
  [
    'Deconvolution padded away',
    image,
    one('Deconvolution', 'convolution_param { num_output: 1 kernel_size: 1 pad: 9 }'),
    'layer/pad',
    /leaves nothing/,
  ],
  [
    'LRN for fixed point',
    image,
    one('LRNRistretto', 'quantization_param { bw_layer_in: 8 }'),
    'layer/quantization',
    /MINIFLOAT/,
  ],
];

describe('layers that do not fit name the layer, the field and the reason', () => {
  it.each(cases)('%s', (...one) => expectRefused(one));

  it('weights of another shape name the role and both shapes', () => {
    const error = layerErrorOf(matrix, one('PReLU'), { l: [{ shape: [4], data: [1, 1, 1, 1] }] });
    expect(error.message).toMatch(/needs slope of shape 3, this file has 4/);
  });
});
