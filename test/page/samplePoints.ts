import { netColumns } from '../../src/quantize/netColumns';
import type { CellText, PointsView, PointView } from '../../src/runs/panelMessages';
import { columnViews } from '../../src/runs/view/pageCells';

type SamplePoint = readonly [
  bytes: number,
  activations: number,
  score: number,
  kind: PointView['kind'],
  firmness: string,
];

/** Nets of a best search on LeNet, the smallest first. */
const lenet: readonly SamplePoint[] = [
  [60_589, 3.5, 98.12, 'bound', 'stopped early'],
  [63_686, 3.75, 98.13, 'bound', 'stopped early'],
  [64_340, 3.625, 96.9, 'frontier', 'firm'],
  [64_470, 4.375, 98.21, 'delivered', 'open: ±0.11'],
  [112_465, 4, 98.15, 'dominated', 'open: ±0.11'],
  [112_465, 4.625, 98.46, 'frontier', 'firm'],
  [115_590, 5, 98.52, 'frontier', 'firm'],
  [862_160, 16, 99.14, 'frontier', 'firm'],
];

/** A search that came near the margin with many nets of nearly the same size, and some far outside. */
const close: readonly SamplePoint[] = [
  [41_020, 3.5, 61.45, 'bound', 'stopped early'],
  [44_310, 3.75, 93.25, 'bound', 'stopped early'],
  [52_960, 4, 95.8, 'bound', 'stopped early'],
  [108_800, 4.25, 97.9, 'dominated', 'firm'],
  [108_960, 4.5, 98.05, 'dominated', 'open: ±0.11'],
  [109_030, 4.5, 98.1, 'dominated', 'open: ±0.11'],
  [109_100, 4.375, 98.21, 'delivered', 'open: ±0.11'],
  [109_100, 4.5, 98.22, 'dominated', 'open: ±0.11'],
  [109_100, 4.625, 98.23, 'frontier', 'open: ±0.11'],
  [109_240, 4.625, 98.19, 'dominated', 'open: ±0.11'],
  [109_400, 4.75, 98.25, 'frontier', 'firm'],
  [109_460, 5, 98.22, 'dominated', 'firm'],
  [109_530, 5, 98.31, 'frontier', 'firm'],
  [109_700, 5.25, 98.3, 'dominated', 'firm'],
  [110_100, 5.5, 98.52, 'frontier', 'firm'],
  [862_160, 16, 99.14, 'frontier', 'firm'],
];

/** The nets of a search that ended with many of nearly the same size; the delivered one is 6. */
export const closePoints = (): PointsView => samplePoints(close.length, 6, close);

/** @param selected index of the net that is shown; the delivered one is 3 of LeNet's */
export function samplePoints(
  known?: number,
  selected: number | undefined = 3,
  nets: readonly SamplePoint[] = lenet,
): PointsView {
  const count = known ?? nets.length;
  const isOver = count === nets.length;
  return {
    isOver,
    baseline: 99.14,
    margin: 98.14,
    cost: { name: 'weights', unit: 'B' },
    columns: columnViews(netColumns.filter(({ onlyFor }) => onlyFor === undefined)),
    points: nets.slice(nets.length - count).map(([bytes, bits, score, kind, firmness]) => {
      const index = nets.findIndex(([size, , value]) => size === bytes && value === score);
      const verdict = score >= 98.14 ? 'inside' : 'outside';
      const size = `${(bytes / 1000).toPrecision(nets === lenet ? 3 : 4)} kB`;
      const isDelivered = isOver && kind === 'delivered';
      return {
        index,
        kind: isDelivered || kind !== 'delivered' ? kind : 'frontier',
        cost: bytes,
        value: score,
        cells: [
          cell(String(index + 1), index + 1),
          { ...cell(size, bytes), title: `${bytes} bytes` },
          cell(bits.toFixed(1), bits),
          cell(`${kind === 'bound' ? '≤ ' : ''}${score.toFixed(2)}`, score),
          cell(`−${(99.14 - score).toFixed(2)}`, score),
          cell(`${verdict}, ${firmness}`, verdict),
        ],
        verdict,
        firmness,
        isDelivered,
        number: index + 1,
        label: `${isDelivered ? 'Delivered, net' : 'Net'} ${index + 1}: weights ${size}, activations ${bits.toFixed(1)} bit, ${score.toFixed(2)} %, ${verdict} the margin`,
      };
    }),
    selected: isOver ? selected : undefined,
    other:
      isOver && selected !== undefined && nets[selected]?.[3] !== 'delivered'
        ? {
            name: `net ${selected + 1}`,
            text: `Net ${selected + 1} is shown, not the delivered one.`,
            back: 'Show the delivered one',
            reason:
              `Net ${selected + 1} was not delivered: it costs more as the search weighs: ` +
              '112 kB against 64.5 kB, 4.63 bit activations against 4.38 bit activations.',
          }
        : undefined,
    whyNotCheaper:
      isOver && nets === lenet
        ? '3 nets need fewer weight bytes than the delivered one: 3 outside the margin.'
        : undefined,
  };
}

/** The bits of LeNet's layers as they may be edited. */
export const sampleBits = [
  { layer: 'conv1', weights: 6, input: 4, output: 4 },
  { layer: 'conv2', weights: 3, input: 4, output: 4 },
  { layer: 'ip1', weights: 1, input: 4, output: 5 },
  { layer: 'ip2', weights: 4, input: 5, output: 5 },
];

function cell(text: string, sort: CellText['sort']): CellText {
  return { text, sort };
}
