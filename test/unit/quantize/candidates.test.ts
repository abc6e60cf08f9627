import { describe, expect, it } from 'vitest';
import type { NumberFormat } from '../../../src/formats/formats';
import {
  dynamicFixedPointCandidate,
  minifloatCandidate,
  powerOfTwoCandidate,
  type QuantizableLayer,
} from '../../../src/quantize/original/candidates';
import type { GroupBits } from '../../../src/quantize/groups';
import { quantizeBlob, rememberQuantized } from '../../../src/quantize/quantizedWeights';

/** Integer lengths: conv in 0, out 2, parameters 1; fc in 4, out 5, parameters 0. */
const layers: readonly QuantizableLayer[] = [
  { name: 'conv', type: 'Convolution', maxIn: 0.99, maxOut: 3.4, maxParams: 0.6 },
  { name: 'fc', type: 'InnerProduct', maxIn: 13.2, maxOut: 28.3, maxParams: 0.27 },
];

const fixed = (bits: number, fractionalLength: number): NumberFormat => ({
  kind: 'fixedPoint',
  bits,
  fractionalLength,
});
/** What the file format says of a part that nobody mentions. */
const unsaid = fixed(32, 16);

describe('dynamic fixed point candidates', () => {
  it.each<[string, GroupBits, Record<string, [NumberFormat, NumberFormat, NumberFormat]>]>([
    ['nothing', {}, {}],
    ['CONV parameters', { conv_params: 8 }, { conv: [unsaid, unsaid, fixed(8, 7)] }],
    ['FC parameters', { fc_params: 4 }, { fc: [unsaid, unsaid, fixed(4, 4)] }],
    [
      'activations',
      { activations: 8 },
      { conv: [fixed(8, 8), fixed(8, 6), unsaid], fc: [fixed(8, 4), fixed(8, 3), unsaid] },
    ],
    [
      'all groups',
      { conv_params: 2, fc_params: 1, activations: 16 },
      {
        conv: [fixed(16, 16), fixed(16, 14), fixed(2, 1)],
        fc: [fixed(16, 12), fixed(16, 11), fixed(1, 1)],
      },
    ],
    [
      'the fallback of 32 bits, with lengths of its own',
      { conv_params: 32, fc_params: 32, activations: 32 },
      {
        conv: [fixed(32, 32), fixed(32, 30), fixed(32, 31)],
        fc: [fixed(32, 28), fixed(32, 27), fixed(32, 32)],
      },
    ],
  ])('of %s', (_, bits, expected) => {
    const candidate = dynamicFixedPointCandidate(layers, bits);
    expect(Object.fromEntries(candidate)).toEqual(
      Object.fromEntries(
        Object.entries(expected).map(([name, [input, output, weights]]) => [
          name,
          { input, output, weights, bias: weights },
        ]),
      ),
    );
  });
});

describe('other candidates', () => {
  it('minifloat has one format for everything', () => {
    const format = { kind: 'minifloat', exponentBits: 4, mantissaBits: 11 };
    const all = { input: format, output: format, weights: format, bias: format };
    expect(Object.fromEntries(minifloatCandidate(layers, 16, 4))).toEqual({ conv: all, fc: all });
  });

  it('power of two has float biases and 8-bit activations', () => {
    const weights = { kind: 'powerOfTwo', minExponent: -8, maxExponent: -1 };
    const bias = { kind: 'float32' };
    expect(Object.fromEntries(powerOfTwoCandidate(layers))).toEqual({
      conv: { input: fixed(8, 8), output: fixed(8, 6), weights, bias },
      fc: { input: fixed(8, 4), output: fixed(8, 3), weights, bias },
    });
  });
});

describe('rounded weights', () => {
  const blob = { shape: [2], legacyShape: false, data: Float32Array.of(0.3, 1.6) };

  it('are made anew for another format and remembered for the same', () => {
    const remembering = rememberQuantized();
    const first = remembering(blob, fixed(8, 0));
    expect([...first.data]).toEqual([0, 2]);
    expect(remembering(blob, fixed(8, 0)).data).toBe(first.data);
    expect([...remembering(blob, fixed(8, 1)).data]).toEqual([0.5, 1.5]);
    expect(remembering(blob, fixed(8, 0))).toEqual(first);
    const other = { ...blob, data: Float32Array.of(5.5, 6.5) };
    expect([...remembering(other, fixed(8, 0)).data]).toEqual([6, 6]);
  });

  it('are the weights themselves in float, shape kept otherwise', () => {
    for (const round of [quantizeBlob, rememberQuantized()]) {
      expect(round(blob, { kind: 'float32' })).toBe(blob);
      expect(round(blob, fixed(8, 0))).toMatchObject({ shape: [2], legacyShape: false });
    }
    expect([...blob.data]).toEqual([Math.fround(0.3), Math.fround(1.6)]);
  });
});
