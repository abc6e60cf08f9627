import { describe, expect, it } from 'vitest';
import type { NumberFormat } from '../../../src/formats/formats';
import { exactDialect, scoringDialect, type QuantizerDialect } from '../../../src/onnx/dialects';
import { GraphBuilder } from '../../../src/onnx/graph';
import { writeModel } from '../../../src/onnx/model';
import { emitQuantizer } from '../../../src/onnx/quantizers';
import { quantize } from '../../../src/formats/formats';
import { SeededRandom } from '../../../src/data/random';
import { Session } from '../../../src/runtime/session';

/** Values over many binades, exact ties of many steps, zeros, limits. */
function trialValues(): Float32Array {
  const random = new SeededRandom();
  random.seed(7);
  const uniform = (): number => random.below(2 ** 24) / 2 ** 24;
  const largest = (2 - 2 ** -23) * 2 ** 127;
  const values = [0, -0, 1, -1, 65504, 1e9, -1e9, 2 ** 30, 2 ** 31, -(2 ** 31), largest, -largest];
  values.push(2 ** -126, -(2 ** -126), 2 ** -127, (2 - 2 ** -22) * 2 ** -127, 2 ** -149);
  for (let i = 0; i < 20_000; i++) {
    const sign = i % 2 === 0 ? 1 : -1;
    values.push(sign * (1 + uniform()) * 2 ** (Math.floor(uniform() * 60) - 30));
    values.push(sign * (1 + uniform()) * 2 ** (Math.floor(uniform() * 276) - 149));
    // Numbers of few bits are ties of coarser formats.
    values.push(sign * (random.below(4096) + 0.5) * 2 ** (Math.floor(uniform() * 24) - 14));
  }
  return Float32Array.from(values);
}

const formats: readonly NumberFormat[] = [
  ...[1, 2, 3, 4, 8, 16, 24, 25, 32].flatMap((bits) =>
    [-126, -20, -5, 0, 3, 7, 16, 30, 60, 126].map((fractionalLength) => ({
      kind: 'fixedPoint' as const,
      bits,
      fractionalLength,
    })),
  ),
  ...[1, 2, 3, 4, 5, 6, 7, 8].flatMap((exponentBits) =>
    [0, 1, 2, 3, 7, 11, 22, 23, 27].map((mantissaBits) => ({
      kind: 'minifloat' as const,
      exponentBits,
      mantissaBits,
    })),
  ),
];

describe.each([
  ['exact', exactDialect],
  ['scoring', scoringDialect],
] as const)('quantizer nodes of the %s dialect give the offline numbers', (_name, dialect) => {
  const values = trialValues();
  it.each(formats.map((format) => [JSON.stringify(format), format] as const))(
    '%s',
    async (_, format) => {
      const builder = new GraphBuilder('quantizer', dialect);
      builder.reserve('y');
      const x = builder.input('x', [values.length]);
      builder.output('y', emitQuantizer(builder, x, format, 'q'));
      const session = await Session.create(writeModel(builder.build()), { kind: 'cpu' });
      const result = await session.run(new Map([['x', { shape: [values.length], data: values }]]));
      await session.release();
      const expected = quantize(values, format);
      const actual = result.get('y')?.data ?? new Float32Array();
      const wrong = [...actual.keys()].filter(
        (i) => (actual[i] ?? NaN) + 0 !== (expected[i] ?? 0) + 0,
      );
      expect(wrong.map((i) => [values[i], actual[i], expected[i]]).slice(0, 5)).toEqual([]);
      expect(actual).toHaveLength(values.length);
    },
  );
});

describe('the dialects', () => {
  const ops = (dialect: QuantizerDialect, bits: number, fractionalLength: number): string[] => {
    const builder = new GraphBuilder('quantizer', dialect);
    const x = builder.input('x', [4]);
    emitQuantizer(builder, x, { kind: 'fixedPoint', bits, fractionalLength }, 'q');
    return builder.build().nodes.map(({ opType }) => opType);
  };

  it('write fixed point step by step, or in as few passes as possible', () => {
    expect(ops(exactDialect, 8, 4)).toEqual(['Mul', 'Round', 'Clip', 'Mul']);
    expect(ops(scoringDialect, 8, 4)).toEqual(['Clip', 'Add', 'Sub']);
  });

  it('agree where float32 has no room to round by an addition', () => {
    for (const [bits, length] of [
      [24, 4],
      [32, 16],
      [8, 120],
      [8, -120],
    ] as const) {
      expect(ops(scoringDialect, bits, length)).toEqual(ops(exactDialect, bits, length));
    }
    expect(ops(scoringDialect, 23, 4)).toEqual(['Clip', 'Add', 'Sub']);
  });
});
