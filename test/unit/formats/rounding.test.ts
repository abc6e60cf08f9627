import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { NumberFormat } from '../../../src/formats/formats';
import { quantize } from '../../../src/formats/formats';
import { hasShared, shared } from '../../support/shared';

const fixed = (bits: number, fractionalLength: number): NumberFormat => ({
  kind: 'fixedPoint',
  bits,
  fractionalLength,
});
const mini = (exponentBits: number, mantissaBits: number): NumberFormat => ({
  kind: 'minifloat',
  exponentBits,
  mantissaBits,
});
const power = (minExponent: number, maxExponent: number): NumberFormat => ({
  kind: 'powerOfTwo',
  minExponent,
  maxExponent,
});

const cases: readonly (readonly [string, NumberFormat, number[], number[]])[] = [
  ['ties go to even', fixed(8, 0), [0.5, 1.5, 2.5, -0.5, -1.5, -2.5], [0, 2, 2, 0, -2, -2]],
  ['saturates at both ends', fixed(4, 1), [10, 3.5, -4, -10, 3.74], [3.5, 3.5, -4, -4, 3.5]],
  ['one bit is 0 and minus a step', fixed(1, 2), [1, 0.1, -0.1, -0.2, -9], [0, 0, 0, -0.25, -0.25]],
  ['a negative fractional length', fixed(4, -2), [3, 6, 10, 100, -100], [4, 8, 8, 28, -32]],
  ['a fractional length above the bits', fixed(3, 5), [0.1, 0.05, -1], [0.09375, 0.0625, -0.125]],
  ['32 bits keep float32 values', fixed(32, 16), [1.5, -3.25, 1e6], [1.5, -3.25, 32768]],
  // 2^31 - 1 is no float32 number: the upper limit is 2^31 steps.
  ['32 bits saturate', fixed(32, 30), [2, 3, -2, -3, 1e-9], [2, 2, -2, -2, 2 ** -30]],
  ['small numbers go to zero', fixed(8, 4), [0.03125, -0.03125, 1e-38, 2 ** -149], [0, 0, 0, 0]],
  ['infinities saturate', fixed(8, 4), [Infinity, -Infinity], [7.9375, -8]],
  ['values just off a tie', fixed(8, 0), [0.50000006, 2.4999998, -1.4999999], [1, 2, -1]],
  ['float32 is what it is', { kind: 'float32' }, [0.1, -1e30], [0.1, -1e30]],
  ['minifloat ties go to even', mini(4, 2), [1.125, 1.375, -1.125], [1, 1.5, -1]],
  ['a carry into the next binade', mini(4, 2), [1.9, -3.9, 1.875], [2, -4, 2]],
  ['minifloat goes on after a zero', mini(4, 2), [0, 1.1, 0, 1.3], [0, 1, 0, 1.25]],
  [
    'minifloat flushes below its exponents',
    mini(4, 2),
    [2 ** -7, 2 ** -8, -(2 ** -7.5)],
    [2 ** -7, 0, 0],
  ],
  ['minifloat saturates', mini(4, 2), [512, -1e9, 448], [448, -448, 448]],
  ['a carry may exceed the largest minifloat', mini(4, 2), [500], [512]],
  ['more than 23 mantissa bits change no value in range', mini(4, 27), [0.1, 1e-3], [0.1, 0]],
  ['one exponent bit has two binades', mini(1, 1), [1, 3.2, 0.9, 4, -9], [1, 3, 0, 3, -3]],
  ['no mantissa bits leave powers of two', mini(4, 0), [1.25, 1.5, 1.75, 3, 5], [1, 1, 2, 2, 4]],
  ['minifloat of 8 bits flushes denormals', mini(8, 7), [2 ** -126, 2 ** -127], [2 ** -126, 0]],
  ['8 and 23 bits change nothing', mini(8, 23), [0.1, -1e30, 3e-38], [0.1, -1e30, 3e-38]],
  [
    'powers of two are the nearest in the exponent',
    power(-8, -1),
    [0.3, -0.36, 0.12],
    [0.25, -0.5, 0.125],
  ],
  ['powers of two have no zero', power(-8, -1), [0, 1e-9, -1e-9], [2 ** -8, 2 ** -8, -(2 ** -8)]],
  [
    'powers of two change at the root of two',
    power(-8, 3),
    [1.4142135, 1.4142137, -0.7071067, -0.7071069],
    [1, 2, -0.5, -1],
  ],
  ['a range of one power of two', power(-2, -2), [0, 8, -1e-3], [0.25, 0.25, -0.25]],
  ['powers of two are clamped', power(-8, -1), [5, -1], [0.5, -0.5]],
];

