import type { NumberFormat } from '../../caffe/numberFormat';
import { shown } from '../../base/shown';
import { formatFloat } from '../formatFloat';
import type { QuantizeReport } from '../report';

/** The end of a best search as text: a table of the layers, the costs, the score. */
export function bestLines(report: QuantizeReport): string[] {
  const { baseline, final, layers, weightBytes, best } = report;
  const rows = layers.map(({ name, formats }) => [
    shown(name),
    describeFormat(formats.weights),
    describeFormat(formats.input),
    describeFormat(formats.output),
  ]);
  const table = [['layer', 'weights', 'input', 'output'], ...rows];
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...table.map((row) => (row[column] ?? '').length)),
  );
  const error = final.standardError;
  return [
    'Bits per layer, searched for together.',
    `Baseline 32bit float: ${formatFloat(baseline)}`,
    ...table.map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    ),
    `Weights: ${weightBytes.quantized} bytes of ${weightBytes.float}`,
    ...(best === undefined
      ? []
      : [`Activations: ${formatFloat(best.costs.activationBits)} bits on average`]),
    `Accuracy: ${formatFloat(final.score)}` +
      (error === null ? '' : ` (difference to float +- ${Number(error.toPrecision(2))})`),
    'Please fine-tune.',
  ];
}

/** `4 bit, fl 3`; `2 bit, +-2^-5..-4`; `6 bit, 4 exponent`; `float`. */
export function describeFormat(format: NumberFormat): string {
  switch (format.kind) {
    case 'float32':
      return 'float';
    case 'fixedPoint':
      return `${format.bits} bit, fl ${format.fractionalLength}`;
    case 'minifloat':
      return `${1 + format.exponentBits + format.mantissaBits} bit, ${format.exponentBits} exponent`;
    case 'powerOfTwo':
      return format.minExponent === format.maxExponent
        ? `1 bit, +-2^${format.minExponent}`
        : `${1 + Math.ceil(Math.log2(format.maxExponent - format.minExponent + 1))} bit, ` +
            `+-2^${format.minExponent}..${format.maxExponent}`;
  }
}
