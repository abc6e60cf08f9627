import type { PanelView, PointsView } from '../src/runs/panelMessages';

export interface FrontierPlace {
  readonly x: number;
  readonly y: number;
  /** Too far from the margin to be drawn to scale: at the worse edge. */
  readonly isOff: boolean;
}

/** Turns costs and scores into pixels. */
export interface FrontierScale {
  place(cost: number, value: number): FrontierPlace;
  yOf(value: number): number;
  readonly ticks: readonly number[];
  tick(value: number): string;
  readonly sizes: readonly { readonly x: number; readonly name: string }[];
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly floor: number;
}

const edges = { left: 66, right: 14, top: 18, bottom: 26 } as const;
/** Drawn to scale, in margins: what is worse still stands at the edge. */
const drawnWorse = 1.5;
const drawnBetter = 0.35;

/**
 * The scale that shows the region round the margin, with a log axis of sizes. Scores better than the
 * float net's by more than the margin stand at the upper edge.
 */
export function frontierScale(
  { points, cost, baseline = 0, margin = 0 }: PointsView,
  { unit, direction }: PanelView['score'],
  { width, height }: { readonly width: number; readonly height: number },
): FrontierScale {
  const isLoss = direction === 'lower';
  // Of a loss everything is turned round: better lies below.
  const sign = isLoss ? -1 : 1;
  const span = Math.max(sign * (baseline - margin), Math.abs(baseline) * 0.002, 1e-6);
  const better = points.map(({ value }) => sign * (value - baseline));
  const up = Math.min(Math.max(drawnBetter * span, ...better.filter(Number.isFinite)), span * 3);
  const best = sign * baseline + up + 0.1 * span;
  const worst = sign * margin - drawnWorse * span;
  const left = edges.left;
  const right = width - edges.right;
  const top = edges.top;
  const floor = height - edges.bottom;
  const round = (value: number): number => Math.round(value * 10) / 10;
  const yOf = (value: number): number => {
    const share = (best - sign * value) / (best - worst);
    const inside = top + Math.min(Math.max(share, 0), 1) * (floor - 14 - top);
    return round(isLoss ? floor - 14 - (inside - top) : inside);
  };
  const sizes = points.map((point) => Math.max(point.cost, 1));
  const low = Math.log2(Math.min(...sizes)) - 0.15;
  const high = Math.max(Math.log2(Math.max(...sizes)) + 0.15, low + 0.6);
  const xOf = (bytes: number): number =>
    round(left + 12 + ((Math.log2(Math.max(bytes, 1)) - low) / (high - low)) * (right - left - 24));
  const step = niceStep((best - worst) / 4);
  const decimals = Math.min(6, Math.max(1, -Math.floor(Math.log10(step))));
  const [from, to] = isLoss ? [-best, -worst] : [worst, best];
  const ticks: number[] = [];
  for (let at = Math.ceil(from / step); at * step <= to; at++) {
    if (unit !== '%' || at * step <= 100) ticks.push(at * step);
  }
  return {
    place: (bytes, value) => {
      const share = sign * value;
      return { x: xOf(bytes), y: yOf(value), isOff: !(share >= worst && share <= best) };
    },
    yOf,
    ticks,
    tick: (value) => value.toFixed(decimals).replace('-', '−'),
    sizes: sizeTicks(low, high, (48 * (high - low)) / (right - left - 24)).map((bytes) => ({
      x: xOf(bytes),
      name: sizeName(bytes, cost.unit),
    })),
    left,
    right,
    top,
    floor,
  };
}

/** First digits of the ticks, the densest first. */
const tickDigits = [
  [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8],
  [1, 1.5, 2, 3, 5, 7],
  [1, 2, 5],
  [1, 3],
  [1],
];

/** Round sizes between two logarithms (base 2) that lie at least so far from each other. */
function sizeTicks(low: number, high: number, apart: number): number[] {
  let ticks: number[] = [];
  for (const digits of tickDigits) {
    ticks = [];
    for (let power = 10 ** Math.floor(low / Math.log2(10)); power <= 2 ** high; power *= 10) {
      ticks.push(...digits.map((digit) => digit * power));
    }
    ticks = ticks.filter((bytes) => Math.log2(bytes) >= low && Math.log2(bytes) <= high);
    const isWide = ticks.every((bytes, i) => Math.log2(bytes / (ticks[i - 1] ?? 0)) >= apart);
    if (isWide) break;
  }
  return ticks;
}

/** `64 kB`, `1.5 MB`; `4 bit`; `20 M`. */
function sizeName(size: number, unit: PointsView['cost']['unit']): string {
  const prefixes = ['', 'k', 'M', 'G', 'T', 'P'];
  const at = Math.min(prefixes.length - 1, Math.max(0, Math.floor(Math.log10(size * 1.0001) / 3)));
  const value = size / 1000 ** at;
  return `${Number(value.toFixed(value < 10 ? 1 : 0))} ${prefixes[at]}${unit}`.trimEnd();
}

/** 1, 2 or 5 times a power of ten, not below a value. */
function niceStep(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5].find((factor) => factor * power >= value) ?? 10) * power;
}
