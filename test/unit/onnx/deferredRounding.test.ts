import { describe, expect, it } from 'vitest';
import { formatKey, type NumberFormat } from '../../../src/formats/formats';
import type { LayerFormats } from '../../../src/formats/layerFormats';
import { SeededRandom } from '../../../src/data/random';
import { quantize } from '../../../src/formats/formats';
import { layer } from '../../support/nets';
import { runNet, weightsOf } from '../../support/runModel';

const float32 = { kind: 'float32' } as const;
const fixed = (bits: number, fractionalLength: number): NumberFormat => ({
  kind: 'fixedPoint',
  bits,
  fractionalLength,
});
const mini: NumberFormat = { kind: 'minifloat', exponentBits: 4, mantissaBits: 2 };

const shape = [2, 3, 7, 7];
const random = new SeededRandom().seed(3);
/** Values whose halves and quarters are ties of many formats, and some between. */
const values = Float32Array.from({ length: 2 * 3 * 7 * 7 }, () =>
  random.below(2) === 0 ? (random.below(257) - 128) / 16 : (random.below(2001) - 1000) / 117,
);

/** A 1x1 convolution that changes nothing, so that `c` holds the rounded input. */
const identity = [{ shape: [3, 3, 1, 1], data: [1, 0, 0, 0, 1, 0, 0, 0, 1] }];
const source = layer('x', 'Input', '', 'x');
const convolution = layer(
  'c',
  'Convolution',
  'x',
  'c',
  'convolution_param { num_output: 3 kernel_size: 1 bias_term: false }',
);

async function run(net: string, input: Float32Array, output: NumberFormat): Promise<number[]> {
  const formats: LayerFormats = { input: float32, output, weights: float32, bias: float32 };
  const outputs = await runNet(
    source + net,
    weightsOf({ c: identity }),
    { x: { shape, data: input } },
    { candidate: new Map([['c', formats]]) },
  );
  // Adding 0 makes -0 and 0 the same.
  return [...(outputs.get('y')?.data ?? [])].map((value) => value + 0);
}

const pool = (fields: string): string =>
  layer('p', 'Pooling', 'c', 'y', `pooling_param { ${fields} }`);
const tails: readonly (readonly [string, string])[] = [
  ['ReLU', layer('r', 'ReLU', 'c', 'y')],
  ['leaky ReLU', layer('r', 'ReLU', 'c', 'y', 'relu_param { negative_slope: 0.3 }')],
  ['Dropout', layer('r', 'Dropout', 'c', 'y')],
  ['max pooling', pool('kernel_size: 2 stride: 2')],
  ['max pooling with padding and overhang', pool('kernel_size: 3 stride: 2 pad: 1')],
  ['max pooling with an empty window', pool('kernel_size: 1 stride: 4')],
  ['average pooling', pool('pool: AVE kernel_size: 2 stride: 2')],
  [
    'ReLU in place, then max pooling',
    layer('r', 'ReLU', 'c', 'c') + pool('kernel_size: 3 stride: 2'),
  ],
  [
    'max pooling, then average pooling',
    pool('kernel_size: 2').replace('"y"', '"m"') +
      layer('q', 'Pooling', 'm', 'y', 'pooling_param { pool: AVE kernel_size: 3 stride: 2 }'),
  ],
  ['LRN', layer('r', 'LRN', 'c', 'y')],
];
const formats = [fixed(3, 1), fixed(8, 4), fixed(1, 0), fixed(2, -2), fixed(32, 16), mini];

describe('rounding the output of a layer before what follows it', () => {
  for (const [name, tail] of tails) {
    it.each(formats.map((format) => [formatKey(format), format] as const))(
      `${name}: %s`,
      async (_, format) => {
        // Rounded by the offline arithmetic first: nothing is left for the graph to round.
        const expected = await run(convolution + tail, quantize(values, format), float32);
        expect(await run(convolution + tail, values, format)).toEqual(expected);
        expect(expected.length).toBeGreaterThan(0);
      },
    );
  }
});
