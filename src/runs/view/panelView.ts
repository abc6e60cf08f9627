import { modes } from '../../quantize/modes/modes';
import path from 'node:path';
import { worseBy, worstAccepted } from '../../quantize/margin';
import { textReport } from '../../quantize/original/textReport';
import { chartView } from './chartView';
import { failureView } from './failureView';
import {
  formatBytes,
  formatCount,
  formatProvider,
  formatSeconds,
  type ScoreFormat,
} from './formatting';
import { groupTitles } from './groupTitles';
import { layersView } from './layersView';
import type {
  CellView,
  DiffView,
  FactView,
  PageAction,
  PanelView,
  ProgressView,
  RelatedRun,
} from '../panelMessages';
import { isUnfinished, type RunRecord, type RunStatus } from '../runRecord';
import { pointsView, selectedPoint } from './pointsView';
import { marginOf, scoreFormat } from './runScore';
import { summaryView } from './summaryView';
import { sweepTable, type SweepCell } from './sweepTable';

/** What the page shows besides the run itself. */
export interface PanelExtras {
  readonly diff?: DiffView | undefined;
  readonly stale?: string | undefined;
  readonly progress?: ProgressView | undefined;
  /** The net of a best search that the user looks at; the delivered one if absent. */
  readonly selectedPoint?: number | undefined;
  readonly related?: readonly RelatedRun[] | undefined;
  /** Whether the net has other runs than this one. */
  readonly hasOtherRuns?: boolean | undefined;
}

/** Everything the results page shows of a run, ready to be drawn. */
export function panelView(record: RunRecord, extras: PanelExtras = {}): PanelView {
  const format = scoreFormat(record);
  const { widths, columns } = sweepTable(record);
  return {
    runId: record.id,
    title: record.plan?.net ?? record.request.netName,
    status: record.status,
    statusText: statusTexts[record.status],
    related: extras.related ?? [],
    stale: extras.stale,
    facts: facts(record, format),
    summary: summaryView(record, format, selectedPoint(record, extras.selectedPoint)),
    score: {
      name: record.plan?.scoreBlob ?? 'accuracy',
      unit: format.unit,
      direction: format.direction,
    },
    widths,
    groups: columns.map(({ group, cells }) => ({
      group,
      name: groupTitles[group],
      cells: cells.map((cell) => cellView(cell, record, format)),
    })),
    chart: chartView(record, columns, format),
    points: pointsView(record, format, extras.selectedPoint),
    layers: layersView(record, selectedPoint(record, extras.selectedPoint)),
    diff: extras.diff,
    report: record.report === undefined ? undefined : textReport(record.report),
    notes: record.notes,
    failure: failureView(record),
    actions: actions(record, extras),
    progress: extras.progress,
  };
}

const statusTexts: Readonly<Record<RunStatus, string>> = {
  queued: 'Waiting',
  starting: 'Starting',
  running: 'Running',
  done: 'Done',
  cancelled: 'Cancelled',
  failed: 'Failed',
  interrupted: 'Interrupted',
};

function facts(
  { request, plan, seconds, report, stamps }: RunRecord,
  format: ScoreFormat,
): FactView[] {
  const { model, weights } = request;
  const weightsBytes = plan?.weightsBytes ?? stamps?.weights.bytes;
  const size = weightsBytes === undefined ? '' : ` (${formatBytes(weightsBytes)})`;
  const found: FactView[] = [
    { label: 'Net', text: path.basename(model), title: model },
    { label: 'Weights', text: `${path.basename(weights)}${size}`, title: weights },
  ];
  if (plan !== undefined) {
    const { testSources, iterations, batchSize } = plan;
    found.push({
      label: 'Data',
      text:
        `${testSources.map((source) => path.basename(source)).join(', ')}, ` +
        `${formatCount(iterations)} × ${formatCount(batchSize)} images`,
      title: testSources.join('\n'),
    });
    found.push({ label: 'Runs on', text: formatProvider(plan.provider) });
  }
  const kind = request.base !== undefined ? ', bits set by hand' : ', best search';
  const search = request.search === 'best' ? kind : '';
  found.push({ label: 'Trimming mode', text: `${modes[request.mode].name}${search}` });
  if (plan !== undefined) {
    const better = format.direction === 'lower' ? ', lower is better' : '';
    found.push({ label: 'Score', text: `scored by ${plan.scoreBlob}${better}` });
  }
  found.push({ label: 'Error margin', text: `margin ${format.margin(request.errorMargin)}` });
  const time = report?.seconds ?? seconds;
  if (time !== undefined) found.push({ label: 'Time', text: formatSeconds(time) });
  return found;
}

function cellView(
  { bits, state, row, within, chosen }: SweepCell,
  record: RunRecord,
  format: ScoreFormat,
): CellView {
  const margin = marginOf(record);
  if (row === undefined || margin === undefined) return { bits, state, chosen };
  const edge = { baseline: worstAccepted(margin), direction: margin.direction };
  return {
    bits,
    state,
    chosen,
    score: format.number(row.score),
    drop: format.change(row.score - margin.baseline),
    within,
    missedBy: within ? undefined : format.number(worseBy(row.score, edge)),
    time: `${row.seconds.toFixed(1)} s`,
  };
}

function actions(record: RunRecord, extras: PanelExtras): PageAction[] {
  const others: readonly PageAction[] =
    extras.hasOtherRuns === true ? ['showRuns', 'compareRun'] : [];
  const always: PageAction[] = [...others, 'openNet', 'showLog'];
  if (isUnfinished(record)) return ['cancel', ...always];
  const { report } = record;
  if (report === undefined) {
    const hasNet = selectedPoint(record, extras.selectedPoint) !== undefined;
    return [
      'tryAgain',
      'changeOptions',
      ...(hasNet ? (['savePrototxt', 'openDiff', 'exportOnnx'] as const) : []),
      ...always,
    ];
  }
  const { search, final } = report;
  return [
    'quantizeAgain',
    'changeOptions',
    ...(search !== 'best' && !final.withinMargin ? (['searchBest'] as const) : []),
    'savePrototxt',
    'openDiff',
    'copyReport',
    'exportJson',
    'exportCsv',
    'exportLayersCsv',
    'exportOnnx',
    ...always,
  ];
}
