import type { MinifloatFormat } from './minifloat';
import type { NodeWriter } from './nodeWriter';

/**
 * Sign, exponent and mantissa without denormals, infinities and NaN. The power of two below |x|
 * comes from Veltkamp's splitting (Dekker, Numer. Math. 18, 1971): with the factor 2^23 + 1 it
 * gives |x| rounded to one significant bit, exactly, in three float operations; where that rounded
 * up it is halved. Tested over all 2^23 mantissas. Values up to 2^103 are split without overflow;
 * larger ones, which only 8 exponent bits keep, are split after dividing them by 2^64, exactly.
 */
export function writeMinifloatNodes<Value>(
  nodes: NodeWriter<Value>,
  value: Value,
  { exponentBits, mantissaBits }: MinifloatFormat,
): Value {
  const bias = 2 ** (exponentBits - 1) - 1;
  const largestExponent = 2 ** exponentBits - 1 - bias;
  const magnitude = nodes.step('Abs', [value], 'magnitude');
  // A float32 has 23 mantissa bits: with as many there is nothing to round.
  let result =
    mantissaBits < 23
      ? writeMantissa(nodes, magnitude, mantissaBits, largestExponent > 103)
      : magnitude;

  // With 8 exponent bits nothing lies above the largest exponent.
  if (largestExponent < 128) {
    const largest = (2 - 2 ** -mantissaBits) * 2 ** largestExponent;
    const limit = nodes.scalar(2 ** (largestExponent + 1));
    const isTooLarge = nodes.test('GreaterOrEqual', [magnitude, limit], 'is-too-large');
    result = nodes.select(isTooLarge, nodes.scalar(largest), result, 'saturated');
  }
  // Zero, whose power of two is not defined, falls under this rule too.
  const smallest = Math.max(2 ** -bias, 2 ** -126);
  const isTooSmall = nodes.test('Less', [magnitude, nodes.scalar(smallest)], 'is-too-small');
  result = nodes.select(isTooSmall, nodes.scalar(0), result, 'flushed');
  const sign = nodes.step('Sign', [value], 'sign');
  return nodes.result('Mul', [result, sign]);
}

/** Rounds the mantissa of magnitudes. */
function writeMantissa<Value>(
  nodes: NodeWriter<Value>,
  magnitude: Value,
  mantissaBits: number,
  mayBeHuge: boolean,
): Value {
  const isHuge = mayBeHuge
    ? nodes.test('GreaterOrEqual', [magnitude, nodes.scalar(2 ** 64)], 'is-huge')
    : undefined;
  const scaleHuge = (from: Value, factor: number, part: string): Value =>
    isHuge === undefined
      ? from
      : nodes.select(
          isHuge,
          nodes.step('Mul', [from, nodes.scalar(factor)], part),
          from,
          `${part}-huge`,
        );
  const scaled = scaleHuge(magnitude, 2 ** -64, 'down');
  const split = nodes.step('Mul', [scaled, nodes.scalar(2 ** 23 + 1)], 'split');
  const low = nodes.step('Sub', [split, scaled], 'low');
  const nearest = nodes.step('Sub', [split, low], 'nearest-power');
  const isAbove = nodes.test('Greater', [nearest, scaled], 'is-above');
  const halved = nodes.step('Mul', [nearest, nodes.scalar(0.5)], 'halved');
  const power = nodes.select(isAbove, halved, nearest, 'power');

  const fraction = nodes.step('Sub', [scaled, power], 'fraction');
  const quantum = nodes.step('Mul', [power, nodes.scalar(2 ** -mantissaBits)], 'quantum');
  const steps = nodes.step('Div', [fraction, quantum], 'steps');
  const rounded = nodes.step('Round', [steps], 'rounded');
  const mantissa = nodes.step('Mul', [rounded, quantum], 'mantissa');
  return scaleHuge(nodes.step('Add', [power, mantissa], 'in-range'), 2 ** 64, 'up');
}
