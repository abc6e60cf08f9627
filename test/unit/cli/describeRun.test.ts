import { expect, it } from 'vitest';
import {
  describeBaseline,
  describeEnd,
  describePoint,
  describeRanges,
  describeRow,
} from '../../../src/cli/describeRun';
import type { LayerReport, QuantizeReport, VisitedPoint } from '../../../src/quantize/report';

it.each([
  [0.9, 0.88, true, 'accuracy 0.88, 2 % below the float net, within the margin of 3 %'],
  [0.9, 0.5, false, 'accuracy 0.5, 40 % below the float net, OUTSIDE of the margin of 3 %'],
  [0.875, 0.90625, true, 'accuracy 0.90625, 3.125 % above the float net, within'],
  [0.9, 0.9, true, 'accuracy 0.9, 0 % below the float net'],
])('the end of a run from %d to %d', (baseline, score, withinMargin, words) => {
  const report = {
    final: { score, loss: null, seconds: 0, withinMargin },
    baseline,
    errorMargin: 3,
    output: 'q.prototxt',
    scoreBlob: 'accuracy',
    seconds: 1.25,
    provider: 'cpu',
  };
  const line = describeEnd(report as QuantizeReport);
  expect(line).toContain(`Wrote q.prototxt: ${words}`);
  expect(line).toMatch(/\(1\.3 s on cpu\)$/);
});

it.each([
  [0.5, 0.53125, 'loss 0.53125, 0.03125 above the float net, within the margin of 0.03'],
  [0.5, 0.25, 'loss 0.25, 0.25 below the float net, within the margin of 0.03'],
  [0.5, 0.5, 'loss 0.5, 0 above the float net, within the margin of 0.03'],
])('the end of a run by a loss from %d to %d', (baseline, score, words) => {
  const line = describeEnd({
    final: { score, loss: null, seconds: 0, withinMargin: true },
    baseline,
    errorMargin: 3,
    output: 'q.prototxt',
    scoreBlob: 'loss',
    scoreDirection: 'lower',
    seconds: 1.25,
    provider: 'cpu',
  } as QuantizeReport);
  expect(line).toContain(`Wrote q.prototxt: ${words}`);
});

it('the lines in between', () => {
  const score = { score: 0.99, loss: null, seconds: 0.26 };
  expect(describeBaseline(score)).toBe('baseline: 0.99 (0.3 s)');
  expect(describeRow({ ...score, group: 'fc_params', bits: 4 })).toBe(
    'FC weights 4 bit: 0.99 (0.3 s)',
  );
  const ranges = { maxIn: 0.5, maxOut: 3, maxParams: 0.1, ilIn: -1, ilOut: 2, ilParams: -2 };
  expect(describeRanges({ ...ranges, name: 'ip1' } as LayerReport)).toBe(
    'ranges of ip1: input 0.5 (il -1), output 3 (il 2), weights 0.1 (il -2)',
  );
});

it('a net of the search, with its size as everywhere', () => {
  const costs = { weightBytes: 64_470, activationBits: 4.40625, bitOperations: 0 };
  const point = { costs, score: 0.9821, isBound: true, withinMargin: false } as VisitedPoint;
  expect(describePoint(point)).toBe(
    'net of 64.47 kB weights, 4.41 bit activations: at most 0.9821, outside',
  );
});
