import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCaffemodel } from '../../../src/caffe/caffemodel';
import { buildNet } from '../../../src/caffe/buildNet';
import { readNetFile } from '../../../src/caffe/netFile';
import { float32 } from '../../../src/formats/float32';
import { netState } from '../../../src/caffe/phase';
import { Evaluator } from '../../../src/engine/scoring/evaluator';
import { NetData } from '../../../src/engine/inputs/netData';
import type { QuantizeReport } from '../../../src/quantize/report';
import {
  expectSamePasses,
  expectSameRanges,
  quantizeSilently,
  readPasses,
} from '../../support/referenceRun';
import { hasShared, shared } from '../../support/shared';

const folder = ['reference', 'cifar-synth'];
const model = shared('data', 'cifar-synth', 'cifar10_quick_synth.prototxt');
const weights = shared('data', 'weights', 'cifar10_quick.caffemodel');
const cwd = shared('data', 'cifar-synth');

describe.skipIf(!hasShared(...folder))('CIFAR-10 quick (needs ../shared)', () => {
  const scratch = mkdtempSync(path.join(tmpdir(), 'ristretto-cifar-'));
  afterAll(() => rmSync(scratch, { recursive: true }));
  let report: QuantizeReport;

  beforeAll(async () => {
    report = await quantizeSilently({
      model,
      weights,
      modelQuantized: path.join(scratch, 'quantized.prototxt'),
      mode: 'dynamic_fixed_point',
      iterations: 10,
      cwd,
    });
  });

  it('measures the same ranges', () => {
    expectSameRanges(report, shared(...folder, 'quick-ranges.tsv'));
  });

  it('has the same baseline', () => {
    const [baseline] = readPasses(shared(...folder, 'cifar10_quick_minifloat_m1'));
    expect(report.baseline).toBe(baseline?.accuracy);
    expect((report.baselineLoss ?? 0) / (baseline?.loss ?? 1)).toBeCloseTo(1, 5);
  });

  const dynamic = [...folder, 'cifar10_quick_dynamic_fixed_point_m1'];
  it.skipIf(!hasShared(...dynamic))('scores dynamic fixed point within 0.003', () => {
    expectSamePasses(report, shared(...dynamic), { score: 0.003, loss: 0.005 });
  });

  it("gives the original CPU build's power-of-two score where activations stay float", async () => {
    // The CPU build does not quantize activations in this mode, so its weights can be compared.
    const net = buildNet(readNetFile(model), netState('TEST'));
    const data = await NetData.open(net, { cwd });
    const evaluator = new Evaluator({
      net,
      weights: readCaffemodel(weights),
      data,
      provider: { kind: 'cpu' },
    });
    const powersOfTwo = { kind: 'powerOfTwo', minExponent: -8, maxExponent: -1 } as const;
    const formats = { input: float32, output: float32, weights: powersOfTwo, bias: float32 };
    const candidate = new Map(report.layers.map(({ name }) => [name, formats]));
    const { score, loss } = await evaluator.score(
      { blob: 'accuracy', pick: 0 },
      10,
      candidate,
      () => undefined,
    );
    await data.close();
    const [, theirs] = readPasses(shared(...folder, 'cifar10_quick_integer_power_of_2_weights_m1'));
    expect(score).toBeCloseTo(theirs?.accuracy ?? Number.NaN, 6);
    expect((loss ?? 0) / (theirs?.loss ?? 1)).toBeCloseTo(1, 5);
  });
});
