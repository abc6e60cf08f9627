import { describe, expect, it } from 'vitest';
import type { FixedPointFormat, PowerOfTwoFormat } from '../../../../src/caffe/numberFormat';
import {
  fixedPointFormats,
  minifloatFormats,
  powerOfTwoFormats,
  sampleOf,
  squaredError,
} from '../../../../src/quantize/best/contenders';

/** Numbers of a bell curve with the standard deviation 1: sums of twelve even ones. */
function bell(count: number): Float32Array {
  let state = 7;
  const even = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return Float32Array.from({ length: count }, () => {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += even();
    return sum;
  });
}

describe('formats of a width by squared error', () => {
  it.each([8, 6, 4, 3, 2])('%i bits: the first is the best of all fractions', (bits) => {
    const data = bell(4000);
    const [first] = fixedPointFormats(data, bits) as FixedPointFormat[];
    const all = Array.from({ length: 30 }, (_, i) => ({ ...first!, fractionalLength: i - 12 }));
    const errors = all.map((format) => squaredError(data, format));
    expect(squaredError(data, first!)).toBe(Math.min(...errors));
    expect(first!.bits).toBe(bits);
  });

  it('clips a bell curve at few bits: 4 bits of deviation 1 end below 4', () => {
    const [first] = fixedPointFormats(bell(4000), 4) as FixedPointFormat[];
    expect(first!.fractionalLength).toBe(2);
  });

  it('finds the powers of two that a blob is made of', () => {
    const data = Float32Array.of(0.25, -0.25, 0.125, -0.125, 0.25, 0.125);
    const [first] = powerOfTwoFormats(data, 2) as PowerOfTwoFormat[];
    expect(first).toEqual({ kind: 'powerOfTwo', minExponent: -3, maxExponent: -2 });
    expect(squaredError(data, first!)).toBe(0);
  });

  it('has formats for a blob of zeros', () => {
    const zeros = new Float32Array(4);
    for (const format of [...fixedPointFormats(zeros, 4), ...minifloatFormats([zeros], 4)]) {
      expect(squaredError(zeros, format)).toBe(0);
    }
    expect(powerOfTwoFormats(zeros, 1)).not.toHaveLength(0);
  });

  it('splits a minifloat so that every part of a layer is served', () => {
    // Values over 12 powers of two need exponents; over one power of two they need a mantissa.
    const wide = Float32Array.from({ length: 12 }, (_, i) => 2 ** (i - 6));
    const narrow = Float32Array.from({ length: 16 }, (_, i) => 1 + i / 16);
    expect(minifloatFormats([wide], 6)[0]).toMatchObject({ exponentBits: 4, mantissaBits: 1 });
    expect(minifloatFormats([narrow], 6)[0]).toMatchObject({ mantissaBits: 4 });
    const formats = minifloatFormats([wide, narrow], 6);
    expect(formats).toHaveLength(5);
    for (const { kind } of formats) expect(kind).toBe('minifloat');
  });
});

describe('samples', () => {
  it('are all of a small array and spread over a large one', () => {
    const small = Float32Array.of(1, 2, 3);
    expect(sampleOf(small)).toBe(small);
    // 100 channels of 1,000 numbers: every channel is met about as often.
    const large = Float32Array.from({ length: 100_000 }, (_, i) => Math.floor(i / 1000));
    const counts = new Map<number, number>();
    for (const channel of sampleOf(large)) counts.set(channel, (counts.get(channel) ?? 0) + 1);
    expect(counts.size).toBe(100);
    expect(Math.min(...counts.values())).toBeGreaterThan(60);
    // And so is every place inside of a channel of 8 x 125.
    const columns = sampleOf(Float32Array.from({ length: 100_000 }, (_, i) => i % 8));
    const met = new Map<number, number>();
    for (const column of columns) met.set(column, (met.get(column) ?? 0) + 1);
    expect(Math.min(...met.values())).toBeGreaterThan(800);
  });
});
