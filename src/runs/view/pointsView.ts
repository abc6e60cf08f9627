import { digitsApart } from '../../base/amounts';
import { worstAccepted } from '../../quantize/margin';
import type { Column } from '../../quantize/columns';
import { netColumns, netRows, type NetRow } from '../../quantize/netColumns';
import type { VisitedPoint } from '../../quantize/report';
import { formatBytes, formatLarge, type ScoreFormat } from './formatting';
import { mainCostOf, type MainCost } from './mainCost';
import { bestSoFar, whyNotCheaper, whyNotDelivered } from './netChoice';
import type { CostView, PointKind, PointsView, PointView } from '../panelMessages';
import { isUnfinished, type RunRecord } from '../runRecord';
import { cellTexts, columnViews, firmnessOf, pageWriters } from './pageCells';
import { marginOf } from './runScore';

/** The nets of a best search, the smallest first; undefined for a run of the original's search. */
export function pointsView(
  record: RunRecord,
  format: ScoreFormat,
  selected: number | undefined,
): PointsView | undefined {
  if (record.request.search !== 'best') return undefined;
  const margin = marginOf(record);
  const main = mainCostOf(record.report?.best?.objective ?? record.request.objective);
  const points = [...(record.points ?? [])].sort(
    (a, b) => a.costs[main] - b.costs[main] || a.score - b.score,
  );
  const columns = netColumns.filter(({ onlyFor = main }) => onlyFor === main);
  const digits = digitsApart(points.map(({ costs }) => costs.weightBytes));
  const shown = selectedPoint(record, selected);
  return {
    isOver: !isUnfinished(record),
    baseline: margin === undefined ? undefined : format.value(margin.baseline),
    margin: margin === undefined ? undefined : format.value(worstAccepted(margin)),
    cost: costViews[main],
    columns: columnViews(columns),
    points: netRows(points, margin?.baseline ?? Number.NaN).map((row) =>
      pointView(row, record, format, { main, digits, columns }),
    ),
    selected: shown?.index,
    other: otherNet(shown, record, format),
    stopped: stoppedSearch(record),
    whyNotCheaper: whyNotCheaper(record),
  };
}

/** What the page calls a net of the search: by the order of visits, from 1. */
export function netName({ index }: { readonly index: number }): string {
  return `net ${index + 1}`;
}

function otherNet(
  shown: VisitedPoint | undefined,
  record: RunRecord,
  format: ScoreFormat,
): PointsView['other'] {
  const usual = selectedPoint(record, undefined);
  if (shown === undefined || shown.index === usual?.index) return undefined;
  const name = netName(shown);
  const said = name.replace('n', 'N');
  if (record.report === undefined) {
    const text = `${said} is shown${usual === undefined ? '' : ', not the best one so far'}.`;
    return { name, text, back: usual === undefined ? undefined : 'Show the best one so far' };
  }
  const reason = whyNotDelivered(shown, record, format);
  return {
    name,
    text: `${said} is shown, not the delivered one.`,
    back: 'Show the delivered one',
    reason: reason === undefined ? undefined : `${said} was not delivered: ${reason}.`,
  };
}

/** A search that did not come to its end has something to give all the same. */
function stoppedSearch(record: RunRecord): PointsView['stopped'] {
  if (isUnfinished(record) || record.report !== undefined) return undefined;
  const best = bestSoFar(record);
  if (best === undefined) return undefined;
  const name = netName(best);
  return {
    name,
    text: `The search did not end: ${name} is the best one inside the margin so far.`,
  };
}

/**
 * The net whose prototxt is shown: the one chosen, else the one delivered, else the best one inside that
 * a search had found when it was stopped.
 */
export function selectedPoint(
  record: RunRecord,
  selected: number | undefined,
): VisitedPoint | undefined {
  // Before the end there are no texts to show.
  if (isUnfinished(record)) return undefined;
  const { points = [], report } = record;
  return (
    points.find(({ index }) => index === selected) ??
    (report === undefined ? bestSoFar(record) : points.find(({ isDelivered }) => isDelivered))
  );
}

const costViews: Readonly<Record<MainCost, CostView>> = {
  weightBytes: { name: 'weights', unit: 'B' },
  activationBits: { name: 'activations', unit: 'bit' },
  bitOperations: { name: 'operations', unit: '' },
};

interface PointDrawing {
  readonly main: MainCost;
  /** Digits of sizes. */
  readonly digits: number;
  readonly columns: readonly Column<NetRow>[];
}

function pointView(
  row: NetRow & { readonly point: VisitedPoint },
  record: RunRecord,
  format: ScoreFormat,
  { main, digits, columns }: PointDrawing,
): PointView {
  const { point } = row;
  const { index, costs, score, isBound, withinMargin, isDelivered } = point;
  const size = formatBytes(costs.weightBytes, digits);
  const verdict = withinMargin ? 'inside' : 'outside';
  const reason = whyNotDelivered(point, record, format);
  return {
    index,
    kind: kindOf(point),
    cost: costs[main],
    value: format.value(score),
    cells: cellTexts(columns, row, pageWriters(format, digits)),
    verdict,
    firmness: firmnessOf(point, format),
    isDelivered,
    number: index + 1,
    label:
      `${isDelivered ? 'Delivered, net' : 'Net'} ${index + 1}: weights ${size}, ` +
      `activations ${costs.activationBits.toFixed(1)} bit, ` +
      (main === 'bitOperations' ? `${formatLarge(costs.bitOperations)} bit operations, ` : '') +
      `${isBound ? 'at most ' : ''}${format.text(score)}, ` +
      `${verdict} the margin${reason === undefined ? '' : `; not delivered, for ${reason}`}`,
  };
}

function kindOf({ isDelivered, isBound, onFrontier }: VisitedPoint): PointKind {
  if (isDelivered) return 'delivered';
  if (isBound) return 'bound';
  return onFrontier ? 'frontier' : 'dominated';
}
