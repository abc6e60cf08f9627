import { describe, expect, it } from 'vitest';
import { Flags } from '../../../src/cli/flags';
import { inFlags } from '../../../src/cli/flagWords';
import { UserError } from '../../../src/base/userError';
import { readOptions, type OptionsOf } from '../../../src/options/table';

const needed = ['--model=a', '--weights=b', '--model_quantized=c', '--trimming_mode=minifloat'];

const read = (...args: string[]): OptionsOf<'quantize'> => {
  try {
    return readOptions('quantize', Flags.parse('quantize', [...needed, ...args]));
  } catch (cause) {
    throw cause instanceof UserError ? new Error(inFlags(cause.said)) : cause;
  }
};

describe('search flags', () => {
  it("are the original's search unless told otherwise", () => {
    expect(read()).toMatchObject({ search: 'original', bits: undefined, keep: undefined });
  });

  it('take widths in any order, each once, the most bits first', () => {
    expect(read('--bits=4,16, 8,4').bits).toEqual([16, 8, 4]);
  });

  it('take one objective or several with weights', () => {
    expect(read('--search=best', '--objective=bit_operations').objective).toEqual({
      weightBytes: 0,
      activationBits: 0,
      bitOperations: 1,
    });
    expect(
      read('--search=best', '--objective=weight_bytes=2,activation_bits=0.5').objective,
    ).toEqual({ weightBytes: 2, activationBits: 0.5, bitOperations: 0 });
  });

  it('keep bits of layers, whatever their names', () => {
    expect(read('--search=best', '--keep=conv1=8/6,inception_3a/1x1=4,a=b=2/32').keep).toEqual({
      conv1: { weights: 8, activations: 6 },
      'inception_3a/1x1': { weights: 4 },
      'a=b': { weights: 2, activations: 32 },
    });
  });

  it.each([
    ['--bits=0', /"0" is no bit-width from 1 to 32/],
    ['--bits=8,,4', /"" is no bit-width/],
    ['--bits=8.5', /"8.5" is no bit-width/],
    ['--search=better', /choose one of original, best/],
    ['--objective=speed', /"speed" is none of weight_bytes, activation_bits, bit_operations/],
    ['--objective=weight_bytes=-1', /"-1" is no weight of at least 0/],
    ['--objective=weight_bytes=0', /one weight at least must be above 0/],
    ['--keep=conv1', /"conv1" is not like conv1=8\/8/],
    ['--keep=conv1=99', /"99" is no bit-width/],
    ['--calibration_images=none', /whole number above 0/],
  ])('%s is explained', (flag, message) => {
    const best = flag.startsWith('--search') ? [] : ['--search=best'];
    expect(() => read(...best, flag)).toThrow(message);
  });

  it.each(['--keep=conv1=8', '--objective=weight_bytes', '--calibration_images=5'])(
    '%s is for the best search',
    (flag) => {
      expect(() => read(flag)).toThrow(/is for --search=best/);
    },
  );
});
