import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { v1Types } from '../../../src/caffe/upgrade/oldTypes';
import { Workplace } from '../../support/cli';

const model = 'examples/mnist/lenet_train_test.prototxt';
const v1Model = 'examples/mnist/v1.prototxt';
const weights = '--weights=examples/mnist/lenet.caffemodel';
let place: Workplace;
let lenet: string;
beforeAll(() => {
  place = new Workplace();
  lenet = readFileSync(place.path(model), 'utf8');
});
afterAll(() => place.remove());

/** The example in the V1 form. */
function inV1(text: string): string {
  const names = new Map(Object.entries(v1Types).map(([old, present]) => [present, old]));
  return text
    .replace(/^layer \{/gm, 'layers {')
    .replace(/^( {2}type: )"(\w+)"/gm, (_, head: string, type: string) => head + names.get(type))
    .replace(/param \{ lr_mult: (\d) \}/g, 'blobs_lr: $1');
}

describe('a net of the V1 form', () => {
  it('gives the very files that its present form gives, and one note', () => {
    writeFileSync(place.path(v1Model), inV1(lenet));
    const old = place.quantize({ model: v1Model, model_quantized: 'out/v1.prototxt' });
    expect(old.code, old.stderr).toBe(0);
    expect(place.quantize({ model_quantized: 'out/present.prototxt' }).code).toBe(0);
    const written = readFileSync(place.path('out/v1.prototxt'), 'utf8');
    expect(written).toContain('type: "ConvolutionRistretto"');
    expect(written).toBe(readFileSync(place.path('out/present.prototxt'), 'utf8'));
    const notes = old.stderr.split('\n').filter((line) => line.includes('V1 form'));
    expect(notes).toEqual([
      `note: ${v1Model}:12:1: This file uses the V1 form of 2014 ('layers { type: CONVOLUTION ... ` +
        "}'): it was read as the present form, 'layer { ... }'",
    ]);
  });

  it('is scored and converted', () => {
    for (const flags of [
      ['score', '--iterations=1'],
      ['convert', '--output=out/net.onnx'],
    ]) {
      const { code, stderr } = place.run(...flags, `--model=${v1Model}`, weights);
      expect(code, stderr).toBe(0);
      expect(stderr).toContain('V1 form of 2014');
    }
  });

  it('is told of with its lines where it is wrong', () => {
    const wrong = inV1(lenet).replace('type: POOLING', 'type: POLING');
    writeFileSync(place.path('wrong.prototxt'), wrong);
    const line = wrong.split('\n').findIndex((text) => text.includes('POLING')) + 1;
    const { code, stderr } = place.run('score', '--model=wrong.prototxt', weights);
    expect(code).toBe(1);
    expect(stderr).toContain(`wrong.prototxt:${line}:9: Unknown value 'POLING' for 'type'`);
  });
});

describe('stages, levels and the phase', () => {
  const score = (...flags: string[]): ReturnType<Workplace['run']> =>
    place.run(
      'score',
      '--model=examples/mnist/rules.prototxt',
      weights,
      '--iterations=1',
      ...flags,
    );

  beforeAll(() => {
    const rule = (name: string, rules: string): string =>
      `layer { name: "${name}" type: "Accuracy" bottom: "ip2" bottom: "label" top: "${name}" ${rules} }\n`;
    writeFileSync(
      place.path('examples/mnist/rules.prototxt'),
      lenet +
        rule('staged', 'include { stage: "a" stage: "b" }') +
        rule('unstaged', 'include { phase: TEST not_stage: "a" }') +
        rule('leveled', 'include { min_level: 1 max_level: 2 }') +
        rule('training', 'include { phase: TRAIN }'),
    );
  });
  const extras = (stdout: string): string[] =>
    ['staged', 'unstaged', 'leveled', 'training'].filter((name) =>
      new RegExp(`^${name} =`, 'm').test(stdout),
    );

  it.each<[string[], string[]]>([
    [[], ['unstaged']],
    [['--stage=a'], []],
    [['--stage=a,b'], ['staged']],
    [['--stage', 'b,a,c'], ['staged']],
    [['--level=1'], ['unstaged', 'leveled']],
    [['--level=3'], ['unstaged']],
    [['--level=-1'], ['unstaged']],
    [
      ['--phase=TRAIN', '--level=2'],
      ['leveled', 'training'],
    ],
  ])('score %j takes the layers %j', (flags, names) => {
    const { code, stdout, stderr } = score('--score=loss', ...flags);
    expect(code, stderr).toBe(0);
    expect(extras(stdout)).toEqual(names);
  });

  it('convert takes them too', () => {
    const { code, stdout, stderr } = place.run(
      'convert',
      '--model=examples/mnist/rules.prototxt',
      weights,
      '--output=out/rules.onnx',
      '--stage=a,b',
      '--level=2',
    );
    expect(code, stderr).toBe(0);
    const outputs = /^outputs:.*$/m.exec(stdout)?.[0];
    expect(outputs).toContain('staged');
    expect(outputs).toContain('leveled');
    expect(outputs).not.toContain('unstaged');
  });

  it('quantize takes them for both of its nets', () => {
    const staged = lenet.replace(
      /include \{ phase: (\w+) \}/g,
      'include { phase: $1 stage: "go" }',
    );
    const run = (text: string, stage?: string): ReturnType<Workplace['run']> => {
      writeFileSync(place.path('examples/mnist/staged.prototxt'), text);
      return place.quantize({ model: 'examples/mnist/staged.prototxt', stage });
    };
    const { code, stderr } = run(staged, 'go');
    expect(code, stderr).toBe(0);
    for (const [text, phase] of [
      [staged, 'TEST'],
      [staged.replace('TEST stage: "go"', 'TEST'), 'TRAIN'],
    ] as const) {
      const result = run(text);
      expect(result.code).toBe(1);
      expect(result.stderr).toContain(`is not made by any layer of the ${phase} phase`);
    }
  });

  it.each([
    ['--level=one', '--level=one: give a whole number, such as 1 or -1'],
    ['--level=1.5', '--level=1.5: give a whole number'],
    ['--level=9999999999', '--level=9999999999: give a whole number'],
    ['--phase=DEPLOY', '--phase=DEPLOY: choose one of TEST, TRAIN'],
  ])('%s is explained', (flag, message) => {
    const { code, stderr } = score(flag);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
