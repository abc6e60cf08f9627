import { describe, expect, it } from 'vitest';
import type { Candidate } from '../../../src/formats/layerFormats';
import type { QuantizableLayer } from '../../../src/quantize/original/candidates';
import { expectedSweeps, plannedSweeps, search } from '../../../src/quantize/original/search';
import { groupNames, type SweepRow } from '../../../src/quantize/groups';
import type { SearchResult } from '../../../src/quantize/original/sweep';
import type { OriginalMode } from '../../../src/quantize/modes/modes';

const conv = { name: 'conv', type: 'Convolution', maxIn: 1, maxOut: 1, maxParams: 0.5 };
const fc = { ...conv, name: 'fc', type: 'InnerProduct' };

interface Run {
  readonly result: SearchResult;
  /** What was scored, in order. */
  readonly asked: readonly string[];
  readonly candidates: readonly Candidate[];
  readonly told: readonly SweepRow[];
  /** Candidates that were expected to come after each that was asked for. */
  readonly expected: readonly number[];
}

/** Searches with scores that are looked up by what is scored; 0.9 unless listed. */
async function run(
  mode: OriginalMode,
  scores: Readonly<Record<string, number>>,
  options: {
    readonly layers?: readonly QuantizableLayer[];
    readonly errorMargin?: number;
    readonly direction?: 'higher' | 'lower';
  } = {},
): Promise<Run> {
  const asked: string[] = [];
  const candidates: Candidate[] = [];
  const told: SweepRow[] = [];
  const expected: number[] = [];
  const result = await search(mode, {
    layers: options.layers ?? [conv, fc],
    baseline: { score: 0.9, loss: 0.1, seconds: 5 },
    errorMargin: options.errorMargin ?? 2,
    direction: options.direction ?? 'higher',
    score: (candidate, step) => {
      const what = step === 'final' ? 'final net' : `${groupNames[step.group]} ${step.bits} bit`;
      asked.push(what);
      candidates.push(candidate);
      return Promise.resolve({ score: scores[what] ?? 0.9, loss: 0.2, seconds: 1 });
    },
    onRow: (row) => told.push(row),
    onExpected: (left) => expected.push(left.reduce((sum, { candidates }) => sum + candidates, 0)),
  });
  return { result, asked, candidates, told, expected };
}

const widths = (rows: readonly SweepRow[]): string[] => rows.map((r) => `${r.group} ${r.bits}`);
const sweep = (group: string, ...bits: number[]): string[] => bits.map((b) => `${group} ${b}`);

