import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workplace } from '../../support/cli';

let place: Workplace;
beforeAll(() => {
  place = new Workplace();
});
afterAll(() => place.remove());

describe('bad usage', () => {
  const cases: readonly (readonly [title: string, flags: string[], message: RegExp])[] = [
    ['iterations 0', ['--iterations=0'], /--iterations=0: give a whole number above 0/],
    ['iterations below 0', ['--iterations=-1'], /--iterations=-1/],
    ['iterations as text', ['--iterations=many'], /--iterations=many/],
    ['a fraction of iterations', ['--iterations=1.5'], /--iterations=1.5/],
    ['a margin as text', ['--error_margin=one'], /--error_margin=one: give a number/],
    ['a negative margin', ['--error_margin=-1'], /--error_margin=-1/],
    [
      'an unknown mode',
      ['--trimming_mode=posit'],
      /--trimming_mode=posit: choose one of dynamic_fixed_point, minifloat, integer_power_of_2_weights/,
    ],
    ['a mode that names a method of objects', ['--trimming_mode=toString'], /choose one of/],
    ['an unknown flag', ['--modle=x'], /Unknown option '--modle'/],
    ['a device that is none', ['--gpu=fast'], /--gpu=fast: give a device id/],
    ['an unknown provider', ['--provider=tpu'], /choose one of auto, cpu, cuda, webgpu/],
    ['contradicting providers', ['--gpu=0', '--provider=cpu'], /leave one of them out/],
    ['a net that is no number', ['--net=second'], /--net=second: give a whole number above 0/],
    ['an unknown calibration', ['--calibration=none'], /choose one of train, test/],
    ['a value for a switch', ['--force=yes'], /--force/],
    ['a word too many', ['lenet'], /lenet/],
  ];

  it.each(cases)('%s', (_, flags, message) => {
    const named = new Set(flags.map((flag) => flag.slice(2).split('=')[0]));
    const others = place
      .quantizeFlags()
      .filter((flag) => !named.has(flag.slice(2).split('=')[0] ?? ''));
    const { code, stdout, stderr } = place.run('quantize', ...others, ...flags);
    expect(code, stderr).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(message);
    expect(place.outputs).toEqual([]);
  });

  it('missing flags are all named', () => {
    const { code, stderr } = place.run('quantize', '--model=x');
    expect(code).toBe(2);
    expect(stderr).toContain('missing --weights, --model_quantized, --trimming_mode');
  });

  it('a flag given twice', () => {
    const { code, stderr } = place.run('quantize', ...place.quantizeFlags(), '--iterations=2');
    expect(code).toBe(2);
    expect(stderr).toContain('--iterations is given twice');
  });

  it('an unknown command', () => {
    const { code, stderr } = place.run('quantise');
    expect(code).toBe(2);
    expect(stderr).toContain('unknown command "quantise"; choose one of quantize, score, convert');
  });
});

describe('help', () => {
  it.each([[[]], [['help']], [['--help']], [['-h']]])('%j shows commands and flags', (args) => {
    const { code, stdout, stderr } = place.run(...args);
    expect(code).toBe(0);
    expect(stderr).toBe('');
    for (const word of ['quantize', 'score', 'convert', '--model_quantized', '--trimming_mode']) {
      expect(stdout).toContain(word);
    }
  });

  it.each(['quantize', 'score', 'convert'])('of %s shows all its flags', (command) => {
    const { code, stdout } = place.run(command, '--help');
    expect(code).toBe(0);
    expect(stdout).toContain(`usage: ristretto ${command}`);
    expect(stdout).toContain('--weights');
    expect(place.run('help', command).stdout).toBe(stdout);
  });

  it('--version prints the version', () => {
    expect(place.run('--version').stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
