import { describe } from 'vitest';
import { count, testLayers } from '../../support/layerCase';

describe('layers that move numbers', () => {
  testLayers([
    {
      title: 'equal parts',
      type: 'Slice',
      bottoms: [
        [
          [1, 4],
          [1, 2, 3, 4],
        ],
      ],
      tops: [
        [
          [1, 2],
          [1, 2],
        ],
        [
          [1, 2],
          [3, 4],
        ],
      ],
    },
    {
      title: 'at points along the images, by the older name of the axis',
      type: 'Slice',
      param: 'slice_param { slice_dim: 0 slice_point: 1 }',
      bottoms: [
        [
          [3, 1],
          [1, 2, 3],
        ],
      ],
      tops: [
        [[1, 1], [1]],
        [
          [2, 1],
          [2, 3],
        ],
      ],
    },
    {
      title: 'two names',
      type: 'Split',
      bottoms: [[[2], [1, 2]]],
      tops: [
        [[2], [1, 2]],
        [[2], [1, 2]],
      ],
    },
    {
      title: 'middle axes',
      type: 'Flatten',
      param: 'flatten_param { axis: 1 end_axis: 2 }',
      bottoms: [[[1, 2, 2, 1], count(4)]],
      tops: [[[1, 4, 1], count(4)]],
    },
    {
      title: '0 copies and -1 takes the rest',
      type: 'Reshape',
      param: 'reshape_param { shape { dim: 0 dim: -1 dim: 3 } }',
      bottoms: [[[2, 6], count(12)]],
      tops: [[[2, 2, 3], count(12)]],
    },
    {
      title: 'some axes only',
      type: 'Reshape',
      param: 'reshape_param { shape { dim: 3 dim: 2 } axis: 1 num_axes: 1 }',
      bottoms: [[[1, 6, 2], count(12)]],
      tops: [[[1, 3, 2, 2], count(12)]],
    },
    {
      title: 'an axis counted from one past the end',
      type: 'Reshape',
      param: 'reshape_param { shape { dim: 1 } axis: -1 }',
      bottoms: [[[2, 3], count(6)]],
      tops: [[[2, 3, 1], count(6)]],
    },
    {
      title: 'cuts at offsets',
      type: 'Crop',
      param: 'crop_param { axis: 2 offset: 1 offset: 0 }',
      bottoms: [
        [[1, 1, 3, 3], count(9)],
        [
          [1, 1, 2, 2],
          [0, 0, 0, 0],
        ],
      ],
      tops: [
        [
          [1, 1, 2, 2],
          [4, 5, 7, 8],
        ],
      ],
    },
    {
      title: 'along the images',
      type: 'Tile',
      param: 'tile_param { axis: 0 tiles: 2 }',
      bottoms: [
        [
          [1, 2],
          [1, 2],
        ],
      ],
      tops: [
        [
          [2, 2],
          [1, 2, 1, 2],
        ],
      ],
    },
    {
      title: 'columns channel by channel, then window row by row',
      type: 'Im2col',
      param: 'convolution_param { kernel_size: 2 }',
      bottoms: [[[1, 2, 2, 2], count(8)]],
      tops: [[[1, 8, 1, 1], count(8)]],
    },
    {
      title: 'with padding and stride',
      type: 'Im2col',
      param:
        'convolution_param { kernel_h: 1 kernel_w: 2 pad_h: 0 pad_w: 1 stride_h: 1 stride_w: 2 }',
      bottoms: [
        [
          [1, 1, 1, 2],
          [5, 6],
        ],
      ],
      tops: [
        [
          [1, 2, 1, 2],
          [0, 6, 5, 0],
        ],
      ],
    },
    {
      title: 'adds what overlaps',
      type: 'Deconvolution',
      param: 'convolution_param { num_output: 1 kernel_size: 2 stride: 1 }',
      bottoms: [
        [
          [1, 1, 1, 2],
          [1, 2],
        ],
      ],
      blobs: [
        [
          [1, 1, 2, 2],
          [1, 10, 100, 1000],
        ],
        [[1], [0.5]],
      ],
      tops: [
        [
          [1, 1, 2, 3],
          [1.5, 12.5, 20.5, 100.5, 1200.5, 2000.5],
        ],
      ],
    },
    {
      title: 'in groups, with padding',
      type: 'Deconvolution',
      param:
        'convolution_param { num_output: 2 group: 2 kernel_size: 3 pad: 1 stride: 2 bias_term: false }',
      bottoms: [
        [
          [1, 2, 1, 1],
          [1, 2],
        ],
      ],
      blobs: [[[2, 1, 3, 3], count(18)]],
      tops: [
        [
          [1, 2, 1, 1],
          [5, 28],
        ],
      ],
    },
    {
      title: 'another axis joins those before it',
      type: 'Convolution',
      param: 'convolution_param { num_output: 1 kernel_size: 2 axis: 2 bias_term: false }',
      bottoms: [[[1, 2, 1, 2, 2], count(8)]],
      blobs: [
        [
          [1, 1, 2, 2],
          [1, 1, 1, 1],
        ],
      ],
      tops: [
        [
          [1, 2, 1, 1, 1],
          [10, 26],
        ],
      ],
    },
    {
      title: 'three spatial axes',
      type: 'Convolution',
      param: 'convolution_param { num_output: 1 kernel_size: 2 bias_term: false }',
      bottoms: [[[1, 1, 2, 2, 2], count(8)]],
      blobs: [[[1, 1, 2, 2, 2], new Array<number>(8).fill(1)]],
      tops: [[[1, 1, 1, 1, 1], [36]]],
    },
    {
      title: 'all levels in one row',
      type: 'SPP',
      param: 'spp_param { pyramid_height: 2 pool: MAX }',
      bottoms: [
        [
          [1, 1, 2, 2],
          [1, 2, 3, 4],
        ],
      ],
      tops: [
        [
          [1, 5],
          [4, 1, 2, 3, 4],
        ],
      ],
    },
    {
      title: 'rounds its size down where a fork says so',
      type: 'Pooling',
      param: 'pooling_param { pool: MAX kernel_size: 2 stride: 2 ceil_mode: false }',
      bottoms: [[[1, 1, 3, 3], count(9)]],
      tops: [[[1, 1, 1, 1], [5]]],
    },
    {
      title: 'the mask counts within a plane, the first maximum wins',
      type: 'Pooling',
      param: 'pooling_param { pool: MAX kernel_size: 2 stride: 2 }',
      bottoms: [
        [
          [1, 2, 2, 2],
          [1, 7, 7, 2, 1, 2, 3, 9],
        ],
      ],
      tops: [
        [
          [1, 2, 1, 1],
          [7, 9],
        ],
        [
          [1, 2, 1, 1],
          [1, 3],
        ],
      ],
    },
  ]);
});
