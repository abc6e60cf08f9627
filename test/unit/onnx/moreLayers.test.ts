import { describe, expect, it } from 'vitest';
import type { Tensor } from '../../../src/runtime/session';
import { layer } from '../../support/nets';
import { runNet, weightsOf, type TestWeights } from '../../support/runModel';

const count = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);
const ones = (...shape: number[]): TestWeights[string][number] => ({
  shape,
  data: new Array<number>(shape.reduce((a, b) => a * b, 1)).fill(1),
});

interface Case {
  readonly title: string;
  readonly type: string;
  readonly param?: string;
  readonly shape: readonly number[];
  readonly data: readonly number[];
  readonly blobs?: TestWeights[string];
  readonly expected: readonly number[];
  readonly expectedShape: readonly number[];
}

const conv = (fields: string): Pick<Case, 'type' | 'param'> => ({
  type: 'Convolution',
  param: `convolution_param { num_output: 1 bias_term: false ${fields} }`,
});
const pool = (fields: string): Pick<Case, 'type' | 'param'> => ({
  type: 'Pooling',
  param: `pooling_param { ${fields} }`,
});

const cases: readonly Case[] = [
  {
    title: 'convolution correlates: it does not turn its kernel',
    ...conv('kernel_size: 2'),
    shape: [1, 1, 2, 2],
    data: [1, 2, 3, 4],
    blobs: [{ shape: [1, 1, 2, 2], data: [1000, 100, 10, 1] }],
    expected: [1234],
    expectedShape: [1, 1, 1, 1],
  },
  {
    title: 'convolution with stride and padding by axis, h first',
    ...conv('kernel_size: 1 stride_h: 1 stride_w: 2 pad_h: 1 pad_w: 0'),
    shape: [1, 1, 1, 3],
    data: [1, 2, 3],
    blobs: [ones(1, 1, 1, 1)],
    expected: [0, 0, 1, 3, 0, 0],
    expectedShape: [1, 1, 3, 2],
  },
  {
    title: 'convolution with repeated fields, h first',
    ...conv('kernel_size: 1 kernel_size: 2 stride: 2 stride: 1 dilation: 1 dilation: 2'),
    shape: [1, 1, 3, 4],
    data: count(12),
    blobs: [ones(1, 1, 1, 2)],
    expected: [1 + 3, 2 + 4, 9 + 11, 10 + 12],
    expectedShape: [1, 1, 2, 2],
  },
  {
    title: 'convolution rounds its size down',
    ...conv('kernel_size: 2 stride: 2'),
    shape: [1, 1, 3, 3],
    data: count(9),
    blobs: [ones(1, 1, 2, 2)],
    expected: [1 + 2 + 4 + 5],
    expectedShape: [1, 1, 1, 1],
  },
  {
    title: 'convolution along one axis',
    ...conv('kernel_size: 3 pad: 1'),
    shape: [1, 1, 3],
    data: [1, 2, 3],
    blobs: [ones(1, 1, 3)],
    expected: [3, 6, 5],
    expectedShape: [1, 1, 3],
  },
  {
    title: 'convolution over channels and images',
    ...conv('kernel_size: 1'),
    shape: [2, 2, 1, 1],
    data: [1, 2, 3, 4],
    blobs: [{ shape: [1, 2, 1, 1], data: [1, 10] }],
    expected: [21, 43],
    expectedShape: [2, 1, 1, 1],
  },
  {
    title: 'pooling with kernel, stride and padding by axis, h first',
    ...pool('kernel_h: 2 kernel_w: 3 stride_h: 1 stride_w: 2 pad_h: 0 pad_w: 1'),
    shape: [1, 1, 3, 4],
    data: count(12),
    // The window that starts at 3 holds column 3 alone.
    expected: [6, 8, 8, 10, 12, 12],
    expectedShape: [1, 1, 2, 3],
  },
  {
    title: 'padding of one axis clips windows of the other too',
    // Without the padding of h a third window along w would start at 4, past the end.
    ...pool('kernel_h: 2 kernel_w: 1 stride_h: 1 stride_w: 2 pad_h: 1 pad_w: 0'),
    shape: [1, 1, 1, 4],
    data: [1, 2, 3, 4],
    expected: [1, 3, 1, 3],
    expectedShape: [1, 1, 2, 2],
  },
  {
    title: 'the same windows without padding: the third one is empty',
    ...pool('kernel_h: 1 kernel_w: 1 stride_h: 1 stride_w: 2'),
    shape: [1, 1, 1, 4],
    data: [1, 2, 3, 4],
    expected: [1, 3, -3.4028234663852886e38],
    expectedShape: [1, 1, 1, 3],
  },
  {
    title: 'global max pooling',
    ...pool('pool: MAX global_pooling: true'),
    shape: [2, 1, 2, 2],
    data: [1, 4, 3, 2, -1, -4, -3, -2],
    expected: [4, -1],
    expectedShape: [2, 1, 1, 1],
  },
  {
    title: 'average pooling with round_mode: FLOOR',
    ...pool('pool: AVE kernel_size: 2 stride: 2 round_mode: FLOOR'),
    shape: [1, 1, 3, 3],
    data: count(9),
    expected: [3],
    expectedShape: [1, 1, 1, 1],
  },
  {
    title: 'average pooling along w with padding and overhang, other than along h',
    ...pool('pool: AVE kernel_h: 1 kernel_w: 3 stride_h: 1 stride_w: 2 pad_w: 1 pad_h: 0'),
    shape: [1, 1, 2, 4],
    data: [6, 6, 6, 6, 12, 12, 12, 12],
    // 2 of 3, 3 of 3, and 1 of the 2 that lie within the padding.
    expected: [4, 6, 3, 8, 12, 6],
    expectedShape: [1, 1, 2, 3],
  },
  {
    title: 'inner product of axis 0 drops the batch',
    type: 'InnerProduct',
    param: 'inner_product_param { num_output: 2 axis: 0 }',
    shape: [2, 2],
    data: [1, 2, 3, 4],
    blobs: [
      { shape: [2, 4], data: [1, 10, 100, 1000, 1, 1, 1, 1] },
      { shape: [2], data: [1, 2] },
    ],
    expected: [4322, 12],
    expectedShape: [2],
  },
  {
    title: 'inner product of a negative axis',
    type: 'InnerProduct',
    param: 'inner_product_param { num_output: 1 axis: -1 bias_term: false }',
    shape: [1, 2, 2],
    data: [1, 2, 3, 4],
    blobs: [{ shape: [1, 2], data: [1, 10] }],
    expected: [21, 43],
    expectedShape: [1, 2, 1],
  },
  {
    title: 'inner product with transposed weights and a bias',
    type: 'InnerProduct',
    param: 'inner_product_param { num_output: 2 transpose: true }',
    shape: [1, 2],
    data: [1, 2],
    blobs: [
      { shape: [2, 2], data: [1, 10, 100, 1000] },
      { shape: [2], data: [1, 2] },
    ],
    expected: [202, 2012],
    expectedShape: [1, 2],
  },
  {
    title: 'ReLU',
    type: 'ReLU',
    shape: [3],
    data: [-2, 0, 2],
    expected: [0, 0, 2],
    expectedShape: [3],
  },
  {
    title: 'LRN with its defaults: size 5, alpha 1, beta 0.75',
    type: 'LRN',
    shape: [1, 4, 1, 1],
    data: [1, 2, 0, 4],
    // The squares within two channels: 5, 21, 21, 20.
    expected: [1 / 2 ** 0.75, 2 / 5.2 ** 0.75, 0, 4 / 5 ** 0.75],
    expectedShape: [1, 4, 1, 1],
  },
  {
    title: 'Softmax along axis 1 of an image',
    type: 'Softmax',
    shape: [1, 2, 1, 2],
    data: [0, 1, Math.log(3), 1],
    expected: [0.25, 0.5, 0.75, 0.5],
    expectedShape: [1, 2, 1, 2],
  },
];

