import { worstAccepted } from '../quantize/margin';
import type { Firmness, VisitedPoint } from '../quantize/report';
import { formatBytes, formatCount, type ScoreFormat } from './formatting';
import type { PointKind, PointsView, PointView } from './panelMessages';
import { isUnfinished, type RunRecord } from './runRecord';
import { marginOf } from './runScore';

/** The nets of a best search, the smallest first; undefined for a run of the original's search. */
export function pointsView(
  record: RunRecord,
  format: ScoreFormat,
  selected: number | undefined,
): PointsView | undefined {
  if (record.request.search !== 'best') return undefined;
  const margin = marginOf(record);
  const points = [...(record.points ?? [])].sort(
    (a, b) => a.costs.weightBytes - b.costs.weightBytes || a.score - b.score,
  );
  const shown = selectedPoint(record, selected);
  return {
    isOver: !isUnfinished(record),
    baseline: margin === undefined ? undefined : format.value(margin.baseline),
    margin: margin === undefined ? undefined : format.value(worstAccepted(margin)),
    points: points.map((point) => pointView(point, record, format)),
    selected: shown?.index,
    selectedText:
      shown === undefined || shown.isDelivered
        ? undefined
        : `Showing net ${shown.index + 1} of ${points.length}, not the one the search delivered.`,
  };
}

/** The net whose prototxt is shown: the one chosen, else the one delivered. */
export function selectedPoint(
  { points = [], report }: RunRecord,
  selected: number | undefined,
): VisitedPoint | undefined {
  // Before the end there are no texts to show.
  if (report === undefined) return undefined;
  return (
    points.find(({ index }) => index === selected) ?? points.find(({ isDelivered }) => isDelivered)
  );
}

function pointView(point: VisitedPoint, record: RunRecord, format: ScoreFormat): PointView {
  const { index, costs, score, isBound, withinMargin, isDelivered } = point;
  const margin = marginOf(record);
  const bits = costs.activationBits.toFixed(1);
  const scoreText = `${isBound ? '≤ ' : ''}${format.number(score)}`;
  const verdict = withinMargin ? 'inside' : 'outside';
  return {
    index,
    kind: kindOf(point),
    weightBytes: costs.weightBytes,
    size: formatBytes(costs.weightBytes),
    exactSize: `${formatCount(costs.weightBytes)} bytes`,
    activations: bits,
    value: format.value(score),
    score: scoreText,
    change: margin === undefined ? '' : format.change(score - margin.baseline),
    verdict,
    firmness: isBound ? 'stopped early' : describeFirmness(point, format),
    isDelivered,
    label:
      `${isDelivered ? 'Delivered: ' : ''}weights ${formatBytes(costs.weightBytes)}, ` +
      `activations ${bits} bit, ${isBound ? 'at most ' : ''}${format.text(score)}, ` +
      `${verdict} the margin`,
  };
}

function kindOf({ isDelivered, isBound, onFrontier }: VisitedPoint): PointKind {
  if (isDelivered) return 'delivered';
  if (isBound) return 'bound';
  return onFrontier ? 'frontier' : 'dominated';
}

/** `firm`; `open: ±0.12`, where other images may give another verdict; nothing where it is not known. */
export function describeFirmness(
  { verdict, standardError }: Firmness,
  format: ScoreFormat,
): string {
  if (verdict === 'unknown' || standardError === null) return 'one batch tells nothing';
  return verdict === 'firm' ? 'firm' : `open: ±${format.number(standardError)}`;
}