describe('quantize', () => {
  it.each(cases)('%s', (_, format, input, expected) => {
    const result = quantize(Float32Array.from(input), format);
    expect([...result].map((x) => x + 0)).toEqual([...Float32Array.from(expected)]);
  });

  it('does not change its input', () => {
    const input = Float32Array.of(0.3);
    quantize(input, fixed(2, 0));
    expect(input[0]).toBe(Math.fround(0.3));
  });
});

interface ReferenceCase {
  readonly op: 'fixed' | 'minifloat' | 'pow2';
  readonly a: number;
  readonly b: number;
  readonly out: readonly string[];
}

describe.skipIf(!hasShared('reference', 'number-formats'))(
  "bit patterns of the original's functions (need ../shared)",
  () => {
    const file = shared('reference', 'number-formats', 'trim_cpu_nearest.json');
    const { input, cases: references } = hasShared('reference', 'number-formats')
      ? (JSON.parse(readFileSync(file, 'utf8')) as {
          input: readonly string[];
          cases: readonly ReferenceCase[];
        })
      : { input: [], cases: [] };
    const values = Float32Array.from(input, fromBits);

    it.each(
      references
        .filter(({ op }) => op in formats)
        .map((c) => [`${c.op} ${c.a} ${c.b}`, c] as const),
    )('%s', (_, { op, a, b, out }) => {
      const format = formats[op](a, b);
      const ours = quantize(values, format);
      out.forEach((pattern, i) => {
        const x = values[i] ?? 0;
        // Casting infinity to an integer exponent has no defined result there.
        if (!Number.isFinite(x) && op !== 'fixed') return;
        const wanted = op === 'pow2' ? fromBits(pattern) : tieToEven(x, fromBits(pattern), format);
        // Adding 0 makes -0 and 0 the same.
        expect((ours[i] ?? Number.NaN) + 0, String(x)).toBe(wanted + 0);
      });
    });

    it('holds ties, which the CPU build rounds away from zero', () => {
      const rounded = references
        .filter(({ op }) => op === 'fixed' || op === 'minifloat')
        .flatMap(({ op, a, b, out }) =>
          out.filter((pattern, i) => {
            const theirs = fromBits(pattern);
            return tieToEven(values[i] ?? 0, theirs, formats[op](a, b)) !== theirs;
          }),
        );
      expect(rounded.length).toBeGreaterThan(50);
    });
  },
);

const formats: Readonly<Record<ReferenceCase['op'], (a: number, b: number) => NumberFormat>> = {
  fixed,
  minifloat: (mantissaBits, exponentBits) => mini(exponentBits, mantissaBits),
  pow2: power,
};

function fromBits(pattern: string): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, Number.parseInt(pattern, 16));
  return view.getFloat32(0);
}

/** What the GPU build gives: where a value was a tie that went to the odd neighbour, the even one. */
function tieToEven(x: number, theirs: number, format: NumberFormat): number {
  const step = stepAt(x, format);
  const isTie = (Math.abs(x) / step) % 1 === 0.5 && Math.abs(theirs) - Math.abs(x) === step / 2;
  const isOdd = Math.abs(theirs / step) % 2 === 1;
  return isTie && isOdd ? theirs - Math.sign(x) * step : theirs;
}

/** Distance of the neighbours of a value in a number format. */
function stepAt(x: number, format: NumberFormat): number {
  if (format.kind === 'fixedPoint') return 2 ** -format.fractionalLength;
  if (format.kind !== 'minifloat') return Number.NaN;
  return 2 ** (Math.floor(Math.log2(Math.abs(x))) - format.mantissaBits);
}
