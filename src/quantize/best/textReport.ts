import { agreementName } from '../../caffe/agreement';
import { describeBriefly } from '../../formats/formats';
import { formatBytes } from '../../base/amounts';
import { shown } from '../../base/shown';
import { columnsIn, writeCell, type CellWriters } from '../columns';
import { formatFloat } from '../formatFloat';
import { layerColumns } from '../layerColumns';
import type { BestSearchReport, CommonReport } from '../report';

/** The end of a best search as text: a table of the layers, the costs, the score, what it is good for. */
export function bestLines(report: BestSearchReport): string[] {
  const { baseline, final, layers, weightBytes, best } = report;
  const columns = columnsIn(layerColumns, 'text');
  const table = [
    columns.map(({ title }) => title),
    ...layers.map((layer) => columns.map((column) => writeCell(column, layer, writers) ?? '')),
  ];
  const widths = columns.map((_, at) => Math.max(...table.map((row) => (row[at] ?? '').length)));
  const error = final.standardError;
  return [
    'Bits per layer, searched for together.',
    `Baseline 32bit float: ${formatFloat(baseline)}`,
    ...table.map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    ),
    `Weights: ${formatBytes(weightBytes.quantized)} of ${formatBytes(weightBytes.float)}`,
    `Activations: ${best.costs.activationBits.toFixed(2)} bits on average`,
    `${scoreLabel(report)}: ${formatFloat(final.score)}` +
      (error === null ? '' : ` (difference to float +- ${Number(error.toPrecision(2))})`),
    ...advice(report),
  ];
}

/** What the score is: an accuracy, or by its own name something else. */
function scoreLabel({ scoreBlob, scoreIsAccuracy }: CommonReport): string {
  // A share of equal answers says nothing of right ones.
  const isAgreement = scoreBlob.split(':').at(-1) === agreementName;
  return scoreIsAccuracy && !isAgreement ? 'Accuracy' : shown(scoreBlob);
}

/** What the original's report ends with in three words. */
function advice({ final, errorMargin, scoreDirection }: CommonReport): readonly string[] {
  const margin = scoreDirection === 'lower' ? formatFloat(errorMargin / 100) : `${errorMargin} %`;
  return [
    final.withinMargin
      ? `Within the margin of ${margin}: the net can be used as it is.`
      : `Outside of the margin of ${margin}: more bits, or fine-tuning, may bring it inside.`,
    'Fine-tuning means training the quantized net on for a few epochs, which may win back some of',
    'what rounding cost. The original tool advises it after every search; this one does not train.',
  ];
}

const writers: CellWriters<string> = {
  text: (text) => shown(text),
  net: String,
  count: String,
  bytes: (bytes) => formatBytes(bytes),
  bits: (bits) => bits.toFixed(2),
  large: formatFloat,
  number: formatFloat,
  format: ({ format, integerLength }) =>
    format === undefined ? `il ${integerLength}` : describeBriefly(format),
  score: ({ score, isBound }) => `${isBound ? 'at most ' : ''}${formatFloat(score)}`,
  change: formatFloat,
  verdict: ({ withinMargin }) => (withinMargin ? 'within' : 'outside'),
  flag: (value) => (value ? 'yes' : 'no'),
};
