import { describe, expect, it } from 'vitest';
import { netState } from '../../../src/caffe/phase';
import { runNet, weightsOf, type TestWeights } from '../../support/runModel';

interface LayerCase {
  readonly title: string;
  /** Fields of the one layer, `type` first. */
  readonly layer: string;
  readonly shape: readonly number[];
  readonly data: readonly number[];
  readonly blobs?: TestWeights[string];
  readonly expected: readonly number[];
  readonly expectedShape: readonly number[];
}

const count = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);
const ones = (...shape: number[]): { shape: number[]; data: number[] } => ({
  shape,
  data: new Array<number>(shape.reduce((a, b) => a * b, 1)).fill(1),
});

const cases: readonly LayerCase[] = [
  {
    title: 'convolution with padding, stride and bias',
    layer:
      'type: "Convolution" convolution_param { num_output: 1 kernel_size: 3 pad: 1 stride: 2 }',
    shape: [1, 1, 3, 3],
    data: count(9),
    blobs: [ones(1, 1, 3, 3), { shape: [1], data: [10] }],
    expected: [1 + 2 + 4 + 5 + 10, 2 + 3 + 5 + 6 + 10, 4 + 5 + 7 + 8 + 10, 5 + 6 + 8 + 9 + 10],
    expectedShape: [1, 1, 2, 2],
  },
  {
    title: 'convolution with dilation and without bias',
    layer:
      'type: "Convolution" convolution_param { num_output: 1 kernel_size: 2 dilation: 2 bias_term: false }',
    shape: [1, 1, 3, 3],
    data: count(9),
    blobs: [ones(1, 1, 2, 2)],
    expected: [1 + 3 + 7 + 9],
    expectedShape: [1, 1, 1, 1],
  },
  {
    title: 'convolution in groups with an oblong kernel',
    layer:
      'type: "Convolution" convolution_param { num_output: 2 group: 2 kernel_h: 1 kernel_w: 2 bias_term: false }',
    shape: [1, 2, 1, 2],
    data: [1, 2, 3, 4],
    blobs: [{ shape: [2, 1, 1, 2], data: [1, 1, 10, 1] }],
    expected: [3, 34],
    expectedShape: [1, 2, 1, 1],
  },
  {
    title: 'max pooling rounds its size up',
    layer: 'type: "Pooling" pooling_param { pool: MAX kernel_size: 2 stride: 2 }',
    shape: [1, 1, 3, 3],
    data: count(9),
    expected: [5, 6, 8, 9],
    expectedShape: [1, 1, 2, 2],
  },
  {
    title: 'max pooling with round_mode: FLOOR',
    layer: 'type: "Pooling" pooling_param { pool: MAX kernel_size: 2 stride: 2 round_mode: FLOOR }',
    shape: [1, 1, 3, 3],
    data: count(9),
    expected: [5],
    expectedShape: [1, 1, 1, 1],
  },
  {
    title: 'max pooling of negative numbers ignores padding',
    layer: 'type: "Pooling" pooling_param { pool: MAX kernel_size: 3 stride: 2 pad: 1 }',
    shape: [1, 1, 2, 2],
    data: [-4, -3, -2, -1],
    expected: [-1, -1, -1, -1],
    expectedShape: [1, 1, 2, 2],
  },
  {
    title: 'a window that starts in the padding is dropped',
    layer: 'type: "Pooling" pooling_param { pool: MAX kernel_size: 2 stride: 2 pad: 1 }',
    shape: [1, 1, 1, 3],
    data: [1, 2, 3],
    expected: [1, 3],
    expectedShape: [1, 1, 1, 2],
  },
  {
    title: 'an empty window is the lowest number',
    layer: 'type: "Pooling" pooling_param { pool: MAX kernel_size: 1 stride: 3 }',
    shape: [1, 1, 1, 3],
    data: [1, 2, 3],
    expected: [1, Math.fround(-3.4028234663852886e38)],
    expectedShape: [1, 1, 1, 2],
  },
  {
    title: 'average pooling counts padding',
    layer: 'type: "Pooling" pooling_param { pool: AVE kernel_size: 2 stride: 2 pad: 1 }',
    shape: [1, 1, 2, 2],
    data: [4, 8, 12, 16],
    expected: [1, 2, 3, 4],
    expectedShape: [1, 1, 2, 2],
  },
  {
    title: 'average pooling does not count what overhangs',
    layer: 'type: "Pooling" pooling_param { pool: AVE kernel_size: 2 stride: 2 }',
    shape: [1, 1, 3, 3],
    data: count(9),
    expected: [3, 4.5, 7.5, 9],
    expectedShape: [1, 1, 2, 2],
  },
  {
    title: 'average pooling with padding and overhang',
    layer: 'type: "Pooling" pooling_param { pool: AVE kernel_size: 3 stride: 2 pad: 1 }',
    shape: [1, 1, 4, 4],
    data: new Array<number>(16).fill(36),
    // Along one axis the windows hold 2, 3 and 1 numbers of 3, 3 and 2 that count.
    expected: [16, 24, 12, 24, 36, 18, 12, 18, 9],
    expectedShape: [1, 1, 3, 3],
  },
  {
    title: 'global average pooling',
    layer: 'type: "Pooling" pooling_param { pool: AVE global_pooling: true }',
    shape: [1, 2, 1, 2],
    data: [1, 3, 10, 20],
    expected: [2, 15],
    expectedShape: [1, 2, 1, 1],
  },
  {
    title: 'inner product flattens in the order of the blob',
    layer: 'type: "InnerProduct" inner_product_param { num_output: 2 }',
    shape: [1, 2, 1, 2],
    data: [1, 2, 3, 4],
    blobs: [
      { shape: [2, 4], data: [1, 10, 100, 1000, 1, 0, 0, 0] },
      { shape: [2], data: [0.5, -1] },
    ],
    expected: [4321.5, 0],
    expectedShape: [1, 2],
  },
  {
    title: 'inner product with transposed weights along axis 2',
    layer:
      'type: "InnerProduct" inner_product_param { num_output: 1 axis: 2 transpose: true bias_term: false }',
    shape: [1, 2, 2],
    data: [1, 2, 3, 4],
    blobs: [{ shape: [2, 1], data: [1, 10] }],
    expected: [21, 43],
    expectedShape: [1, 2, 1],
  },
  {
    title: 'ReLU with a slope',
    layer: 'type: "ReLU" relu_param { negative_slope: 0.5 }',
    shape: [1, 3],
    data: [-2, 0, 2],
    expected: [-1, 0, 2],
    expectedShape: [1, 3],
  },
  {
    title: 'LRN across channels divides alpha by the size',
    layer: 'type: "LRN" lrn_param { local_size: 3 alpha: 3 beta: 1 k: 2 }',
    shape: [1, 2, 1, 1],
    data: [1, 2],
    expected: [1 / 7, 2 / 7],
    expectedShape: [1, 2, 1, 1],
  },
  {
    title: 'LRN within a channel counts padding and ignores k',
    layer:
      'type: "LRN" lrn_param { local_size: 3 alpha: 9 beta: 1 k: 5 norm_region: WITHIN_CHANNEL }',
    shape: [1, 1, 1, 2],
    data: [1, 2],
    expected: [1 / 6, 2 / 6],
    expectedShape: [1, 1, 1, 2],
  },
  {
    title: 'Dropout in TEST changes nothing',
    layer: 'type: "Dropout" dropout_param { dropout_ratio: 0.9 }',
    shape: [1, 2],
    data: [1, 2],
    expected: [1, 2],
    expectedShape: [1, 2],
  },
  {
    title: 'Softmax along an axis',
    layer: 'type: "Softmax" softmax_param { axis: 1 }',
    shape: [1, 2, 1],
    data: [0, Math.log(3)],
    expected: [0.25, 0.75],
    expectedShape: [1, 2, 1],
  },
];

