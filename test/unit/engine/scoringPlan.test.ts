import { said } from '../../support/said';
import { describe, expect, it } from 'vitest';
import { describeCoverage, iterationsOf } from '../../../src/engine/inputs/scoringPlan';

const images = { images: { list: 'list.txt' } };
const data = (records: number, batchSize: number): { records: number; batchSize: number } => ({
  records,
  batchSize,
});

describe('how much is scored', () => {
  it.each([
    ['what is asked for', { ...images, iterations: 3 }, data(400, 1), 3],
    ['every image of a list', images, data(400, 1), 400],
    ['every image, the last batch not full', images, data(401, 10), 41],
    ['every entry of an array', { inputs: { data: 'x.npy' } }, data(7, 2), 4],
    ["the original's 50 batches of a net's own data", {}, data(400, 1), 50],
    [
      'all but those that rank, of many',
      { ...images, search: 'best' as const },
      data(5000, 10),
      400,
    ],
    [
      'all of many for the original',
      { ...images, search: 'original' as const },
      data(5000, 10),
      500,
    ],
    ['all of few', { ...images, search: 'best' as const }, data(3999, 1), 3999],
  ])('%s', (_, options, of, iterations) => expect(iterationsOf(options, of)).toBe(iterations));

  it.each([
    [40, data(400, 10), undefined],
    [50, data(400, 1), '50 of 400 records are scored: --iterations=400 takes them all'],
    [
      41,
      data(401, 10),
      '401 records are no whole number of batches of 10: the last batch is filled up with the first 9, which count twice',
    ],
    [
      50,
      data(40, 1),
      '50 iterations of 1 read more than the 40 records there are: some are scored more than once, as Caffe does',
    ],
  ])('%i batches of %o: %s', (iterations, of, note) => {
    expect(said(describeCoverage({}, iterations, of))).toBe(note ?? '');
  });

  it('is not told to who chose it for the data of a net', () => {
    const part = data(400, 1);
    expect(describeCoverage({ iterations: 50 }, 50, part)).toBeUndefined();
    expect(said(describeCoverage({ ...images, iterations: 50 }, 50, part))).toContain('50 of 400');
  });
});
