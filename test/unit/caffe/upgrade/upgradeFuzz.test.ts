import { describe, expect, it } from 'vitest';
import { buildNet } from '../../../../src/caffe/buildNet';
import { parseNetFile } from '../../../../src/caffe/netFile';
import { netState } from '../../../../src/caffe/phase';
import { DiagnosticList } from '../../../../src/prototxt/diagnostic';
import { parsePrototxt } from '../../../../src/prototxt/parse';
import { SourceText } from '../../../../src/prototxt/source';
import { tokenize } from '../../../../src/prototxt/tokens';
import { UserError } from '../../../../src/base/userError';
import { Random } from '../../prototxt/support';

const olds = [
  `name: "v1" input: "data" input_dim: [1, 2, 8, 8]\nlayers {\n  name: "c" # one\n  type: CONVOLUTION\n` +
    `  bottom: "data" top: "c"\n  blobs_lr: 1\n  blobs_lr: 2 weight_decay: 1 # two\n  param: "w", param: "b";\n` +
    `  blob_share_mode: PERMISSIVE\n  convolution_param { num_output: 4 kernel_size: 3 }\n}\n` +
    `layers < name: 'd' type: 5 data_param { source: "s"\n scale: 0.5 # half\n mirror: true } ` +
    `transform_param {crop_size: 3} top: "d" include { phase: TRAIN } >`,
  `name: "v0"\r\ninput: "data"\r\ninput_dim: 1 input_dim: 2 input_dim: 8 input_dim: 8\r\n` +
    `layers { layer { name: "p" type: "padding" pad: 1 } bottom: "data" top: "p" }\r\n` +
    `layers {\r\n  layer { # inner\r\n    name: "c" type: "conv"\r\n    num_output: 4 blobs_lr: 1. kernelsize: 3\r\n` +
    `    weight_decay: 1.\r\n  pad: 2 weight_filler {\r\n type: "gaussian" }\r\n  }\r\n  bottom: "p" top: "c"\r\n}\r\n` +
    `layers { layer { name: "d" type: "images" source: "s" scale: 0.5 batchsize: 2 mirror: false new_width: 3 } top: "d" }`,
  `layers: [{ layer { type: "relu" } bottom: "a" }, { layer { type: "padding" } }, { layer { type: "tanh" } }]`,
];
const snippets = [
  ...[
    '{',
    '}',
    '<',
    '>',
    '[',
    ']',
    ':',
    ';',
    ',',
    '-',
    '"',
    '#',
    '\n',
    ' ',
    '# c\n',
    '"a"',
    '1',
    'TRAIN',
  ],
  ...[
    'layers {',
    'layer {',
    'layers',
    'layer',
    'type: "conv"',
    'type: RELU',
    'bottom: "p"',
    'scale: 1',
  ],
  ...[
    'pad: 3',
    'blobs_lr: [1,\n2]',
    'param: "w"\n"x"',
    'num_output: 3',
    'stride: 2,',
    'crop_size:\n4;',
  ],
  ...[
    'data_param { scale: 2 }',
    'transform_param { }',
    'pool: 1',
    'layers: [',
    'hdf5_output_param { }',
  ],
];

/** A text with one line moved or doubled, or with fields added to it. */
function mutateLine(text: string, random: Random): string {
  const lines = text.split('\n');
  const from = random.below(lines.length);
  const to = random.below(lines.length);
  const [line = ''] = random.below(2) === 0 ? lines.splice(from, 1) : lines.slice(from, from + 1);
  const added = random.pick([
    line,
    line,
    ...snippets.filter((snippet) => /^\w+:|\}$/.test(snippet)),
  ]);
  lines.splice(to, 0, ...added.split('\n'));
  return lines.join('\n');
}

/** A text with one token replaced, removed, doubled or swapped with another one. */
function mutate(text: string, random: Random): string {
  const tokens = tokenize(text, new DiagnosticList());
  const a = random.pick(tokens);
  const b = random.pick(tokens);
  const [first, second] = a.start <= b.start ? [a, b] : [b, a];
  switch (random.below(5)) {
    case 0:
      return text.slice(0, a.start) + text.slice(a.end);
    case 1:
      return `${text.slice(0, a.start)} ${random.pick(snippets)} ${text.slice(a.end)}`;
    case 2:
      return `${text.slice(0, a.end)} ${random.pick(snippets)} ${text.slice(a.end)}`;
    case 3:
      return `${text.slice(0, b.end)} ${text.slice(a.start, a.end)} ${text.slice(b.end)}`;
    default:
      return (
        text.slice(0, first.start) +
        text.slice(second.start, second.end) +
        text.slice(first.end, Math.max(first.end, second.start)) +
        text.slice(first.start, first.end) +
        text.slice(Math.max(first.end, second.end))
      );
  }
}

function lineBreaks(text: string): number {
  return text.split('\n').length;
}

function comments(text: string): string[] {
  const tokens = tokenize(text, new DiagnosticList());
  return tokens.flatMap(({ start }, index) => {
    const gap = text.slice(tokens[index - 1]?.end ?? 0, start);
    return [...gap.matchAll(/#[^\r\n]*/g)].map(([comment]) => comment);
  });
}

describe('any change to a file of an old form', () => {
  it('gives a net whose lines and comments are where they were, or an error for the user', () => {
    const random = new Random(7);
    let upgraded = 0;
    for (let round = 0; round < 8000; round++) {
      let text = random.pick(olds);
      for (let count = random.below(2) + 1; count > 0; count--) {
        text = random.pick([mutate, mutateLine, mutateLine])(text, random);
      }
      try {
        const file = parseNetFile(new SourceText('fuzz', text));
        if (!file.warnings.some(({ code }) => code === 'net/old-version')) continue;
        upgraded++;
        const context = JSON.stringify([text, file.source.text]);
        expect(lineBreaks(file.source.text), context).toBe(lineBreaks(text));
        expect(comments(file.source.text), context).toEqual(comments(text));
        const again = parsePrototxt(file.source);
        expect(again.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
        for (const { range } of file.warnings) {
          const isInside = 0 <= range.start && range.start <= range.end;
          expect(isInside && range.end <= file.source.text.length, context).toBe(true);
        }
        buildNet(file, netState('TEST'));
      } catch (cause) {
        if (!(cause instanceof UserError)) throw new Error(JSON.stringify(text), { cause });
        expect(cause.message).not.toContain('\n');
      }
    }
    expect(upgraded).toBeGreaterThan(800);
  });
});