describe('layers, computed by hand', () => {
  it.each(cases.map((c) => [c.title, c] as const))('%s', async (_, c) => {
    const prototxt = `
      layer { name: "x" type: "Input" top: "x" input_param { shape { ${c.shape.map((d) => `dim: ${d}`).join(' ')} } } }
      layer { name: "l" bottom: "x" top: "y" ${c.layer} }`;
    const outputs = await runNet(prototxt, weightsOf({ l: c.blobs ?? [] }), {
      x: { shape: c.shape, data: Float32Array.from(c.data) },
    });
    const y = outputs.get('y');
    expect(y?.shape).toEqual(c.expectedShape);
    c.expected.forEach((value, i) => {
      const tolerance = 1e-6 * Math.max(1, Math.abs(value));
      expect(Math.abs((y?.data[i] ?? Number.NaN) - value), `element ${i}`).toBeLessThanOrEqual(
        tolerance,
      );
    });
  });

  it('Dropout in TRAIN drops some values and scales the rest', async () => {
    const n = 1000;
    const run = async (): Promise<Float32Array> => {
      const outputs = await runNet(
        `layer { name: "x" type: "Input" top: "x" input_param { shape { dim: ${n} } } }
         layer { name: "l" bottom: "x" top: "y" type: "Dropout" dropout_param { dropout_ratio: 0.75 } }`,
        weightsOf({}),
        { x: { shape: [n], data: new Float32Array(n).fill(1) } },
        { state: netState('TRAIN') },
      );
      return outputs.get('y')?.data ?? new Float32Array();
    };
    const first = await run();
    expect(new Set(first)).toEqual(new Set([0, 4]));
    expect(first.filter((x) => x > 0).length / n).toBeCloseTo(0.25, 1);
    expect(await run()).toEqual(first);
  });

  it('Concat joins along an axis, also by its older name', async () => {
    for (const param of ['axis: 1', 'concat_dim: 1', 'axis: -1']) {
      const outputs = await runNet(
        `layer { name: "x" type: "Input" top: "a" top: "b" input_param { shape { dim: 2 dim: 1 } } }
         layer { name: "c" type: "Concat" bottom: "a" bottom: "b" top: "y" concat_param { ${param} } }`,
        weightsOf({}),
        {
          a: { shape: [2, 1], data: Float32Array.of(1, 2) },
          b: { shape: [2, 1], data: Float32Array.of(3, 4) },
        },
      );
      expect([...(outputs.get('y')?.data ?? [])]).toEqual([1, 3, 2, 4]);
    }
  });
});

