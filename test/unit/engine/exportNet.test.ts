import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeCaffemodel } from '../../../src/caffe/writeCaffemodel';
import { tellTo } from '../../../src/engine/files/events';
import { exportOnnx, type ExportOptions } from '../../../src/engine/jobs/exportOnnx';
import { phaseNames } from '../../../src/quantize/phases';
import type { Progress } from '../../../src/engine/files/progress';
import { quantize } from '../../../src/formats/formats';
import { Session } from '../../../src/runtime/session';

const folder = mkdtempSync(path.join(tmpdir(), 'ristretto-export-'));
const inputs = 64;
const outputs = 16384;
const numbers = Float32Array.from({ length: inputs * outputs }, (_, i) => (i % 251) / 64 - 2);
const options: ExportOptions = {
  model: path.join(folder, 'net.prototxt'),
  weights: path.join(folder, 'net.caffemodel'),
  output: path.join(folder, 'net.onnx'),
  phase: 'TEST',
  cwd: folder,
  force: true,
};
beforeAll(() => {
  writeFileSync(
    options.model,
    `layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 1 dim: ${inputs} } } }
    layer { name: "fc" type: "FcRistretto" bottom: "x" top: "fc"
      inner_product_param { num_output: ${outputs} }
      quantization_param { precision: MINIFLOAT mant_bits: 3 exp_bits: 4 } }`,
  );
  const blobs = [
    { shape: [outputs, inputs], data: numbers },
    { shape: [outputs], data: numbers.subarray(0, outputs) },
  ];
  writeCaffemodel(options.weights, {
    name: '',
    layers: [{ name: 'fc', type: 'InnerProduct', blobs }],
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

const written = (): string[] => readdirSync(folder).filter((name) => name.includes('.onnx'));

describe('export', () => {
  it('rounds weights piece by piece to what they are in one', async () => {
    const seen: Progress[] = [];
    await exportOnnx(options, tellTo({ progress: (now) => seen.push(now) }));
    expect([...new Set(seen.map(({ what }) => what))]).toEqual([
      phaseNames.reading,
      phaseNames.convert,
      phaseNames.files,
    ]);
    expect(seen.at(-1)).toMatchObject({ share: 1 });
    const session = await Session.create(readFileSync(options.output), { kind: 'cpu' });
    const x = new Float32Array(inputs);
    x[1] = 1;
    const result = await session.run(new Map([['x', { shape: [1, inputs], data: x }]]));
    await session.release();
    const fc = result.get('fc')?.data ?? new Float32Array();
    const round = (data: Float32Array): Float32Array =>
      quantize(data, { kind: 'minifloat', exponentBits: 4, mantissaBits: 3 });
    const rounded = round(numbers);
    const sums = Float32Array.from(
      { length: outputs },
      (_, row) => (rounded[inputs * row + 1] ?? NaN) + (rounded[row] ?? NaN),
    );
    expect(fc).toEqual(round(sums));
    rmSync(options.output);
  });

  it.each([phaseNames.reading, phaseNames.convert, phaseNames.files])(
    'aborted while %s leaves nothing',
    async (step) => {
      const abort = new AbortController();
      const job = exportOnnx(
        { ...options, signal: abort.signal },
        tellTo({ progress: ({ what }) => what === step && abort.abort() }),
      );
      await expect(job).rejects.toMatchObject({ name: 'AbortError' });
      expect(written()).toEqual([]);
    },
  );
});
