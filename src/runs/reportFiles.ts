import type { Column, ColumnPlace } from '../quantize/columns';
import { layerColumns } from '../quantize/layerColumns';
import { isWithinMargin } from '../quantize/margin';
import { netColumns, netRows, type NetRow } from '../quantize/netColumns';
import { groupNames } from '../quantize/groups';
import type {
  BestSearchReport,
  OriginalReport,
  QuantizeReport,
  VisitedPoint,
} from '../quantize/report';
import { csvTable } from './csv';
import type { RunRecord } from './runRecord';
import { layerRows } from './view/layersView';
import { netName, selectedPoint } from './view/pointsView';
import { directionOf } from './view/runScore';

/** A table that can be exported as a CSV file of its own: what reads such a file takes one table. */
export interface ReportTable {
  readonly id: 'widths' | 'nets' | 'layers';
  readonly title: string;
  /** What a row is. */
  readonly description: string;
  /** What a file of it is called besides the net: `layers`, `net6_layers`. */
  readonly suffix: string;
  csv(): string;
}

/**
 * The tables of a run that has ended with a result.
 *
 * @param selected index of the net of a best search that is shown, where it is not the delivered one:
 * the layers are given with its formats
 */
export function reportTables(
  record: RunRecord & { readonly report: QuantizeReport },
  selected?: number,
): readonly ReportTable[] {
  const { report } = record;
  const point = selectedPoint(record, selected);
  const other = point?.isDelivered === false ? point : undefined;
  const layers: ReportTable = {
    id: 'layers',
    title: 'Layers',
    description:
      `ranges, formats and sizes${other === undefined ? '' : ` of ${netName(other)}`}, ` +
      'a row for each layer',
    suffix: other === undefined ? 'layers' : `${netName(other).replace(' ', '')}_layers`,
    csv: () => csvTable(layerColumns, layerRows(record, point)),
  };
  return [
    report.search === 'best' ? netsTable(report, record.points ?? []) : widthsTable(report),
    layers,
  ];
}

function netsTable(
  { best, baseline }: BestSearchReport,
  points: readonly VisitedPoint[],
): ReportTable {
  const float: NetRow = { costs: best.floatCosts, score: baseline, change: 0, point: undefined };
  return {
    id: 'nets',
    title: 'Nets',
    description: 'costs and scores, a row for each net that was scored',
    suffix: 'nets',
    csv: () => csvTable(netColumns, [float, ...netRows(points, baseline)]),
  };
}

function widthsTable(report: OriginalReport): ReportTable {
  return {
    id: 'widths',
    title: 'Bit-widths',
    description: 'scores, a row for each width that was tried',
    suffix: 'widths',
    csv: () => csvTable(widthColumns, widthRows(report)),
  };
}

/** A net of the original's search; of the float net and the final one no width is told. */
interface WidthRow {
  readonly group: string;
  readonly bits: number | undefined;
  readonly score: number;
  readonly change: number;
  readonly within: boolean;
  readonly seconds: number | undefined;
}

const csv: readonly ColumnPlace[] = ['csv'];

const widthColumns: readonly Column<WidthRow>[] = [
  {
    key: 'group',
    title: 'Group',
    description: 'Parts of the net that have this width',
    places: csv,
    kind: 'text',
    of: ({ group }) => group,
  },
  {
    key: 'bits',
    title: 'Bits',
    description: 'The width',
    places: csv,
    kind: 'count',
    of: ({ bits }) => bits,
  },
  {
    key: 'score',
    title: 'Score',
    description: 'The score',
    places: csv,
    kind: 'number',
    of: (row) => row.score,
  },
  {
    key: 'change',
    title: 'Change',
    description: 'Difference to the float net',
    places: csv,
    kind: 'change',
    of: ({ change }) => change,
  },
  {
    key: 'within',
    title: 'Within margin',
    description: 'Whether the score lies inside the margin',
    places: csv,
    kind: 'flag',
    of: ({ within }) => within,
  },
  {
    key: 'seconds',
    title: 'Seconds',
    description: 'Seconds that scoring took',
    places: csv,
    kind: 'number',
    of: ({ seconds }) => seconds,
  },
];

function widthRows(report: OriginalReport): readonly WidthRow[] {
  const { rows, final, baseline, errorMargin } = report;
  const margin = { baseline, errorMargin, direction: directionOf(report) };
  const scored = (score: number): Pick<WidthRow, 'score' | 'change' | 'within'> => ({
    score,
    change: score - baseline,
    within: isWithinMargin(score, margin),
  });
  return [
    { group: 'float net', bits: 32, seconds: undefined, ...scored(baseline) },
    ...rows.map(({ group, bits, score, seconds }) => ({
      group: groupNames[group],
      bits,
      seconds,
      ...scored(score),
    })),
    { group: 'final net', bits: undefined, seconds: final.seconds, ...scored(final.score) },
  ];
}
