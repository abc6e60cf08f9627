import { describe, expect, it } from 'vitest';
import { gridOf, quantize, type NumberFormat } from '../../../src/formats/formats';
import { isWithinGrid, roundToGrid, toIntegers, type Grid } from '../../../src/formats/grid';

const fixed = (bits: number, fractionalLength: number): NumberFormat => ({
  kind: 'fixedPoint',
  bits,
  fractionalLength,
});

function gridOfFixed(bits: number, fractionalLength: number): Grid {
  const grid = gridOf(fixed(bits, fractionalLength));
  if (grid === undefined) throw new Error('fixed point has a grid');
  return grid;
}

describe('numbers as integers', () => {
  const data = Float32Array.of(0.3, -0.3, 1.5, 2.5, -2.5, 7.9, -9, 1e9, -0, Infinity);

  it.each([
    [8, 4],
    [4, 1],
    [3, -2],
    [1, 0],
    [16, 20],
  ])('times the step are the rounded numbers: %i bits, fraction %i', (bits, fraction) => {
    const grid = gridOfFixed(bits, fraction);
    const integers = toIntegers(data, grid);
    expect(integers).toBeInstanceOf(Int32Array);
    expect([...integers].map((i) => i * grid.step)).toEqual(
      [...quantize(data, fixed(bits, fraction))].map((x) => x + 0),
    );
  });

  it('saturate at the largest integer, which float32 has not', () => {
    expect([...toIntegers(Float32Array.of(3, -3), gridOfFixed(32, 30))]).toEqual([
      2 ** 31 - 1,
      -(2 ** 31),
    ]);
  });

  it('are unsigned where no number is below 0', () => {
    const grid = { step: 0.5, lowest: 0, highest: 2 ** 32 - 1 };
    const integers = toIntegers(Float32Array.of(-1, 0.25, 0.75, 1e10), grid);
    expect(integers).toBeInstanceOf(Uint32Array);
    expect([...integers]).toEqual([0, 0, 2, 2 ** 32 - 1]);
    expect([...roundToGrid(Float32Array.of(-1, 0.25, 0.75), grid)]).toEqual([0, 0, 1]);
  });

  it('are known of fixed point alone', () => {
    expect(gridOf({ kind: 'float32' })).toBeUndefined();
    expect(gridOf({ kind: 'minifloat', exponentBits: 4, mantissaBits: 3 })).toBeUndefined();
    expect(gridOf({ kind: 'powerOfTwo', minExponent: -8, maxExponent: -1 })).toBeUndefined();
  });
});

describe('a grid within another', () => {
  it.each([
    [[8, 4], [8, 4], true],
    [[8, 4], [9, 4], true],
    [[8, 4], [9, 5], true],
    [[8, 4], [8, 5], false],
    [[8, 4], [12, 3], false],
    [[1, 0], [1, 0], true],
  ] as const)('%j in %j: %s', ([bits, fraction], [outerBits, outerFraction], expected) => {
    const outer = gridOfFixed(outerBits, outerFraction);
    expect(isWithinGrid(gridOfFixed(bits, fraction), outer)).toBe(expected);
  });

  it('is not what nothing is known of', () => {
    expect(isWithinGrid(undefined, gridOfFixed(8, 4))).toBe(false);
  });

  it('is not one with numbers below 0 in one without', () => {
    expect(isWithinGrid(gridOfFixed(4, 0), { step: 1, lowest: 0, highest: 15 })).toBe(false);
  });
});
