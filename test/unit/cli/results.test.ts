import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scoreNet } from '../../../src/engine/jobs/scoreNet';
import type { QuantizeReport } from '../../../src/quantize/report';
import { Workplace, type CliResult } from '../../support/cli';
import { repositoryRoot } from '../../support/shared';
import { tellTo } from '../../../src/engine/files/events';

let place: Workplace;
beforeAll(() => {
  place = new Workplace();
});
afterAll(() => place.remove());

const model = 'examples/mnist/lenet_train_test.prototxt';
const weights = 'examples/mnist/lenet.caffemodel';
const modes = ['dynamic_fixed_point', 'minifloat', 'integer_power_of_2_weights'] as const;

describe.each(modes)('quantize, %s', (mode) => {
  const output = `out/${mode}.prototxt`;
  let run: CliResult;
  let report: QuantizeReport;
  beforeAll(() => {
    const flags = { trimming_mode: mode, model_quantized: output, report: 'out/run.json' };
    run = place.quantize({ ...flags, iterations: '2' });
    expect(run.code, run.stderr).toBe(0);
    report = JSON.parse(readFileSync(place.path('out/run.json'), 'utf8')) as QuantizeReport;
  });

  it('every field of the report has its name and type', () => {
    const text = expect.any(String) as string;
    const number = expect.any(Number) as number;
    const format = expect.objectContaining({ kind: text }) as unknown;
    const layerNumbers = Object.fromEntries(
      [
        'maxIn',
        'maxOut',
        'maxParams',
        'ilIn',
        'ilOut',
        'ilParams',
        'line',
        'weights',
        'biases',
        'operations',
      ].map((name) => [name, number]),
    );
    const score = { score: number, loss: number, seconds: number };
    expect(report).toEqual({
      mode,
      search: 'original',
      baseline: number,
      baselineLoss: number,
      rows: report.rows.map(() => ({ group: text, bits: number, ...score })),
      chosen: { conv_params: number, fc_params: number, activations: number },
      final: {
        ...score,
        withinMargin: expect.any(Boolean) as boolean,
        standardError: number,
        verdict: expect.stringMatching(/^(firm|open)$/) as string,
      },
      layers: report.layers.map(() => ({
        ...layerNumbers,
        name: text,
        formats: { input: format, output: format, weights: format, bias: format },
        type: expect.stringMatching(/^(Convolution|InnerProduct)$/) as string,
      })),
      net: 'LeNet',
      scoreBlob: 'accuracy',
      scoreIsAccuracy: true,
      scoreDirection: 'higher',
      weightBytes: { float: 1724320, quantized: number },
      errorMargin: 2,
      iterations: 2,
      batchSize: 100,
      calibration: 'train',
      provider: 'cpu',
      seconds: number,
      output,
      inputs: report.inputs.map(() => ({ role: text, path: text, bytes: number, sha256: text })),
      versions: { ristretto: text, onnxruntime: text, node: text },
      // Two batches may leave a verdict open, which is said.
      notes: report.notes.map(() => text),
    });
    expect(report.inputs).toHaveLength(4);
    expect(report.layers).toHaveLength(4);
  });

  it('says at the end what was written and how good it is', () => {
    const verdict = report.final.withinMargin ? 'within' : 'OUTSIDE of';
    const last = run.stderr.trimEnd().split('\n').at(-1);
    expect(last).toMatch(/^Wrote out\/\w+\.prototxt: accuracy 0\.\d+, .* % below the float net, /);
    expect(last).toContain(`${verdict} the margin of 2 %`);
    expect(run.stderr.split('\n').filter((line) => / bit: /.test(line))).toHaveLength(
      report.rows.length,
    );
  });

  it('changes nothing in the prototxt but type and quantization_param', () => {
    const quantized = readFileSync(place.path(output), 'utf8');
    const undone = quantized
      .replace(/^ {2}quantization_param \{\n(?: {4}.*\n)* {2}\}\n/gm, '')
      .replaceAll('type: "ConvolutionRistretto"', 'type: "Convolution"')
      .replaceAll('type: "FcRistretto"', 'type: "InnerProduct"');
    expect(quantized.match(/Ristretto"/g)).toHaveLength(4);
    expect(quantized.match(/quantization_param/g)).toHaveLength(4);
    expect(undone).toBe(readFileSync(place.path(model), 'utf8'));
  });

  it('the written net scores exactly what the report says', async () => {
    const result = await scoreNet(
      {
        model: place.path(output),
        weights: place.path(weights),
        iterations: 2,
        provider: { kind: 'cpu' },
        modelFolder: place.path('examples/mnist'),
        cwd: place.folder,
      },
      tellTo({}),
    );
    expect(result.score).toBe(report.final.score);
    expect(result.loss).toBe(report.final.loss);
  });
});

describe('convert', () => {
  /** Input and output names as a program of its own, that knows only ONNX Runtime, sees them. */
  function namesIn(file: string): unknown {
    const script = `require('onnxruntime-node').InferenceSession.create(process.argv[1]).then(
      ({ inputNames, outputNames, inputMetadata }) => process.stdout.write(JSON.stringify({
        inputNames, outputNames, types: inputMetadata.map(({ type }) => type) })))`;
    const args = ['-e', script, place.path(file)];
    return JSON.parse(
      execFileSync(process.execPath, args, { cwd: repositoryRoot, encoding: 'utf8' }),
    );
  }

  it.each([
    ['float', model, 'TEST', ['accuracy', 'loss']],
    ['float', model, 'TRAIN', ['loss']],
    ['quantized', 'out/minifloat.prototxt', 'TEST', ['accuracy', 'loss']],
    ['quantized', 'out/dynamic_fixed_point.prototxt', 'TEST', ['accuracy', 'loss']],
    ['quantized', 'out/integer_power_of_2_weights.prototxt', 'TRAIN', ['loss']],
  ])('%s %s in %s: blob names, float32', (_, net, phase, outputs) => {
    const output = `out/${path.basename(net)}.${phase}.onnx`;
    const { code, stdout, stderr } = place.run(
      'convert',
      `--model=${net}`,
      `--weights=${weights}`,
      `--output=${output}`,
      `--phase=${phase}`,
      '--caffe_root=examples/mnist',
    );
    expect(code, stderr).toBe(0);
    // A file of 4-bit weights that is as large as the float one must not come as a surprise.
    const note = /note: the ONNX file simulates 4 quantized layers: .* float32, so it is as large/;
    if (net === model) expect(stderr).not.toContain('simulates');
    else expect(stderr).toMatch(note);
    expect(stdout).toMatch(
      new RegExp(`^Wrote ${output} \\([\\d.]+ [kM]B\\)\ninputs: .*\noutputs: `),
    );
    expect(namesIn(output)).toEqual({
      inputNames: ['data', 'label'],
      outputNames: outputs,
      types: ['float32', 'float32'],
    });
  });
});

describe('an unknown field beside the settings of a layer', () => {
  const odd = 'examples/mnist/odd.prototxt';

  it.each(['quantize', 'score', 'convert'])('%s warns of it and goes on', (command) => {
    const text = readFileSync(place.path(model), 'utf8');
    writeFileSync(place.path(odd), text.replace('name: "LeNet"', 'name: "LeNet"\n    colour: 3'));
    const line = text.split('\n').findIndex((row) => row.includes('name: "LeNet"')) + 2;
    const flags = { model: odd, model_quantized: 'out/odd' };
    const { code, stderr } = {
      quantize: () => place.quantize(flags),
      score: () => place.run('score', `--model=${odd}`, `--weights=${weights}`, '--iterations=1'),
      convert: () =>
        place.run('convert', `--model=${odd}`, `--weights=${weights}`, '--output=out/o.onnx'),
    }[command as 'quantize' | 'score' | 'convert']();
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(new RegExp(`^note: ${odd}:${line}:5: .*colour`, 'm'));
  });
});

it('flags are the same with one dash, with a space, and with hyphens in their names', () => {
  const flags = place.quantizeFlags();
  const reports = [
    flags.map((flag) => flag.slice(1)),
    flags.flatMap((flag) => flag.split('=')),
    flags.map((flag) => flag.replace(/^--\w+/, (name) => name.replaceAll('_', '-'))),
  ].map((spelling) => {
    expect(spelling).not.toEqual(flags);
    const { code, stdout, stderr } = place.run('quantize', ...spelling);
    expect(code, stderr).toBe(0);
    return stdout;
  });
  expect(new Set(reports).size).toBe(1);
});

it('a value that starts with a dash and follows a space is explained', () => {
  const { code, stderr } = place.run('quantize', '--iterations', '-1');
  expect(code).toBe(2);
  expect(stderr).toBe(
    'ristretto: --iterations has no value; one that starts with a dash is written ' +
      '--iterations=-...; see `ristretto quantize --help`\n',
  );
});
