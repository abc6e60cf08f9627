import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readNetFile } from '../../../src/caffe/netFile';
import type { QuantizeReport } from '../../../src/quantize/report';
import { textReport } from '../../../src/quantize/original/textReport';
import { quantizeSilently } from '../../support/referenceRun';
import { repositoryRoot } from '../../support/shared';

/** What the original, with its GPU's rounding, printed and wrote for the bundled example. */
interface OriginalRun {
  readonly report: readonly string[];
  /** Type and fields of `quantization_param` by the layer's name. */
  readonly layers: Readonly<Record<string, Readonly<Record<string, string | number>>>>;
}

const modes = ['dynamic_fixed_point', 'minifloat', 'integer_power_of_2_weights'] as const;
const example = path.join(repositoryRoot, 'examples/mnist');

// The same comparison on other nets and more images needs files that not every machine has; this
// one guards the figures from a clone alone.
describe('the bundled example equals the original', () => {
  const scratch = mkdtempSync(path.join(tmpdir(), 'ristretto-example-'));
  afterAll(() => rmSync(scratch, { recursive: true }));

  describe.each(modes)('%s', (mode) => {
    const output = path.join(scratch, `${mode}.prototxt`);
    const original = JSON.parse(
      readFileSync(path.join(repositoryRoot, `test/fixtures/original/${mode}.json`), 'utf8'),
    ) as OriginalRun;
    let report: QuantizeReport;

    beforeAll(async () => {
      report = await quantizeSilently({
        model: path.join(example, 'lenet_train_test.prototxt'),
        weights: path.join(example, 'lenet.caffemodel'),
        modelQuantized: output,
        mode,
        iterations: 20,
        errorMargin: 2,
        cwd: example,
      });
    }, 60_000);

    it('prints the same report, byte for byte', () => {
      expect(`${textReport(report)}\n`).toBe(original.report.join('\n'));
    });

    it('writes the same types and number formats', () => {
      const ours = readNetFile(output).bound.message.layer.flatMap(
        ({ name, type, quantization_param: param }) =>
          param === undefined ? [] : [[name, { type, ...param }] as const],
      );
      expect(Object.fromEntries(ours)).toEqual(original.layers);
    });
  });
});
