import { describe, expect, it } from 'vitest';
import { explainFormat } from '../../../src/formats/formats';
import { bold, code } from '../../../src/language/markdown';
import { quote } from '../../../src/prototxt/strings';
import { hoverIn } from './support';

const net = `name: "n"
layer { name: "d" type: "Data" top: "data" top: "label" include { phase: TRAIN } data_param { source: "x" batch_size: 64 } transform_param { crop_size: 28 force_gray: true } }
layer { name: "d" type: "Data" top: "data" top: "label" include { phase: TEST } data_param { source: "y" batch_size: 100 } transform_param { crop_size: 28 force_gray: true } }
layer { name: "conv1" type: "ConvolutionRistretto" bottom: "data" top: "conv1" convolution_param { num_output: 20 kernel_size: 5 } quantization_param { bw_params: 8 fl_params: 7 bw_layer_in: 8 fl_layer_in: 4 bw_layer_out: 8 fl_layer_out: -1 } }
layer { name: "relu1" type: "ReLU" bottom: "conv1" top: "conv1" }
layer { name: "ip1" type: "InnerProduct" bottom: "conv1" top: "ip1" inner_product_param { num_output: 10 } }
layer { name: "up" type: "Deconvolution" bottom: "conv1" top: "up" convolution_param { num_output: 20 group: 20 kernel_size: 4 stride: 2 bias_term: false } }
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip1" bottom: "label" top: "loss" }
`;

/** The hover where a part of the net, with a cursor in it, stands. */
function over(part: string): string | undefined {
  const at = part.replace('|', '');
  if (!net.includes(at)) throw new Error(`the net has no ${at}`);
  return hoverIn(net.replace(at, part));
}

describe('a field', () => {
  it('says its type, its default and what it means', () => {
    expect(hoverIn('layer { pooling_param { stri|de: 2 } }')).toBe(
      '**stride**: uint32, default 1\n\nSteps that the window moves by.',
    );
    expect(over('num|_output: 20')).toBe(
      '**num_output**: uint32\n\nNumber of filters: the channels of the top. Required.',
    );
    expect(hoverIn('layer { lrn_param { alp|ha: 2 } }')).toMatch(
      /^\*\*alpha\*\*: float, default 1\n/,
    );
    expect(hoverIn('delt|a: 1\nbase_lr: 1')).toMatch(/^\*\*delta\*\*: float, default 1e-8\n/);
    expect(hoverIn('layer { clip_param { mi|n: 2 } }')).toMatch(/^\*\*min\*\*: float, required\n/);
    expect(hoverIn('layer { botto|m: "x" }')).toMatch(/^\*\*bottom\*\*: list of string\n/);
  });

  it('that is a message says what that is', () => {
    expect(over('convolution|_param')).toContain('A window that moves over the image');
  });

  it('that the schema does not know says nothing', () => {
    expect(hoverIn('layer { fo|o: 2 }')).toBeUndefined();
    expect(hoverIn('item { nam|e: "x" }')).toBeUndefined();
  });
});

describe('a value', () => {
  it('of an enum', () => {
    expect(over('TRA|IN')).toBe('**TRAIN**: while the net learns');
  });

  it('that is a word', () => {
    expect(hoverIn('lr_policy: "in|v"\nbase_lr: 1')).toContain('**inv**: `base_lr` * (1 +');
  });

  it('that is a number says nothing', () => {
    expect(over('num_output: 2|0')).toBeUndefined();
  });

  it('that is a layer type', () => {
    expect(over('"Inner|Product"')).toBe('**InnerProduct**\n\nFully connected layer.');
    expect(hoverIn('layers { type: INNER|_PRODUCT }')).toContain('Fully connected layer.');
  });
});

describe('a layer', () => {
  it('has its shapes by state, parameters and multiply-accumulates', () => {
    const expected = [
      '**conv1** `ConvolutionRistretto`',
      '',
      'Convolution, with rounded numbers.',
      '',
      '- output, TEST phase: `conv1` 100x20x24x24',
      '- output, TRAIN phase: `conv1` 64x20x24x24',
      '- parameters: 520 (weights 20x1x5x5, bias 20)',
      '- multiply-accumulates: 288,000 for one image',
    ].join('\n');
    expect(over('name: "con|v1"')).toBe(expected);
    expect(over('lay|er { name: "conv1"')).toBe(expected);
  });

  it('fully connected: each weight once', () => {
    expect(over('name: "ip|1"')).toContain('- parameters: 115,210 (weights 10x11520, bias 10)\n');
    expect(over('name: "ip|1"')).toContain('- multiply-accumulates: 115,200 for one image');
  });

  it('transposed: each weight for each place of the bottom', () => {
    expect(over('name: "u|p"')).toContain('- multiply-accumulates: 184,320 for one image');
  });

  it('that learns nothing has no such lines', () => {
    expect(over('name: "relu|1"')).not.toMatch(/parameters|accumulates/);
  });

  it('with one shape in all states has one line', () => {
    expect(over('name: "lo|ss"')).toContain('- output: `loss` scalar');
  });
});

