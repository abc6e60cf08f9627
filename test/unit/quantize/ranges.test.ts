import { describe, expect, it } from 'vitest';
import {
  integerLengths,
  largestMagnitude,
  minifloatExponentBits,
  type LayerRange,
} from '../../../src/quantize/ranges';

const range = (maxIn: number, maxOut = maxIn, maxParams = maxIn): LayerRange => ({
  name: 'l',
  maxIn,
  maxOut,
  maxParams,
});

describe('integer lengths', () => {
  it.each([
    // max, activations, parameters (with the sign)
    [1, 0, 1],
    [2, 1, 2],
    [4, 2, 3],
    [0.5, -1, 0],
    [0.25, -2, -1],
    [Math.fround(1.0000001), 1, 2],
    [Math.fround(0.99999994), 0, 1],
    [3, 2, 3],
    [2 ** 20, 20, 21],
    [2 ** -20, -20, -19],
    [1e-3, -9, -8],
    [0.3, -1, 0],
    [0, 0, 0],
    [Number.NaN, 0, 0],
    // Left by weight decay in a dead layer: 2^-fl would be no float32 number.
    [1e-42, 0, 0],
    [2 ** -126, -126, -125],
  ])('of %d are %i, and %i for parameters', (max, activations, parameters) => {
    expect(integerLengths(range(max))).toEqual({
      ilIn: activations,
      ilOut: activations,
      ilParams: parameters,
    });
  });

  it('never are the -0 that would be written as such', () => {
    const { ilIn, ilParams } = integerLengths(range(0.75, 1, 0.4));
    expect([ilIn, ilParams].map((length) => Object.is(length, -0))).toEqual([false, false]);
  });

  // What the original measured on LeNet, and the lengths it derived.
  it.each([
    ['conv1', 0.99609375, 3.46215987, 0.613505661, 0, 2, 1],
    ['conv2', 3.46215987, 13.091959, 0.242729053, 2, 4, -1],
    ['ip1', 9.4825325, 13.2274084, 0.102772005, 4, 4, -2],
    ['ip2', 13.2274084, 28.3404293, 0.266402125, 4, 5, 0],
  ])('of LeNet %s', (_, maxIn, maxOut, maxParams, ilIn, ilOut, ilParams) => {
    expect(integerLengths(range(maxIn, maxOut, maxParams))).toEqual({ ilIn, ilOut, ilParams });
  });
});

describe('exponent bits of minifloat', () => {
  it.each([
    ['LeNet', [0.99609375, 3.46215987, 13.091959, 9.4825325, 13.2274084, 28.3404293], 4],
    ['no layer', [], 4],
    ['zeros and small numbers, whose logarithm is not defined', [0, 1e-9, 1, 2], 4],
    ['up to 2^9', [2 ** 9], 4],
    ['above 2^9', [2 ** 9 * 1.01], 5],
    ['up to 2^17', [1, 2 ** 17, 3], 5],
    ['above 2^17', [2 ** 17 * 1.01], 6],
    ['infinity', [Infinity, 3], 4],
    ['not a number', [Number.NaN, 2 ** 12], 5],
  ])('of %s', (_, maxima, bits) => {
    expect(minifloatExponentBits(maxima.map((max) => range(max, 1)))).toBe(bits);
    expect(minifloatExponentBits(maxima.map((max) => range(1, max)))).toBe(bits);
  });

  it('do not depend on parameters', () => {
    expect(minifloatExponentBits([range(1, 1, 2 ** 40)])).toBe(4);
  });
});

describe('largest absolute value', () => {
  it.each([
    [[], 0],
    [[0, -0], 0],
    [[1, -3, 2], 3],
    [[1, -3, 4], 4],
    [[Number.NaN, 2], 2],
  ])('of %j is %d', (values, largest) => {
    expect(largestMagnitude(Float32Array.from(values))).toBe(largest);
  });
});
