import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { quantizeNet } from '../../../src/engine/jobs/quantizeNet';
import type { QuantizeOptions } from '../../../src/engine/search/quantizeOptions';
import type { QuantizeReport } from '../../../src/quantize/report';
import { repositoryRoot } from '../../support/shared';
import {
  spell,
  withoutBlobs,
  writeLargeWeights,
  type SpelledLayer,
  type Spelling,
} from '../../support/spellings';
import { tellTo } from '../../../src/engine/files/events';

const folder = mkdtempSync(path.join(tmpdir(), 'ristretto-spellings-'));
afterAll(() => rmSync(folder, { recursive: true }));

const conv = (name: string, reads: string, more = 'kernel_size: 5 stride: 4'): SpelledLayer => ({
  name,
  type: 'Convolution',
  reads: [reads],
  param: `convolution_param { num_output: 6 ${more} }`,
});
const same = 'kernel_size: 3 pad: 1';
const ip = (name: string, reads: string, outputs = 10): SpelledLayer => ({
  name,
  type: 'InnerProduct',
  reads: [reads],
  param: `inner_product_param { num_output: ${outputs} }`,
});
const inPlace = (name: string, type: string, reads: string, param = ''): SpelledLayer => ({
  name,
  type,
  reads: [reads],
  param,
  isInPlace: true,
});
const stored = 'batch_norm_param { use_global_stats: true }';
const axpb = 'scale_param { bias_term: true }';

/** Nets by what they change in place. */
const nets: Readonly<Record<string, readonly SpelledLayer[]>> = {
  BatchNorm: [
    conv('a', 'data', 'kernel_size: 5 stride: 4 bias_term: false'),
    inPlace('an', 'BatchNorm', 'a', stored),
    inPlace('ar', 'ReLU', 'an'),
    ip('z', 'ar'),
  ],
  'BatchNorm of the batch, Scale': [
    conv('a', 'data'),
    inPlace('an', 'BatchNorm', 'a'),
    inPlace('as', 'Scale', 'an', axpb),
    inPlace('ar', 'ReLU', 'as'),
    conv('b', 'ar', same),
    inPlace('bs', 'Scale', 'b', axpb),
    ip('z', 'bs'),
  ],
  BN: [conv('a', 'data'), inPlace('an', 'BN', 'a'), inPlace('ar', 'ReLU', 'an'), ip('z', 'ar')],
  PReLU: [
    conv('a', 'data'),
    inPlace('ar', 'PReLU', 'a'),
    ip('b', 'ar', 12),
    inPlace('br', 'PReLU', 'b'),
    ip('z', 'br'),
  ],
  Sigmoid: [
    conv('a', 'data'),
    inPlace('ar', 'Sigmoid', 'a'),
    ip('b', 'ar', 12),
    inPlace('br', 'Sigmoid', 'b'),
    ip('z', 'br'),
  ],
  Power: [
    conv('a', 'data'),
    inPlace('ap', 'Power', 'a', 'power_param { scale: 0.01 shift: 0.1 }'),
    inPlace('at', 'TanH', 'ap'),
    ip('z', 'at'),
  ],
  'layers of an InnerProduct': [
    ip('a', 'data', 16),
    inPlace('an', 'BatchNorm', 'a', stored),
    inPlace('as', 'Scale', 'an', axpb),
    inPlace('ar', 'ELU', 'as'),
    inPlace('ad', 'Dropout', 'ar'),
    ip('z', 'ad'),
    inPlace('zb', 'Bias', 'z'),
  ],
  'ReLU, leaky ReLU, ReLU6, Clip': [
    conv('a', 'data'),
    inPlace('ar', 'ReLU', 'a'),
    conv('b', 'ar', same),
    inPlace('bl', 'ReLU', 'b', 'relu_param { negative_slope: 0.01 }'),
    conv('c', 'bl', same),
    inPlace('cr', 'ReLU6', 'c'),
    conv('d', 'cr', same),
    inPlace('dc', 'Clip', 'd', 'clip_param { min: -1 max: 3 }'),
    inPlace('dd', 'Dropout', 'dc'),
    ip('z', 'dd'),
  ],
  'a residual sum': [
    conv('a', 'data'),
    inPlace('an', 'BatchNorm', 'a', stored),
    inPlace('ar', 'ReLU', 'an'),
    conv('b', 'ar', same),
    inPlace('bn', 'BatchNorm', 'b', stored),
    inPlace('bs', 'Scale', 'bn', axpb),
    { name: 'sum', type: 'Eltwise', reads: ['ar', 'bs'] },
    inPlace('sr', 'ReLU', 'sum'),
    conv('c', 'sr', same),
    inPlace('cn', 'BatchNorm', 'c', stored),
    { name: 'sum2', type: 'Eltwise', reads: ['sr', 'cn'] },
    inPlace('s2r', 'ReLU', 'sum2'),
    ip('z', 's2r'),
  ],
  'convolutions first, then what changes them': [
    conv('a', 'data'),
    conv('s', 'data'),
    inPlace('an', 'BatchNorm', 'a', stored),
    inPlace('sn', 'BatchNorm', 's', stored),
    inPlace('ar', 'ReLU', 'an'),
    conv('b', 'ar', same),
    conv('c', 'sn', same),
    inPlace('bn', 'BatchNorm', 'b', stored),
    inPlace('cs', 'Scale', 'c', axpb),
    { name: 'sum', type: 'Eltwise', reads: ['bn', 'cs'] },
    ip('z', 'sum'),
  ],
  'a blob that two layers read and a third one changes': [
    conv('a', 'data'),
    inPlace('an', 'BatchNorm', 'a', stored),
    conv('b', 'an', same),
    conv('c', 'an', same),
    inPlace('ar', 'ReLU', 'an'),
    conv('d', 'ar', same),
    inPlace('dn', 'BatchNorm', 'd', stored),
    { name: 'sum', type: 'Eltwise', reads: ['b', 'c', 'dn'] },
    inPlace('sn', 'BatchNorm', 'sum', stored),
    ip('z', 'sn'),
  ],
};