describe('a blob', () => {
  it('has its shape, its makers and its readers', () => {
    expect(over('bottom: "conv|1" top: "ip1"')).toBe(
      '**conv1**\n\n- shape: 100x20x24x24 or 64x20x24x24\n' +
        '- made by `conv1`, `relu1`\n- read by `ip1`, `up`',
    );
    expect(over('top: "los|s"')).toContain('- read by no layer');
  });
});

describe('a quantization_param', () => {
  const lines = [
    '- inputs: 8-bit fixed point, −8 to 7.938 in steps of 0.0625 (2^-4)',
    '- outputs: 8-bit fixed point, −256 to 254 in steps of 2 (2^1)',
    '- weights and biases: 8-bit fixed point, −1 to 0.9922 in steps of 0.007813 (2^-7)',
  ].join('\n');

  it('says the range and the step of each format', () => {
    expect(over('quanti|zation_param')).toContain(lines);
  });

  it('also over one of its values', () => {
    expect(over('bw_params: 8|')).toContain(lines);
  });

  it.each([
    [{ kind: 'float32' } as const, 'not rounded'],
    [
      { kind: 'fixedPoint', bits: 1, fractionalLength: 0 } as const,
      '1-bit fixed point, −1 to 0 in steps of 1 (2^0)',
    ],
    [{ kind: 'fixedPoint', bits: 0, fractionalLength: 0 } as const, 'no numbers at all'],
    [
      // Bias 1, exponents 0 to 3, so 2^-1 to 1.5 * 2^2.
      { kind: 'minifloat', exponentBits: 2, mantissaBits: 1 } as const,
      '4-bit floating point, 0 and ±0.5 to ±6, each number within 25 % of the true one',
    ],
    [
      { kind: 'minifloat', exponentBits: 0, mantissaBits: 1 } as const,
      'no numbers at all: there are no exponent bits',
    ],
    [
      { kind: 'powerOfTwo', minExponent: -8, maxExponent: -1 } as const,
      'powers of two, ±0.003906 (2^-8) to ±0.5 (2^-1), 16 numbers and no zero',
    ],
  ])('%j', (format, expected) => {
    expect(explainFormat(format)).toBe(expected);
  });
});

describe('names that Markdown could take for something else', () => {
  const names = [
    '[x](command:workbench.action.quit)',
    '**bold** <img src=x onerror=alert(1)>',
    'https://example.com',
    'www.example.com',
    'a`](command:x) `b',
    '``',
    '`[x](command:y)',
    '__a__',
    'line\n\n# title',
    '\x1b]0;x\x07\u202e',
    '<command:x>',
    '&lt;',
    '$(alert)',
    '\\',
  ];

  it.each(names)('%j stands in code only', (name) => {
    const text = (cursor: string): string =>
      `layer { name: ${quote(name)} type: ${quote(name)} bottom: "d" top: ${quote(name)} include { stage: ${quote(name)} } }
layer { name: "b" type: "ReLU" bottom: ${quote(name)} top: "c" include { stage: ${quote(name)} } }
layer { name: "d" type: "Input" top: "d" input_param { shape { dim: 1 } } include { stage: ${quote(name)} } }`.replace(
        cursor,
        `${cursor.slice(0, -1)}|${cursor.slice(-1)}`,
      );
    const hovers = ['layer {', 'type: "', 'top: "', 'bottom: "d"'].map((at) => hoverIn(text(at)));
    const said = hovers.filter((hover) => hover !== undefined);
    expect(said.length).toBeGreaterThan(1);
    for (const hover of said) {
      const outside = withoutCode(hover);
      // The words of ours: no address, no bracket, no tag, no character that is obeyed.
      expect(outside).not.toMatch(/[[\]<>&\\$#`]|:\/\/|www|command:|__/);
      expect(hover).not.toMatch(/[^\n\P{Cc}]|\u202e/u);
    }
  });

  /** What is left of Markdown without its code spans, by the rule of CommonMark 0.31, 6.1. */
  function withoutCode(text: string): string {
    return text.replace(/(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, '');
  }

  it('of a simple name nothing changes', () => {
    expect(bold('conv1/7x7_s2')).toBe('**conv1/7x7_s2**');
    expect(code('conv1')).toBe('`conv1`');
    expect(code('a`b')).toBe('``a`b``');
    expect(code('`')).toBe('`` ` ``');
    expect(code('')).toBe('""');
  });
});
