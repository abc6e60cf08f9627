import { describe, expect, it } from 'vitest';
import type { Candidate, LayerFormats } from '../../../src/formats/layerFormats';
import type { NumberFormat } from '../../../src/formats/formats';
import { netState } from '../../../src/caffe/phase';
import { convertNet } from '../../../src/onnx/convertNet';
import { quantizeBlob } from '../../../src/quantize/quantizedWeights';
import { layer, netOf } from '../../support/nets';
import { runNet, weightsOf } from '../../support/runModel';

const input =
  'layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 1 dim: 1 dim: 1 dim: 4 } } }\n';
const float32 = { kind: 'float32' } as const;
const fixed = (bits: number, fractionalLength: number): NumberFormat => ({
  kind: 'fixedPoint',
  bits,
  fractionalLength,
});
const formats = (part: Partial<LayerFormats>): LayerFormats => ({
  input: float32,
  output: float32,
  weights: float32,
  bias: float32,
  ...part,
});
const convolution = 'convolution_param { num_output: 1 kernel_size: 1 bias_term: false }';
const weights = weightsOf({
  c: [{ shape: [1, 1, 1, 1], data: [1] }],
  d: [{ shape: [1, 1, 1, 1], data: [1] }],
});

async function run(
  prototxt: string,
  candidate: Candidate,
  values: number[],
): Promise<Map<string, number[]>> {
  const outputs = await runNet(
    input + prototxt,
    weights,
    { x: { shape: [1, 1, 1, 4], data: Float32Array.from(values) } },
    { candidate },
  );
  return new Map([...outputs].map(([name, { data }]) => [name, [...data].map((v) => v + 0)]));
}

/** How often an operator stands in the graph of a net. */
function operators(prototxt: string, candidate: Candidate, opType: string): number {
  const { graph } = convertNet(netOf(input + prototxt), {
    weights,
    inputShapes: new Map(),
    quantizeBlob,
    candidate,
  });
  return graph.nodes.filter((node) => node.opType === opType).length;
}

describe('a quantized layer', () => {
  it('rounds its input blob in place: later readers see it, earlier ones do not', async () => {
    const outputs = await run(
      layer('before', 'ReLU', 'x', 'before') +
        layer('c', 'Convolution', 'x', 'c', convolution) +
        layer('after', 'ReLU', 'x', 'after'),
      new Map([['c', formats({ input: fixed(8, 0) })]]),
      [0.4, 1.5, 2.6, 3],
    );
    expect(outputs.get('before')?.map((v) => Math.fround(v))).toEqual(
      [0.4, 1.5, 2.6, 3].map(Math.fround),
    );
    expect(outputs.get('c')).toEqual([0, 2, 3, 3]);
    expect(outputs.get('after')).toEqual([0, 2, 3, 3]);
  });

  it('rounds weights and output', async () => {
    const outputs = await run(
      layer('c', 'Convolution', 'x', 'c', convolution),
      new Map([
        [
          'c',
          formats({
            output: fixed(3, 0),
            weights: { kind: 'powerOfTwo', minExponent: -8, maxExponent: -1 },
          }),
        ],
      ]),
      [1, 3, 10, -10],
    );
    // The weight 1 becomes 0.5; ties go to even; three bits end at 3 and -4.
    expect(outputs.get('c')).toEqual([0, 2, 3, -4]);
  });

  it('is read from a Ristretto type in the file', async () => {
    const text = layer(
      'c',
      'ConvolutionRistretto',
      'x',
      'c',
      `${convolution} quantization_param { bw_layer_out: 3 fl_layer_out: 0 }`,
    );
    expect((await run(text, new Map(), [1.5, 2.5, 9, -9])).get('c')).toEqual([2, 2, 3, -4]);
  });

  it('without the block has the defaults, 32 bits with 16 after the point', async () => {
    const text = layer('c', 'ConvolutionRistretto', 'x', 'c', convolution);
    const values = [1.5, 2 ** -16, 2 ** -18, 1e6];
    expect((await run(text, new Map(), values)).get('c')).toEqual([1.5, 2 ** -16, 0, 2 ** 15]);
  });

  it('rounds to the nearest where the file says STOCHASTIC', async () => {
    const formats = 'bw_layer_out: 3 fl_layer_out: 0 rounding_scheme: STOCHASTIC';
    const param = `${convolution} quantization_param { ${formats} }`;
    const text = layer('c', 'ConvolutionRistretto', 'x', 'c', param);
    expect((await run(text, new Map(), [1.4, 2.6, 9, -9])).get('c')).toEqual([1, 3, 3, -4]);
  });

  it('is found by its type too: another layer may bear its name', () => {
    const text = layer('c', 'Convolution', 'x', 'y', convolution) + layer('c', 'ReLU', 'x', 'z');
    expect(operators(text, new Map([['c', formats({ output: fixed(3, 0) })]]), 'Round')).toBe(1);
  });

  it('rounds activations in TEST only', () => {
    const text = layer(
      'c',
      'ConvolutionRistretto',
      'x',
      'c',
      `${convolution} quantization_param { bw_layer_in: 8 bw_layer_out: 3 }`,
    );
    const rounds = (phase: 'TRAIN' | 'TEST'): number => {
      const { graph } = convertNet(netOf(input + text, netState(phase)), {
        weights,
        inputShapes: new Map(),
        quantizeBlob,
      });
      return graph.nodes.filter(({ opType }) => opType === 'Round').length;
    };
    expect([rounds('TEST'), rounds('TRAIN')]).toEqual([2, 0]);
  });

  it.each([
    ['quantization_param { bw_params: 0 }', /bit-width 0 is not in 1..32/],
    ['quantization_param { precision: MINIFLOAT exp_bits: 0 }', /exponent bits 0/],
  ])('%s is refused', async (param, message) => {
    const text = layer('c', 'ConvolutionRistretto', 'x', 'c', `${convolution} ${param}`);
    await expect(run(text, new Map(), [1, 2, 3, 4])).rejects.toThrow(message);
  });
});

