import { float32 } from '../../formats/float32';
import type { Firmness, QuantizeReport, VisitedPoint } from '../../quantize/report';
import { weightBytes } from '../../quantize/weightBytes';
import { formatBytes, type ScoreFormat } from './formatting';
import { bestSoFar } from './netChoice';
import type { SummaryView } from '../panelMessages';
import { describeFirmness } from './pageCells';
import { netName } from './pointsView';
import { isUnfinished, type RunRecord } from '../runRecord';
import { marginOf } from './runScore';

/**
 * The result in four figures: of the net that is shown, and while a best search works of the best net
 * inside so far.
 *
 * @param shown the net of a best search that the page shows, once it has ended
 */
export function summaryView(
  record: RunRecord,
  format: ScoreFormat,
  shown: VisitedPoint | undefined,
): SummaryView[] {
  const { baseline, report } = record;
  const float: SummaryView = {
    label: 'Float',
    value: baseline === undefined ? undefined : format.text(baseline.score),
  };
  if (shown !== undefined && !shown.isDelivered) {
    const isBest = report === undefined && shown.index === bestSoFar(record)?.index;
    const label = isBest ? 'Best so far' : `Quantized, ${netName(shown)}`;
    return [float, ...pointSummary(shown, record, format, label)];
  }
  if (report !== undefined) {
    return [float, finalSummary(report, format), ...costSummary(report)];
  }
  const best = isUnfinished(record) ? bestSoFar(record) : undefined;
  if (best !== undefined) return [float, ...pointSummary(best, record, format, 'Best so far')];
  return [
    float,
    { label: 'Quantized' },
    { label: 'Weights', value: floatSize(record) },
    { label: 'Activations' },
  ];
}

function finalSummary(
  { final, baseline, errorMargin }: QuantizeReport,
  format: ScoreFormat,
): SummaryView {
  return {
    label: 'Quantized',
    value: format.text(final.score),
    ...verdictOf(final, final.score - baseline, format, errorMargin),
  };
}

function costSummary(report: QuantizeReport): SummaryView[] {
  const { weightBytes: bytes } = report;
  return [
    {
      label: 'Weights',
      value: `${formatBytes(bytes.float)} → ${formatBytes(bytes.quantized)}`,
      remark: smaller(bytes.float, bytes.quantized),
    },
    {
      label: 'Activations',
      value:
        report.search === 'best'
          ? averageBits(report.best.costs.activationBits)
          : `${report.chosen.activations} bit`,
      remark: 'float: 32 bit',
    },
  ];
}

function pointSummary(
  point: VisitedPoint,
  record: RunRecord,
  format: ScoreFormat,
  label: string,
): SummaryView[] {
  const { score, isBound, costs } = point;
  const baseline = marginOf(record)?.baseline ?? Number.NaN;
  const float = floatBytes(record);
  return [
    {
      label,
      value: `${isBound ? '≤ ' : ''}${format.text(score)}`,
      ...verdictOf(point, score - baseline, format, record.request.errorMargin),
    },
    {
      label: 'Weights',
      value:
        float === undefined
          ? formatBytes(costs.weightBytes)
          : `${formatBytes(float)} → ${formatBytes(costs.weightBytes)}`,
      remark: float === undefined ? undefined : smaller(float, costs.weightBytes),
    },
    {
      label: 'Activations',
      value: averageBits(costs.activationBits),
      remark: 'float: 32 bit',
    },
  ];
}

function verdictOf(
  firmness: Firmness & { readonly withinMargin: boolean },
  change: number,
  format: ScoreFormat,
  errorMargin: number,
): Pick<SummaryView, 'remark' | 'verdict'> {
  const verdict = firmness.withinMargin ? 'inside' : 'outside';
  return {
    remark:
      `${format.change(change)}, ${verdict} the margin of ${format.margin(errorMargin)}` +
      openVerdict(firmness, format),
    verdict,
  };
}

/** What to add where these images cannot settle the verdict. */
function openVerdict(firmness: Firmness, format: ScoreFormat): string {
  return firmness.verdict === 'open' ? ` (${describeFirmness(firmness, format)})` : '';
}

function smaller(float: number, quantized: number): string {
  return `${(float / quantized).toFixed(1)}× smaller`;
}

function averageBits(bits: number): string {
  return `${bits.toFixed(1)} bit on average`;
}

function floatSize(record: RunRecord): string | undefined {
  const bytes = floatBytes(record);
  return bytes === undefined ? undefined : formatBytes(bytes);
}

function floatBytes({ report, layers }: RunRecord): number | undefined {
  if (report !== undefined) return report.weightBytes.float;
  const float = { weights: float32, bias: float32 };
  return layers?.reduce((sum, layer) => sum + weightBytes(layer, float), 0);
}
