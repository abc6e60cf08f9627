import { describe } from 'vitest';
import { testLayers, type LayerCase } from '../../support/layerCase';

const e = Math.E;
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** A layer on the row -2, -0.5, 0, 3. */
function onRow(title: string, type: string, param: string, f: (x: number) => number): LayerCase {
  const row = [-2, -0.5, 0, 3];
  return { title, type, param, bottoms: [[[1, 4], row]], tops: [[[1, 4], row.map(f)]] };
}

describe('layers on each number by itself', () => {
  testLayers([
    onRow('magnitude', 'AbsVal', '', Math.abs),
    onRow('softplus', 'BNLL', '', (x) => Math.log(1 + Math.exp(x))),
    {
      title: 'large numbers do not overflow',
      type: 'BNLL',
      bottoms: [[[2], [200, -200]]],
      tops: [[[2], [200, 0]]],
    },
    onRow('both ends', 'Clip', 'clip_param { min: -1 max: 2 }', (x) =>
      Math.min(2, Math.max(-1, x)),
    ),
    onRow('default alpha', 'ELU', '', (x) => (x > 0 ? x : Math.exp(x) - 1)),
    onRow('alpha', 'ELU', 'elu_param { alpha: 2 }', (x) => (x > 0 ? x : 2 * (Math.exp(x) - 1))),
    onRow('base e', 'Exp', '', Math.exp),
    onRow('base, scale, shift', 'Exp', 'exp_param { base: 2 scale: 0.5 shift: 3 }', (x) =>
      Math.pow(2, 3 + 0.5 * x),
    ),
    onRow('shift only', 'Exp', 'exp_param { shift: 1 }', (x) => Math.exp(1 + x)),
    onRow('base, scale, shift', 'Log', 'log_param { base: 10 scale: 2 shift: 5 }', (x) =>
      Math.log10(5 + 2 * x),
    ),
    onRow('base e', 'Log', 'log_param { shift: 3 }', (x) => Math.log(3 + x)),
    onRow('affine', 'Power', 'power_param { scale: 2 shift: 1 }', (x) => 1 + 2 * x),
    onRow('square', 'Power', 'power_param { power: 2 shift: 1 }', (x) => (1 + x) ** 2),
    onRow('root', 'Power', 'power_param { power: 0.5 shift: 2 }', (x) => Math.sqrt(2 + x)),
    onRow('identity', 'Power', '', (x) => x),
    onRow('scale 0 is a constant', 'Power', 'power_param { power: 3 scale: 0 shift: 2 }', () => 8),
    onRow('power 0 is 1', 'Power', 'power_param { power: 0 }', () => 1),
    onRow('Sigmoid', 'Sigmoid', '', sigmoid),
    onRow('TanH', 'TanH', '', Math.tanh),
    onRow('is strict', 'Threshold', 'threshold_param { threshold: -0.5 }', (x) =>
      x > -0.5 ? 1 : 0,
    ),
    onRow('beta 1', 'Swish', '', (x) => x * sigmoid(x)),
    onRow('beta', 'Swish', 'swish_param { beta: 2 }', (x) => x * sigmoid(2 * x)),
    {
      title: 'a slope a channel, on images',
      type: 'PReLU',
      bottoms: [
        [
          [1, 2, 1, 2],
          [-1, 2, -3, 4],
        ],
      ],
      blobs: [[[2], [0.5, 0.25]]],
      tops: [
        [
          [1, 2, 1, 2],
          [-0.5, 2, -0.75, 4],
        ],
      ],
    },
    {
      title: 'one slope for all',
      type: 'PReLU',
      param: 'prelu_param { channel_shared: true }',
      bottoms: [
        [
          [1, 2],
          [-1, -2],
        ],
      ],
      blobs: [[[], [0.5]]],
      tops: [
        [
          [1, 2],
          [-0.5, -1],
        ],
      ],
    },
    {
      title: 'e^1 is e',
      type: 'Exp',
      bottoms: [[[1], [1]]],
      tops: [[[1], [e]]],
    },
  ]);
});

