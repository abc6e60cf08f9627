import path from 'node:path';
import { float32 } from '../caffe/numberFormat';
import { worseBy, worstAccepted } from '../quantize/margin';
import type { Firmness } from '../quantize/report';
import { textReport } from '../quantize/textReport';
import { weightBytes } from '../quantize/weightBytes';
import { chartView } from './chartView';
import { inEditorWords } from './flagWords';
import {
  formatBytes,
  formatCount,
  formatProvider,
  formatSeconds,
  modeNames,
  type ScoreFormat,
} from './formatting';
import { groupTitles } from './groupTitles';
import { layersView } from './layersView';
import type {
  CellView,
  DiffView,
  FactView,
  FailureView,
  PageAction,
  PanelView,
  ProgressView,
  SummaryView,
} from './panelMessages';
import { isUnfinished, type RunRecord, type RunStatus } from './runRecord';
import { describeFirmness, pointsView, selectedPoint } from './pointsView';
import { marginOf, scoreFormat } from './runScore';
import { sweepTable, type SweepCell } from './sweepTable';

/** What the page shows besides the run itself. */
export interface PanelExtras {
  readonly diff?: DiffView | undefined;
  readonly stale?: string | undefined;
  readonly progress?: ProgressView | undefined;
  /** The net of a best search that the user looks at; the delivered one if absent. */
  readonly selectedPoint?: number | undefined;
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
    stale: extras.stale,
    facts: facts(record, format),
    summary: summary(record, format),
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
    notes: record.notes.map(inEditorWords),
    failure: failureView(record),
    actions: actions(record),
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
  const search = request.search === 'best' ? ', best search' : '';
  found.push({ label: 'Trimming mode', text: `${modeNames[request.mode]}${search}` });
  if (plan !== undefined) {
    const better = format.direction === 'lower' ? ', lower is better' : '';
    found.push({ label: 'Score', text: `scored by ${plan.scoreBlob}${better}` });
  }
  found.push({ label: 'Error margin', text: `margin ${format.margin(request.errorMargin)}` });
  const time = report?.seconds ?? seconds;
  if (time !== undefined) found.push({ label: 'Time', text: formatSeconds(time) });
  return found;
}

function summary(record: RunRecord, format: ScoreFormat): SummaryView[] {
  const { baseline, report } = record;
  return [
    {
      label: 'Float',
      value: baseline === undefined ? undefined : format.text(baseline.score),
    },
    quantizedSummary(record, format),
    weightsSummary(record),
    {
      label: 'Activations',
      value: activationsText(report),
      remark: report === undefined ? undefined : 'float: 32 bit',
    },
  ];
}

function activationsText(report: RunRecord['report']): string | undefined {
  if (report === undefined) return undefined;
  if (report.chosen !== null) return `${report.chosen.activations} bit`;
  return report.best === undefined
    ? undefined
    : `${report.best.costs.activationBits.toFixed(1)} bit on average`;
}

function quantizedSummary({ report }: RunRecord, format: ScoreFormat): SummaryView {
  const label = 'Quantized';
  if (report === undefined) return { label };
  const { final, baseline, errorMargin } = report;
  const verdict = final.withinMargin ? 'inside' : 'outside';
  return {
    label,
    value: format.text(final.score),
    remark:
      `${format.change(final.score - baseline)}, ${verdict} the margin of ` +
      `${format.margin(errorMargin)}${openVerdict(final, format)}`,
    verdict,
  };
}

/** What to add where these images cannot settle the verdict. */
function openVerdict(final: Firmness, format: ScoreFormat): string {
  return final.verdict === 'open' ? ` (${describeFirmness(final, format)})` : '';
}

function weightsSummary({ report, layers }: RunRecord): SummaryView {
  const label = 'Weights';
  if (report !== undefined) {
    const { float, quantized } = report.weightBytes;
    return {
      label,
      value: `${formatBytes(float)} → ${formatBytes(quantized)}`,
      remark: `${(float / quantized).toFixed(1)}× smaller`,
    };
  }
  if (layers === undefined) return { label };
  const float = { weights: float32, bias: float32 };
  const total = layers.reduce((sum, layer) => sum + weightBytes(layer, float), 0);
  return { label, value: formatBytes(total) };
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

function failureView({ status, failure }: RunRecord): FailureView | undefined {
  if (status === 'interrupted') {
    return {
      title: 'The window that ran this was closed or reloaded',
      detail: 'What had been scored by then is kept. Try again to score the rest.',
    };
  }
  if (status !== 'failed' || failure === undefined) return undefined;
  return {
    title: failure.code === undefined ? 'The engine stopped' : 'The run could not go on',
    detail: inEditorWords(failure.message),
    step: failure.step,
  };
}

function actions(record: RunRecord): PageAction[] {
  const always: PageAction[] = ['openNet', 'showLog'];
  if (isUnfinished(record)) return ['cancel', ...always];
  if (record.report === undefined) return ['tryAgain', 'changeOptions', ...always];
  const { search, final } = record.report;
  return [
    'quantizeAgain',
    'changeOptions',
    ...(search !== 'best' && !final.withinMargin ? (['searchBest'] as const) : []),
    'savePrototxt',
    'openDiff',
    'copyReport',
    'exportJson',
    'exportCsv',
    'exportOnnx',
    ...always,
  ];
}
