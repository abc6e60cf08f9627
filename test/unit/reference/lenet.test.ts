import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readNetFile } from '../../../src/caffe/netFile';
import type { QuantizationParameter } from '../../../src/caffe/schema';
import type { QuantizeReport } from '../../../src/quantize/report';
import { textReport } from '../../../src/quantize/original/textReport';
import { expectSamePasses, expectSameRanges, quantizeSilently } from '../../support/referenceRun';
import { hasShared, shared } from '../../support/shared';

const modes = ['dynamic_fixed_point', 'minifloat', 'integer_power_of_2_weights'] as const;

describe.skipIf(!hasShared('reference', 'lenet'))(
  'LeNet A on 10,000 MNIST images equals the original (needs ../shared)',
  () => {
    const scratch = mkdtempSync(path.join(tmpdir(), 'ristretto-lenet-'));
    afterAll(() => rmSync(scratch, { recursive: true }));

    describe.each(modes)('%s', (mode) => {
      const reference = shared('reference', 'lenet', `${mode}-margin1`);
      const output = path.join(scratch, `${mode}.prototxt`);
      let report: QuantizeReport;

      beforeAll(async () => {
        report = await quantizeSilently({
          model: shared('data', 'mnist', 'lenet_train_test.prototxt'),
          weights: shared('data', 'weights', 'lenet_A.caffemodel'),
          modelQuantized: output,
          mode,
          iterations: 100,
          cwd: shared('data', 'mnist'),
        });
      }, 300_000);

      it('prints the same report', () => {
        const summary = readFileSync(path.join(reference, 'summary.txt'), 'utf8');
        expect(`${textReport(report)}\n`).toBe(summary);
      });

      it('has every score within 0.0005 and every loss within 0.5 %', () => {
        expectSamePasses(report, reference, { score: 0.0005, loss: 0.005 });
      });

      it('measures the same ranges', () => {
        expectSameRanges(report, shared('reference', 'lenet', 'ranges.tsv'));
      });

      it('writes the same type and quantization_param for every layer', () => {
        const ours = quantizationParams(output);
        expect(ours).toEqual(quantizationParams(path.join(reference, 'quantized.prototxt')));
        expect(ours.size).toBe(4);
      });
    });
  },
);

function quantizationParams(file: string): Map<string, QuantizationParameter> {
  return new Map(
    readNetFile(file).bound.message.layer.flatMap((layer) =>
      layer.quantization_param === undefined
        ? []
        : [[`${layer.name} ${layer.type}`, layer.quantization_param] as const],
    ),
  );
}
