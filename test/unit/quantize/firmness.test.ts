import { describe, expect, it } from 'vitest';
import { firmnessOf, pairedStandardError } from '../../../src/quantize/firmness';
import type { Margin } from '../../../src/quantize/margin';

const margin: Margin = { baseline: 0.9, errorMargin: 1, direction: 'higher' };

describe('the standard error of a paired difference', () => {
  it('is s / sqrt(n) of the differences of batches', () => {
    // Differences -0.02, 0, -0.04, -0.02: mean -0.02, s^2 = 0.0008 / 3, error sqrt(0.0008 / 12).
    const float = [0.9, 0.8, 1, 0.9];
    const quantized = [0.88, 0.8, 0.96, 0.88];
    expect(pairedStandardError(quantized, float)).toBeCloseTo(Math.sqrt(0.0008 / 12), 12);
  });

  it('does not grow with what both nets find hard', () => {
    expect(pairedStandardError([0.1, 0.9, 0.4], [0.2, 1, 0.5])).toBeCloseTo(0, 12);
  });

  it('takes the batches that both were scored on', () => {
    const error = pairedStandardError([0.9, 0.7], [1, 1, 0.2, 0.1]);
    expect(error).toBeCloseTo(Math.sqrt(0.02 / 2), 12);
  });

  it.each([
    ['one batch', [0.9], [1]],
    ['no batch', [], []],
    ['a score that is no number', [Number.NaN, 1], [1, 1]],
  ])('is not known from %s', (_, batches, float) => {
    expect(pairedStandardError(batches, float)).toBeNull();
  });
});

describe('how firm a verdict is', () => {
  const float = [0.9, 0.9, 0.9, 0.9];
  const around = (score: number): number[] => [
    score - 0.02,
    score + 0.02,
    score - 0.02,
    score + 0.02,
  ];
  // The standard error is 0.02 * sqrt(4 / 3) / 2 = 0.01155.
  it.each([
    [0.89, 'open'],
    [0.868, 'open'],
    [0.866, 'firm'],
    [0.912, 'open'],
    [0.914, 'firm'],
  ])('a score of %s, where 0.89 is just accepted, is %s', (score, verdict) => {
    expect(firmnessOf(score, margin, around(score), float).verdict).toBe(verdict);
  });

  it('turns round for losses', () => {
    const loss: Margin = { ...margin, direction: 'lower' };
    expect(firmnessOf(0.91, loss, around(0.91), float).verdict).toBe('open');
    expect(firmnessOf(0.87, loss, around(0.87), float).verdict).toBe('firm');
  });

  it('is unknown from one batch, firm where all batches agree', () => {
    expect(firmnessOf(0.88, margin, [0.88], [0.9]).verdict).toBe('unknown');
    expect(firmnessOf(0.9, margin, float, float)).toEqual({ standardError: 0, verdict: 'firm' });
  });
});
