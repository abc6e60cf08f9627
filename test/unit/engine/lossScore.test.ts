import { said } from '../../support/said';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { quantizeNet } from '../../../src/engine/jobs/quantizeNet';
import { scoreNet, type ScoreResult } from '../../../src/engine/jobs/scoreNet';
import type { QuantizeReport, RunPlan } from '../../../src/quantize/report';
import { repositoryRoot } from '../../support/shared';
import { tellTo } from '../../../src/engine/files/events';

const folder = mkdtempSync(path.join(tmpdir(), 'ristretto-loss-'));
afterAll(() => rmSync(folder, { recursive: true }));
const example = path.join(repositoryRoot, 'examples/mnist');
const lenet = readFileSync(path.join(example, 'lenet_train_test.prototxt'), 'utf8');

/** The example with more layers at its end, beside its data. */
function withLayers(layers: string): string {
  const file = path.join(folder, 'net.prototxt');
  writeFileSync(file, `${lenet}\n${layers}`);
  return file;
}

async function quantize(
  scoreBlob: string | undefined,
  model: string,
  errorMargin = 2,
): Promise<{ report: QuantizeReport; plan: RunPlan | undefined }> {
  let plan: RunPlan | undefined;
  const report = await quantizeNet(
    {
      model,
      weights: path.join(example, 'lenet.caffemodel'),
      modelQuantized: path.join(folder, 'q.prototxt'),
      modelFolder: example,
      mode: 'minifloat',
      iterations: 1,
      errorMargin,
      provider: { kind: 'cpu' },
      calibration: 'train',
      scoreBlob,
      cwd: folder,
      force: true,
    },
    tellTo({ plan: (made) => (plan = made) }),
  );
  return { report, plan };
}

function score(scoreBlob: string | undefined, model: string): Promise<ScoreResult> {
  const options = {
    model,
    weights: path.join(example, 'lenet.caffemodel'),
    modelFolder: example,
    iterations: 2,
    provider: { kind: 'cpu' },
    scoreBlob,
    cwd: folder,
  } as const;
  return scoreNet(options, tellTo({}));
}

describe('quantizing by a loss', () => {
  it('accepts no loss above the margin, and says which way it went', async () => {
    const { report, plan } = await quantize('loss', withLayers(''), 0);
    expect(plan).toMatchObject({ scoreBlob: 'loss', scoreDirection: 'lower' });
    expect(report).toMatchObject({ scoreIsAccuracy: false, scoreDirection: 'lower' });
    expect(report.notes).toContain('"loss" is a loss: a lower score is better');
    expect(report.baseline).toBe(report.baselineLoss);
    // With no margin a width is chosen only where its loss is not above the float net's.
    const accepted = report.rows.filter(({ score }) => score <= report.baseline);
    expect(report.chosen?.conv_params).toBe(accepted.at(-1)?.bits ?? 32);
    expect(report.final.withinMargin).toBe(report.final.score <= report.baseline);
  });

  it('accepts every loss within a wide margin', async () => {
    const { report } = await quantize('loss', withLayers(''), 10_000);
    expect(report.rows.map(({ bits }) => bits)).toEqual([16, 8]);
    expect(report.chosen?.conv_params).toBe(8);
    expect(report.final.withinMargin).toBe(true);
  });
});

describe('scoring one of several values', () => {
  const perClass = `layer { name: "classes" type: "Accuracy" bottom: "ip2" bottom: "label"
    top: "all" top: "classes" include { phase: TEST } }`;

  it('takes the value that is asked for', async () => {
    const model = withLayers(perClass);
    const whole = await score('classes', model);
    const values = whole.outputs.get('classes')?.data ?? [];
    expect(values).toHaveLength(10);
    expect(whole).toMatchObject({ scoreBlob: 'classes', score: values[0], scoreIsAccuracy: true });
    expect(whole.notes.map(said).join()).toContain('"classes" has 10 values');
    expect(whole.outputs.get('all')).toEqual(whole.outputs.get('accuracy'));

    const third = await score('classes[3]', model);
    expect(third).toMatchObject({ scoreBlob: 'classes[3]', score: values[3], notes: [] });
    const mean = await score('classes:mean', model);
    expect(mean.score).toBeCloseTo([...values].reduce((sum, value) => sum + value, 0) / 10, 6);
  });

  it('refuses a value that there is not', async () => {
    await expect(score('classes[10]', withLayers(perClass))).rejects.toThrow(
      /scoreBlob=classes\[10\] asks for a value .* it has 10 values, \[0\] to \[9\]/,
    );
  });

  it('prefers the accuracy of the main classifier, and says so', async () => {
    const result = await score(undefined, withLayers(perClass));
    expect(result).toMatchObject({ scoreBlob: 'accuracy', scoreDirection: 'higher' });
    expect(result.notes.map(said).join()).toContain('another of all, classes, loss');
  });
});

describe('a matrix of an InfogainLoss', () => {
  const layers = `layer { name: "gain" type: "InfogainLoss" bottom: "ip2" bottom: "label" top: "gain"
    infogain_loss_param { source: "H.binaryproto" } include { phase: TEST } }`;

  it('that is missing is told with the places tried', async () => {
    await expect(score('gain', withLayers(layers))).rejects.toThrow(/cannot find "H.binaryproto"/);
  });

  it('is read from the folder the command runs in, and gives the loss', async () => {
    const numbers = Float32Array.from({ length: 100 }, (_, i) => (i % 11 === 0 ? 1 : 0));
    const data = Buffer.from(numbers.buffer);
    // BlobProto: num and channels 1, height and width 10, then packed data (field 5).
    const head = Buffer.from([0x08, 1, 0x10, 1, 0x18, 10, 0x20, 10, 0x2a, 0x90, 0x03]);
    writeFileSync(path.join(folder, 'H.binaryproto'), Buffer.concat([head, data]));
    const result = await score('gain', withLayers(layers));
    expect(result.scoreDirection).toBe('lower');
    // The identity makes it the cross-entropy.
    expect(result.score).toBeCloseTo(result.outputs.get('loss')?.data[0] ?? Number.NaN, 4);
  });
});
