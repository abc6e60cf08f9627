import { readQuantizationParam, type NumberFormat } from '../caffe/numberFormat';
import type { QuantizationParameter } from '../caffe/schema';

/** What the number formats of a `quantization_param` hold, one line of Markdown for each part. */
export function describeQuantization(param: QuantizationParameter): string[] {
  const { input, output, weights, bias } = readQuantizationParam(param);
  if (param.precision === 'MINIFLOAT') {
    return [`inputs, outputs, weights and biases: ${describeFormat(weights)}`];
  }
  const lines = [`inputs: ${describeFormat(input)}`, `outputs: ${describeFormat(output)}`];
  const isOne = weights === bias;
  lines.push(`${isOne ? 'weights and biases' : 'weights'}: ${describeFormat(weights)}`);
  if (!isOne) lines.push(`biases: ${describeFormat(bias)}`);
  return lines;
}

/** Range and step of a number format in plain words. */
export function describeFormat(format: NumberFormat): string {
  switch (format.kind) {
    case 'float32':
      return 'not rounded';
    case 'fixedPoint': {
      const { bits, fractionalLength } = format;
      if (bits < 1) return 'no numbers at all';
      const step = 2 ** -fractionalLength;
      const lowest = -(2 ** (bits - 1)) * step;
      const highest = (2 ** (bits - 1) - 1) * step;
      return (
        `${bits}-bit fixed point, ${short(lowest)} to ${short(highest)} ` +
        `in steps of ${short(step)} (2^${-fractionalLength})`
      );
    }
    case 'minifloat': {
      const { exponentBits, mantissaBits } = format;
      if (exponentBits < 1) return 'no numbers at all: there are no exponent bits';
      // No code stands for infinity, so the largest exponent counts as any other.
      const bias = 2 ** (exponentBits - 1) - 1;
      const highest = (2 - 2 ** -mantissaBits) * 2 ** (2 ** exponentBits - 1 - bias);
      return (
        `${1 + exponentBits + mantissaBits}-bit floating point, 0 and ±${short(2 ** -bias)} to ` +
        `±${short(highest)}, each number within ${percent(2 ** -(mantissaBits + 1))} of the true one`
      );
    }
    case 'powerOfTwo': {
      const { minExponent, maxExponent } = format;
      const count = 2 * (maxExponent - minExponent + 1);
      if (count < 1) return 'no numbers at all: exp_min is above exp_max';
      return (
        `powers of two, ±${short(2 ** minExponent)} (2^${minExponent}) to ` +
        `±${short(2 ** maxExponent)} (2^${maxExponent}), ${count} numbers and no zero`
      );
    }
  }
}

/** Four digits are enough to get a feeling. */
function short(value: number): string {
  const text = Number(value.toPrecision(4)).toString();
  return text.replace('e+', 'e').replace('-', '−');
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}