describe('inputs that are outputs', () => {
  const input = { x: { shape: [2], data: Float32Array.of(-1, 2) } };

  it('an input nobody reads comes out as it is', async () => {
    const outputs = await runNet(
      `layer { name: "x" type: "Input" top: "x" top: "z" input_param { shape { dim: 2 } } }
       layer { name: "l" bottom: "x" top: "y" type: "ReLU" }`,
      weightsOf({}),
      { ...input, z: { shape: [2], data: Float32Array.of(5, 6) } },
    );
    expect([...(outputs.get('y')?.data ?? [])]).toEqual([0, 2]);
    expect([...(outputs.get('z')?.data ?? [])]).toEqual([5, 6]);
  });

  it('an input changed in place comes out under a name of its own', async () => {
    const outputs = await runNet(
      `layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 2 } } }
       layer { name: "l" bottom: "x" top: "x" type: "ReLU" }`,
      weightsOf({}),
      input,
    );
    expect([...outputs.keys()]).toEqual(['x:out']);
    expect([...(outputs.get('x:out')?.data ?? [])]).toEqual([0, 2]);
  });
});

it('Dropout in TRAIN drops between two other layers too, each layer for itself', async () => {
  const n = 1000;
  const outputs = await runNet(
    `layer { name: "x" type: "Input" top: "x" input_param { shape { dim: ${n} } } }
     layer { name: "a" type: "ReLU" bottom: "x" top: "a" }
     layer { name: "d" type: "Dropout" bottom: "a" top: "d" }
     layer { name: "r" type: "ReLU" bottom: "d" top: "r" }
     layer { name: "e" type: "Dropout" bottom: "r" top: "e" }
     layer { name: "s" type: "ReLU" bottom: "e" top: "s" }`,
    weightsOf({}),
    { x: { shape: [n], data: new Float32Array(n).fill(1) } },
    { state: netState('TRAIN') },
  );
  const data = outputs.get('s')?.data ?? new Float32Array();
  expect(new Set(data)).toEqual(new Set([0, 4]));
  expect(data.filter((x) => x > 0).length / n).toBeCloseTo(0.25, 1);
});
