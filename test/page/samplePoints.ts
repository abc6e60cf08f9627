import type { PointsView, PointView } from '../../src/runs/panelMessages';

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

/** @param selected index of the net that is shown; the delivered one is 3 */
export function samplePoints(known = lenet.length, selected: number | undefined = 3): PointsView {
  const isOver = known === lenet.length;
  return {
    isOver,
    baseline: 99.14,
    margin: 98.14,
    cost: { name: 'weights', unit: 'B' },
    points: lenet.slice(lenet.length - known).map(([bytes, bits, score, kind, firmness]) => {
      const index = lenet.findIndex(([size, , value]) => size === bytes && value === score);
      const verdict = score >= 98.14 ? 'inside' : 'outside';
      const size = `${(bytes / 1000).toPrecision(3)} kB`;
      const isDelivered = isOver && kind === 'delivered';
      return {
        index,
        kind: isDelivered || kind !== 'delivered' ? kind : 'frontier',
        cost: bytes,
        size,
        exactSize: `${bytes} bytes`,
        activations: bits.toFixed(1),
        value: score,
        score: `${kind === 'bound' ? '≤ ' : ''}${score.toFixed(2)}`,
        change: `−${(99.14 - score).toFixed(2)}`,
        verdict,
        firmness,
        isDelivered,
        label: `${isDelivered ? 'Delivered: ' : ''}weights ${size}, activations ${bits.toFixed(1)} bit, ${score.toFixed(2)} %, ${verdict} the margin`,
      };
    }),
    selected: isOver ? selected : undefined,
    selectedText:
      isOver && selected !== 3
        ? `Showing net ${(selected ?? 0) + 1} of ${lenet.length}, not the one the search delivered.`
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
