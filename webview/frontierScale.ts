import type { PanelView, PointsView } from '../src/runs/panelMessages';
import { costAxis } from './costAxis';
import { rowsByScore } from './offScale';

export interface FrontierPlace {
  readonly x: number;
  readonly y: number;
  /** Too far from the margin to be drawn to scale: beyond the worse edge, in the order of scores. */
  readonly isOff: boolean;
}

/** Turns costs and scores into pixels. */
export interface FrontierScale {
  /** Where the net of an index stands. */
  place(index: number): FrontierPlace;
  yOf(value: number): number;
  readonly ticks: readonly number[];
  tick(value: number): string;
  readonly sizes: readonly { readonly x: number; readonly name: string }[];
  /** Whether nets of nearly the same cost stand further apart than the axis would have them. */
  readonly isStretched: boolean;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly floor: number;
  /** Height of the line beyond which nothing is to scale, and what lies there; undefined without such nets. */
  readonly edge: { readonly y: number; readonly beyond: 'higher' | 'lower' } | undefined;
}

const edges = { left: 66, right: 14, top: 18, bottom: 26 } as const;
/** Drawn to scale, in margins: what is worse still stands beyond the edge. */
const drawnWorse = 1.5;
const drawnBetter = 0.35;
/** Room for what is not to scale, and what keeps clear of the axis without it. */
const offRoom = 50;
const clear = 14;
/** Pixels between two marks that can still be told apart. */
const apart = 12;

/**
 * The scale that shows the region round the margin, over an axis of sizes on which every net has a
 * place of its own. Scores better than the float net's by more than the margin stand at the upper edge.
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
  const gains = points.map(({ value }) => sign * (value - baseline)).filter(Number.isFinite);
  const up = Math.min(Math.max(drawnBetter * span, ...gains), span * 3);
  const best = sign * baseline + up + 0.1 * span;
  const worst = sign * margin - drawnWorse * span;
  const left = edges.left;
  const right = width - edges.right;
  const top = edges.top;
  const floor = height - edges.bottom;
  const round = (value: number): number => Math.round(value * 10) / 10;
  const worse = points
    .filter(({ value }) => !(sign * value >= worst))
    .map(({ index, value }) => ({ key: String(index), value: sign * value }));
  const rows = rowsByScore(worse, 'bottom');
  const room = rows.size > 0 ? offRoom : clear;
  const scaled = floor - top - room;
  /** Turns a height round where better lies below. */
  const turned = (y: number): number => round(isLoss ? top + floor - y : y);
  const yOf = (value: number): number => {
    const share = Math.min(Math.max((best - sign * value) / (best - worst), 0), 1);
    return turned(top + share * scaled);
  };
  const yOfNet = (index: number, value: number): number => {
    const row = rows.get(String(index));
    if (row === undefined) return yOf(value);
    const rowHeight = Math.min(apart, (offRoom - 18) / Math.max(rows.size - 1, 1));
    return turned(top + scaled + 11 + row * rowHeight);
  };
  const heights = new Map(points.map(({ index, value }) => [index, yOfNet(index, value)]));
  const axis = costAxis(
    points.map((point) => ({ ...point, y: heights.get(point.index) ?? 0 })),
    { left, right, apart },
  );
  const step = niceStep((best - worst) / 4);
  const decimals = Math.min(6, Math.max(1, -Math.floor(Math.log10(step))));
  const [from, to] = isLoss ? [-best, -worst] : [worst, best];
  const ticks: number[] = [];
  for (let at = Math.ceil(from / step); at * step <= to; at++) {
    if (unit !== '%' || at * step <= 100) ticks.push(at * step);
  }
  return {
    place: (index) => ({
      x: round(axis.places.get(index) ?? left),
      y: heights.get(index) ?? floor,
      isOff: rows.has(String(index)),
    }),
    yOf,
    ticks,
    tick: (value) => value.toFixed(decimals).replace('-', '−'),
    sizes: axis.ticks.map(({ size, x }) => ({ x: round(x), name: sizeName(size, cost.unit) })),
    isStretched: axis.isStretched,
    left,
    right,
    top,
    floor,
    edge:
      rows.size === 0
        ? undefined
        : { y: turned(top + scaled + 3), beyond: isLoss ? 'higher' : 'lower' },
  };
}

/** `64 kB`, `1.5 MB`; `4 bit`; `20 M`. */
function sizeName(size: number, unit: PointsView['cost']['unit']): string {
  const prefixes = ['', 'k', 'M', 'G', 'T', 'P'];
  const at = Math.min(prefixes.length - 1, Math.max(0, Math.floor(Math.log10(size * 1.0001) / 3)));
  const value = size / 1000 ** at;
  return `${Number(value.toPrecision(4))} ${prefixes[at]}${unit}`.trimEnd();
}

/** 1, 2 or 5 times a power of ten, not below a value. */
function niceStep(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5].find((factor) => factor * power >= value) ?? 10) * power;
}