describe('search for dynamic fixed point', () => {
  it('stops each sweep after the first failing row, which stays in the table', async () => {
    const { result, told, asked } = await run('dynamic_fixed_point', {
      'CONV weights 4 bit': 0.5,
      'FC weights 16 bit': 0.5,
      'final net': 0.3,
    });
    const rows = [
      ...sweep('conv_params', 16, 8, 4),
      ...sweep('fc_params', 16),
      ...sweep('activations', 16, 8, 4, 2, 1),
    ];
    expect(widths(result.rows)).toEqual(rows);
    expect(told).toEqual(result.rows);
    expect(result.rows[2]).toEqual({
      group: 'conv_params',
      bits: 4,
      score: 0.5,
      loss: 0.2,
      seconds: 1,
    });
    // The last width that holds, 32 where none does, 1 where all do.
    expect(result.chosen).toEqual({ conv_params: 8, fc_params: 32, activations: 1 });
    // The final score is told, not enforced.
    expect(result.final.score).toBe(0.3);
    expect(asked).toHaveLength(rows.length + 1);
    expect(asked.at(-1)).toBe('final net');
  });

  it('does not come back to a width below a failing one', async () => {
    const { result } = await run('dynamic_fixed_point', { 'CONV weights 16 bit': 0 });
    expect(result.chosen.conv_params).toBe(32);
    expect(widths(result.rows)).not.toContain('conv_params 8');
  });

  it('scores each group on an otherwise float net, and all together at the end', async () => {
    const { candidates, asked, result } = await run('dynamic_fixed_point', {
      'CONV weights 2 bit': 0,
      'FC weights 8 bit': 0,
      'activations 16 bit': 0,
    });
    const named = (what: string): string[] => [...(candidates[asked.indexOf(what)]?.keys() ?? [])];
    expect(named('CONV weights 16 bit')).toEqual(['conv']);
    expect(named('FC weights 16 bit')).toEqual(['fc']);
    expect(named('activations 16 bit')).toEqual(['conv', 'fc']);
    expect(candidates.at(-1)).toBe(result.candidate);
    expect(result.candidate.get('conv')).toMatchObject({
      weights: { bits: 4, fractionalLength: 4 },
      input: { bits: 32, fractionalLength: 32 },
    });
    expect(result.candidate.get('fc')).toMatchObject({
      weights: { bits: 16, fractionalLength: 16 },
    });
  });

  it.each([
    // In float32 0.9914 - 0.9814 is a hair less than 0.01, in double arithmetic a hair more.
    [0.9814, 1],
    [0.98139, 32],
  ])('takes %d of 0.9914 at a margin of 1 %% so that %i bits are chosen', async (score, bits) => {
    const result = await search('dynamic_fixed_point', {
      layers: [conv],
      baseline: { score: Math.fround(0.9914), loss: null, seconds: 0 },
      errorMargin: 1,
      direction: 'higher',
      score: () => Promise.resolve({ score: Math.fround(score), loss: null, seconds: 0 }),
      onRow: () => undefined,
    });
    expect(result.chosen.conv_params).toBe(bits);
    expect(result.chosen.activations).toBe(bits);
  });

  it('scores an empty group without running it', async () => {
    const { result, asked } = await run('dynamic_fixed_point', {}, { layers: [conv] });
    expect(asked.some((what) => what.startsWith('FC'))).toBe(false);
    const rows = result.rows.filter(({ group }) => group === 'fc_params');
    expect(rows.map(({ bits }) => bits)).toEqual([16, 8, 4, 2, 1]);
    for (const row of rows) expect(row).toMatchObject({ score: 0.9, loss: 0.1, seconds: 0 });
    expect(result.chosen.fc_params).toBe(1);
    expect([...result.candidate.keys()]).toEqual(['conv']);
  });

  it('passes on a failure to score', async () => {
    const failing = search('dynamic_fixed_point', {
      layers: [conv],
      baseline: { score: 1, loss: null, seconds: 0 },
      errorMargin: 1,
      direction: 'higher',
      score: () => Promise.reject(new Error('cancelled')),
      onRow: () => undefined,
    });
    await expect(failing).rejects.toThrow('cancelled');
  });
});

describe('search by a loss', () => {
  const losses = {
    // Better than the float net, as good, worse within the margin, worse outside of it.
    'CONV weights 16 bit': 0.2,
    'CONV weights 8 bit': 0.9,
    'CONV weights 4 bit': 0.915,
    'CONV weights 2 bit': 0.93,
    'FC weights 16 bit': 5,
    'activations 16 bit': Number.NaN,
    'final net': 0.91,
  };

  it('ends a sweep where the loss has risen too far, and not where it fell', async () => {
    const { result } = await run('dynamic_fixed_point', losses, { direction: 'lower' });
    expect(result.chosen).toEqual({ conv_params: 4, fc_params: 32, activations: 32 });
    expect(widths(result.rows)).toEqual([
      ...sweep('conv_params', 16, 8, 4, 2),
      ...sweep('fc_params', 16),
      ...sweep('activations', 16),
    ]);
    expect(result.final.score).toBe(0.91);
  });

  it('would take any worse loss if higher were better', async () => {
    const { result } = await run('dynamic_fixed_point', losses);
    expect(result.chosen.conv_params).toBe(32);
    expect(result.chosen.fc_params).toBe(1);
  });

  it('takes minifloat rows by the same rule', async () => {
    const scores = { 'net 16 bit': 0.919, 'net 8 bit': 0.921 };
    const { result } = await run('minifloat', scores, { direction: 'lower' });
    expect(result.chosen.conv_params).toBe(16);
    expect(result.final.score).toBe(0.919);
  });
});

