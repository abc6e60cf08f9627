import { describe, expect, it } from 'vitest';
import { completionsAt } from '../../../src/language/completion';
import { diagnose } from '../../../src/language/diagnostics/diagnose';
import { hoverAt } from '../../../src/language/hover';
import { inlayHints } from '../../../src/language/inlayHints';
import { DiagnosticList } from '../../../src/prototxt/diagnostic';
import type { SourceRange } from '../../../src/prototxt/source';
import { applyEdits } from '../../../src/prototxt/textEdit';
import { tokenize } from '../../../src/prototxt/tokens';
import { Random } from '../prototxt/support';
import { analysisOf } from './support';

const texts = [
  `name: "n"
layer { name: "d" type: "Data" top: "data" top: "label" include { phase: TRAIN } data_param { source: "x" batch_size: 64 } }
layer { name: "d" type: "Data" top: "data" top: "label" include { phase: TEST stage: "s" } data_param { batch_size: 100 } transform_param { crop_size: 28 } }
layer {
  name: "c" type: "ConvolutionRistretto" bottom: "data" top: "c"
  convolution_param { num_output: 20 kernel_size: 5 group: 1 weight_filler { type: "xavier" } }
  quantization_param { precision: MINIFLOAT bw_params: 8 exp_bits: 5 exp_min: -8 }
}
layer { name: "r" type: "ReLU" bottom: "c" top: "c" }
layer { name: "s" type: "Slice" bottom: "c" top: "s1" top: "s2" slice_param { axis: 1 slice_point: 4 } }
layer { name: "e" type: "Eltwise" bottom: "s1" bottom: "s1" top: "e" eltwise_param { coeff: [1, -1] } }
layer { name: "p" type: "Reshape" bottom: "e" top: "p" reshape_param { shape { dim: 0 dim: -1 } } }
layer { name: "i" type: "InnerProduct" bottom: "p" top: "i" inner_product_param { num_output: 10 axis: 1 } }
layer { name: "l" type: "SoftmaxWithLoss" bottom: "i" bottom: "label" top: "l" loss_weight: 1 }
`,
  `input: "d" input_dim: 1 input_dim: 1 input_dim: 4 input_dim: 4
layers { layer { name: "pad" type: "padding" pad: 1 } bottom: "d" top: "e" }
layers { layer { name: "c" type: "conv" num_output: 2 kernelsize: 3 } bottom: "e" top: "c" }
`,
  `net: "x"
base_lr: 0.1 lr_policy: "inv" solver_mode: GPU
net_param { layers { name: "f" type: INNER_PRODUCT bottom: "d" top: "f" inner_product_param { num_output: 2 } blobs_lr: 1 } }
`,
];

const pieces = [
  '{',
  '}',
  '"',
  ':',
  '-',
  '0',
  '-1',
  '7',
  '1e30',
  'layer',
  'top',
  '"c"',
  '[',
  ']',
  '\n',
  '#',
  'TEST',
  'type: "LSTM"',
  'type: "Crop"',
  'type: "PriorBox"',
  // Names that every object has.
  '__proto__',
  'constructor',
  'toString: 1',
  '"__proto__"',
  'valueOf { }',
  'hasOwnProperty',
  'layer { ',
  'layers { type: ',
  'conv',
  'pad_l: 1',
  'engine: MKLDNN',
  'odd: 1 odd: 2',
];

/** One token replaced, removed, doubled or put before. */
function mutate(text: string, random: Random): string {
  const { start, end } = random.pick(tokenize(text, new DiagnosticList()));
  switch (random.below(4)) {
    case 0:
      return text.slice(0, start) + text.slice(end);
    case 1:
      return text.slice(0, start) + random.pick(pieces) + text.slice(end);
    case 2:
      return `${text.slice(0, end)} ${random.pick(pieces)}${text.slice(end)}`;
    default:
      return text.slice(0, end) + text.slice(start);
  }
}

/** By hand as many as one likes: `RISTRETTO_FUZZ=100000 npx vitest run ...`. */
const rounds = Number(process.env.RISTRETTO_FUZZ ?? 4000);

describe('any text', () => {
  it('is answered without throwing, with all places inside of it', () => {
    const random = new Random(7);
    const outside: string[] = [];
    for (let round = 0; round < rounds; round++) {
      let text = random.pick(texts);
      for (let count = random.below(4) + 1; count > 0; count--) text = mutate(text, random);
      const analysis = analysisOf(text);
      const check = ({ start, end }: SourceRange): void => {
        if (start < 0 || end < start || end > text.length) outside.push(text);
      };
      for (const { range, related, fixes } of diagnose(analysis)) {
        check(range);
        if (related !== undefined) check(related.range);
        for (const { edits } of fixes?.() ?? []) applyEdits(text, edits);
      }
      const offset = random.below(text.length + 1);
      const completions = completionsAt(analysis, offset);
      if (completions !== undefined) check(completions.range);
      const hover = hoverAt(analysis, offset);
      if (hover !== undefined) check(hover.range);
      inlayHints(analysis, analysis.root.range).forEach(({ tooltip }) => tooltip());
    }
    expect(outside).toEqual([]);
  }, 600_000);
});
