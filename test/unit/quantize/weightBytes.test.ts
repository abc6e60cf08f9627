import { describe, expect, it } from 'vitest';
import { float32 } from '../../../src/formats/float32';
import type { NumberFormat } from '../../../src/formats/formats';
import { weightBytes } from '../../../src/quantize/weightBytes';
import { bitsOf } from '../../../src/formats/formats';

const fixed = (bits: number): NumberFormat => ({ kind: 'fixedPoint', bits, fractionalLength: 2 });
const powerOfTwo: NumberFormat = { kind: 'powerOfTwo', minExponent: -8, maxExponent: -1 };

describe('bits of a number', () => {
  it.each([
    ['float32', float32, 32],
    ['fixed point', fixed(5), 5],
    ['minifloat', { kind: 'minifloat', exponentBits: 4, mantissaBits: 3 }, 8],
    ['minifloat that fell back', { kind: 'minifloat', exponentBits: 5, mantissaBits: 26 }, 32],
    ['power of two', powerOfTwo, 4],
    ['power of two of one exponent', { ...powerOfTwo, minExponent: -1 }, 1],
  ] as const)('%s', (_, format, bits) => {
    expect(bitsOf(format)).toBe(bits);
  });
});

describe('bytes of a layer', () => {
  it.each([
    ['as float', { weights: 500, biases: 20 }, float32, float32, 2080],
    ['each blob rounded up', { weights: 3, biases: 1 }, fixed(2), fixed(2), 2],
    ['biases in their own format', { weights: 9, biases: 2 }, powerOfTwo, float32, 5 + 8],
    ['without biases', { weights: 16, biases: 0 }, fixed(1), fixed(1), 2],
    ['at 32 bits', { weights: 5, biases: 1 }, fixed(32), fixed(32), 24],
  ] as const)('%s', (_, layer, weights, bias, bytes) => {
    expect(weightBytes(layer, { weights, bias })).toBe(bytes);
  });
});
