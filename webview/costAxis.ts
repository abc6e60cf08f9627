/** A net on its way to a place: its cost, and how high its mark stands. */
export interface CostPoint {
  readonly index: number;
  readonly cost: number;
  readonly y: number;
}

/** An axis of costs with a place for every net. */
export interface CostAxis {
  /** Pixels from the left by index. */
  readonly places: ReadonlyMap<number, number>;
  /** Round costs, no nearer to each other than their names are wide. */
  readonly ticks: readonly { readonly size: number; readonly x: number }[];
  /** Whether it is not logarithmic throughout. */
  readonly isStretched: boolean;
}

interface Frame {
  readonly left: number;
  readonly right: number;
  /** Pixels between two marks that can be told apart. */
  readonly apart: number;
}

/** Nets of the same cost; those that would hide each other stand beside each other. */
interface Column {
  readonly log: number;
  readonly x: number;
  readonly points: readonly CostPoint[];
  /** Marks side by side at most. */
  readonly across: number;
}

/** Pixels between the marks and the ends of the axis. */
const inset = 12;
/** Share of the axis that stretching takes at most: the rest still shows how far sizes differ. */
const mostStretched = 0.7;
/** Room left and right of the costs, and the least that an axis spans, as logarithms (base 2). */
const beyond = 0.15;
const leastSpan = 0.6;

/**
 * A logarithmic axis of costs on which near costs are drawn apart: a search ends with many nets of
 * nearly the same size, and on one column of pixels none of them could be reached.
 */
export function costAxis(points: readonly CostPoint[], frame: Frame): CostAxis {
  const columns = columnsOf(points, frame.apart);
  const first = columns[0]?.log ?? 0;
  const last = columns.at(-1)?.log ?? 0;
  const low = first - beyond;
  const high = Math.max(last + beyond, low + leastSpan);
  const logs = [low, ...columns.map(({ log }) => log), high];
  const width = frame.right - frame.left - 2 * inset;
  const gaps = logs.slice(1).map((log, i) => log - (logs[i] ?? log));
  const wanted = gaps.map((_, i) => {
    const before = columns[i - 1];
    const after = columns[i];
    // The ends need room for half a column only.
    if (before === undefined || after === undefined) {
      return (((before ?? after)?.across ?? 1) - 1) * frame.apart * 0.5;
    }
    return (frame.apart * 1.3 * (before.across + after.across)) / 2;
  });
  const total = wanted.reduce((sum, least) => sum + least, 0);
  const fit = Math.min(1, (mostStretched * width) / Math.max(total, 1e-9));
  const widths = stretched(
    gaps,
    wanted.map((least) => least * fit),
    width,
  );
  const knots = [frame.left + inset];
  for (const gap of widths) knots.push((knots.at(-1) ?? 0) + gap);
  const placed = columns.map((column, i) => ({ ...column, x: knots[i + 1] ?? 0 }));
  const xOf = (log: number): number => {
    const at = Math.min(
      Math.max(
        logs.findIndex((known) => known > log),
        1,
      ),
      logs.length - 1,
    );
    const from = logs[at - 1] ?? 0;
    const share = (log - from) / Math.max((logs[at] ?? 0) - from, 1e-12);
    return (knots[at - 1] ?? 0) + share * (widths[at - 1] ?? 0);
  };
  const even = width / (high - low);
  return {
    places: new Map(placed.flatMap((column) => besideEachOther(column, frame.apart * fit))),
    ticks: ticksBetween(low, high, xOf),
    isStretched: widths.some((gap, i) => gap > (gaps[i] ?? 0) * even * 1.25 + 1),
  };
}

function columnsOf(points: readonly CostPoint[], apart: number): readonly Column[] {
  const byCost = new Map<number, CostPoint[]>();
  for (const point of points) {
    byCost.set(point.cost, [...(byCost.get(point.cost) ?? []), point]);
  }
  return [...byCost]
    .sort(([a], [b]) => a - b)
    .map(([cost, own]) => {
      const clusters = clustersOf(own, apart);
      return {
        log: Math.log2(Math.max(cost, 1)),
        x: 0,
        points: own,
        across: Math.max(...clusters.map(({ length }) => length)),
      };
    });
}

/** Marks over each other that are too near to be told apart, the upper ones first. */
function clustersOf(points: readonly CostPoint[], apart: number): readonly CostPoint[][] {
  const clusters: CostPoint[][] = [];
  for (const point of [...points].sort((a, b) => a.y - b.y)) {
    const cluster = clusters.at(-1);
    const last = cluster?.at(-1);
    if (cluster !== undefined && last !== undefined && point.y - last.y < apart) {
      cluster.push(point);
    } else clusters.push([point]);
  }
  return clusters;
}

function besideEachOther(column: Column, apart: number): [number, number][] {
  return clustersOf(column.points, apart).flatMap((cluster) =>
    cluster.map((point, i): [number, number] => [
      point.index,
      column.x + (i - (cluster.length - 1) / 2) * apart,
    ]),
  );
}

/**
 * Widths of gaps that sum up to a whole: each as wide as it must be at least, the others to scale.
 *
 * @param least what each needs; less than the whole together
 */
function stretched(
  gaps: readonly number[],
  least: readonly number[],
  whole: number,
): readonly number[] {
  const isFixed = gaps.map(() => false);
  for (;;) {
    const taken = least.reduce((sum, one, i) => sum + (isFixed[i] === true ? one : 0), 0);
    const open = gaps.reduce((sum, one, i) => sum + (isFixed[i] === true ? 0 : one), 0);
    const scale = open > 0 ? (whole - taken) / open : 0;
    const short = gaps.findIndex((gap, i) => isFixed[i] !== true && gap * scale < (least[i] ?? 0));
    if (short < 0)
      return gaps.map((gap, i) => (isFixed[i] === true ? (least[i] ?? 0) : gap * scale));
    isFixed[short] = true;
  }
}

/** Significant figures of the ticks, the roundest first, with the pixels that they keep from others. */
const tickLevels: readonly (readonly [digits: readonly number[], apart: number])[] = [
  [[1], 48],
  [[1, 2, 5], 48],
  [[1, 1.5, 2, 3, 4, 5, 6, 8], 48],
  [Array.from({ length: 90 }, (_, i) => 1 + i / 10), 60],
  [Array.from({ length: 900 }, (_, i) => 1 + i / 100), 64],
];

/** The roundest costs between two logarithms; finer ones where the axis is stretched. */
function ticksBetween(
  low: number,
  high: number,
  xOf: (log: number) => number,
): { size: number; x: number }[] {
  const ticks: { size: number; x: number }[] = [];
  for (const [digits, apart] of tickLevels) {
    for (let power = 10 ** Math.floor(low * Math.log10(2)); power <= 2 ** high; power *= 10) {
      for (const digit of digits) {
        const size = Number((digit * power).toPrecision(6));
        const log = Math.log2(size);
        if (log < low || log > high) continue;
        const x = xOf(log);
        if (ticks.every((tick) => Math.abs(tick.x - x) >= apart)) ticks.push({ size, x });
      }
    }
  }
  return ticks.sort((a, b) => a.x - b.x);
}