/** Every mode and search, some of them for each net. */
const kinds: readonly Partial<QuantizeOptions>[] = [
  { mode: 'dynamic_fixed_point' },
  { mode: 'dynamic_fixed_point', search: 'best' },
  { mode: 'minifloat' },
  { mode: 'mixed', search: 'best' },
  { mode: 'integer_power_of_2_weights' },
  { mode: 'minifloat', search: 'best' },
];

async function quantize(
  layers: readonly SpelledLayer[],
  spelling: Spelling,
  options: Partial<QuantizeOptions>,
): Promise<{ readonly report: QuantizeReport; readonly text: string }> {
  const model = path.join(folder, 'net.prototxt');
  const modelQuantized = path.join(folder, 'quantized.prototxt');
  const text = spell(layers, spelling);
  writeFileSync(model, text);
  const report = await quantizeNet(
    {
      model,
      weights: writeLargeWeights(folder, text),
      modelQuantized,
      mode: 'dynamic_fixed_point',
      // Of a large net one width, for which formats are chosen, but not bits.
      bits: options.search !== 'best' ? [16, 5] : layers.length > 7 ? [6] : [12, 5],
      calibrationImages: 50,
      iterations: 2,
      errorMargin: 20,
      scoreBlob: 'agreement',
      provider: { kind: 'cpu' },
      calibration: 'train',
      caffeRoot: path.join(repositoryRoot, 'examples/mnist'),
      cwd: folder,
      force: true,
      ...options,
    },
    tellTo({}),
  );
  return { report, text: readFileSync(modelQuantized, 'utf8') };
}

/** What both spellings must agree on. */
function results({ layers, final, baseline, baselineLoss, rows, best }: QuantizeReport): unknown {
  const untimed = { seconds: 0 };
  return {
    layers,
    baseline,
    baselineLoss,
    final: { ...final, ...untimed },
    rows: rows.map((row) => ({ ...row, ...untimed })),
    points: best?.points,
  };
}

it.each(Object.keys(nets).map((name, index) => [name, index] as const))(
  '%s: in place or not, the same formats, scores and files',
  async (name, index) => {
    const layers = nets[name] ?? [];
    for (const turn of [0, 1]) {
      const options = kinds[(2 * index + turn) % kinds.length] ?? {};
      const own = await quantize(layers, 'tops of their own', options);
      const inOne = await quantize(layers, 'in place', options);
      expect(spell(layers, 'in place')).not.toBe(spell(layers, 'tops of their own'));
      expect(results(inOne.report)).toEqual(results(own.report));
      expect(withoutBlobs(inOne.text)).toBe(withoutBlobs(own.text));
      expect(own.text).toMatch(/quantization_param/);
      expect(own.report.final.score).toBeGreaterThan(0);
    }
  },
  30_000,
);