describe('a rounding that waits', () => {
  const pooled =
    layer('c', 'Convolution', 'x', 'c', convolution) +
    layer('r', 'ReLU', 'c', 'c') +
    layer(
      'p',
      'Pooling',
      'c',
      'p',
      'pooling_param { pool: MAX kernel_h: 1 kernel_w: 2 stride: 2 }',
    ) +
    layer('d', 'Convolution', 'p', 'd', convolution);

  it('gives the same bits after ReLU and max pooling', async () => {
    const candidate = new Map([['c', formats({ output: fixed(3, 1) })]]);
    const outputs = await run(pooled, candidate, [-3, 0.3, 1.25, 1.2]);
    expect(outputs.get('d')).toEqual([0.5, 1]);
    const text = operators(pooled, candidate, 'Round');
    expect(text).toBe(1);
  });

  it('is not done twice for the same or a finer format', () => {
    const both = (inner: NumberFormat): number =>
      operators(
        pooled,
        new Map([
          ['c', formats({ output: fixed(8, 4) })],
          ['d', formats({ input: inner })],
        ]),
        'Round',
      );
    expect(both(fixed(8, 4))).toBe(1);
    expect(both(fixed(16, 8))).toBe(1);
    expect(both(fixed(4, 4))).toBe(2);
    expect(both(fixed(8, 3))).toBe(2);
  });

  it('does not wait for average pooling or a leaky ReLU', async () => {
    const average =
      layer('c', 'Convolution', 'x', 'c', convolution) +
      layer(
        'p',
        'Pooling',
        'c',
        'p',
        'pooling_param { pool: AVE kernel_h: 1 kernel_w: 2 stride_h: 1 stride_w: 2 }',
      );
    const candidate = new Map([['c', formats({ output: fixed(8, 0) })]]);
    expect((await run(average, candidate, [0.6, 0.6, 1.4, 0])).get('p')).toEqual([1, 0.5]);
    const leaky =
      layer('c', 'Convolution', 'x', 'c', convolution) +
      layer('r', 'ReLU', 'c', 'r', 'relu_param { negative_slope: 0.25 }');
    expect((await run(leaky, candidate, [-0.6, 1.4, -3, 0])).get('r')).toEqual([
      -0.25, 1, -0.75, 0,
    ]);
  });

  it('does not wait in minifloat, which is not monotonous at its end', () => {
    const mini: NumberFormat = { kind: 'minifloat', exponentBits: 4, mantissaBits: 2 };
    const { graph } = convertNet(netOf(input + pooled), {
      weights,
      inputShapes: new Map(),
      quantizeBlob,
      candidate: new Map([['c', formats({ output: mini })]]),
    });
    const types = graph.nodes.map(({ opType }) => opType);
    expect(types.indexOf('Round')).toBeLessThan(types.indexOf('MaxPool'));
  });
});