describe('search for minifloat', () => {
  it.each([
    // Exponent bits follow from the largest activation: 4, 5, 6, 7, 8.
    [1, [16, 8]],
    [2 ** 12, [16, 8]],
    [2 ** 20, [16, 8]],
    [2 ** 40, [16]],
    [2 ** 100, [16]],
  ])('tries widths that leave mantissa bits for activations up to %d', async (maxOut, bits) => {
    const { result } = await run('minifloat', {}, { layers: [{ ...conv, maxOut }] });
    expect(result.rows.map((row) => row.bits)).toEqual(bits);
    expect(result.rows.every(({ group }) => group === 'net')).toBe(true);
    expect(result.chosen.conv_params).toBe(bits.at(-1));
  });

  it('takes the final score from the chosen row', async () => {
    const { result, asked } = await run('minifloat', { 'net 8 bit': 0.5, 'net 16 bit': 0.89 });
    expect(asked).toEqual(['net 16 bit', 'net 8 bit']);
    expect(result.chosen).toEqual({ conv_params: 16, fc_params: 16, activations: 16 });
    expect(result.final.score).toBe(0.89);
    expect(result.candidate.get('fc')?.bias).toEqual({
      kind: 'minifloat',
      exponentBits: 4,
      mantissaBits: 11,
    });
  });

  it('falls back to 32 bits, which it then scores', async () => {
    const { result, asked } = await run('minifloat', { 'net 16 bit': 0.5, 'final net': 0.9 });
    expect(asked).toEqual(['net 16 bit', 'final net']);
    expect(result.rows).toHaveLength(1);
    expect(result.chosen.activations).toBe(32);
    expect(result.candidate.get('conv')?.weights).toMatchObject({ mantissaBits: 27 });
    expect(result.final.score).toBe(0.9);
  });
});

describe('search for powers of two', () => {
  it.each([0.9, 0.1])('scores one candidate, whatever its score: %d', async (score) => {
    const { result, asked, told } = await run('integer_power_of_2_weights', {
      'net 4 bit': score,
    });
    expect(asked).toEqual(['net 4 bit']);
    expect(result.rows).toEqual([{ group: 'net', bits: 4, score, loss: 0.2, seconds: 1 }]);
    expect(told).toEqual(result.rows);
    expect(result.chosen).toEqual({ conv_params: 4, fc_params: 4, activations: 8 });
    expect(result.final.score).toBe(score);
  });
});

describe('what is known of a search beforehand', () => {
  it.each([
    ['dynamic_fixed_point', {}, [conv, fc]],
    ['dynamic_fixed_point', {}, [conv]],
    ['dynamic_fixed_point', { 'CONV weights 16 bit': 0, 'activations 4 bit': 0 }, [conv, fc]],
    ['minifloat', {}, [conv]],
    ['minifloat', { 'net 16 bit': 0 }, [conv]],
    ['minifloat', { 'net 8 bit': 0 }, [conv]],
    ['minifloat', {}, [{ ...conv, maxOut: 2 ** 40 }]],
    ['minifloat', { 'net 16 bit': 0 }, [{ ...conv, maxOut: 2 ** 40 }]],
    ['integer_power_of_2_weights', {}, [conv]],
  ] as const)(
    '%s %j: what is expected lies between nothing and all there is',
    async (mode, scores, layers) => {
      const { asked, expected, result } = await run(mode, scores, { layers });
      expect(expected.length).toBeGreaterThanOrEqual(asked.length);
      expect(expected.at(-1)).toBe(0);
      const all = expectedSweeps(mode, layers).reduce((sum, { candidates }) => sum + candidates, 0);
      expect(all).toBeGreaterThanOrEqual(1);
      expect(all).toBeLessThanOrEqual(16);
      for (const left of expected) expect(left).toBeLessThan(all);
      for (const { group, bits } of result.rows) {
        expect(plannedSweeps(mode).find((s) => s.group === group)?.widths).toContain(bits);
      }
    },
  );
});
