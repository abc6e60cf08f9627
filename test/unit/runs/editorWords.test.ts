import { describe, expect, it } from 'vitest';
import { inEditorWords } from '../../../src/runs/view/editorWords';
import { flagMessages } from '../../support/flagMessages';

it.each([
  [
    'cannot find "a", tried b: give a path that exists, run in the folder it is relative to, or name ' +
      'that folder with --caffe_root',
    'cannot find "a", tried b: give a path that exists, open the folder it is relative to, or name ' +
      'that folder in the setting ristretto.caffeRoot',
  ],
  [
    'asks for stage "a" (--stage=a --level=2) and takes part in the TRAIN phase only (--phase=TRAIN)',
    'asks for stage "a" and takes part in the TRAIN phase only',
  ],
  [
    'say what to score by: --score=prob, --score=a[1] takes an output, --score=agreement how often',
    'say what to score by: "prob", "a[1]" takes an output, "agreement" how often (in the setting ' +
      'ristretto.scoreBy)',
  ],
  [
    'scoring by "a", the first output; --score=<blob> chooses another of b, c',
    'scoring by "a", the first output; the setting ristretto.scoreBy chooses another of b, c',
  ],
  [
    'the scores so far are kept in /x y/z: --resume goes on from there',
    'the scores so far are kept: Try Again goes on from there',
  ],
  ['/a.prototxt: --output: cannot be written', '/a.prototxt: cannot be written'],
  [
    '5 of 9 records are scored: --iterations=9 takes them all',
    '5 of 9 records are scored: 9 iterations take them all',
  ],
  ['give --images=a.txt', 'give the list of images (a.txt)'],
  [
    'this file defines 2 nets: a, b; choose one with --net=1 to --net=2',
    'this file defines 2 nets: a, b; choose one of them',
  ],
  ['a -- b', 'a -- b'],
  ['--unheard-of=1', 'the command line\'s option "unheard-of" (1)'],
])('%s', (flags, words) => {
  expect(inEditorWords(flags)).toBe(words);
});

describe('what CUDA lacks', () => {
  const say = (detail: string): string =>
    inEditorWords(
      `CUDA was asked for (--gpu=0) but ${detail}, or leave out --gpu to use the CPU`,
      'runtime/no-cuda',
    );
  it.each([
    [
      'ONNX Runtime for Node has no CUDA provider for darwin arm64: use a machine with Linux on x64',
      'CUDA does not run on this system (darwin arm64).',
    ],
    [
      "ONNX Runtime's CUDA provider is not installed (a.so, b.so not found in /c): install it (see " +
        '"CUDA" in the README)',
      'CUDA cannot be used: its provider is not installed.',
    ],
    [
      'cuda:0 could not be used (these libraries are not found: libcudart.so.13, libcudnn.so.9): ' +
        'install the NVIDIA driver, CUDA 13 and cuDNN 9 on the library path',
      'CUDA cannot be used: these libraries are missing: libcudart.so.13, libcudnn.so.9.',
    ],
    [
      'cuda:0 could not be used (no CUDA-capable device is detected): install the NVIDIA driver, ' +
        'CUDA 13 and cuDNN 9 on the library path',
      'CUDA cannot be used: no CUDA-capable device is detected',
    ],
  ])('%s', (detail, sentence) => {
    expect(say(detail)).toBe(sentence);
  });
  it('is a note where the CPU was taken instead', () => {
    expect(
      inEditorWords(
        "this runs on the CPU: ONNX Runtime's CUDA provider is not installed (a.so not found in /c): " +
          'install it (see "CUDA" in the README) to use CUDA',
      ),
    ).toBe('This runs on the CPU. CUDA cannot be used: its provider is not installed.');
  });
});

describe('every message below the command line that names a flag', () => {
  const messages = flagMessages();
  // A run in the editor never gives these: what speaks of them is not said there.
  const neverGiven = /--(images|input|resize|crop_size|gray)\b/;

  it('is found', () => {
    expect(messages.length).toBeGreaterThan(30);
    expect(messages.map(({ place }) => place).join()).toContain('src/caffe/scoreBlob.ts');
  });
  it.each(messages)('$place: $text', ({ text }) => {
    // A flag alone is a part of a message, which has it in brackets.
    const whole = /^--\S+$/.test(text) ? `this asks for it (${text})` : text;
    const said = inEditorWords(`/nets/a.prototxt:12: ${whole}`);
    expect(said).not.toMatch(/--[a-z]/i);
    if (!neverGiven.test(text)) expect(said).not.toContain('command line');
  });
});
