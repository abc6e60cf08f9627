import { describe, expect, it } from 'vitest';
import { planEffort } from '../../../../src/quantize/best/effort';
import { plannedChoices } from '../../../../src/quantize/best/forecast';

const widths = [16, 14, 12, 10, 8, 7, 6, 5, 4, 3, 2, 1];
const knobs = (layers: number) => Array.from({ length: 3 * layers }, () => plannedChoices(widths));

/** Of an image. */
const operations = 1e9;

describe('the effort of a search', () => {
  it('measures everything on a small net that is scored on many images', () => {
    const effort = planEffort(knobs(4), { scored: 10_000, ranked: 1000, operations });
    expect(effort).toMatchObject({ thoroughness: 'everything' });
    expect(effort.images).toBeGreaterThan(800);
  });

  it('measures everything on a tiny net, on all images that there are', () => {
    const effort = planEffort(knobs(5), { scored: 500, ranked: 200, operations: 2e5 });
    expect(effort).toMatchObject({ thoroughness: 'everything', images: 200 });
  });

  it('measures gains where every width would take more than fourteen passes', () => {
    const effort = planEffort(knobs(26), { scored: 500, ranked: 200, operations });
    expect(effort.thoroughness).toBe('gains');
    expect(effort.images).toBeGreaterThanOrEqual(16);
    expect(effort.images).toBeLessThanOrEqual(64);
  });

  it('lets the work of the knobs grow no faster than their number', () => {
    const work = (layers: number): number =>
      planEffort(knobs(layers), { scored: 500, ranked: 200, operations }).images * layers;
    for (const layers of [26, 54, 110, 220]) {
      expect(work(2 * layers)).toBeLessThanOrEqual(2 * work(layers));
    }
  });

  it('never ranks on more images than there are, nor on none', () => {
    for (const ranked of [1, 10, 40]) {
      for (const layers of [1, 4, 300]) {
        const { images } = planEffort(knobs(layers), { scored: 50, ranked, operations });
        expect(images).toBeGreaterThanOrEqual(1);
        expect(images).toBeLessThanOrEqual(ranked);
      }
    }
  });

  it('does not count knobs that cannot be turned', () => {
    const given = Array.from({ length: 300 }, () => plannedChoices([8]));
    const images = { scored: 10_000, ranked: 1000, operations };
    expect(planEffort([...knobs(4), ...given], images)).toEqual(planEffort(knobs(4), images));
  });
});
