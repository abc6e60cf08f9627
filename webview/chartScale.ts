import type { ChartView } from '../src/runs/panelMessages';

/** Turns bits and scores into pixels. */
export interface ChartScale {
  /** `isBelow`: the score lies below what is drawn, and its point at the bottom edge. */
  place(
    bits: number,
    value: number,
  ): { readonly x: number; readonly y: number; readonly isBelow: boolean };
  /** Scores with a line across the chart. */
  readonly ticks: readonly number[];
  /** A score as its axis shows it. */
  tick(value: number): string;
}

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly edges: Readonly<Record<'left' | 'right' | 'top' | 'bottom', number>>;
}

/** How far below the margin is drawn, in margins: what is worse still is out of question. */
const drawnBelow = 2.5;

/** The scale that shows the region round the margin, on a log axis of bits from wide to narrow. */
export function chartScale(
  { baseline, margin, series }: ChartView,
  widths: readonly number[],
  { width, height, edges }: Frame,
): ChartScale {
  const values = series
    .flatMap(({ points }) => points.map(({ value }) => value))
    .concat(baseline, margin)
    .filter((value) => Number.isFinite(value));
  const top = Math.max(...values, 0.0001);
  const span = Math.max(top - margin, Math.abs(top) * 0.002, 1e-6);
  const least = Math.max(Math.min(...values), margin - drawnBelow * span);
  const room = Math.max(top - least, span) * 0.08;
  const [low, high] = [least - room, top + room];
  const most = Math.log2(Math.max(...widths, 2));
  const range = Math.max(most - Math.log2(Math.min(...widths, most)), 1);
  const plotWidth = width - edges.left - edges.right - 24;
  const plotHeight = height - edges.top - edges.bottom;
  const yOf = (value: number): number => edges.top + ((high - value) / (high - low)) * plotHeight;
  const step = niceStep((high - low) / 4);
  const decimals = Math.min(6, Math.max(0, -Math.floor(Math.log10(step))));
  const ticks: number[] = [];
  for (let at = Math.ceil(low / step); at * step <= high; at++) ticks.push(at * step);
  return {
    place: (bits, value) => {
      const isBelow = !(value >= low);
      const y = isBelow ? edges.top + plotHeight - 4 : yOf(value);
      const x = edges.left + 12 + ((most - Math.log2(bits)) / range) * plotWidth;
      return { x: Math.round(x * 10) / 10, y: Math.round(y * 10) / 10, isBelow };
    },
    ticks,
    tick: (value) => (Number.isFinite(value) ? value.toFixed(Math.max(decimals, 1)) : 'NaN'),
  };
}

/** 1, 2 or 5 times a power of ten, not below a value. */
function niceStep(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5].find((factor) => factor * power >= value) ?? 10) * power;
}
