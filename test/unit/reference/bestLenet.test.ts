import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { scoreNet } from '../../../src/engine/jobs/scoreNet';
import { quantizeSilently } from '../../support/referenceRun';
import { hasShared, shared } from '../../support/shared';
import { tellTo } from '../../../src/engine/files/events';

/** What the original ends at: 4 bits for every weight and bias, 8 bits for all activations. */
const originalBytes = 215_540;

describe.skipIf(!hasShared('data', 'weights', 'lenet_A.caffemodel'))(
  'the best search on LeNet A and 10,000 MNIST images (needs ../shared)',
  () => {
    const scratch = mkdtempSync(path.join(tmpdir(), 'ristretto-best-lenet-'));
    afterAll(() => rmSync(scratch, { recursive: true }));

    it('halves the weights of the original, with 5-bit activations, inside of 1 %', async () => {
      const output = path.join(scratch, 'best.prototxt');
      const weights = shared('data', 'weights', 'lenet_A.caffemodel');
      const cwd = shared('data', 'mnist');
      const report = await quantizeSilently({
        model: shared('data', 'mnist', 'lenet_train_test.prototxt'),
        weights,
        modelQuantized: output,
        mode: 'mixed',
        search: 'best',
        iterations: 100,
        cwd,
      });
      expect(report.final.withinMargin).toBe(true);
      expect(report.weightBytes.quantized).toBeLessThanOrEqual(originalBytes / 2);
      expect(report.best?.costs.activationBits).toBeLessThanOrEqual(5);
      const scored = await scoreNet(
        { model: output, weights, iterations: 100, provider: { kind: 'cpu' }, cwd },
        tellTo({}),
      );
      expect(scored.score).toBe(report.final.score);
    }, 300_000);
  },
);
