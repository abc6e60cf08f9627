import { bestLines } from '../best/textReport';
import { formatFloat } from '../formatFloat';
import { planOf } from '../modes/modes';
import type { OriginalReport, QuantizeReport } from '../report';

/**
 * The original's text report, letter for letter (without glog's prefix), without a final newline; of
 * the best search, which the original does not know, a table of the layers.
 */
export function textReport(report: QuantizeReport): string {
  return (report.search === 'best' ? bestLines(report) : linesOf(report)).join('\n');
}

function linesOf({ mode, chosen, baseline, rows, final }: OriginalReport): string[] {
  const lines = planOf(mode).reportLines({
    baseline: `Baseline 32bit float: ${formatFloat(baseline)}`,
    rows: (group) =>
      rows
        .filter((row) => row.group === group)
        .map((row) => `${row.bits}bit: \t${formatFloat(row.score)}`),
    chosen,
    score: formatFloat(final.score),
  });
  return [...lines, 'Please fine-tune.'];
}
