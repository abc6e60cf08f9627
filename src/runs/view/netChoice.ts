import { formatBytesApart } from '../../base/amounts';
import { costsOf, defaultObjective, weighCosts, type Costs } from '../../quantize/costs';
import { worseBy, worstAccepted } from '../../quantize/margin';
import type { VisitedPoint } from '../../quantize/report';
import { formatLarge, type ScoreFormat } from './formatting';
import { mainCostOf } from './mainCost';
import type { RunRecord } from '../runRecord';
import { marginOf } from './runScore';

/** The cheapest net inside the margin so far, as the search weighs costs; undefined where there is none. */
export function bestSoFar(record: RunRecord): VisitedPoint | undefined {
  const weigh = weigherOf(record);
  return (record.points ?? [])
    .filter(({ withinMargin, isBound }) => withinMargin && !isBound)
    .reduce<VisitedPoint | undefined>(
      (best, point) =>
        best === undefined || weigh(point.costs) < weigh(best.costs) ? point : best,
      undefined,
    );
}

/**
 * Why the search did not deliver a net, in a few words; undefined for the delivered one, and before
 * the search has ended.
 */
export function whyNotDelivered(
  point: VisitedPoint,
  record: RunRecord,
  format: ScoreFormat,
): string | undefined {
  const delivered = deliveredOf(record);
  const margin = marginOf(record);
  if (delivered === undefined || margin === undefined || point.isDelivered) return undefined;
  if (!point.withinMargin) {
    const edge = { ...margin, baseline: worstAccepted(margin) };
    const missed = worseBy(point.score, edge);
    if (!Number.isFinite(missed)) return 'its score is not a number';
    const by = `${format.number(missed)}${format.unit === '' ? '' : ` ${format.unit}`}`;
    return `it misses the margin by ${by}${point.isBound ? ' at least' : ''}`;
  }
  const weigh = weigherOf(record);
  if (weigh(point.costs) <= weigh(delivered.costs)) {
    return 'it was scored by the way, not as a step of the search';
  }
  const more = dearerParts(point.costs, delivered.costs, record);
  return `it costs more as the search weighs: ${more.join(', ')}`;
}

/** How many nets need less of what the search saves above all than the delivered one, and why not these. */
export function whyNotCheaper(record: RunRecord): string | undefined {
  const delivered = deliveredOf(record);
  if (delivered === undefined) return undefined;
  const main = mainCostOf(objectiveOf(record));
  const cheaper = (record.points ?? []).filter(({ costs }) => costs[main] < delivered.costs[main]);
  if (cheaper.length === 0) return undefined;
  const inside = cheaper.filter(({ withinMargin }) => withinMargin);
  const weigh = weigherOf(record);
  const dearer = inside.filter(({ costs }) => weigh(costs) > weigh(delivered.costs));
  const byTheWay = inside.length - dearer.length;
  const parts = [
    ...(inside.length < cheaper.length
      ? [`${cheaper.length - inside.length} outside the margin`]
      : []),
    ...(dearer.length > 0
      ? [`${dearer.length} inside, but with more ${otherCosts(record)} than that is worth`]
      : []),
    ...(byTheWay > 0 ? [`${byTheWay} inside, scored by the way`] : []),
  ];
  const nets = cheaper.length === 1 ? '1 net needs' : `${cheaper.length} nets need`;
  return `${nets} ${lessOf[main]} than the delivered one: ${parts.join(', ')}.`;
}

const lessOf: Readonly<Record<keyof Costs, string>> = {
  weightBytes: 'fewer weight bytes',
  activationBits: 'fewer activation bits',
  bitOperations: 'fewer bit operations',
};

const costNames: Readonly<Record<keyof Costs, string>> = {
  weightBytes: 'weight bytes',
  activationBits: 'activation bits',
  bitOperations: 'bit operations',
};

const costKeys = ['weightBytes', 'activationBits', 'bitOperations'] as const;

function otherCosts(record: RunRecord): string {
  const objective = objectiveOf(record);
  const main = mainCostOf(objective);
  return costKeys
    .filter((key) => key !== main && objective[key] > 0)
    .map((key) => costNames[key])
    .join(' and ');
}

/** What a net needs more of than another, among all that the objective values. */
function dearerParts(costs: Costs, than: Costs, record: RunRecord): readonly string[] {
  const objective = objectiveOf(record);
  const texts: Readonly<Record<keyof Costs, (values: readonly number[]) => readonly string[]>> = {
    weightBytes: formatBytesApart,
    activationBits: (values) => values.map((value) => `${value.toFixed(2)} bit activations`),
    bitOperations: (values) => values.map((value) => `${formatLarge(value)} bit operations`),
  };
  return costKeys
    .filter((key) => objective[key] > 0 && costs[key] > than[key])
    .map((key) => texts[key]([costs[key], than[key]]).join(' against '));
}

function deliveredOf({ points = [], report }: RunRecord): VisitedPoint | undefined {
  return report === undefined ? undefined : points.find(({ isDelivered }) => isDelivered);
}

function objectiveOf({ report, request }: RunRecord): Readonly<Record<keyof Costs, number>> {
  return report?.best?.objective ?? request.objective ?? defaultObjective;
}

function weigherOf(record: RunRecord): (costs: Costs) => number {
  const { report, layers = [] } = record;
  const float = report?.best?.floatCosts ?? costsOf(layers, new Map());
  const objective = objectiveOf(record);
  return (costs) => weighCosts(costs, float, objective);
}
