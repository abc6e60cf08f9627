import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildNet } from '../../../src/caffe/net';
import { readNetFile } from '../../../src/caffe/netFile';
import type { NetState } from '../../../src/caffe/phase';
import { readBlobFile } from '../../../src/data/blobFile';
import { converterOf, sourceOf } from '../../../src/onnx/registry';
import { UserError } from '../../../src/prototxt/userError';
import { hasShared, shared } from '../../support/shared';
import { runNet } from '../../support/runModel';

interface Blob {
  readonly shape: number[];
  readonly data: number[];
}

interface Case {
  readonly layer_types: readonly string[];
  readonly tags: readonly string[];
  readonly state: NetState;
  readonly inputs: Readonly<Record<string, Blob>>;
  readonly outputs: Readonly<Record<string, Blob>>;
}

const folders = ['layers', 'nets']
  .filter((set) => hasShared('reference', set))
  .flatMap((set) => readdirSync(shared('reference', set)).map((name) => path.join(set, name)));

/** The layer types of later work: their cases wait until a converter exists. */
function isSupported(folder: string, state: NetState): boolean {
  try {
    const net = buildNet(readNetFile(path.join(folder, 'net.prototxt')), state);
    return net.layers.every((l) => converterOf(l) !== undefined || sourceOf(l) !== undefined);
  } catch (cause) {
    if (cause instanceof UserError && cause.code === 'net/old-version') return false;
    throw cause;
  }
}

describe.skipIf(folders.length === 0)('cases a real Caffe computed (need ../shared)', () => {
  let supported = 0;
  for (const name of folders) {
    const folder = shared('reference', name);
    const file = path.join(folder, 'case.json');
    if (!existsSync(file)) continue;
    const reference = JSON.parse(readFileSync(file, 'utf8')) as Case;
    if (!isSupported(folder, reference.state)) continue;
    supported++;
    const run = (): ReturnType<typeof runNet> =>
      runNet(
        readFileSync(path.join(folder, 'net.prototxt'), 'utf8'),
        path.join(folder, 'weights.caffemodel'),
        Object.fromEntries(
          Object.entries(reference.inputs).map(([blob, { shape, data }]) => [
            blob,
            { shape, data: Float32Array.from(data) },
          ]),
        ),
        { state: reference.state, readBlob: (source) => readBlobFile(path.join(folder, source)) },
      );
    it(name, async () => {
      const outputs = await run();
      expect([...outputs.keys()].sort()).toEqual(Object.keys(reference.outputs).sort());
      for (const [blob, { shape, data }] of Object.entries(reference.outputs)) {
        const actual = outputs.get(blob);
        expect(actual?.shape, `${blob} shape`).toEqual(shape);
        const worst = data.reduce((most, wanted, i) => {
          const difference = Math.abs((actual?.data[i] ?? Number.NaN) - wanted);
          const excess = difference / (1e-4 + 1e-4 * Math.abs(wanted));
          return Number.isNaN(excess) ? Infinity : Math.max(most, excess);
        }, 0);
        expect(worst, `${blob}: largest difference in tolerances`).toBeLessThanOrEqual(1);
      }
    });
  }

  it('covers the layers this version supports', () => {
    expect(supported).toBeGreaterThanOrEqual(94);
  });
});
