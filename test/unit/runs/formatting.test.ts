import { describe, expect, it } from 'vitest';
import { formatBytesApart } from '../../../src/base/amounts';
import {
  formatBytes,
  formatDay,
  formatLarge,
  formatProvider,
  formatSeconds,
  formatTimeLeft,
  ScoreFormat,
} from '../../../src/runs/view/formatting';

describe('ScoreFormat', () => {
  it.each([
    [0.9765, '97.65'],
    [1, '100.00'],
    [0, '0.00'],
    [-0.00001, '0.00'],
    [Number.NaN, 'NaN'],
    [Number.NEGATIVE_INFINITY, '−∞'],
  ])('accuracy %f', (value, text) => {
    expect(new ScoreFormat(true).number(value)).toBe(text);
  });

  it.each([
    [2.302585, '2.303'],
    [0.012345, '0.01235'],
    [1234.5, '1235'],
    [-3.5, '−3.500'],
    [0.0000012, '1.200e-6'],
  ])('any other score %f', (value, text) => {
    expect(new ScoreFormat(false).number(value)).toBe(text);
  });

  it.each([
    [0.0001, '+0.01'],
    [-0.0019, '−0.19'],
    [0, '+0.00'],
    [-0.000001, '+0.00'],
  ])('a change of %f', (value, text) => {
    expect(new ScoreFormat(true).change(value)).toBe(text);
  });
});

it.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1000, '1.00 kB'],
  [215_540, '216 kB'],
  [999_600, '1.00 MB'],
  [1_724_320, '1.72 MB'],
  [528_000_000, '528 MB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

it.each([
  [8.14, '8.1 s'],
  [59.94, '59.9 s'],
  [59.96, '1 min 00 s'],
  [125, '2 min 05 s'],
  [4320, '1 h 12 min'],
])('%f seconds are %s', (seconds, text) => {
  expect(formatSeconds(seconds)).toBe(text);
});

it.each([
  [0.4, 'almost done'],
  [4.2, 'about 4 s left'],
  [130, 'about 2 min left'],
  [7200, 'about 2.0 h left'],
])('%f seconds left: %s', (seconds, text) => {
  expect(formatTimeLeft(seconds)).toBe(text);
});

describe('formatDay', () => {
  const at = (month: number, day: number, hour: number, year = 2026): number =>
    new Date(year, month, day, hour).getTime();
  const now = at(10, 23, 1);
  it.each([
    [at(10, 23, 0), 'today'],
    [at(10, 22, 23), 'yesterday'],
    [at(10, 12, 5), '12 Nov'],
    [at(11, 31, 5, 2025), '31 Dec 2025'],
  ])('%d', (time, text) => {
    expect(formatDay(time, now)).toBe(text);
  });
});

it('names providers as users know them', () => {
  expect(['cpu', 'cuda:1', 'webgpu'].map(formatProvider)).toEqual([
    'CPU',
    'CUDA device 1',
    'WebGPU',
  ]);
});

it.each([
  [0, '0'],
  [4.25, '4.25'],
  [999, '999'],
  [999.5, '1.00 k'],
  [31_240_000, '31.2 M'],
  [999_499_999, '999 M'],
  [999_500_000, '1.00 G'],
  [1.5e19, '15000 P'],
])('%f as a large number', (value, text) => {
  expect(formatLarge(value)).toBe(text);
});

it.each([
  [
    [112_465, 64_470],
    ['112 kB', '64.5 kB'],
  ],
  [
    [112_465, 112_430],
    ['112.5 kB', '112.4 kB'],
  ],
  [
    [500, 500],
    ['500 bytes', '500 bytes'],
  ],
])('%d and %d bytes are told apart', (sizes, texts) => {
  expect(formatBytesApart(sizes)).toEqual(texts);
});
