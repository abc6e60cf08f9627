import { describe, expect, it } from 'vitest';
import { count, testLayers } from '../../support/layerCase';
import { runNet, weightsOf } from '../../support/runModel';

describe('layers that combine numbers', () => {
  const rows: readonly [readonly number[], readonly number[]][] = [
    [
      [1, 2],
      [1, -2],
    ],
    [
      [1, 2],
      [3, 4],
    ],
    [
      [1, 2],
      [-5, 6],
    ],
  ];
  testLayers([
    {
      title: 'product',
      type: 'Eltwise',
      param: 'eltwise_param { operation: PROD }',
      bottoms: rows,
      tops: [
        [
          [1, 2],
          [-15, -48],
        ],
      ],
    },
    {
      title: 'maximum',
      type: 'Eltwise',
      param: 'eltwise_param { operation: MAX }',
      bottoms: rows,
      tops: [
        [
          [1, 2],
          [3, 6],
        ],
      ],
    },
    {
      title: 'sum',
      type: 'Eltwise',
      bottoms: rows,
      tops: [
        [
          [1, 2],
          [-1, 8],
        ],
      ],
    },
    {
      title: 'sum with coefficients',
      type: 'Eltwise',
      param: 'eltwise_param { coeff: 1 coeff: 2 coeff: -1 }',
      bottoms: rows,
      tops: [
        [
          [1, 2],
          [12, 0],
        ],
      ],
    },
    {
      title: 'sum',
      type: 'Reduction',
      bottoms: [
        [
          [2, 2],
          [1, -2, 3, 4],
        ],
      ],
      tops: [[[], [6]]],
    },
    {
      title: 'magnitudes times a coefficient',
      type: 'Reduction',
      param: 'reduction_param { operation: ASUM axis: 1 coeff: 2 }',
      bottoms: [
        [
          [2, 2],
          [1, -2, 3, 4],
        ],
      ],
      tops: [[[2], [6, 14]]],
    },
    {
      title: 'squares',
      type: 'Reduction',
      param: 'reduction_param { operation: SUMSQ axis: -1 }',
      bottoms: [
        [
          [2, 2],
          [1, -2, 3, 4],
        ],
      ],
      tops: [[[2], [5, 25]]],
    },
    {
      title: 'mean',
      type: 'Reduction',
      param: 'reduction_param { operation: MEAN }',
      bottoms: [
        [
          [2, 2],
          [1, -2, 3, 4],
        ],
      ],
      tops: [[[], [1.5]]],
    },
    {
      title: 'of equal numbers the last',
      type: 'ArgMax',
      bottoms: [
        [
          [2, 3],
          [5, 1, 5, 0, 2, 1],
        ],
      ],
      tops: [
        [
          [2, 1, 1],
          [2, 1],
        ],
      ],
    },
    {
      title: 'indices and values',
      type: 'ArgMax',
      param: 'argmax_param { out_max_val: true top_k: 2 }',
      bottoms: [
        [
          [1, 3],
          [5, 1, 7],
        ],
      ],
      tops: [
        [
          [1, 2, 2],
          [2, 0, 7, 5],
        ],
      ],
    },
    {
      title: 'values only along an axis',
      type: 'ArgMax',
      param: 'argmax_param { out_max_val: true axis: 0 }',
      bottoms: [
        [
          [2, 2],
          [1, 4, 3, 2],
        ],
      ],
      tops: [
        [
          [1, 2],
          [3, 4],
        ],
      ],
    },
    {
      title: 'rows and a bias',
      type: 'Embed',
      param: 'embed_param { num_output: 2 input_dim: 3 }',
      bottoms: [[[2], [2, 0]]],
      blobs: [
        [[3, 2], count(6)],
        [[2], [10, 20]],
      ],
      tops: [
        [
          [2, 2],
          [15, 26, 11, 22],
        ],
      ],
    },
    {
      title: 'images again and in another order',
      type: 'BatchReindex',
      bottoms: [
        [[2, 2], count(4)],
        [[3], [1, 0, 1]],
      ],
      tops: [
        [
          [3, 2],
          [3, 4, 1, 2, 3, 4],
        ],
      ],
    },
    {
      title: 'keeps what is selected',
      type: 'Filter',
      bottoms: [
        [
          [3, 1],
          [7, 8, 9],
        ],
        [[3], [1, 0, 1]],
      ],
      tops: [
        [
          [2, 1],
          [7, 9],
        ],
      ],
    },
    {
      title: 'a learned blob',
      type: 'Parameter',
      param: 'parameter_param { shape { dim: 2 } }',
      bottoms: [],
      blobs: [[[2], [3, 4]]],
      tops: [[[2], [3, 4]]],
    },
    {
      title: 'a constant for each top, in the older form',
      type: 'DummyData',
      param:
        'dummy_data_param { num: 1 channels: 2 height: 1 width: 1 data_filler { type: "constant" value: 3 } data_filler { value: 4 } }',
      bottoms: [],
      tops: [
        [
          [1, 2, 1, 1],
          [3, 3],
        ],
        [
          [1, 2, 1, 1],
          [4, 4],
        ],
      ],
    },
  ]);

  it('DummyData: random numbers are the same in every run', async () => {
    const net =
      'layer { name: "l" type: "DummyData" top: "y" top: "z" dummy_data_param { shape { dim: 999 } ' +
      'data_filler { type: "uniform" min: 2 max: 4 } data_filler { type: "gaussian" mean: 5 std: 2 } } }';
    const [first, second] = await Promise.all([0, 1].map(() => runNet(net, weightsOf({}), {})));
    expect(second).toEqual(first);
    const y = first?.get('y')?.data ?? new Float32Array();
    expect([
      Math.min(...y) >= 2,
      Math.max(...y) <= 4,
      Math.max(...y) - Math.min(...y) > 1.9,
    ]).toEqual([true, true, true]);
    const z = first?.get('z')?.data ?? new Float32Array();
    expect(z.reduce((a, b) => a + b, 0) / z.length).toBeCloseTo(5, 0);
  });

  it('Silence takes a blob from the outputs', async () => {
    const outputs = await runNet(
      `layer { name: "x" type: "Input" top: "x" top: "z" input_param { shape { dim: 1 } } }
       layer { name: "s" type: "Silence" bottom: "z" }
       layer { name: "r" type: "ReLU" bottom: "x" top: "y" }`,
      weightsOf({}),
      { x: { shape: [1], data: Float32Array.of(2) }, z: { shape: [1], data: Float32Array.of(2) } },
    );
    expect([...outputs.keys()]).toEqual(['y']);
  });
});
