import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { quantizeNet } from '../../src/engine/jobs/quantizeNet';
import type { QuantizeOptions } from '../../src/engine/search/quantizeOptions';
import type { QuantizeReport } from '../../src/quantize/report';
import { tellTo } from '../../src/engine/files/events';

/** A run without a terminal. */
export function quantizeSilently(
  options: Pick<
    QuantizeOptions,
    'model' | 'weights' | 'modelQuantized' | 'mode' | 'search' | 'iterations' | 'cwd'
  > &
    Partial<Pick<QuantizeOptions, 'errorMargin'>>,
): Promise<QuantizeReport> {
  return quantizeNet(
    {
      errorMargin: 1,
      provider: { kind: 'cpu' },
      calibration: 'train',
      force: false,
      ...options,
    },
    tellTo({}),
  );
}

interface Pass {
  readonly loss: number;
  readonly accuracy: number;
}

/** The original's scoring passes in order: baseline, candidates, final net; not the range pass. */
export function readPasses(folder: string): Pass[] {
  const [, ...lines] = readFileSync(path.join(folder, 'passes.tsv'), 'utf8').trim().split('\n');
  return lines
    .map((line) => line.split('\t'))
    .filter(([, , , accuracy]) => accuracy !== 'None')
    .map(([, , loss, accuracy]) => ({ loss: Number(loss), accuracy: Number(accuracy) }));
}

/** Our passes in the same order. */
export function passesOf(report: QuantizeReport): Pass[] {
  const { baseline, baselineLoss, rows, final, mode } = report;
  const scores = [
    { score: baseline, loss: baselineLoss },
    ...rows,
    ...(mode === 'dynamic_fixed_point' ? [final] : []),
  ];
  return scores.map(({ score, loss }) => ({ accuracy: score, loss: loss ?? Number.NaN }));
}

/** Compares all passes: absolute difference of scores, relative difference of losses. */
export function expectSamePasses(
  report: QuantizeReport,
  folder: string,
  tolerance: { readonly score: number; readonly loss: number },
): void {
  const ours = passesOf(report);
  const theirs = readPasses(folder);
  expect(ours).toHaveLength(theirs.length);
  theirs.forEach(({ accuracy, loss }, i) => {
    const pass = ours[i];
    expect(Math.abs((pass?.accuracy ?? Number.NaN) - accuracy)).toBeLessThan(tolerance.score);
    expect(Math.abs((pass?.loss ?? Number.NaN) / loss - 1)).toBeLessThan(tolerance.loss);
  });
}

/** Compares the ranges with a table of the original's. */
export function expectSameRanges(report: QuantizeReport, file: string): void {
  const [, ...lines] = readFileSync(file, 'utf8').trim().split('\n');
  expect(report.layers).toHaveLength(lines.length);
  lines.forEach((line, i) => {
    const [name, maxIn, maxOut, maxParams, ilIn, ilOut, ilParams] = line.split('\t');
    const layer = report.layers[i];
    expect(layer).toMatchObject({
      name,
      ilIn: Number(ilIn),
      ilOut: Number(ilOut),
      ilParams: Number(ilParams),
    });
    expect((layer?.maxIn ?? 0) / Number(maxIn)).toBeCloseTo(1, 5);
    expect((layer?.maxOut ?? 0) / Number(maxOut)).toBeCloseTo(1, 5);
    expect((layer?.maxParams ?? 0) / Number(maxParams)).toBeCloseTo(1, 5);
  });
}
