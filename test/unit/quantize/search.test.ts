import { describe, expect, it } from 'vitest';
import type { Candidate } from '../../../src/caffe/numberFormat';
import type { QuantizableLayer } from '../../../src/quantize/candidates';
import { search, type Score, type SweepRow, type TrimmingMode } from '../../../src/quantize/search';

const conv: QuantizableLayer = {
  name: 'conv',
  type: 'Convolution',
  maxIn: 1,
  maxOut: 3,
  maxParams: 0.6,
};
const fc: QuantizableLayer = {
  name: 'fc',
  type: 'InnerProduct',
  maxIn: 3,
  maxOut: 30,
  maxParams: 0.2,
};

/** Runs a search against a made-up scorer; floats as the real one gives them. */
async function run(
  mode: TrimmingMode,
  scoreOf: (candidate: Candidate, what: string) => number,
  options: { layers?: readonly QuantizableLayer[]; baseline?: number; errorMargin?: number } = {},
): Promise<{ result: Awaited<ReturnType<typeof search>>; rows: SweepRow[]; scored: string[] }> {
  const rows: SweepRow[] = [];
  const scored: string[] = [];
  const score = (value: number): Score => ({ score: Math.fround(value), loss: null, seconds: 1 });
  const result = await search(mode, {
    layers: options.layers ?? [conv, fc],
    baseline: score(options.baseline ?? 0.99),
    errorMargin: options.errorMargin ?? 1,
    score: (candidate, what) => {
      scored.push(what);
      return Promise.resolve(score(scoreOf(candidate, what)));
    },
    onRow: (row) => rows.push(row),
  });
  return { result, rows, scored };
}

function paramBits(candidate: Candidate, layer: string): number | undefined {
  const weights = candidate.get(layer)?.weights;
  return weights?.kind === 'fixedPoint' ? weights.bits : undefined;
}

describe('dynamic fixed point', () => {
  it('goes down each group until one fails, keeps that row, and scores the combination', async () => {
    const { result, rows, scored } = await run('dynamic_fixed_point', (_, what) => {
      if (what === 'CONV weights 2 bit' || what === 'FC weights 8 bit') return 0.5;
      return what === 'final net' ? 0.97 : 0.99;
    });
    expect(rows.map(({ group, bits }) => `${group} ${bits}`)).toEqual([
      'conv_params 16',
      'conv_params 8',
      'conv_params 4',
      'conv_params 2',
      'fc_params 16',
      'fc_params 8',
      'activations 16',
      'activations 8',
      'activations 4',
      'activations 2',
      'activations 1',
    ]);
    expect(result.rows).toEqual(rows);
    expect(result.chosen).toEqual({ conv_params: 4, fc_params: 16, activations: 1 });
    expect(scored.at(-1)).toBe('final net');
    expect(result.final.score).toBeCloseTo(0.97);
    expect(paramBits(result.candidate, 'conv')).toBe(4);
    expect(paramBits(result.candidate, 'fc')).toBe(16);
  });

  it('falls back to 32 bits that keep the integer length', async () => {
    const { result } = await run('dynamic_fixed_point', () => 0);
    expect(result.chosen).toEqual({ conv_params: 32, fc_params: 32, activations: 32 });
    expect(result.candidate.get('fc')).toEqual({
      input: { kind: 'fixedPoint', bits: 32, fractionalLength: 30 },
      output: { kind: 'fixedPoint', bits: 32, fractionalLength: 27 },
      weights: { kind: 'fixedPoint', bits: 32, fractionalLength: 33 },
      bias: { kind: 'fixedPoint', bits: 32, fractionalLength: 33 },
    });
  });

  it('leaves the layers of other groups float while it sweeps one', async () => {
    const touched: string[] = [];
    await run('dynamic_fixed_point', (candidate, what) => {
      if (what.endsWith('16 bit')) touched.push([...candidate.keys()].join('+'));
      return 0;
    });
    expect(touched).toEqual(['conv', 'fc', 'conv+fc']);
  });

  it('takes a score on the very edge of the margin as within', async () => {
    // In float32 0.9914 - 0.9814 is a hair less than 0.01, in double arithmetic a hair more.
    const { result } = await run('dynamic_fixed_point', () => 0.9814, { baseline: 0.9914 });
    expect(result.chosen.conv_params).toBe(1);
    const outside = await run('dynamic_fixed_point', () => 0.98139, { baseline: 0.9914 });
    expect(outside.result.chosen.conv_params).toBe(32);
  });

  it('repeats the baseline for a group without layers', async () => {
    const { result, scored } = await run('dynamic_fixed_point', () => 0.99, { layers: [conv] });
    expect(scored.some((what) => what.startsWith('FC'))).toBe(false);
    const rows = result.rows.filter(({ group }) => group === 'fc_params');
    expect(rows.map(({ bits }) => bits)).toEqual([16, 8, 4, 2, 1]);
    expect(rows.every(({ score }) => score === Math.fround(0.99))).toBe(true);
    expect(result.chosen.fc_params).toBe(1);
  });
});

describe('minifloat', () => {
  it('tries widths that leave a mantissa bit and takes the chosen row as final', async () => {
    const { result, scored } = await run('minifloat', () => 0.99);
    expect(scored).toEqual(['net 16 bit', 'net 8 bit']);
    expect(result.chosen).toEqual({ conv_params: 8, fc_params: 8, activations: 8 });
    expect(result.candidate.get('conv')?.bias).toEqual({
      kind: 'minifloat',
      exponentBits: 4,
      mantissaBits: 3,
    });
  });

  it('has fewer widths where ranges need more exponent bits', async () => {
    const wide = { ...conv, maxOut: 2 ** 100 };
    const { scored, result } = await run('minifloat', () => 0.99, { layers: [wide] });
    expect(scored).toEqual(['net 16 bit']);
    expect(result.candidate.get('conv')?.output).toMatchObject({
      exponentBits: 8,
      mantissaBits: 7,
    });
  });

  it('falls back to 32 bits and scores them', async () => {
    const { result, scored } = await run('minifloat', (_, what) =>
      what === 'final net' ? 0.9 : 0,
    );
    expect(scored).toEqual(['net 16 bit', 'final net']);
    expect(result.chosen.activations).toBe(32);
    expect(result.final.score).toBeCloseTo(0.9);
  });
});

describe('integer power of two', () => {
  it('scores one candidate: 4-bit weights, float bias, 8-bit activations', async () => {
    const { result, scored } = await run('integer_power_of_2_weights', () => 0.1);
    expect(scored).toEqual(['net 4 bit']);
    expect(result.chosen).toEqual({ conv_params: 4, fc_params: 4, activations: 8 });
    expect(result.candidate.get('fc')).toEqual({
      input: { kind: 'fixedPoint', bits: 8, fractionalLength: 6 },
      output: { kind: 'fixedPoint', bits: 8, fractionalLength: 3 },
      weights: { kind: 'powerOfTwo', minExponent: -8, maxExponent: -1 },
      bias: { kind: 'float32' },
    });
  });
});
