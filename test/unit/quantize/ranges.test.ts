import { describe, expect, it } from 'vitest';
import {
  integerLengths,
  largestMagnitude,
  minifloatExponentBits,
} from '../../../src/quantize/ranges';

describe('integer lengths', () => {
  it.each([
    // What the original measured on LeNet and made of it.
    { max: [0.99609375, 3.46215987, 0.613505661], il: [0, 2, 1] },
    { max: [3.46215987, 13.091959, 0.242729053], il: [2, 4, -1] },
    { max: [9.4825325, 13.2274084, 0.102772005], il: [4, 4, -2] },
    { max: [13.2274084, 28.3404293, 0.266402125], il: [4, 5, 0] },
    // Powers of two are their own ceiling; zero holds in any length.
    { max: [1, 4, 0.5], il: [0, 2, 0] },
    { max: [0, 0, 0], il: [0, 0, 0] },
    { max: [2 ** -9, 1e-3, 1e-3], il: [-9, -9, -8] },
  ])('of $max are $il', ({ max, il }) => {
    const [maxIn = 0, maxOut = 0, maxParams = 0] = max;
    const { ilIn, ilOut, ilParams } = integerLengths({ name: '', maxIn, maxOut, maxParams });
    expect([ilIn, ilOut, ilParams]).toEqual(il);
  });
});

describe('exponent bits of a minifloat', () => {
  const bits = (...maxima: number[]): number =>
    minifloatExponentBits(
      maxima.map((max) => ({ name: '', maxIn: max, maxOut: max, maxParams: 1 })),
    );

  it.each([
    [[0.5, 28], 4],
    [[2 ** 9], 4],
    [[2 ** 9 + 1], 5],
    [[2 ** 17 + 1, 3], 6],
    // log2(log2(1) - 1) and that of zero are no numbers and do not count.
    [[1, 0], 4],
    [[], 4],
  ])('for %j are %i', (maxima, expected) => {
    expect(bits(...maxima)).toBe(expected);
  });
});

it('largestMagnitude looks at both signs', () => {
  expect(largestMagnitude(Float32Array.of(1, -3, 2))).toBe(3);
  expect(largestMagnitude(new Float32Array())).toBe(0);
});
