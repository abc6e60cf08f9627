import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { buildNet } from '../../../src/caffe/buildNet';
import { readNetFile } from '../../../src/caffe/netFile';
import { netState } from '../../../src/caffe/phase';
import { writeCaffemodel } from '../../../src/caffe/writeCaffemodel';
import { exportOnnx, type ExportResult } from '../../../src/engine/jobs/exportOnnx';
import { Session, type Tensor } from '../../../src/runtime/session';
import { checkModel } from '../../support/checkModel';
import { googLeNet, resNet50 } from '../../support/knownNets';
import { randomWeights } from '../../support/randomWeights';

const folder = mkdtempSync(path.join(tmpdir(), 'ristretto-exported-'));
afterAll(() => rmSync(folder, { recursive: true }));

const small = (batch: number, rest: string): string =>
  `name: "small"
   layer { name: "data" type: "Input" top: "data" input_param { shape { dim: ${batch} dim: 2 dim: 3 dim: 3 } } }
   ${rest}`;
const classifier = `
  layer { name: "conv" type: "Convolution" bottom: "data" top: "conv" convolution_param { num_output: 4 kernel_size: 2 } }
  layer { name: "relu" type: "ReLU" bottom: "conv" top: "conv" }
  layer { name: "rows" type: "Reshape" bottom: "conv" top: "rows" reshape_param { shape { dim: 0 dim: -1 } } }
  layer { name: "fc" type: "InnerProduct" bottom: "rows" top: "fc" inner_product_param { num_output: 3 } }
  layer { name: "prob" type: "Softmax" bottom: "fc" top: "prob" }`;

let exports = 0;

async function exported(
  prototxt: string,
  options: { readonly externalData?: boolean } = {},
): Promise<ExportResult & { readonly path: string }> {
  const base = path.join(folder, `net${exports++}`);
  writeFileSync(`${base}.prototxt`, prototxt);
  const net = buildNet(readNetFile(`${base}.prototxt`), netState('TEST'));
  const layers = [{ name: 'no weights', blobs: [] }, ...randomWeights(net)];
  writeCaffemodel(`${base}.caffemodel`, { name: '', layers });
  const result = await exportOnnx(
    {
      model: `${base}.prototxt`,
      weights: `${base}.caffemodel`,
      output: `${base}.onnx`,
      phase: 'TEST',
      cwd: folder,
      force: false,
      ...options,
    },
    () => undefined,
  );
  return { ...result, path: `${base}.onnx` };
}

const image = (batch: number): Tensor => ({
  shape: [batch, 2, 3, 3],
  data: Float32Array.from({ length: 18 * batch }, (_, i) => Math.sin(i)),
});

async function run(file: string, batch: number): Promise<Float32Array> {
  const session = await Session.create(readFileSync(file), { kind: 'cpu' });
  const outputs = await session.run(new Map([['data', image(batch)]]));
  await session.release();
  return outputs.get('prob')?.data ?? new Float32Array();
}

describe('exported models', () => {
  it('take any number of images where the net allows it', async () => {
    const one = await exported(small(1, classifier));
    const three = await exported(small(3, classifier));
    expect([one.dynamicBatch, three.dynamicBatch]).toEqual([true, true]);
    const { graph } = checkModel(readFileSync(one.path));
    expect(graph.input?.[0]?.type.tensor_type.shape?.dim?.[0]).toEqual({ dim_param: 'N' });
    expect(graph.output?.[0]?.type.tensor_type.shape?.dim).toEqual([
      { dim_param: 'N' },
      { dim_value: 3 },
    ]);
    expect(await run(one.path, 3)).toEqual(await run(three.path, 3));
    expect((await run(three.path, 1)).length).toBe(3);
  });

  it('keep the number of images that a layer hangs on', async () => {
    const across = await exported(
      small(
        2,
        'layer { name: "r" type: "Reshape" bottom: "data" top: "prob" reshape_param { shape { dim: 4 dim: 9 } } }',
      ),
    );
    expect(across.dynamicBatch).toBe(false);
    const { graph } = checkModel(readFileSync(across.path));
    expect(graph.input?.[0]?.type.tensor_type.shape?.dim?.[0]).toEqual({ dim_value: 2 });
    const halves = await exported(
      small(
        4,
        'layer { name: "s" type: "Slice" bottom: "data" top: "a" top: "b" slice_param { axis: 0 } }',
      ),
    );
    expect(halves.dynamicBatch).toBe(false);
  });

  it('say who made them of what, and which value a blob is', async () => {
    const { path: file } = await exported(small(1, classifier));
    const model = checkModel(readFileSync(file));
    expect(model.producer_name).toBe('ristretto-vscode');
    expect(model.producer_version).toMatch(/^\d+\.\d+\.\d+$/);
    const metadata = new Map(model.metadata_props?.map(({ key, value }) => [key, value]));
    expect(metadata.get('source')).toMatch(/net\d+\.prototxt$/);
    expect(metadata.get('phase')).toBe('TEST');
    const named = JSON.parse(metadata.get('blobs') ?? '') as Record<string, string>;
    const values = new Set(model.graph.value_info?.map(({ name }) => name));
    for (const value of Object.values(named)) expect(values.has(value), value).toBe(true);
    expect(values.has('conv')).toBe(true);
    expect(named['rows']).toBe('conv');
  });

  it('may keep their weights in a file of their own', async () => {
    const whole = await exported(resNet50());
    const split = await exported(resNet50(), { externalData: true });
    const dataFile = `${split.path}.data`;
    expect(split.dataFile).toBe(dataFile);
    expect(statSync(split.path).size).toBeLessThan(2 ** 20);
    expect(statSync(dataFile).size).toBeGreaterThan(90e6);
    // Another process that knows nothing of this one loads both from their folder.
    const script = `
      const ort = require('onnxruntime-node');
      (async () => {
        const data = Float32Array.from({ length: 150528 }, (_, i) => Math.sin(i));
        const results = [];
        for (const file of process.argv.slice(1)) {
          const session = await ort.InferenceSession.create(file);
          const { prob } = await session.run({ data: new ort.Tensor('float32', data, [1, 3, 224, 224]) });
          results.push(Array.from(prob.data));
        }
        console.log(JSON.stringify(results));
      })();`;
    const printed = execFileSync(process.execPath, ['-e', script, whole.path, split.path], {
      encoding: 'utf8',
      cwd: path.resolve(import.meta.dirname, '../../..'),
    });
    const [a, b] = JSON.parse(printed) as [number[], number[]];
    expect(a).toHaveLength(1000);
    expect(a.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 4);
    expect(new Set(a).size).toBeGreaterThan(100);
    expect(b).toEqual(a);
    checkModel(readFileSync(whole.path));
  });

  it('of GoogLeNet obey the rules and take any number of images', async () => {
    const { path: file, dynamicBatch, outputs } = await exported(googLeNet());
    checkModel(readFileSync(file));
    expect(dynamicBatch).toBe(true);
    expect(outputs).toHaveLength(1);
  });
});
