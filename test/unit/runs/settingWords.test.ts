import { describe, expect, it } from 'vitest';
import {
  about,
  anyOf,
  ifOffered,
  inFlags as onlyInFlags,
  joined,
  option,
  plain,
  withOption,
  words,
  type Words,
} from '../../../src/base/words';
import { inFlags } from '../../../src/cli/flagWords';
import { describeCoverage } from '../../../src/engine/inputs/scoringPlan';
import { resolveProvider, type Machine } from '../../../src/runtime/resolveProvider';
import { inSettings } from '../../../src/runs/view/settingWords';
import { errorOf } from '../../support/nets';

/** What both front ends say: the command line, the editor. */
const cases: readonly (readonly [Words, string, string])[] = [
  ['a -- b', 'a -- b', 'a -- b'],
  [
    words`name that folder ${withOption('caffeRoot')}`,
    'name that folder with --caffe_root',
    'name that folder in the setting ristretto.caffeRoot',
  ],
  [
    words`asks for stage "a"${onlyInFlags(words` (${option('stages', 'a')} ${option('level', 2)})`)}`,
    'asks for stage "a" (--stage=a --level=2)',
    'asks for stage "a"',
  ],
  [
    words`${option('scoreBlob', 'prob')} takes an output, ${option('scoreBlob', 'a[1]')} a value`,
    '--score=prob takes an output, --score=a[1] a value',
    '"prob" in the setting ristretto.scoreBy takes an output, "a[1]" a value',
  ],
  [
    words`${anyOf('scoreBlob', '<blob>')} chooses another`,
    '--score=<blob> chooses another',
    'the setting ristretto.scoreBy chooses another',
  ],
  [
    words`${about('reportFile')}cannot be written`,
    '--report: cannot be written',
    'cannot be written',
  ],
  [
    words`give ${option('images', 'a.txt')}`,
    'give --images=a.txt',
    'give "a.txt" in the list of images',
  ],
  [
    words`with ${anyOf('inputs', 'x=FILE')}`,
    'with --input x=FILE',
    'with the files for the inputs',
  ],
  [
    words`${ifOffered({ action: 'installCuda' }, 'press the button', 'install it')}`,
    'install it',
    'press the button',
  ],
  [
    describeCoverage({ images: { list: 'x' } }, 5, { records: 9, batchSize: 1 }) ?? '',
    '5 of 9 records are scored: --iterations=9 takes them all',
    '5 of 9 records are scored: 9 iterations take them all',
  ],
];

describe('a text that mentions options', () => {
  it.each(cases)('%j: %s; %s', (text, flags, settings) => {
    expect(inFlags(text)).toBe(flags);
    expect(inSettings(text)).toBe(settings);
    // It is the same on the other side of a process, and in a file.
    expect(inFlags(JSON.parse(JSON.stringify(text)) as Words)).toBe(flags);
  });

  it('names options by their keys where there is no front end', () => {
    expect(plain(words`${option('scoreBlob', 'a')} or ${withOption('caffeRoot')}`)).toBe(
      'scoreBlob=a or with caffeRoot',
    );
  });

  it('is a string where it mentions none', () => {
    expect(joined(['a', words`b`, 'c'], ', ')).toBe('a, b, c');
  });

  it('cannot mention what is no option', () => {
    expect(() => inFlags([option('scroeBlob')])).toThrow('there is no option "scroeBlob"');
    expect(() => inSettings([option('images.corp')])).toThrow('there is no option "images.corp"');
  });
});

describe('what CUDA lacks', () => {
  const machine: Machine = {
    hasCudaProvider: true,
    hasTraceOfCuda: () => true,
    missingCudaLibraries: () => [],
    missingCudaDependencies: () => [],
    open: () => Promise.reject(new Error('no CUDA-capable device is detected')),
  };
  it.each([
    [{ hasCudaProvider: false }, /^CUDA does not run on this system \(\S+ \S+\)\.$/],
    [
      { missingCudaLibraries: () => ['a.so'] },
      /^CUDA cannot be used: its provider is not installed\.$/,
    ],
    [
      { missingCudaDependencies: () => ['libcudart.so.13', 'libcudnn.so.9'] },
      /^CUDA cannot be used: these libraries are missing: libcudart.so.13, libcudnn.so.9\.$/,
    ],
    [{}, /^CUDA cannot be used: no CUDA-capable device is detected$/],
  ])('is one sentence in the editor: %j', async (lacks, sentence) => {
    const on = { ...machine, ...lacks };
    const failure: unknown = await resolveProvider({ kind: 'cuda', deviceId: 0 }, on).catch(
      (cause: unknown) => cause,
    );
    const { said } = errorOf(() => {
      throw failure;
    });
    expect(inSettings(said)).toMatch(sentence);
    expect(inFlags(said)).toMatch(/^CUDA was asked for \(--gpu=0\) but .*, or leave out --gpu/);
    const { note = '' } = await resolveProvider({ kind: 'auto', deviceId: 0 }, on);
    expect(inSettings(note)).toMatch(/^This runs on the CPU\. CUDA /);
  });
});
