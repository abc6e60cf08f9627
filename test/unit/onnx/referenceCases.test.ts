import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { NetState } from '../../../src/caffe/phase';
import { exportOnnx } from '../../../src/engine/jobs/exportOnnx';
import { Session, type Tensor } from '../../../src/runtime/session';
import { checkModel } from '../../support/checkModel';
import { hasShared, shared } from '../../support/shared';

interface Blob {
  readonly shape: number[];
  readonly data: number[];
}

interface Case {
  readonly layer_types: readonly string[];
  readonly state: NetState;
  readonly inputs: Readonly<Record<string, Blob>>;
  readonly outputs: Readonly<Record<string, Blob>>;
}

const folders = ['layers', 'nets']
  .filter((set) => hasShared('reference', set))
  .flatMap((set) => readdirSync(shared('reference', set)).map((name) => path.join(set, name)))
  .filter((name) => existsSync(shared('reference', name, 'case.json')));
const work = mkdtempSync(path.join(tmpdir(), 'ristretto-reference-'));
afterAll(() => rmSync(work, { recursive: true }));

/** Converts a case as `ristretto convert` does and runs the file. */
async function run(folder: string, { state, inputs }: Case): Promise<ReadonlyMap<string, Tensor>> {
  const output = path.join(work, `${path.basename(folder)}.onnx`);
  await exportOnnx(
    {
      model: path.join(folder, 'net.prototxt'),
      weights: path.join(folder, 'weights.caffemodel'),
      output,
      cwd: work,
      force: false,
      ...state,
    },
    () => undefined,
  );
  const model = readFileSync(output);
  checkModel(model);
  const session = await Session.create(model, { kind: 'cpu' });
  try {
    return await session.run(
      new Map(
        Object.entries(inputs).map(([blob, { shape, data }]) => [
          blob,
          { shape, data: Float32Array.from(data) },
        ]),
      ),
    );
  } finally {
    await session.release();
  }
}

describe.skipIf(folders.length === 0)('cases a real Caffe computed (need ../shared)', () => {
  it.each(folders)('%s', async (name) => {
    const folder = shared('reference', name);
    const reference = JSON.parse(readFileSync(path.join(folder, 'case.json'), 'utf8')) as Case;
    const outputs = await run(folder, reference);
    expect([...outputs.keys()].sort()).toEqual(Object.keys(reference.outputs).sort());
    const isQuantized = reference.layer_types.some((type) => type.endsWith('Ristretto'));
    for (const [blob, { shape, data }] of Object.entries(reference.outputs)) {
      const actual = outputs.get(blob);
      expect(actual?.shape, `${blob} shape`).toEqual(shape);
      const excess = data.map((wanted, i) => {
        const difference = Math.abs((actual?.data[i] ?? Number.NaN) - wanted);
        return Number.isNaN(difference) ? Infinity : difference / (1e-4 + 1e-4 * Math.abs(wanted));
      });
      const worst = excess.reduce((most, value) => Math.max(most, value), 0);
      expect(worst, `${blob}: largest difference in tolerances`).toBeLessThanOrEqual(1);
      // Values on a grid: another step would be a difference, however small the step is.
      const different = excess.filter((value) => value > 1e-2).length;
      if (isQuantized) expect(different / data.length, `${blob}: share`).toBeLessThanOrEqual(1e-3);
    }
  });

  it('are all there', () => {
    expect(folders.length).toBeGreaterThanOrEqual(228);
  });
});
