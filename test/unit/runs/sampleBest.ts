import type { LayerFormats } from '../../../src/formats/layerFormats';
import type { VisitedPoint } from '../../../src/quantize/report';
import type { RunRecord } from '../../../src/runs/runRecord';
import { finishedRun } from './sampleRun';

const fixed = (bits: number) => ({ kind: 'fixedPoint', bits, fractionalLength: 2 }) as const;
export const formats = (bits: number): LayerFormats => ({
  input: fixed(bits),
  output: fixed(bits + 1),
  weights: fixed(bits),
  bias: fixed(bits),
});

export function point(
  index: number,
  bytes: number,
  score: number,
  more: Partial<VisitedPoint> = {},
): VisitedPoint {
  const made: VisitedPoint = {
    index,
    score,
    loss: null,
    withinMargin: score >= 0.9814,
    standardError: 0.0012,
    verdict: 'firm',
    costs: { weightBytes: bytes, activationBits: 4.25, bitOperations: 1e6 },
    isBound: false,
    onFrontier: false,
    isDelivered: false,
    formats: { conv1: formats(index + 2), ip1: formats(index + 2) },
    ...more,
  };
  return made;
}

/** A finished best search of three nets, the second of which is delivered. */
export function bestRun(): RunRecord {
  const run = finishedRun();
  if (run.report === undefined) throw new Error('a finished run has a report');
  const points = [
    point(0, 16_000, 0.9914, { onFrontier: true }),
    point(1, 3000, 0.982, { onFrontier: true, isDelivered: true, verdict: 'open' }),
    point(2, 2000, 0.9813, { isBound: true, standardError: null, verdict: 'unknown' }),
  ];
  return {
    ...run,
    request: { ...run.request, search: 'best', mode: 'mixed' },
    rows: [],
    points,
    report: {
      ...run.report,
      mode: 'mixed',
      search: 'best',
      chosen: null,
      rows: [],
      final: { ...run.report.final, score: 0.982, verdict: 'open', standardError: 0.0012 },
      weightBytes: { float: 18_120, quantized: 3000 },
      best: {
        objective: { weightBytes: 1, activationBits: 0.25, bitOperations: 0 },
        calibrationImages: 1000,
        calibrationScores: 300,
        points,
        floatCosts: { weightBytes: 18_120, activationBits: 32, bitOperations: 1e9 },
        costs: { weightBytes: 3000, activationBits: 4.25, bitOperations: 1e6 },
      },
    },
  };
}

/** The same search, stopped after it had scored its nets: no report, nothing delivered. */
export function stoppedBest(change: Partial<RunRecord> = {}): RunRecord {
  const run = bestRun();
  return {
    ...run,
    status: 'cancelled',
    report: undefined,
    points: (run.points ?? []).map((one) => ({ ...one, isDelivered: false })),
    ...change,
  };
}
