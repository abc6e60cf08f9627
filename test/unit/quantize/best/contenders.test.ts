import { describe, expect, it } from 'vitest';
import type { FixedPointFormat } from '../../../../src/formats/fixedPoint';
import type { NumberFormat } from '../../../../src/formats/formats';
import {
  activationPopulation,
  contendersOf,
  type Contender,
  rankedFormats,
  sampleOf,
  sampleOfAll,
  squaredError,
  weightPopulation,
  wholePopulation,
  type Population,
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

/** Numbers of one kind. */
function alike(data: Float32Array): Population {
  return activationPopulation(sampleOfAll(data));
}

function fixed(data: Float32Array, bits: number): readonly FixedPointFormat[] {
  return formatsOf(rankedFormats('fixedPoint', alike(data), bits).byError);
}

function formatsOf<Format extends NumberFormat>(contenders: readonly Contender[]): Format[] {
  return contenders.map(({ format }) => format as Format);
}

describe('formats of a width by squared error', () => {
  it.each([8, 6, 4, 3, 2])('%i bits: the first is the best of all fractions', (bits) => {
    const data = bell(4000);
    const [first] = fixed(data, bits);
    const all = Array.from({ length: 30 }, (_, i) => ({ ...first!, fractionalLength: i - 12 }));
    const errors = all.map((format) => squaredError(data, format));
    expect(squaredError(data, first!)).toBe(Math.min(...errors));
    expect(first!.bits).toBe(bits);
  });

  it('clips a bell curve at few bits: 4 bits of deviation 1 end below 4', () => {
    const [first] = fixed(bell(4000), 4);
    expect(first!.fractionalLength).toBe(2);
  });

  it('finds the powers of two that a blob is made of', () => {
    const data = Float32Array.of(0.25, -0.25, 0.125, -0.125, 0.25, 0.125);
    const [first] = formatsOf(rankedFormats('powerOfTwo', alike(data), 2).byError);
    expect(first).toEqual({ kind: 'powerOfTwo', minExponent: -3, maxExponent: -2 });
    expect(squaredError(data, first!)).toBe(0);
  });

  it('has formats for a blob of zeros', () => {
    const zeros = new Float32Array(4);
    const minifloats = formatsOf(
      rankedFormats('minifloat', wholePopulation([alike(zeros)]), 4).byError,
    );
    for (const format of [...fixed(zeros, 4), ...minifloats]) {
      expect(squaredError(zeros, format)).toBe(0);
    }
    expect(rankedFormats('powerOfTwo', alike(zeros), 1).byError).not.toHaveLength(0);
  });

  it('splits a minifloat so that every part of a layer is served', () => {
    // Values over 12 powers of two need exponents; over one power of two they need a mantissa.
    const wide = Float32Array.from({ length: 12 }, (_, i) => 2 ** (i - 6));
    const narrow = Float32Array.from({ length: 16 }, (_, i) => 1 + i / 16);
    const minifloats = (...parts: Float32Array[]): readonly NumberFormat[] =>
      formatsOf(rankedFormats('minifloat', wholePopulation(parts.map(alike)), 6).byError);
    expect(minifloats(wide)[0]).toMatchObject({ exponentBits: 4, mantissaBits: 1 });
    expect(minifloats(narrow)[0]).toMatchObject({ mantissaBits: 4 });
    const formats = minifloats(wide, narrow);
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

describe('the format that clips nothing', () => {
  /** A bell curve, and one number far outside that a sample may miss. */
  const population = (highest: number): Population =>
    activationPopulation({ ...sampleOfAll(bell(4000)), highest });
  const lengths = (bits: number, most?: number): readonly number[] =>
    contendersOf(rankedFormats('fixedPoint', population(300), bits), bits, most).map(
      ({ format }) => (format as FixedPointFormat).fractionalLength,
    );

  it('comes first from 10 bits on, and below is one of them all the same', () => {
    // 300 takes 9 bits and the sign.
    expect([16, 12, 10].map((bits) => lengths(bits)[0])).toEqual([6, 2, 0]);
    expect(lengths(10)).toHaveLength(3);
    expect(lengths(8)).toHaveLength(4);
    expect(lengths(8).at(-1)).toBe(-2);
    expect(lengths(4, 3)).toHaveLength(3);
    expect(lengths(4, 3).at(-1)).toBe(-6);
    // The others are chosen by squared error, far from that one.
    expect(lengths(8)[0]).toBe(5);
  });

  it('holds the number itself, not only the power of two below it', () => {
    const fractionAt = (lowest: number, highest: number, bits: number): number =>
      contendersOf(rankedFormats('fixedPoint', { samples: [], lowest, highest }, bits), 16).map(
        ({ format }) => (format as FixedPointFormat).fractionalLength,
      )[0] ?? Number.NaN;
    // 127 / 128 is the largest number of 8 bits with 7 after the point; -1 is the smallest.
    expect(fractionAt(0, 127 / 128, 8)).toBe(7);
    expect(fractionAt(0, 1, 8)).toBe(6);
    expect(fractionAt(-1, 0.5, 8)).toBe(7);
    expect(fractionAt(-1.1, 0.5, 8)).toBe(6);
    expect(fractionAt(0, 0, 8)).toBe(7);
    expect(fractionAt(0, Number.POSITIVE_INFINITY, 8)).toBe(-122);
  });

  it('is found for powers of two and for minifloats', () => {
    const data = alike(Float32Array.of(0.1, 0.1, 0.1, 3));
    const powers = formatsOf(
      contendersOf(rankedFormats('powerOfTwo', { ...data, highest: 40 }, 2), 2),
    );
    // 40 is nearer to 32 than to 64 on the scale of exponents.
    expect(powers).toContainEqual({ kind: 'powerOfTwo', minExponent: 4, maxExponent: 5 });
    const ranked = rankedFormats('minifloat', wholePopulation([{ ...data, highest: 1e6 }]), 12);
    // 4 exponent bits end below 512, 5 above 65,536; 6 hold 2^32.
    expect(contendersOf(ranked, 12)[0]?.format).toMatchObject({ exponentBits: 6 });
    expect(ranked.byError[0]?.format).not.toMatchObject({ exponentBits: 6 });
  });

  it('counts ranges that were measured elsewhere', () => {
    const sample = sampleOfAll(Float32Array.of(0, 1, 2));
    expect(activationPopulation(sample, 7)).toMatchObject({ lowest: 0, highest: 7 });
    expect(activationPopulation(sample, 1)).toMatchObject({ lowest: 0, highest: 2 });
    const signed = sampleOfAll(Float32Array.of(-1, 2));
    expect(activationPopulation(signed, 7)).toMatchObject({ lowest: -7, highest: 7 });
  });
});

describe('weights and the bias that shares their format', () => {
  const weights = bell(4000).map((x) => x / 100);

  it('a bias far beyond the weights is held from 10 bits on', () => {
    const both = weightPopulation(weights, Float32Array.of(1.6), Float32Array.of(1));
    expect(both.highest).toBe(Math.fround(1.6));
    const at = (bits: number): FixedPointFormat =>
      contendersOf(rankedFormats('fixedPoint', both, bits), bits)[0]?.format as FixedPointFormat;
    expect(at(10).fractionalLength).toBe(8);
    expect(at(16).fractionalLength).toBe(14);
  });

  it('weighs as much as it moves the outputs', () => {
    const bias = Float32Array.of(1.6);
    const best = (inputs: number[]): number =>
      (
        rankedFormats('fixedPoint', weightPopulation(weights, bias, Float32Array.from(inputs)), 5)
          .byError[0]?.format as FixedPointFormat
      ).fractionalLength;
    // With large inputs the weights decide, with small ones the bias does.
    expect(best([100, -100])).toBeGreaterThan(best([0.01, 0.01]));
    expect(best([0.01, 0.01])).toBe(3);
    expect(best([0])).toBe(best([1]));
  });

  it('a layer without a bias is judged by its weights alone', () => {
    const none = new Float32Array();
    const population = weightPopulation(weights, none, Float32Array.of(3));
    expect(population.samples).toHaveLength(1);
    expect(formatsOf(rankedFormats('fixedPoint', population, 4).byError)).toEqual(
      fixed(weights, 4),
    );
  });
});
