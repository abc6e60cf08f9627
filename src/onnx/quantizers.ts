import type { FixedPointFormat, MinifloatFormat, NumberFormat } from '../caffe/numberFormat';
import type { GraphBuilder, Value } from './graph';

/**
 * Writes the nodes that round a value to a number format: a few elementwise standard operators
 * that give the same bits as the original's GPU code (ties to even).
 *
 * @param name wish for the result's name
 */
export function emitQuantizer(
  builder: GraphBuilder,
  value: Value,
  format: NumberFormat,
  name: string,
): Value {
  switch (format.kind) {
    case 'float32':
      return value;
    case 'fixedPoint':
      return emitFixedPoint(builder, value, format, name);
    case 'minifloat':
      return emitMinifloat(builder, value, format, name);
    case 'powerOfTwo':
      throw new Error('activations have no power-of-two format');
  }
}

/**
 * `2^-fl * clamp(round(x * 2^fl), -2^(bw-1), 2^(bw-1) - 1)`. Scaling by a power of two is exact and
 * the limits are integers, so that clamping after rounding equals the original's order.
 */
function emitFixedPoint(
  builder: GraphBuilder,
  value: Value,
  { bits, fractionalLength }: FixedPointFormat,
  name: string,
): Value {
  const { shape } = value;
  const step = (opType: string, inputs: Value[], part: string): Value =>
    builder.node(opType, inputs, { name: `${name}:${part}`, shape });
  const half = 2 ** (bits - 1);
  const scaled = step('Mul', [value, builder.scalar(2 ** fractionalLength)], 'scaled');
  const rounded = step('Round', [scaled], 'rounded');
  const clipped = step(
    'Clip',
    [rounded, builder.scalar(-half), builder.scalar(half - 1)],
    'clipped',
  );
  return builder.node('Mul', [clipped, builder.scalar(2 ** -fractionalLength)], { name, shape });
}

/**
 * Sign, exponent and mantissa without denormals, infinities and NaN. The power of two below |x|
 * comes from Veltkamp's splitting (Dekker, Numer. Math. 18, 1971): with the factor 2^23 + 1 it
 * gives |x| rounded to one significant bit, exactly, in three float operations; where that rounded
 * up it is halved. Tested over all 2^23 mantissas. Values up to 2^103 are split without overflow;
 * larger ones, which only 8 exponent bits keep, are split after dividing them by 2^64, exactly.
 */
function emitMinifloat(
  builder: GraphBuilder,
  value: Value,
  { exponentBits, mantissaBits }: MinifloatFormat,
  name: string,
): Value {
  const { shape } = value;
  const bias = 2 ** (exponentBits - 1) - 1;
  const largestExponent = 2 ** exponentBits - 1 - bias;
  const step = (opType: string, inputs: Value[], part: string): Value =>
    builder.node(opType, inputs, { name: `${name}:${part}`, shape });
  const test = (opType: string, inputs: Value[], part: string): Value =>
    builder.node(opType, inputs, { name: `${name}:${part}`, shape, type: 'bool' });
  const select = (condition: Value, then: Value, otherwise: Value, part: string): Value =>
    builder.node('Where', [condition, then, otherwise], {
      name: `${name}:${part}`,
      shape,
      type: 'float32',
    });

  const magnitude = step('Abs', [value], 'magnitude');
  let result = magnitude;
  // A float32 has 23 mantissa bits: with as many there is nothing to round.
  if (mantissaBits < 23) {
    const isHuge =
      largestExponent > 103
        ? test('GreaterOrEqual', [magnitude, builder.scalar(2 ** 64)], 'is-huge')
        : undefined;
    const scaleHuge = (from: Value, factor: number, part: string): Value =>
      isHuge === undefined
        ? from
        : select(isHuge, step('Mul', [from, builder.scalar(factor)], part), from, `${part}-huge`);
    const scaled = scaleHuge(magnitude, 2 ** -64, 'down');
    const split = step('Mul', [scaled, builder.scalar(2 ** 23 + 1)], 'split');
    const low = step('Sub', [split, scaled], 'low');
    const nearest = step('Sub', [split, low], 'nearest-power');
    const isAbove = test('Greater', [nearest, scaled], 'is-above');
    const halved = step('Mul', [nearest, builder.scalar(0.5)], 'halved');
    const power = select(isAbove, halved, nearest, 'power');

    const fraction = step('Sub', [scaled, power], 'fraction');
    const quantum = step('Mul', [power, builder.scalar(2 ** -mantissaBits)], 'quantum');
    const steps = step('Div', [fraction, quantum], 'steps');
    const rounded = step('Round', [steps], 'rounded');
    const mantissa = step('Mul', [rounded, quantum], 'mantissa');
    result = scaleHuge(step('Add', [power, mantissa], 'in-range'), 2 ** 64, 'up');
  }

  // With 8 exponent bits nothing lies above the largest exponent.
  if (largestExponent < 128) {
    const largest = (2 - 2 ** -mantissaBits) * 2 ** largestExponent;
    const limit = builder.scalar(2 ** (largestExponent + 1));
    const isTooLarge = test('GreaterOrEqual', [magnitude, limit], 'is-too-large');
    result = select(isTooLarge, builder.scalar(largest), result, 'saturated');
  }
  // Zero, whose power of two is not defined, falls under this rule too.
  const smallest = Math.max(2 ** -bias, 2 ** -126);
  const isTooSmall = test('Less', [magnitude, builder.scalar(smallest)], 'is-too-small');
  result = select(isTooSmall, builder.scalar(0), result, 'flushed');
  const sign = step('Sign', [value], 'sign');
  return builder.node('Mul', [result, sign], { name, shape });
}
