import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCaffemodel } from '../../../src/caffe/caffemodel';
import { diagnose } from '../../../src/language/diagnostics/diagnose';
import { applyEdits } from '../../../src/prototxt/textEdit';
import {
  analysisOfFile,
  caseScratch,
  copyOf,
  fieldCaseNames,
  findingsOfCase,
  runFieldCase,
  runProgram,
  type FieldRun,
} from '../../support/fieldCases';
import { runNet } from '../../support/runModel';
import { hasShared, shared } from '../../support/shared';

/**
 * Cases that do not yet give what their expect.txt says. One that is put right fails here until its
 * name is taken out.
 */
const knownFailures: readonly string[] = ['leveldb-abort'];

/** What each `expect.txt` says of a command, as a check of what the command did. */
const commandChecks: Readonly<Record<string, (run: FieldRun) => void | Promise<void>>> = {
  '01-batchnorm-in-place-range': (run) => {
    expect(run.calls.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    // own_tops by both searches, then in_place by both.
    const [ownOriginal, ownBest, original, best] = run.calls;
    expect(original?.stdout).toBe(ownOriginal?.stdout);
    expect(best?.stdout).toBe(ownBest?.stdout);
    for (const { stderr } of run.calls) {
      expect(stderr).toMatch(/ranges of k1: .*output 769\.4\d* \(il 10\)/);
    }
    expect(formatsIn(run, 'q_in_place.prototxt')).toEqual(formatsIn(run, 'q_own_tops.prototxt'));
    expect(formatsIn(run, 'q_in_place.prototxt')).toHaveLength(2);
  },
  '02-convert-missing-weights': (run) => {
    const line = refusal(run);
    expect(line).toContain('not_there.caffemodel');
    expect(line).toContain('there is no such file');
  },
  '03-nvidia-raw-blobs-float': readOrRefused(/raw_data|NVIDIA/),
  '03-nvidia-raw-blobs-half': readOrRefused(/raw_data|NVIDIA/),
  '04-nvidia-batchnorm-scale-bias': async (run) => {
    expect(run.stderr).not.toContain('caffemodel of another net');
    expectDone(run);
    const { layers } = readCaffemodel(path.join(run.folder, 'net.caffemodel'));
    const blobs = layers[0]?.blobs.map(({ data }) => data) ?? [];
    const [mean = [], variance = [], [count = NaN] = [], factor = [], shift = []] = blobs;
    const image = Float32Array.from({ length: 108 }, (_, i) => Math.sin(i));
    const tops = await runNet(
      readFileSync(path.join(run.folder, 'net.prototxt'), 'utf8'),
      path.join(run.folder, 'net.caffemodel'),
      { in: { shape: [1, 3, 6, 6], data: image } },
    );
    const right = Array.from(image, (x, i) => {
      const c = Math.floor(i / 36);
      const [m = NaN, v = NaN] = [mean[c], variance[c]].map((value = NaN) => value / count);
      return ((x - m) / Math.sqrt(v + 1e-4)) * (factor[c] ?? NaN) + (shift[c] ?? NaN);
    });
    const made = Array.from(tops.get('n1')?.data ?? []);
    expect(made).toHaveLength(108);
    made.forEach((value, i) => expect(value).toBeCloseTo(right[i] ?? NaN, 4));
  },
  '05-image-format-bmp': scored('k1:mean', 1109.587),
  '05-image-format-ppm': scored('k1:mean', 1109.587),
  '06-typo-hides-behind-weights': (run) => {
    const line = refusal(run);
    expect(line).toContain('needs weights of shape');
    expect(run.stderr).toMatch(/net\.prototxt:2:\d+: .*'Stride'.*did you mean 'stride'/);
  },
  '07-final-layer-unknown': (run) => {
    expectDone(run);
    expect(run.stderr).toMatch(/note: .*YoloDetectionOutput/);
    expect(run.stdout).toContain('outputs: k1 ');
  },
  '08-rule-hides-the-data': (run) => {
    expect(refusal(run)).toMatch(/layer "in" \(line 1\).*stage "deploy" \(--stage=deploy\)/);
  },
  '09-test-data-only': (run) => expect(refusal(run)).toContain('--calibration=test'),
  '10-type-mixed-up': ({ calls }) => {
    expect(calls.map(({ code }) => code)).toEqual([1, 1, 1]);
    const [a, b, c] = calls.map(({ stderr }) => stderr);
    expect(a).toContain('type: "Convolution"');
    expect(b).toMatch(/"layers".*CONVOLUTION.*or write "layer"/);
    expect(c).toContain('did you mean "Convolution"');
  },
  '11-invisible-character': ({ calls }) => {
    expect(calls.map(({ code }) => code)).toEqual([1, 1]);
    expect(calls[0]?.stderr).toContain('no-break space (U+00A0)');
    expect(calls[1]?.stderr).toContain('zero-width space (U+200B)');
    for (const { stderr } of calls) expect(stderr).not.toMatch(/[\u00a0\u200b]/);
  },
  '12-web-page-as-prototxt': ({ calls }) => {
    expect(calls.map(({ code }) => code)).toEqual([1, 1]);
    expect(calls[0]?.stderr).toMatch(/^ristretto: net\.prototxt: .*web page.*\n$/);
    expect(calls[1]?.stderr).toMatch(/^ristretto: lfs\.prototxt: .*Git LFS pointer.*\n$/);
  },
  '13-engine-of-a-fork': expectDone,
  '14-normalization-of-rfcn': (run) => {
    expectDone(run);
    expect(errorsIn('14-normalization-of-rfcn')).toEqual([]);
  },
  '15-hdf5-half-floats': scored('k1:mean', 1166.11),
  '16-hdf5-lzf': (run) => {
    const line = refusal(run);
    expect(line).toContain('LZF');
    expect(line).not.toContain('damaged');
  },
  '17-depthwise-num-output': (run) => {
    expectDone(run);
    expect(run.stdout).toContain('outputs: dw Nx3x6x6');
  },
  '18-mean-npy': (run) => {
    expectDone(run);
    expect(run.stderr).toContain('mean.npy');
    expect(run.stderr).not.toContain('wire type');
  },
  '19-unknown-setting-changes-numbers': (run) => {
    if (run.calls[0]?.code === 0) {
      // Obeyed: 7 pixels in steps of 2, rounded down.
      expect(run.stdout).toContain('outputs: r Nx3x3x3');
      expect(readFileSync(path.join(run.written, 'x.onnx')).includes('Clip')).toBe(true);
    } else {
      expect(refusal(run)).toMatch(/round_below|relu6/);
    }
  },
  '26-accuracy-hidden-by-stage': (run) => {
    const said = run.stderr;
    expect(said).not.toMatch(/the net has no Accuracy layer/);
    expect(said).toContain('stage "val" (--stage=val)');
  },
  '28-score-by-a-label': (run) => {
    expect(run.stderr + run.stdout).not.toMatch(/scor(ed|ing) by "?label/i);
    if (run.calls[0]?.code === 0) expect(run.stderr).toMatch(/Wrote .*: out/);
    else expect(refusal(run)).toContain('--score');
  },
};

/** What each `expect.txt` says of the editor's diagnostics. */
const editorChecks: Readonly<Record<string, (name: string) => void>> = {
  '20-editor-ssd-fork': noComplaint,
  '21-editor-one-phase-file': noComplaint,
  '22-editor-other-schema': noComplaint,
  '23-editor-flood': (name) => {
    const unknown = findingsOfCase(name).filter((finding) => /unknown field/i.test(finding));
    expect(unknown).toHaveLength(1);
  },
  '24-editor-misses-accuracy-no-top': anError,
  '24-editor-misses-global-kernel': anError,
  '24-editor-misses-include-exclude': anError,
  '24-editor-misses-loss-weight-count': anError,
  '24-editor-misses-lrn-even': anError,
  '24-editor-misses-too-many-param': anError,
  '25-editor-lstm-of-a-fork': (name) =>
    expect(findingsOfCase(name).join('\n')).not.toMatch(/did you mean "?LSTM/i),
  '27-editor-loss-of-the-other-phase': (name) => expect(errorsIn(name)).toEqual([]),
};

describe.skipIf(!hasShared('cases'))('cases from the field (need ../shared)', () => {
  let scratch = '';
  beforeAll(() => {
    scratch = caseScratch();
  });
  const names = fieldCaseNames();
  const passed: string[] = [];
  const all: [string, () => void | Promise<void>][] = [
    ...names.map((name): [string, () => void | Promise<void>] => [
      name,
      async () => {
        const [editor, command] = [editorChecks[name], commandChecks[name]];
        if (editor !== undefined) editor(name);
        else if (command !== undefined) {
          const run = await runFieldCase(name, scratch);
          for (const call of run.calls) expectNoFault(call.stderr);
          expect(run.calls).not.toEqual([]);
          await command(run);
        } else throw new Error(`nobody has written down what expect.txt of ${name} means`);
      },
    ]),
    ...readdirSyncIfThere('quick-fix-crash').map((name): [string, () => void] => [
      `quick-fix-crash/${name}`,
      () => tryAllFixes(shared('cases', 'quick-fix-crash', name)),
    ]),
    ['leveldb-abort', () => expectLevelDbRefused(scratch)],
  ];

  afterAll(() => {
    rmSync(scratch, { recursive: true, force: true });
    console.log(`${passed.length} of ${all.length} cases give what their expect.txt says`);
  });

  for (const [name, check] of all) {
    const test = knownFailures.includes(name) ? it.concurrent.fails : it.concurrent;
    test(name, async () => {
      await check();
      passed.push(name);
    });
  }

  it('known failures are cases', () => {
    const known = all.map(([name]) => name);
    expect(knownFailures.filter((name) => !known.includes(name))).toEqual([]);
  });
});

function readdirSyncIfThere(folder: string): string[] {
  return hasShared('cases', folder) ? readdirSync(shared('cases', folder)).sort() : [];
}

function expectNoFault(stderr: string): void {
  expect(stderr).not.toMatch(/^ {4}at /m);
  expect(stderr).not.toContain('please report');
}

function expectDone({ calls, stderr }: FieldRun): void {
  expect(
    calls.map(({ code }) => code),
    stderr,
  ).toEqual([0]);
}

/** The one line that a run of one call ends with, whose code must be 1. */
function refusal({ calls, stderr }: FieldRun): string {
  expect(
    calls.map(({ code }) => code),
    stderr,
  ).toEqual([1]);
  const lines = stderr.split('\n').filter((line) => line !== '' && !line.startsWith('note: '));
  expect(lines, stderr).toHaveLength(1);
  return lines[0] ?? '';
}

function readOrRefused(words: RegExp): (run: FieldRun) => void {
  return (run) => {
    expect(run.stderr).not.toContain('damaged');
    if (run.calls[0]?.code === 0) expect(run.stdout).toContain('outputs: k1 ');
    else expect(refusal(run)).toMatch(words);
  };
}

/** Scored by an output, whose value is printed to six digits. */
function scored(blob: string, value: number): (run: FieldRun) => void {
  return (run) => {
    expectDone(run);
    const [, printed] = new RegExp(`Scored by ${blob} \\(([-\\d.e+]+)\\)`).exec(run.stderr) ?? [];
    expect(printed, run.stderr).toBe(String(Number(value.toPrecision(6))));
  };
}

/** The formats of a quantized net, layer by layer. */
function formatsIn({ written }: FieldRun, file: string): string[] {
  const text = readFileSync(path.join(written, file), 'utf8');
  return [...text.matchAll(/quantization_param \{[^}]*\}/g)].map(([block]) => block);
}

function noComplaint(name: string): void {
  expect(findingsOfCase(name).filter((finding) => /^(error|warning) /.test(finding))).toEqual([]);
}

function anError(name: string): void {
  expect(errorsIn(name)).not.toEqual([]);
}

function errorsIn(name: string): string[] {
  return findingsOfCase(name).filter((finding) => finding.startsWith('error '));
}

/** Every fix of every finding, applied. */
function tryAllFixes(file: string): void {
  const analysis = analysisOfFile(file);
  const findings = diagnose(analysis);
  expect(findings).not.toEqual([]);
  for (const { fixes } of findings) {
    for (const { edits } of fixes?.() ?? []) applyEdits(analysis.text, edits);
  }
}

async function expectLevelDbRefused(scratch: string): Promise<void> {
  const database = copyOf(['leveldb-abort'], scratch);
  writeFileSync(
    path.join(scratch, 'leveldb.prototxt'),
    'layer { name: "d" type: "Data" top: "data" top: "label"\n' +
      `  data_param { source: "${database}" backend: LEVELDB batch_size: 1 } }\n` +
      'layer { name: "s" type: "Softmax" bottom: "data" top: "s" }\n',
  );
  const model = shared('cases', 'field', '05-image-format-bmp', 'net.caffemodel');
  const flags = ['--model=leveldb.prototxt', `--weights=${model}`, '--iterations=1', '--score=s'];
  const { code, stderr } = await runProgram(['score', ...flags], scratch);
  expectNoFault(stderr);
  expect(code, stderr).toBe(1);
  expect(stderr).toMatch(/^(note: .*\n)*ristretto: .*leveldb-abort.*\n$/);
}
