import { describe, expect, it } from 'vitest';
import { upgradeEdit } from '../../../src/language/upgrade';
import { analysisOf, findingsIn, fixesIn } from './support';

const data =
  'layer { name: "in" type: "Input" top: "data" input_param { shape { dim: 1 dim: 3 dim: 8 dim: 8 } } }\n';

/** A text with one part that is wrong, and what the first fix makes of it. */
const cases: readonly (readonly [code: string, wrong: string, right: string])[] = [
  [
    'syntax/expected-colon',
    'layer { name "a" type: "TanH" bottom: "data" top: "a" }',
    'layer { name: "a" type: "TanH" bottom: "data" top: "a" }',
  ],
  [
    'syntax/unclosed-message',
    'layer { name: "a" type: "TanH" bottom: "data" top: "a"',
    'layer { name: "a" type: "TanH" bottom: "data" top: "a"\n}',
  ],
  [
    'syntax/unexpected-close',
    'layer { name: "a" type: "TanH" bottom: "data" top: "a" } }',
    'layer { name: "a" type: "TanH" bottom: "data" top: "a" } ',
  ],
  [
    'syntax/mismatched-close',
    'layer { name: "a" type: "TanH" bottom: "data" top: "a" >',
    'layer { name: "a" type: "TanH" bottom: "data" top: "a" }',
  ],
  [
    'syntax/unterminated-string',
    'layer { name: "a" type: "TanH" bottom: "data" top: "a\n}',
    'layer { name: "a" type: "TanH" bottom: "data" top: "a"\n}',
  ],
  [
    'schema/unknown-field',
    'layer { name: "a" typ: "TanH" type: "TanH" bottom: "data" top: "a" loss_wight: 1 }'.replace(
      'typ: "TanH" ',
      '',
    ),
    'layer { name: "a" type: "TanH" bottom: "data" top: "a" loss_weight: 1 }',
  ],
  [
    'schema/duplicate-field',
    'layer { name: "a" name: "b" type: "TanH" bottom: "data" top: "a" }',
    'layer { name: "a" type: "TanH" bottom: "data" top: "a" }',
  ],
  [
    'schema/unknown-enum-value',
    'layer { name: "a" type: "TanH" bottom: "data" top: "a" include { phase: TST } }',
    'layer { name: "a" type: "TanH" bottom: "data" top: "a" include { phase: TEST } }',
  ],
  [
    'schema/wrong-type',
    'layer { name: "a" type: "TanH" bottom: "data" top: "a" include { phase: "TEST" } }',
    'layer { name: "a" type: "TanH" bottom: "data" top: "a" include { phase: TEST } }',
  ],
  [
    'schema/wrong-type',
    'layer { name: a type: "TanH" bottom: "data" top: "a" }',
    'layer { name: "a" type: "TanH" bottom: "data" top: "a" }',
  ],
  [
    'schema/wrong-type',
    'layer { name: "a" type: INNER_PRODUCT bottom: "data" top: "a" inner_product_param { num_output: 2 } }',
    'layer { name: "a" type: "InnerProduct" bottom: "data" top: "a" inner_product_param { num_output: 2 } }',
  ],
  [
    'schema/wrong-type',
    'layer { name: "a" type: "InnerProduct" bottom: "data" top: "a" inner_product_param { num_output: "2" } }',
    'layer { name: "a" type: "InnerProduct" bottom: "data" top: "a" inner_product_param { num_output: 2 } }',
  ],
  [
    'schema/wrong-type',
    'layer { name: "a" type: "InnerProduct" bottom: "data" top: "a" inner_product_param { num_output: 2 bias_term: no } }',
    'layer { name: "a" type: "InnerProduct" bottom: "data" top: "a" inner_product_param { num_output: 2 bias_term: false } }',
  ],
  [
    'schema/not-repeated',
    'layer { name: ["a"] type: "TanH" bottom: "data" top: "a" }',
    'layer { name: "a" type: "TanH" bottom: "data" top: "a" }',
  ],
  [
    'schema/missing-required',
    'layer { name: "a" type: "Clip" bottom: "data" top: "a" clip_param { min: 0 } }',
    'layer { name: "a" type: "Clip" bottom: "data" top: "a" clip_param { min: 0 max: 0 } }',
  ],
  [
    'layer/unknown-type',
    'layer { name: "a" type: "Tanh" bottom: "data" top: "a" }',
    'layer { name: "a" type: "TanH" bottom: "data" top: "a" }',
  ],
  [
    'layer/no-type',
    'layer { name: "a" bottom: "data" top: "a" lrn_param { } }',
    'layer { name: "a" bottom: "data" top: "a" lrn_param { } type: "LRN" }',
  ],
  [
    'wiring/missing-bottom',
    'layer { name: "a" type: "TanH" bottom: "dat" top: "a" }',
    'layer { name: "a" type: "TanH" bottom: "data" top: "a" }',
  ],
  [
    'wiring/duplicate-top',
    'layer { name: "a" type: "TanH" bottom: "data" top: "data2" }\nlayer { name: "b" type: "TanH" bottom: "data" top: "data2" }',
    'layer { name: "a" type: "TanH" bottom: "data" top: "data2" }\nlayer { name: "b" type: "TanH" bottom: "data" top: "b" }',
  ],
  [
    'wiring/unused-top',
    'layer { name: "s" type: "Split" bottom: "data" top: "x" top: "y" }\nlayer { name: "t" type: "TanH" bottom: "x" top: "t" }',
    'layer { name: "s" type: "Split" bottom: "data" top: "x" top: "y" }\nlayer {\n  name: "silence_y"\n  type: "Silence"\n  bottom: "y"\n}\nlayer { name: "t" type: "TanH" bottom: "x" top: "t" }',
  ],
  [
    'quantization/bit-width',
    'layer { name: "a" type: "LRNRistretto" bottom: "data" top: "a" quantization_param { bw_params: 0 } }',
    'layer { name: "a" type: "LRNRistretto" bottom: "data" top: "a" quantization_param { bw_params: 8 } }',
  ],
  [
    'quantization/exponents',
    'layer { name: "a" type: "LRNRistretto" bottom: "data" top: "a" quantization_param { precision: INTEGER_POWER_OF_2_WEIGHTS exp_min: 1 exp_max: -2 } }',
    'layer { name: "a" type: "LRNRistretto" bottom: "data" top: "a" quantization_param { precision: INTEGER_POWER_OF_2_WEIGHTS exp_min: -2 exp_max: 1 } }',
  ],
  [
    'quantization/not-read',
    'layer { name: "a" type: "LRN" bottom: "data" top: "a" quantization_param { } }',
    'layer { name: "a" type: "LRNRistretto" bottom: "data" top: "a" quantization_param { } }',
  ],
];

