import { describe, expect, it } from 'vitest';
import { isWithinMargin, worseBy, worstAccepted, type Margin } from '../../../src/quantize/margin';

const f = Math.fround;

describe('the edge of the margin', () => {
  it.each([
    ['no loss', 0.9, 0.9, 0, true],
    ['the least loss without a margin', f(0.9) - 2 ** -24, f(0.9), 0, false],
    ['a gain', 0.95, 0.9, 0, true],
    ['exactly the margin, in numbers that are exact', 0.75, 0.875, 12.5, true],
    ['just outside of it', 0.75 - 2 ** -24, 0.875, 12.5, false],
    ['just inside of it', 0.75 + 2 ** -24, 0.875, 12.5, true],
    // 0.97000003 + 0.01 is above 0.98000002, 0.70999998 + 0.01 below 0.72000003.
    ['0.97 of 0.98 with 1 %', f(0.97), f(0.98), 1, true],
    ['0.71 of 0.72 with 1 %', f(0.71), f(0.72), 1, false],
    ['0.78 of 0.79 with 1 %', f(0.78), f(0.79), 1, false],
    ['0.89 of 0.90 with 1 %', f(0.89), f(0.9), 1, true],
    ['a score that is no number', Number.NaN, 0.9, 100, false],
  ])('%s', (_, score, baseline, margin, within) => {
    const higher: Margin = { baseline, errorMargin: margin, direction: 'higher' };
    expect(isWithinMargin(score, higher)).toBe(within);
    // The same distances on the other side of zero, where lower is better.
    const lower: Margin = { baseline: -baseline, errorMargin: margin, direction: 'lower' };
    expect(isWithinMargin(-score, lower)).toBe(within);
  });
});

describe('the margin of a loss', () => {
  const loss: Margin = { baseline: 0.5, errorMargin: 25, direction: 'lower' };

  it.each([
    ['a lower loss', 0.1, true],
    ['the same loss', 0.5, true],
    ['a rise by the margin', 0.75, true],
    ['a rise by more', 0.75 + 2 ** -24, false],
    ['a loss that is no number', Number.NaN, false],
    ['a loss without end', Infinity, false],
  ])('%s', (_, score, within) => {
    expect(isWithinMargin(score, loss)).toBe(within);
  });

  it('has no place inside where the float net has no loss that is a number', () => {
    const lost = { ...loss, baseline: Number.NaN };
    expect([0, 1, Number.NaN].map((score) => isWithinMargin(score, lost))).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('ends above the baseline, that of an accuracy below', () => {
    expect(worstAccepted(loss)).toBe(0.75);
    expect(worstAccepted({ ...loss, direction: 'higher' })).toBe(0.25);
  });

  it('counts a rise as worse, of an accuracy a drop', () => {
    expect(worseBy(0.75, loss)).toBe(0.25);
    expect(worseBy(0.25, { baseline: 0.5, direction: 'higher' })).toBe(0.25);
    expect(worseBy(0.75, { baseline: 0.5, direction: 'higher' })).toBe(-0.25);
  });

  it('is that of an accuracy for stored runs that do not say', () => {
    const { baseline, errorMargin } = loss;
    const old = { baseline, errorMargin } as Margin;
    expect(isWithinMargin(0.9, old)).toBe(true);
    expect(isWithinMargin(0.1, old)).toBe(false);
  });
});
