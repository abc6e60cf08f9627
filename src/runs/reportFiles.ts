import type { NumberFormat } from '../caffe/numberFormat';
import { shown } from '../base/shown';
import { isWithinMargin, worseBy } from '../quantize/margin';
import type { QuantizeReport } from '../quantize/report';
import { groupNames } from '../quantize/original/search';
import { describeFormat } from './view/layersView';
import { directionOf } from './view/runScore';

/** The report as `ristretto quantize --report` writes it. */
export function reportJson(report: QuantizeReport): string {
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

/**
 * The bit-width table, the layers and the nets of a best search as CSV (RFC 4180): tables with an empty
 * line between.
 * Scores and ranges are plain numbers in full precision.
 */
export function reportCsv(report: QuantizeReport): string {
  const { rows, final, baseline, layers, errorMargin } = report;
  const margin = { baseline, errorMargin, direction: directionOf(report) };
  const within = (score: number): string => (isWithinMargin(score, margin) ? 'yes' : 'no');
  const changeName = margin.direction === 'lower' ? 'rise' : 'drop';
  const table = [
    ['group', 'bits', report.scoreBlob, changeName, 'within margin', 'seconds'],
    ['float net', 32, baseline, 0, 'yes', ''],
    ...rows.map(({ group, bits, score, seconds }) => [
      groupNames[group],
      bits,
      score,
      worseBy(score, margin),
      within(score),
      seconds,
    ]),
    [
      'final net',
      '',
      final.score,
      worseBy(final.score, margin),
      within(final.score),
      final.seconds,
    ],
  ];
  const layerTable = [
    ['layer', 'type', 'weights', 'biases', 'max in', 'max out', 'max weights'].concat(
      'input',
      'output',
      'weight format',
    ),
    ...layers.map((layer) => [
      layer.name,
      layer.type,
      layer.weights,
      layer.biases,
      layer.maxIn,
      layer.maxOut,
      layer.maxParams,
      asciiFormat(layer.formats.input),
      asciiFormat(layer.formats.output),
      asciiFormat(layer.formats.weights),
    ]),
  ];
  const points = report.best?.points ?? [];
  const pointTable =
    points.length === 0
      ? []
      : [
          [],
          [
            ['net', 'weight bytes', 'activation bits', 'bit operations', report.scoreBlob].concat(
              'bound',
              'within margin',
              'standard error',
              'on frontier',
              'delivered',
            ),
            ...points.map((point) => [
              point.index + 1,
              point.costs.weightBytes,
              point.costs.activationBits,
              point.costs.bitOperations,
              point.score,
              ...[point.isBound, point.withinMargin].map(yesOrNo),
              point.standardError ?? '',
              ...[point.onFrontier, point.isDelivered].map(yesOrNo),
            ]),
          ],
        ];
  return [table, [], layerTable, ...pointTable]
    .map((rowsOf) => rowsOf.map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join(''))
    .map((text) => (text === '' ? '\r\n' : text))
    .join('');
}

/** Without signs that a spreadsheet shows as something else unless it is told the encoding. */
function asciiFormat(format: NumberFormat): string {
  return describeFormat(format).replaceAll('−', '-').replaceAll('±', '+-');
}

function yesOrNo(value: boolean): string {
  return value ? 'yes' : 'no';
}

/** A cell that neither a terminal nor a spreadsheet takes for anything but text. */
function csvCell(value: string | number): string {
  const text = shown(String(value));
  // A spreadsheet runs what begins like a formula, also in the wide forms of these signs.
  const isFormula = typeof value === 'string' && /^ *[=+\-@＝＋－＠]/.test(text);
  const safe = isFormula && !Number.isFinite(Number(text)) ? `'${text}` : text;
  // Some spreadsheets part cells at a semicolon.
  return /[",;]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
