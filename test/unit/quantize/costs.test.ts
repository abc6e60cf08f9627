import { describe, expect, it } from 'vitest';
import { float32 } from '../../../src/formats/float32';
import type { LayerFormats } from '../../../src/formats/layerFormats';
import type { NumberFormat } from '../../../src/formats/formats';
import { CostModel, costsOf, type LayerSize } from '../../../src/quantize/costs';

const fixed = (bits: number): NumberFormat => ({ kind: 'fixedPoint', bits, fractionalLength: 3 });
const formats = (weights: number, input: number, output: number): LayerFormats => ({
  weights: fixed(weights),
  bias: fixed(weights),
  input: fixed(input),
  output: fixed(output),
});
const a: LayerSize = { name: 'a', weights: 100, biases: 10, operations: 1000 };
const b: LayerSize = { name: 'b', weights: 50, biases: 0, operations: 50 };

describe('costs', () => {
  it('counts bytes packed, bits on average, bits of both factors of every product', () => {
    const candidate = new Map([
      ['a', formats(4, 8, 6)],
      ['b', formats(2, 4, 2)],
    ]);
    expect(costsOf([a, b], candidate)).toEqual({
      weightBytes: 50 + 5 + 13,
      activationBits: (7 + 3) / 2,
      bitOperations: 1000 * 4 * 8 + 50 * 2 * 4,
    });
  });

  it('counts layers that a candidate leaves out, and float biases, with 32 bits', () => {
    const power: NumberFormat = { kind: 'powerOfTwo', minExponent: -3, maxExponent: -3 };
    const candidate = new Map([['a', { ...formats(1, 8, 8), weights: power, bias: float32 }]]);
    expect(costsOf([a, b], candidate)).toEqual({
      weightBytes: 13 + 40 + 200,
      activationBits: (8 + 32) / 2,
      bitOperations: 1000 * 8 + 50 * 32 * 32,
    });
  });

  it('weighs shares of the float net, layer by layer as for the whole', () => {
    const objective = { weightBytes: 1, activationBits: 0.5, bitOperations: 0.25 };
    const model = new CostModel([a, b], objective);
    const candidate = new Map([
      ['a', formats(4, 8, 6)],
      ['b', formats(2, 4, 2)],
    ]);
    const whole = model.weigh(model.of(candidate));
    expect(whole).toBeCloseTo(
      68 / 640 + (0.5 * 5) / 32 + (0.25 * (32_000 + 400)) / (1050 * 1024),
      12,
    );
    const parts = model.ofLayer(a, formats(4, 8, 6)) + model.ofLayer(b, formats(2, 4, 2));
    expect(parts).toBeCloseTo(whole, 12);
    expect(model.weigh(model.float)).toBeCloseTo(1.75, 12);
  });
});
