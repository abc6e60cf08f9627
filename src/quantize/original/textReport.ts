import { bestLines } from '../best/textReport';
import { formatFloat } from '../formatFloat';
import type { OriginalReport, QuantizeReport } from '../report';
import type { Group } from './search';

/**
 * The original's text report, letter for letter (without glog's prefix), without a final newline; of
 * the best search, which the original does not know, a table of the layers.
 */
export function textReport(report: QuantizeReport): string {
  return (report.search === 'best' ? bestLines(report) : linesOf(report)).join('\n');
}

function linesOf(report: OriginalReport): string[] {
  const { mode, chosen } = report;
  const baseline = `Baseline 32bit float: ${formatFloat(report.baseline)}`;
  const rows = (group: Group): string[] =>
    report.rows
      .filter((row) => row.group === group)
      .map((row) => `${row.bits}bit: \t${formatFloat(row.score)}`);
  const advice = 'Please fine-tune.';
  switch (mode) {
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
        `${chosen.conv_params}bit CONV weights,`,
        `${chosen.fc_params}bit FC weights,`,
        `${chosen.activations}bit layer activations:`,
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
