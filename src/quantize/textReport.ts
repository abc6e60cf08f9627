import type { QuantizeReport } from './report';
import type { Group } from './search';

/** The original's text report, letter for letter (without glog's prefix), without a final newline. */
export function textReport(report: QuantizeReport): string {
  return linesOf(report).join('\n');
}

function linesOf(report: QuantizeReport): string[] {
  const baseline = `Baseline 32bit float: ${formatFloat(report.baseline)}`;
  const rows = (group: Group): string[] =>
    report.rows
      .filter((row) => row.group === group)
      .map((row) => `${row.bits}bit: \t${formatFloat(row.score)}`);
  const advice = 'Please fine-tune.';
  switch (report.mode) {
    case 'dynamic_fixed_point':
      return [
        'Network accuracy analysis for',
        'Convolutional (CONV) and fully',
        'connected (FC) layers.',
        baseline,
        'Dynamic fixed point CONV',
        'weights: ',
        ...rows('conv_params'),
        'Dynamic fixed point FC',
        'weights: ',
        ...rows('fc_params'),
        'Dynamic fixed point layer',
        'activations:',
        ...rows('activations'),
        'Dynamic fixed point net:',
        `${report.chosen.conv_params}bit CONV weights,`,
        `${report.chosen.fc_params}bit FC weights,`,
        `${report.chosen.activations}bit layer activations:`,
        `Accuracy: ${formatFloat(report.final.score)}`,
        advice,
      ];
    case 'minifloat':
      return [
        'Network accuracy analysis for',
        'Convolutional (CONV) and fully',
        'connected (FC) layers.',
        baseline,
        'Minifloat net:',
        ...rows('net'),
        advice,
      ];
    case 'integer_power_of_2_weights':
      return [
        'Network accuracy analysis for',
        'Integer-power-of-two weights',
        'in Convolutional (CONV) and',
        'fully connected (FC) layers.',
        baseline,
        'Quantized net:',
        ...rows('net'),
        advice,
      ];
  }
}

/** A number as C++ streams print it: six significant digits, `1e-05` below 0.0001. */
export function formatFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [mantissa = '0', exponentText = '0'] = sixDigits(value).split('e');
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 6) {
    const digits = String(Math.abs(exponent)).padStart(2, '0');
    return `${Number(mantissa)}e${exponent < 0 ? '-' : '+'}${digits}`;
  }
  return String(Number(`${mantissa}e${exponent}`));
}

/** Like `toExponential(5)`, but an exact tie goes to the even digit, as C++ has it. */
function sixDigits(value: number): string {
  const [digits = '', exponent = ''] = value.toExponential(60).split('e');
  const dot = digits.indexOf('.');
  const kept = digits.slice(0, dot + 6);
  const isTie = /^50*$/.test(digits.slice(dot + 6));
  const isEven = Number(kept.at(-1)) % 2 === 0;
  return isTie && isEven ? `${kept}e${exponent}` : value.toExponential(5);
}