describe('the first fix', () => {
  it.each(cases)('%s: %s', (code, wrong, right) => {
    expect(fixesIn(data + wrong, code)[0]?.after).toBe(data + right);
  });

  it.each(cases)('of %s leaves nothing to say: %s', (code, wrong) => {
    const [fix] = fixesIn(data + wrong, code);
    expect(findingsIn(fix?.after ?? '')).toEqual([]);
  });
});

it('a message is closed where the next one begins', () => {
  const one = 'layer {\n  name: "a"\n  type: "TanH"\n  bottom: "data"\n  top: "a"';
  const two = '\n}\nlayer { name: "b" type: "TanH" bottom: "a" top: "b" }\n';
  const broken = data + one + two.slice(2);
  expect(findingsIn(broken)).toEqual(["2 error syntax/unclosed-message «{» '{' is never closed"]);
  expect(fixesIn(broken, 'syntax/unclosed-message')).toEqual([
    { title: 'Close it after line 6', after: data + one + two },
  ]);
});

describe('removing', () => {
  it('takes the line away that a field has for itself', () => {
    const text = `${data}layer {\n  name: "a"\n  foo: 1\n  type: "TanH"\n  bottom: "data"\n  top: "a"\n}\n`;
    const fix = fixesIn(text, 'schema/unknown-field').find(({ title }) => title === "Remove 'foo'");
    expect(fix?.after).toBe(text.replace('  foo: 1\n', ''));
  });

  it('leaves the other fields of a line', () => {
    const text = `${data}layer { name: "a", foo: 1, type: "TanH" bottom: "data" top: "a" }`;
    const fix = fixesIn(text, 'schema/unknown-field').at(-1);
    expect(fix?.after).toBe(text.replace('foo: 1, ', ''));
  });
});

it('several values to choose from where none is near', () => {
  const text = `${data}layer { name: "a" type: "TanH" bottom: "data" top: "a" include { phase: OTHER } }`;
  expect(fixesIn(text, 'schema/unknown-enum-value').map(({ title }) => title)).toEqual([
    'Change to TRAIN',
    'Change to TEST',
  ]);
});

it('a fix keeps the line ends of the file', () => {
  const text = `${data}layer { name: "s" type: "Split" bottom: "data" top: "x" top: "y" }\nlayer { name: "t" type: "TanH" bottom: "x" top: "t" }\n`;
  const windows = text.replaceAll('\n', '\r\n');
  const [fix] = fixesIn(windows, 'wiring/unused-top');
  expect(fix?.after.replaceAll('\r\n', '')).not.toContain('\n');
});

describe('upgrading', () => {
  const upgraded = (text: string): string | undefined => upgradeEdit(analysisOf(text))?.newText;

  it('a V1 net becomes a present one, line by line', () => {
    expect(
      upgraded('input: "x" # in\nlayers { name: "r" type: RELU bottom: "x" top: "r" } # out\n'),
    ).toBe('input: "x" # in\nlayer { name: "r" type: "ReLU" bottom: "x" top: "r" } # out\n');
  });

  it.each([
    ['a present one', 'layer { name: "r" type: "ReLU" bottom: "x" top: "r" }'],
    ['one with errors', 'layers { name: "r" type: RELUU bottom: "x" top: "r" }'],
    ['one that cannot be upgraded', 'layers { layer { name: "r" type: "what" } top: "r" }'],
    ['a solver', 'net: "x"\nbase_lr: 1'],
    ['nothing', ''],
  ])('%s stays as it is', (_, text) => {
    expect(upgraded(text)).toBeUndefined();
  });
});
