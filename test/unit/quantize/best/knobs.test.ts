import { describe, expect, it } from 'vitest';
import { quantize } from '../../../../src/formats/formats';
import { sampleOfAll } from '../../../../src/quantize/best/contenders';
import { knobsOf, type Knob, type SearchLayer } from '../../../../src/quantize/best/knobs';
import { searchLayer } from './sampleLayers';

/** A layer with what samples miss: a large bias, rare large activations, a wider printed range. */
const layer: SearchLayer = {
  ...searchLayer('conv', { weights: 20_000 }),
  biasValues: Float32Array.of(0.1, -20.5),
  inputSample: { ...sampleOfAll(Float32Array.of(0, 1, 2)), highest: 90 },
  outputSample: { ...sampleOfAll(Float32Array.of(-1, 1, 2)), lowest: -700 },
  maxIn: 100,
  maxOut: 650,
};

/** The largest share of a number that a knob's first format cuts off, by width. */
function cutOff(knob: Knob | undefined, part: 'weights' | 'input' | 'output', x: number): number[] {
  return (knob?.choices ?? []).map(({ contenders }) => {
    const format = contenders[0]?.[part];
    if (format === undefined) return Number.NaN;
    const [rounded = 0] = quantize(Float32Array.of(x), format);
    return Math.abs(rounded - x) / Math.abs(x);
  });
}

describe('the widest formats of a layer', () => {
  it('hold its bias and the extremes of what it reads and puts out', () => {
    const widths = [16, 12, 10];
    const [weights, input, output] = knobsOf([layer], { mode: 'dynamic_fixed_point', widths });
    const shares = [
      ...cutOff(weights, 'weights', -20.5),
      ...cutOff(input, 'input', 100),
      ...cutOff(output, 'output', -700),
      ...cutOff(output, 'output', 650),
    ];
    expect(shares).toHaveLength(12);
    for (const share of shares) expect(share).toBeLessThan(0.005);
  });

  it('hold them in minifloat too', () => {
    const [knob] = knobsOf([layer], { mode: 'minifloat', widths: [16, 12] });
    for (const [part, x] of [
      ['weights', -20.5],
      ['input', 100],
      ['output', -700],
    ] as const) {
      for (const share of cutOff(knob, part, x)) expect(share).toBeLessThan(0.05);
    }
  });

  it('of two kinds of numbers no more are tried than before', () => {
    const [weights] = knobsOf([layer], { mode: 'mixed', widths: [5, 4, 3] });
    expect(weights?.choices.map(({ contenders }) => contenders.length)).toEqual([6, 6, 6]);
    const kinds = weights?.choices[0]?.contenders.map((formats) => formats.weights?.kind);
    expect(kinds?.slice(0, 2)).toEqual(['powerOfTwo', 'fixedPoint']);
    // The one that holds the bias: 32 and a sign.
    const fixed = weights?.choices[0]?.contenders.map(({ bias }) => bias);
    expect(fixed).toContainEqual({ kind: 'fixedPoint', bits: 5, fractionalLength: -1 });
  });
});
