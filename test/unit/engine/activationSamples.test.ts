import { expect, it } from 'vitest';
import { SampleCollector } from '../../../src/engine/scoring/activationSamples';
import type { Layer } from '../../../src/caffe/net';
import type { LayerPoints, PointOutputs } from '../../../src/onnx/observations';
import type { Tensor } from '../../../src/runtime/session';
import { inputs, layer, netOf } from '../../support/nets';

const [, c] = netOf(inputs('x') + layer('c', 'ReLU', 'x', 'c')).layers as [Layer, Layer];
const points: LayerPoints = {
  input: { layer: c, side: 'input' },
  output: { layer: c, side: 'output' },
};
const namesOf = (what: string): PointOutputs => ({
  measure: 'sample',
  highest: `${what} high`,
  lowest: `${what} low`,
  values: what,
});
const observed = new Map([
  [points.input, namesOf('in')],
  [points.output, namesOf('out')],
]);

/** A batch whose numbers are `batch + i / length`, and one extreme that the values do not show. */
function outputsOf(batch: number, length: number): ReadonlyMap<string, Tensor> {
  const tensor = (...data: number[]): Tensor => ({ shape: [], data: Float32Array.from(data) });
  const values = Array.from({ length }, (_, i) => batch + i / length);
  return new Map(
    ['in', 'out'].flatMap((what) => [
      [what, tensor(...values)] as const,
      [`${what} high`, tensor(batch === 3 ? 1000 : batch + 1)] as const,
      [`${what} low`, tensor(batch === 1 ? -7 : batch)] as const,
    ]),
  );
}

it.each([
  [10, 20, 200],
  [10, 8192, 8192],
  [1000, 8192, 8192],
  [300, 100, 8192],
])('%i batches of %i numbers: about %i of all of them', (batches, length, kept) => {
  const collector = new SampleCollector(observed, batches);
  for (let i = 0; i < batches; i++) collector.add(outputsOf(i, length), i);
  const { input, output } = collector.samples(points);
  expect(input).toEqual(output);
  expect(output.highest).toBe(1000);
  expect(output.lowest).toBe(-7);
  expect(output.values.length / kept).toBeGreaterThan(0.7);
  expect(output.values.length / kept).toBeLessThan(1.15);
  // Every batch gives some, and not always the same places.
  const perBatch = new Map<number, number[]>();
  for (const value of output.values) {
    const batch = Math.floor(value);
    perBatch.set(batch, [...(perBatch.get(batch) ?? []), value - batch]);
  }
  expect(perBatch.size).toBe(batches);
  const places = [...perBatch.values()].flat();
  expect(Math.min(...places)).toBeLessThan(0.01);
  expect(Math.max(...places)).toBeGreaterThan(0.94);
});
