import { describe, expect, it } from 'vitest';
import { frontierOf } from '../../../src/quantize/frontier';

const point = (cost: number, score: number): { cost: number; score: number } => ({ cost, score });

describe('the frontier', () => {
  it('keeps what nothing else dominates, the cheapest first', () => {
    const points = [point(4, 0.9), point(1, 0.5), point(3, 0.4), point(2, 0.8), point(5, 0.9)];
    expect(frontierOf(points, 'higher')).toEqual([point(1, 0.5), point(2, 0.8), point(4, 0.9)]);
  });

  it('takes the better of two that cost the same, and the first of two equal ones', () => {
    const [worse, better, same] = [point(1, 0.5), point(1, 0.6), point(1, 0.6)];
    expect(frontierOf([worse, better, same], 'higher')).toEqual([better]);
    expect(frontierOf([worse, better, same], 'higher')[0]).toBe(better);
  });

  it('turns round for losses', () => {
    const points = [point(1, 0.5), point(2, 0.8), point(3, 0.1)];
    expect(frontierOf(points, 'lower')).toEqual([point(1, 0.5), point(3, 0.1)]);
  });

  it('never holds a score that is no number', () => {
    expect(frontierOf([point(1, Number.NaN), point(2, 0.1)], 'higher')).toEqual([point(2, 0.1)]);
    expect(frontierOf([], 'higher')).toEqual([]);
  });
});
