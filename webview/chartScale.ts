import type { ChartView, PanelView } from '../src/runs/panelMessages';
import { rowsByScore } from './offScale';

/** Where a score lies that is too far from the margin to be drawn to scale. */
export type OffScale = 'above' | 'below' | undefined;

export interface Place {
  readonly x: number;
  readonly y: number;
  readonly off: OffScale;
}

/** Turns bits and scores into pixels. */
export interface ChartScale {
  /** The point of a series. What is off the scale gets a row beyond the edge, the rows in the order of scores. */
  place(series: number, bits: number, value: number): Place;
  xOf(bits: number): number;
  yOf(value: number): number;
  /** Scores with a line across the chart. */
  readonly ticks: readonly number[];
  /** A score as the axis shows it. */
  tick(value: number): string;
  /** A score as the tables show it. */
  exact(value: number): string;
  readonly left: number;
  readonly right: number;
  /** Ends of what is drawn to scale; the rows of what is out of question lie beyond the worse one. */
  readonly top: number;
  readonly bottom: number;
  /** What lies beyond: higher scores, of a loss, or lower ones. */
  readonly beyond: 'higher' | 'lower';
  /** Upper end of everything. */
  readonly ceiling: number;
  /** The axis of the bits. */
  readonly floor: number;
}

export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Pixels of a row for what is off the scale; less where there are more rows than series. */
const mostRowHeight = 15;
/** Drawn to scale, in margins: what is worse still is out of question. */
const drawnWorse = 1.5;
const drawnBetter = 0.35;
/** Scores better than the float net's stretch the scale up to here. */
const mostBetter = 3;

/**
 * The scale that shows the region round the margin, on a log axis of bits from wide to narrow. It
 * follows from the baseline and the margin, so that a new point moves none of the others.
 */
export function chartScale(
  { baseline, margin, series }: ChartView,
  widths: readonly number[],
  { unit, direction }: PanelView['score'],
  frame: Frame,
): ChartScale {
  const values = series.flatMap(({ points }) => points.map(({ value }) => value));
  const isLoss = direction === 'lower';
  const { low, high } = isLoss
    ? lossRange(baseline, margin, values)
    : drawnRange(baseline, margin, values, unit);
  const { width, height, left, top: ceiling } = frame;
  const right = width - frame.right;
  const floor = height - frame.bottom;
  const room = Math.max(series.length, 1) * mostRowHeight;
  // Not to scale, but never a better score below a worse one.
  const all = series.flatMap(({ points }, at) =>
    points.map(({ bits, value }) => ({ key: keyOf(at, bits), value })),
  );
  const worst = isLoss ? 'top' : 'bottom';
  const isHigher = (value: number): boolean => (isLoss ? !(value < low) : value > high);
  const off = all.filter(({ value }) => !(value >= low && value <= high));
  const higher = rowsByScore(
    off.filter(({ value }) => isHigher(value)),
    worst,
  );
  const lower = rowsByScore(
    off.filter(({ value }) => !isHigher(value)),
    worst,
  );
  const better = isLoss ? lower : higher;
  const heightOf = (rowsOf: ReadonlyMap<string, number>): number =>
    Math.min(mostRowHeight, room / Math.max(rowsOf.size, 1));
  const heightIn = (rowsOf: ReadonlyMap<string, number>, key: string): number =>
    ((rowsOf.get(key) ?? 0) + 0.5) * heightOf(rowsOf);
  const worseRoom = room + 6;
  const betterRoom = better.size * heightOf(better);
  const top = ceiling + (isLoss ? worseRoom : betterRoom);
  // Without rows below, the marks still keep clear of the axis.
  const bottom = floor - (isLoss ? betterRoom + 10 : worseRoom);
  const mostBits = Math.log2(Math.max(...widths, 2));
  const span = Math.max(mostBits - Math.log2(Math.min(...widths, 2 ** mostBits)), 1);
  // Points at the same bits stand beside each other; both ends keep room for them.
  const step = (right - left) / (span + 1);
  const dodge = Math.min(13, step / (series.length + 1));
  const round = (value: number): number => Math.round(value * 10) / 10;
  const xOf = (bits: number): number => round(left + step * (0.5 + mostBits - Math.log2(bits)));
  const yOf = (value: number): number =>
    round(top + ((high - value) / (high - low)) * (bottom - top));
  const tickStep = niceStep((high - low) / 4);
  const decimals = Math.min(6, Math.max(1, -Math.floor(Math.log10(tickStep))));
  const ticks: number[] = [];
  for (let at = Math.ceil(low / tickStep); at * tickStep <= high; at++) ticks.push(at * tickStep);
  return {
    place: (at, bits, value) => {
      const x = round(xOf(bits) + (at - (series.length - 1) / 2) * dodge);
      if (value >= low && value <= high) return { x, y: yOf(value), off: undefined };
      if (isHigher(value)) {
        return { x, y: round(ceiling + heightIn(higher, keyOf(at, bits))), off: 'above' };
      }
      const start = isLoss ? bottom : bottom + 6;
      return { x, y: round(start + heightIn(lower, keyOf(at, bits))), off: 'below' };
    },
    xOf,
    yOf,
    ticks,
    tick: (value) => fixed(value, decimals),
    exact: (value) => fixed(value, unit === '%' ? 2 : decimals + 1),
    left,
    right,
    top,
    bottom,
    beyond: isLoss ? 'higher' : 'lower',
    ceiling,
    floor,
  };
}

/** The same turned round: the worse scores of a loss lie above. */
function lossRange(
  baseline: number,
  margin: number,
  values: readonly number[],
): { readonly low: number; readonly high: number } {
  const negated = values.map((value) => -value);
  const { low, high } = drawnRange(-baseline, -margin, negated, '');
  return { low: -high, high: -low };
}

function drawnRange(
  baseline: number,
  margin: number,
  values: readonly number[],
  unit: '%' | '',
): { readonly low: number; readonly high: number } {
  if (!Number.isFinite(baseline)) {
    const finite = values.filter((value) => Number.isFinite(value));
    const [least, most] = [Math.min(...finite, 1), Math.max(...finite, 0)];
    return { low: least, high: Math.max(most, least + 1e-6) };
  }
  const span = Math.max(baseline - margin, Math.abs(baseline) * 0.002, 1e-6);
  const limit = baseline + mostBetter * span;
  const above = values.filter((value) => value > baseline && value <= limit);
  const high = Math.max(baseline + drawnBetter * span, Math.max(...above, baseline) + 0.1 * span);
  const low = margin - drawnWorse * span;
  return unit === '%'
    ? { low: Math.max(low, -0.02 * (high - low)), high: Math.min(high, 100 + 0.1 * span) }
    : { low, high };
}

function keyOf(series: number, bits: number): string {
  return `${series} ${bits}`;
}

function fixed(value: number, decimals: number): string {
  return Number.isFinite(value) ? value.toFixed(decimals).replace('-', '−') : 'not a number';
}

/** 1, 2 or 5 times a power of ten, not below a value. */
function niceStep(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5].find((factor) => factor * power >= value) ?? 10) * power;
}
