import { describe, expect, it } from 'vitest';
import { count, testLayers } from '../../../support/layerCase';
import { runNet, weightsOf } from '../../../support/runModel';

describe('layers of forks on small inputs', () => {
  testLayers([
    {
      title: 'named axes first, the others after them',
      type: 'Permute',
      param: 'permute_param { order: 0 order: 2 }',
      bottoms: [[[1, 2, 3], count(6)]],
      tops: [
        [
          [1, 3, 2],
          [1, 4, 2, 5, 3, 6],
        ],
      ],
    },
    {
      title: 'images to length 1, one factor',
      type: 'Normalize',
      param: 'norm_param { across_spatial: true channel_shared: true eps: 0 }',
      bottoms: [
        [
          [1, 2, 1, 2],
          [1, 1, 1, 1],
        ],
      ],
      blobs: [[[], [10]]],
      tops: [
        [
          [1, 2, 1, 2],
          [5, 5, 5, 5],
        ],
      ],
    },
    {
      title: 'the channels of each pixel, a factor a channel',
      type: 'Normalize',
      param: 'norm_param { across_spatial: false channel_shared: false eps: 0 }',
      bottoms: [
        [
          [1, 2, 1, 2],
          [3, 5, 4, 12],
        ],
      ],
      blobs: [[[2], [1, 10]]],
      tops: [
        [
          [1, 2, 1, 2],
          [3 / 5, 5 / 13, 8, 120 / 13],
        ],
      ],
    },
    {
      title: 'both ends',
      type: 'ReLU6',
      bottoms: [[[3], [-1, 3, 9]]],
      tops: [[[3], [0, 3, 6]]],
    },
    {
      title: 'channels of all groups in turn',
      type: 'ShuffleChannel',
      param: 'shuffle_channel_param { group: 2 }',
      bottoms: [[[1, 6, 1, 1], count(6)]],
      tops: [
        [
          [1, 6, 1, 1],
          [1, 4, 2, 5, 3, 6],
        ],
      ],
    },
    {
      title: 'a factor a channel',
      type: 'Axpy',
      bottoms: [
        [
          [1, 2],
          [10, 100],
        ],
        [
          [1, 2, 1, 2],
          [1, 2, 3, 4],
        ],
        [
          [1, 2, 1, 2],
          [5, 6, 7, 8],
        ],
      ],
      tops: [
        [
          [1, 2, 1, 2],
          [15, 26, 307, 408],
        ],
      ],
    },
    {
      title: 'with running statistics (PSPNet)',
      type: 'BN',
      param: 'bn_param { eps: 0 }',
      bottoms: [
        [
          [1, 1, 1, 2],
          [3, 5],
        ],
      ],
      blobs: [
        [[1, 1, 1, 1], [10]],
        [[1, 1, 1, 1], [1]],
        [[1, 1, 1, 1], [3]],
        [[1, 1, 1, 1], [4]],
      ],
      tops: [
        [
          [1, 1, 1, 2],
          [1, 11],
        ],
      ],
    },
    {
      title: 'with statistics worked in (SegNet)',
      type: 'BN',
      param: 'bn_param { bn_mode: INFERENCE }',
      bottoms: [
        [
          [1, 2, 1, 1],
          [3, 5],
        ],
      ],
      blobs: [
        [
          [1, 2, 1, 1],
          [10, 100],
        ],
        [
          [1, 2, 1, 1],
          [1, 2],
        ],
      ],
      tops: [
        [
          [1, 2, 1, 1],
          [31, 502],
        ],
      ],
    },
    {
      title: 'each channel by itself, without group',
      type: 'ConvolutionDepthwise',
      param: 'convolution_param { num_output: 2 kernel_size: 1 }',
      bottoms: [
        [
          [1, 2, 1, 1],
          [3, 5],
        ],
      ],
      blobs: [
        [
          [2, 1, 1, 1],
          [10, 100],
        ],
        [[2], [1, 2]],
      ],
      tops: [
        [
          [1, 2, 1, 1],
          [31, 502],
        ],
      ],
    },
    {
      title: 'is a Convolution',
      type: 'DepthwiseConvolution',
      param: 'convolution_param { num_output: 2 group: 2 kernel_size: 1 bias_term: false }',
      bottoms: [
        [
          [1, 2, 1, 1],
          [3, 5],
        ],
      ],
      blobs: [
        [
          [2, 1, 1, 1],
          [10, 100],
        ],
      ],
      tops: [
        [
          [1, 2, 1, 1],
          [30, 500],
        ],
      ],
    },
    {
      title: 'corners stay where they are',
      type: 'Interp',
      param: 'interp_param { height: 1 width: 5 }',
      bottoms: [
        [
          [1, 1, 1, 3],
          [0, 10, 40],
        ],
      ],
      tops: [
        [
          [1, 1, 1, 5],
          [0, 5, 10, 25, 40],
        ],
      ],
    },
    {
      title: 'by a factor, after cropping',
      type: 'Interp',
      param: 'interp_param { zoom_factor: 2 pad_beg: -1 pad_end: 0 }',
      bottoms: [
        [
          [1, 1, 3, 3],
          [9, 9, 9, 9, 0, 2, 9, 4, 6],
        ],
      ],
      tops: [
        [
          [1, 1, 3, 3],
          [0, 1, 2, 2, 3, 4, 4, 5, 6],
        ],
      ],
    },
    {
      title: 'to the size of a second bottom',
      type: 'Interp',
      bottoms: [
        [
          [1, 1, 1, 2],
          [0, 6],
        ],
        [[1, 9, 1, 4], new Array<number>(36).fill(0)],
      ],
      tops: [
        [
          [1, 1, 1, 4],
          [0, 2, 4, 6],
        ],
      ],
    },
    {
      title: 'puts numbers where the mask says',
      type: 'Upsample',
      param: 'upsample_param { scale: 2 pad_out_w: true }',
      bottoms: [
        [
          [1, 2, 1, 1],
          [7, 8],
        ],
        [
          [1, 2, 1, 1],
          [1, 0],
        ],
      ],
      tops: [
        [
          [1, 2, 2, 1],
          [0, 7, 8, 0],
        ],
      ],
    },
    {
      title: 'repeats pixels without a mask',
      type: 'Upsample',
      param: 'upsample_param { scale: 2 }',
      bottoms: [
        [
          [1, 1, 1, 2],
          [1, 2],
        ],
      ],
      tops: [
        [
          [1, 1, 2, 4],
          [1, 1, 2, 2, 1, 1, 2, 2],
        ],
      ],
    },
    {
      title: 'boxes of all sizes and ratios, then their variances',
      type: 'PriorBox',
      param:
        'prior_box_param { min_size: 4 max_size: 9 aspect_ratio: 4 flip: true clip: true ' +
        'variance: 0.1 variance: 0.1 variance: 0.2 variance: 0.2 }',
      bottoms: [
        [[1, 1, 1, 1], [0]],
        [[1, 1, 10, 20], new Array<number>(200).fill(0)],
      ],
      tops: [
        [
          [1, 2, 16],
          [
            ...[8 / 20, 3 / 10, 12 / 20, 7 / 10],
            ...[7 / 20, 2 / 10, 13 / 20, 8 / 10],
            ...[6 / 20, 4 / 10, 14 / 20, 6 / 10],
            ...[9 / 20, 1 / 10, 11 / 20, 9 / 10],
            ...[0, 1, 2, 3].flatMap(() => [0.1, 0.1, 0.2, 0.2]),
          ],
        ],
      ],
    },
    {
      title: 'cell after cell, by a given step',
      type: 'PriorBox',
      param: 'prior_box_param { min_size: 2 step: 4 img_size: 8 offset: 0.5 }',
      bottoms: [
        [
          [1, 1, 1, 2],
          [0, 0],
        ],
        [[1, 1, 1, 1], [0]],
      ],
      tops: [
        [
          [1, 2, 8],
          [
            ...[1 / 8, 1 / 8, 3 / 8, 3 / 8, 5 / 8, 1 / 8, 7 / 8, 3 / 8],
            ...new Array<number>(8).fill(0.1),
          ],
        ],
      ],
    },
  ]);
});

it('layers of forks whose weights are missing are named all at once', async () => {
  const types = ['Normalize', 'BN', 'DepthwiseConvolution', 'ConvolutionDepthwise'];
  const net = [
    'layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 1 dim: 1 dim: 2 dim: 2 } } }',
    ...types.map(
      (type) =>
        `layer { name: "l${type}" type: "${type}" bottom: "x" top: "${type}" ` +
        'convolution_param { num_output: 1 kernel_size: 1 } }',
    ),
  ].join('\n');
  const run = runNet(net, weightsOf({}), { x: { shape: [1, 1, 2, 2], data: new Float32Array(4) } });
  const error: unknown = await run.catch((cause: unknown) => cause);
  for (const type of types) expect(String(error)).toContain(`"l${type}"`);
});
