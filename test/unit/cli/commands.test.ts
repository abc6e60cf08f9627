import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readNetFile } from '../../../src/caffe/netFile';
import type { QuantizeReport } from '../../../src/quantize/report';
import { formatFloat } from '../../../src/quantize/formatFloat';
import { textReport } from '../../../src/quantize/original/textReport';
import { Session } from '../../../src/runtime/session';
import { Workplace } from '../../support/cli';

let place: Workplace;
beforeAll(() => {
  place = new Workplace();
});
afterAll(() => place.remove());

const model = 'examples/mnist/lenet_train_test.prototxt';
const weights = 'examples/mnist/lenet.caffemodel';

function readReport(): QuantizeReport {
  return JSON.parse(readFileSync(place.path('out/run.json'), 'utf8')) as QuantizeReport;
}

describe('quantize', () => {
  const modes = [
    ['dynamic_fixed_point', 'fixed_point'],
    ['minifloat', 'mini_floating_point'],
    ['integer_power_of_2_weights', 'power_of_2_weights'],
  ] as const;

  it.each(modes)('%s: report, prototxt and score fit together', (mode, oldSpelling) => {
    const flags = { trimming_mode: mode, iterations: '3', report: 'out/run.json' };
    const { code, stdout, stderr } = place.quantize(flags);
    expect(code, stderr).toBe(0);
    const report = readReport();
    expect(stdout).toBe(`${textReport(report)}\n`);
    expect(report).toMatchObject({
      mode,
      iterations: 3,
      batchSize: 100,
      errorMargin: 2,
      calibration: 'train',
      provider: 'cpu',
      scoreBlob: 'accuracy',
      final: { withinMargin: expect.any(Boolean) as boolean, score: expect.any(Number) as number },
      versions: { onnxruntime: '1.29.0', node: process.versions.node },
    });
    expect(report.rows.length).toBeGreaterThan(0);
    for (const row of report.rows) {
      expect(['conv_params', 'fc_params', 'activations', 'net']).toContain(row.group);
      expect(row.bits).toBeGreaterThan(0);
      expect(row.score).toBeGreaterThanOrEqual(0);
      expect(row.loss).toBeGreaterThan(0);
      expect(row.seconds).toBeGreaterThan(0);
    }
    expect(report.layers.map(({ name }) => name)).toEqual(['conv1', 'conv2', 'ip1', 'ip2']);
    for (const layer of report.layers) {
      for (const field of ['maxIn', 'maxOut', 'maxParams', 'ilIn', 'ilOut', 'ilParams'] as const) {
        expect(layer[field]).toEqual(expect.any(Number));
      }
    }
    expect(report.inputs.map(({ role }) => role)).toEqual([
      'model',
      'weights',
      'test data',
      'train data',
    ]);
    for (const { bytes, sha256 } of report.inputs) {
      expect(bytes).toBeGreaterThan(0);
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    }

    // The written file scores what the report says, and only the two fields have changed.
    const scored = place.run(
      'score',
      '--model=out/quantized.prototxt',
      `--weights=${weights}`,
      '--iterations=3',
      // The paths in it are relative to the folder it came from.
      '--caffe_root=examples/mnist',
    );
    expect(scored.stdout).toContain(`accuracy = ${formatFloat(report.final.score)}\n`);
    expect(scored.stdout).toContain(`Loss: ${formatFloat(report.final.loss ?? Number.NaN)}\n`);
    const original = readFileSync(place.path(model), 'utf8').split('\n');
    const kept = readFileSync(place.path('out/quantized.prototxt'), 'utf8').split('\n');
    const missing = original.filter((line) => !kept.includes(line));
    expect(missing.length).toBeGreaterThan(0);
    expect(missing.every((line) => /type: "(Convolution|InnerProduct)"/.test(line))).toBe(true);
    const layers = readNetFile(place.path('out/quantized.prototxt')).bound.message.layer;
    expect(layers.filter((l) => l.quantization_param !== undefined).map((l) => l.type)).toEqual([
      'ConvolutionRistretto',
      'ConvolutionRistretto',
      'FcRistretto',
      'FcRistretto',
    ]);

    // The old spelling does the same; the earlier result is replaced without asking.
    const again = place.quantize({ ...flags, trimming_mode: oldSpelling });
    expect(again.code, again.stderr).toBe(0);
    expect(again.stdout).toBe(stdout);
    expect(readReport().mode).toBe(mode);
  });

  it('takes flags with one dash and with a space', () => {
    const flags = place.quantizeFlags({ model_quantized: 'out/dash.prototxt' });
    const spaced = flags.flatMap((flag) => flag.slice(1).split(/=(.*)/s).slice(0, 2));
    expect(spaced[0]).toBe('-model');
    const { code, stderr } = place.run('quantize', ...spaced);
    expect(code, stderr).toBe(0);
    // Without a terminal nothing is drawn.
    // eslint-disable-next-line no-control-regex -- the escape character is what must not be there
    expect(stderr).not.toMatch(/\u001b/);
  });

  it('cycles when there are fewer records than iterations ask for, and says so', () => {
    const { code, stderr } = place.quantize({ iterations: '21' });
    expect(code).toBe(0);
    expect(stderr).toContain('21 iterations of 100 read more than the 2000 records');
  });
});

describe('score', () => {
  it('prints every output and the loss, as caffe test does', () => {
    const { code, stdout } = place.run(
      'score',
      `--model=${model}`,
      `--weights=${weights}`,
      '--iterations=20',
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Loss: (0\.\d+)\naccuracy = 0\.98\d*\nloss = \1 \(\* 1 = \1 loss\)\n$/);
  });
});

describe('convert', () => {
  it.each(['TEST', 'TRAIN'])(
    '%s: other programs load it; names are those of the blobs',
    async (phase) => {
      const { code, stderr } = place.run(
        'convert',
        `--model=${model}`,
        `--weights=${weights}`,
        '--output=out/net.onnx',
        `--phase=${phase}`,
      );
      expect(code, stderr).toBe(0);
      const session = await Session.create(readFileSync(place.path('out/net.onnx')), {
        kind: 'cpu',
      });
      const batch = phase === 'TEST' ? 100 : 64;
      const outputs = await session.run(
        new Map([
          ['data', { shape: [batch, 1, 28, 28], data: new Float32Array(batch * 784) }],
          ['label', { shape: [batch], data: new Float32Array(batch) }],
        ]),
      );
      await session.release();
      expect([...outputs.keys()].sort()).toEqual(
        phase === 'TEST' ? ['accuracy', 'loss'] : ['loss'],
      );
    },
  );

  it('writes quantized nets too', () => {
    expect(place.quantize({ model_quantized: 'out/q.prototxt' }).code).toBe(0);
    const { code, stdout } = place.run(
      'convert',
      '--model=out/q.prototxt',
      `--weights=${weights}`,
      '--output=out/q.onnx',
      '--caffe_root=examples/mnist',
    );
    expect(code).toBe(0);
    expect(stdout).toContain('inputs:  data 100x1x28x28, label 100');
  });
});
