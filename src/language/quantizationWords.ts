import type { QuantizationParameter } from '../caffe/schema';
import { explainFormat } from '../formats/formats';
import { readQuantizationParam } from '../formats/quantizationParam';

/** What the number formats of a `quantization_param` hold, one line of Markdown for each part. */
export function describeQuantization(param: QuantizationParameter): string[] {
  const { input, output, weights, bias } = readQuantizationParam(param);
  if (input === weights && output === weights && bias === weights) {
    return [`inputs, outputs, weights and biases: ${explainFormat(weights)}`];
  }
  const lines = [`inputs: ${explainFormat(input)}`, `outputs: ${explainFormat(output)}`];
  const isOne = weights === bias;
  lines.push(`${isOne ? 'weights and biases' : 'weights'}: ${explainFormat(weights)}`);
  if (!isOne) lines.push(`biases: ${explainFormat(bias)}`);
  return lines;
}