describe('normalization', () => {
  testLayers([
    {
      title: 'divides the learned statistics by the scale factor',
      type: 'BatchNorm',
      param: 'batch_norm_param { eps: 0 }',
      bottoms: [
        [
          [1, 2, 1, 2],
          [1, 3, 10, 20],
        ],
      ],
      blobs: [
        [[2], [2, 20]],
        [[2], [8, 200]],
        [[1], [2]],
      ],
      tops: [
        [
          [1, 2, 1, 2],
          [0, 1, 0, 1],
        ],
      ],
    },
    {
      title: 'a scale factor of 0 leaves nothing of the statistics',
      type: 'BatchNorm',
      param: 'batch_norm_param { eps: 4 }',
      bottoms: [[[1, 1], [6]]],
      blobs: [
        [[1], [2]],
        [[1], [8]],
        [[1], [0]],
      ],
      tops: [[[1, 1], [3]]],
    },
    {
      title: 'one axis is one channel',
      type: 'BatchNorm',
      param: 'batch_norm_param { eps: 0 }',
      bottoms: [[[2], [3, 5]]],
      blobs: [
        [[1], [1]],
        [[1], [4]],
        [[1], [1]],
      ],
      tops: [[[2], [1, 2]]],
    },
    {
      title: 'statistics of the batch, with the biased variance',
      type: 'BatchNorm',
      param: 'batch_norm_param { use_global_stats: false eps: 0 }',
      bottoms: [
        [
          [2, 1, 1, 2],
          [1, 1, 3, 3],
        ],
      ],
      blobs: [
        [[1], [100]],
        [[1], [100]],
        [[1], [1]],
      ],
      tops: [
        [
          [2, 1, 1, 2],
          [-1, -1, 1, 1],
        ],
      ],
    },
    {
      title: 'a factor and a bias a channel',
      type: 'Scale',
      param: 'scale_param { bias_term: true }',
      bottoms: [
        [
          [1, 2, 1, 2],
          [1, 2, 3, 4],
        ],
      ],
      blobs: [
        [[2], [10, 100]],
        [[2], [1, 2]],
      ],
      tops: [
        [
          [1, 2, 1, 2],
          [11, 21, 302, 402],
        ],
      ],
    },
    {
      title: 'a single factor',
      type: 'Scale',
      param: 'scale_param { num_axes: 0 }',
      bottoms: [
        [
          [1, 2],
          [1, 2],
        ],
      ],
      blobs: [[[], [3]]],
      tops: [
        [
          [1, 2],
          [3, 6],
        ],
      ],
    },
    {
      title: 'factors for all axes from one on',
      type: 'Scale',
      param: 'scale_param { axis: 2 num_axes: -1 }',
      bottoms: [
        [
          [1, 2, 1, 2],
          [1, 2, 3, 4],
        ],
      ],
      blobs: [
        [
          [1, 2],
          [10, 100],
        ],
      ],
      tops: [
        [
          [1, 2, 1, 2],
          [10, 200, 30, 400],
        ],
      ],
    },
    {
      title: 'factors from a second bottom, along the images',
      type: 'Scale',
      param: 'scale_param { axis: 0 }',
      bottoms: [
        [
          [2, 2],
          [1, 2, 3, 4],
        ],
        [[2], [10, 100]],
      ],
      tops: [
        [
          [2, 2],
          [10, 20, 300, 400],
        ],
      ],
    },
    {
      title: 'factors from a second bottom and a learned bias of their shape',
      type: 'Scale',
      param: 'scale_param { axis: 0 num_axes: 7 bias_term: true }',
      bottoms: [
        [
          [2, 2],
          [1, 2, 3, 4],
        ],
        [[2], [10, 100]],
      ],
      blobs: [[[2], [1, 2]]],
      tops: [
        [
          [2, 2],
          [11, 21, 302, 402],
        ],
      ],
    },
    {
      title: 'a summand a channel',
      type: 'Bias',
      bottoms: [
        [
          [1, 2, 2],
          [1, 2, 3, 4],
        ],
      ],
      blobs: [[[2], [10, 20]]],
      tops: [
        [
          [1, 2, 2],
          [11, 12, 23, 24],
        ],
      ],
    },
    {
      title: 'summands from a second bottom',
      type: 'Bias',
      bottoms: [
        [
          [1, 2, 2],
          [1, 2, 3, 4],
        ],
        [
          [2, 2],
          [10, 20, 30, 40],
        ],
      ],
      tops: [
        [
          [1, 2, 2],
          [11, 22, 33, 44],
        ],
      ],
    },
    {
      title: 'a channel at a time, up to four axes',
      type: 'MVN',
      bottoms: [
        [
          [1, 2, 2],
          [1, 3, 10, 30],
        ],
      ],
      tops: [
        [
          [1, 2, 2, 1],
          [-1, 1, -1, 1],
        ],
      ],
    },
    {
      title: 'all channels of an image, mean only',
      type: 'MVN',
      param: 'mvn_param { across_channels: true normalize_variance: false }',
      bottoms: [
        [
          [2, 2, 1, 1],
          [1, 3, 10, 30],
        ],
      ],
      tops: [
        [
          [2, 2, 1, 1],
          [-1, 1, -10, 10],
        ],
      ],
    },
  ]);
});
