import { describe, expect, it } from 'vitest';
import type { Choice } from '../../../../src/quantize/best/knobs';
import { fillCurve, type Anchor } from '../../../../src/quantize/best/noiseModel';

/** Each bit less makes four times the noise. */
const choices: readonly Choice[] = [16, 8, 6, 5, 4, 3, 2, 1].map((bits) => ({
  bits,
  contenders: [{ weights: { kind: 'fixedPoint', bits, fractionalLength: bits - 1 } }],
  noises: [4 ** -bits],
}));

const anchor = (bits: number, excess: number): Anchor => {
  const place = choices.findIndex((choice) => choice.bits === bits);
  const formats = choices[place]?.contenders[0] ?? {};
  return { place, measured: { bits, formats, excess }, isWhole: true };
};

const excessAt = (bits: number, ...anchors: readonly Anchor[]): number =>
  fillCurve(choices, anchors).find((point) => point.bits === bits)?.excess ?? Number.NaN;

describe('what widths do by the noise that they add', () => {
  it('goes in proportion to the power of the noise beyond what was measured', () => {
    expect(excessAt(8, anchor(4, 0.01))).toBeCloseTo(0.01 / 4 ** 4, 8);
    expect(excessAt(2, anchor(4, 0.01))).toBeCloseTo(0.16, 8);
  });

  it('is what was measured where it was', () => {
    const curve = fillCurve(choices, [anchor(6, 0.001), anchor(3, 0.2)]);
    expect(curve.map(({ bits }) => bits)).toEqual(choices.map(({ bits }) => bits));
    expect(curve.find(({ bits }) => bits === 6)?.excess).toBe(0.001);
    expect(curve.find(({ bits }) => bits === 3)?.excess).toBe(0.2);
  });

  it('goes as a power of the noise between two widths: less where the error saturates', () => {
    // Noise grows by 64, the error by 8 only: by 2 a bit.
    const anchors = [anchor(5, 0.1), anchor(2, 0.8)];
    expect(excessAt(4, ...anchors)).toBeCloseTo(0.2, 8);
    expect(excessAt(3, ...anchors)).toBeCloseTo(0.4, 8);
    expect(excessAt(1, ...anchors)).toBeCloseTo(3.2, 8);
  });

  it('is nothing where a format holds the numbers themselves', () => {
    const exact = choices.map((choice) =>
      choice.bits === 16 ? { ...choice, noises: [0] } : choice,
    );
    expect(fillCurve(exact, [anchor(4, 0.01)])[0]?.excess).toBe(0);
  });

  it('takes a width that does good for one that does nothing', () => {
    const excess = excessAt(3, anchor(4, -0.01));
    expect(excess).toBeGreaterThanOrEqual(0);
    expect(excess).toBeLessThan(1e-10);
  });
});
