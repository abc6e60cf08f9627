import { digitsApart } from '../../base/formatBytes';
import { worstAccepted } from '../../quantize/margin';
import type { Firmness, VisitedPoint } from '../../quantize/report';
import { formatBytes, formatCount, formatLarge, type ScoreFormat } from './formatting';
import { mainCostOf, type MainCost } from './mainCost';
import { bestSoFar, whyNotCheaper, whyNotDelivered } from './netChoice';
import type { CostView, PointKind, PointsView, PointView } from '../panelMessages';
import { isUnfinished, type RunRecord } from '../runRecord';
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
  const digits = digitsApart(points.map(({ costs }) => costs.weightBytes));
  const shown = selectedPoint(record, selected);
  return {
    isOver: !isUnfinished(record),
    baseline: margin === undefined ? undefined : format.value(margin.baseline),
    margin: margin === undefined ? undefined : format.value(worstAccepted(margin)),
    cost: costViews[main],
    points: points.map((point) => pointView(point, record, format, { main, digits })),
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

function pointView(
  point: VisitedPoint,
  record: RunRecord,
  format: ScoreFormat,
  { main, digits }: { readonly main: MainCost; readonly digits: number },
): PointView {
  const { index, costs, score, isBound, withinMargin, isDelivered } = point;
  const margin = marginOf(record);
  const bits = costs.activationBits.toFixed(1);
  const scoreText = `${isBound ? '≤ ' : ''}${format.number(score)}`;
  const size = formatBytes(costs.weightBytes, digits);
  const operations = formatLarge(costs.bitOperations);
  const verdict = withinMargin ? 'inside' : 'outside';
  const reason = whyNotDelivered(point, record, format);
  return {
    index,
    kind: kindOf(point),
    cost: costs[main],
    size,
    exactSize: `${formatCount(costs.weightBytes)} bytes`,
    activations: bits,
    operations: main === 'bitOperations' ? operations : undefined,
    value: format.value(score),
    score: scoreText,
    change: margin === undefined ? '' : format.change(score - margin.baseline),
    verdict,
    firmness: isBound ? 'stopped early' : describeFirmness(point, format),
    isDelivered,
    number: index + 1,
    label:
      `${isDelivered ? 'Delivered, net' : 'Net'} ${index + 1}: weights ${size}, ` +
      `activations ${bits} bit, ` +
      (main === 'bitOperations' ? `${operations} bit operations, ` : '') +
      `${isBound ? 'at most ' : ''}${format.text(score)}, ` +
      `${verdict} the margin${reason === undefined ? '' : `; not delivered, for ${reason}`}`,
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
