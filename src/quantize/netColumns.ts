import type { Column, ColumnPlace } from './columns';
import type { Costs } from './costs';
import type { VisitedPoint } from './report';

/** A net that the best search scored whole, or the float net that it began with. */
export interface NetRow {
  readonly costs: Costs;
  readonly score: number;
  /** Difference of its score to the float net's. */
  readonly change: number;
  /** Undefined for the float net. */
  readonly point: VisitedPoint | undefined;
}

const tables: readonly ColumnPlace[] = ['csv', 'page'];

/** What is known of a net that the best search scored: a column is declared here and nowhere else. */
export const netColumns: readonly Column<NetRow>[] = [
  {
    key: 'net',
    title: 'Net',
    description: 'The order in which the search scored them',
    places: tables,
    kind: 'net',
    of: ({ point }) => (point === undefined ? 0 : point.index + 1),
  },
  {
    key: 'weights',
    title: 'Weights',
    description: 'Size of all weights and biases',
    places: tables,
    kind: 'bytes',
    of: ({ costs }) => costs.weightBytes,
  },
  {
    key: 'activations',
    title: 'Activations',
    description: 'Bits of inputs and outputs on average',
    places: tables,
    kind: 'bits',
    of: ({ costs }) => costs.activationBits,
  },
  {
    key: 'operations',
    title: 'Operations',
    description: 'Multiplications of an image, each bits of the weight times bits of the input',
    places: tables,
    onlyFor: 'bitOperations',
    kind: 'large',
    of: ({ costs }) => costs.bitOperations,
  },
  {
    key: 'score',
    title: 'Score',
    description: 'On all images; ≤ where scoring stopped since it was certain to fall outside',
    places: tables,
    kind: 'score',
    of: ({ score, point }) => ({ score, isBound: point?.isBound === true }),
  },
  {
    key: 'change',
    title: 'Change',
    description: 'Difference to the float net',
    places: tables,
    kind: 'change',
    of: ({ change }) => change,
  },
  {
    key: 'margin',
    title: 'Margin',
    description: 'Whether the score lies inside the margin, and how firm that is',
    places: tables,
    kind: 'verdict',
    of: ({ point }) => point,
  },
  {
    key: 'verdict',
    title: 'Verdict',
    description: 'Whether other images may give another verdict on the margin',
    places: ['csv'],
    kind: 'text',
    of: ({ point }) => point?.verdict,
  },
  {
    key: 'standardError',
    title: 'Standard error',
    description: 'Standard error of the mean difference to the float net',
    places: ['csv'],
    kind: 'number',
    of: ({ point }) => point?.standardError ?? undefined,
  },
  {
    key: 'bound',
    title: 'Stopped early',
    description: 'Whether the score is the best that it could still have become',
    places: ['csv'],
    kind: 'flag',
    of: ({ point }) => point?.isBound,
  },
  {
    key: 'frontier',
    title: 'On frontier',
    description: 'Whether no other net is both smaller and better',
    places: ['csv'],
    kind: 'flag',
    of: ({ point }) => point?.onFrontier,
  },
  {
    key: 'delivered',
    title: 'Delivered',
    description: 'Whether it is the net that the search delivered',
    places: ['csv'],
    kind: 'flag',
    of: ({ point }) => point?.isDelivered,
  },
];

/** Rows of nets that were scored, in their order. */
export function netRows(
  points: readonly VisitedPoint[],
  baseline: number,
): (NetRow & { readonly point: VisitedPoint })[] {
  return points.map((point) => ({
    costs: point.costs,
    score: point.score,
    change: point.score - baseline,
    point,
  }));
}