describe('more layers, computed by hand', () => {
  it.each(cases.map((c) => [c.title, c] as const))('%s', async (_, c) => {
    const net = layer('x', 'Input', '', 'x') + layer('l', c.type, 'x', 'y', c.param);
    const outputs = await runNet(net, weightsOf(c.blobs === undefined ? {} : { l: c.blobs }), {
      x: { shape: c.shape, data: Float32Array.from(c.data) },
    });
    const y = outputs.get('y');
    expect(y?.shape).toEqual(c.expectedShape);
    expect(y?.data).toHaveLength(c.expected.length);
    c.expected.forEach((wanted, i) => {
      const difference = Math.abs((y?.data[i] ?? Number.NaN) - wanted);
      expect(difference, `element ${i}`).toBeLessThanOrEqual(2e-6 * Math.max(1, Math.abs(wanted)));
    });
  });
});

describe('names and order of blobs', () => {
  const vector = (...data: number[]): Tensor => ({
    shape: [data.length],
    data: Float32Array.from(data),
  });
  const run = async (net: string, input: Tensor): Promise<[string, number[]][]> => {
    const all = layer('in', 'Input', '', 'in') + net;
    const outputs = await runNet(all, weightsOf({}), { in: input });
    return [...outputs].map(([name, { data }]) => [name, [...data]]);
  };
  const leaky = 'relu_param { negative_slope: 2 }';

  it('outputs come in alphabetical order, named as in the file', async () => {
    const net =
      layer('1', 'ReLU', 'in', 'z/last') +
      layer('2', 'ReLU', 'in', 'B-b') +
      layer('3', 'ReLU', 'in', 'a:1', leaky);
    expect(await run(net, vector(-1))).toEqual([
      ['B-b', [0]],
      ['a:1', [-2]],
      ['z/last', [0]],
    ]);
  });

  it('a chain in place runs in the order of the file', async () => {
    const net =
      layer('1', 'ReLU', 'in', 'y', leaky) +
      layer('2', 'ReLU', 'y', 'y', leaky) +
      layer('3', 'ReLU', 'y', 'seen') +
      layer('4', 'Dropout', 'y', 'y') +
      layer('5', 'ReLU', 'y', 'y', leaky);
    expect(await run(net, vector(-1, 1))).toEqual([
      ['seen', [0, 1]],
      ['y', [-8, 1]],
    ]);
  });

  it('two outputs may hold the same values', async () => {
    const net = layer('1', 'Dropout', 'in', 'a') + layer('2', 'Dropout', 'in', 'b');
    expect(await run(net, vector(3))).toEqual([
      ['a', [3]],
      ['b', [3]],
    ]);
  });

  it('layers and blobs may have names that nodes have too', async () => {
    const net =
      layer('y', 'LRN', 'in', 'y:square', 'lrn_param { norm_region: WITHIN_CHANNEL }') +
      layer('y:square', 'LRN', 'in', 'y', 'lrn_param { norm_region: WITHIN_CHANNEL }');
    const outputs = await run(net, { shape: [1, 1, 1, 1], data: Float32Array.of(0) });
    expect(outputs.map(([name]) => name)).toEqual(['y', 'y:square']);
  });
});
