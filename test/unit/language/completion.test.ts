import { describe, expect, it } from 'vitest';
import { completePath } from '../../../src/language/pathCompletion';
import { completionsIn, labelsIn } from './support';

const net =
  'name: "n"\n' +
  'layer { name: "in" type: "Input" top: "data" input_param { shape { dim: 1 dim: 3 dim: 8 dim: 8 } } }\n' +
  'layer { name: "c" type: "Convolution" bottom: "data" top: "c" convolution_param { num_output: 2 kernel_size: 3 } }\n' +
  'layer { name: "r" type: "ReLU" bottom: "c" top: "c" }\n' +
  'layer { name: "p" type: "Pooling" bottom: "c" top: "p" pooling_param { kernel_size: 2 } }\n';

describe('fields', () => {
  it.each([
    ['of a layer, those that are set left out', 'layer {\n  name: "a"\n  |\n}', 'type bottom top'],
    [
      'the settings of its type first',
      'layer {\n  type: "Pooling"\n  |\n}',
      'pooling_param name bottom',
    ],
    ['of a message within', 'layer { pooling_param { | } }', 'pool pad pad_h'],
    ['behind a finished value', 'layer { pooling_param { pool: MAX | } }', 'pad pad_h pad_w'],
    ['while one is typed', 'layer { pooling_param { po| } }', 'pool pad pad_h'],
    ['in a message without end', 'layer {\n  clip_param {\n    mi|\n', 'min max'],
    ['behind a message without end', 'layer {\n  name: "a"\n  |', 'type bottom top'],
    ['of a rule', 'layer { include { | } }', 'phase min_level max_level'],
    ['of a solver', 'base_lr: 0.1\n|', 'net net_param train_net'],
    ['of a net', 'name: "n"\nlayer { }\n|', 'force_backward state debug_info'],
    ['of a layer of the V1 form', 'layers { name: "a" | }', 'bottom top include'],
    [
      'of a layer of the V0 form',
      'layers { layer { type: "conv" | } }',
      'name num_output biasterm',
    ],
  ])('%s', (_, text, first) => {
    expect(labelsIn(text).slice(0, first.split(' ').length).join(' ')).toBe(first);
  });

  it.each([
    ['a message', 'layer { pooling_pa| }', 'pooling_param', 'pooling_param {\n\t$0\n}'],
    ['a string', 'layer { na| }', 'name', 'name: "$0"'],
    ['a number', 'layer { pooling_param { | } }', 'stride', 'stride: $0'],
    ['a name that has its value already', 'layer { nam|e: "x" }', 'name', 'name'],
  ])('%s', (_, text, label, insertText) => {
    expect(completionsIn(text).items.find((item) => item.label === label)).toMatchObject({
      insertText,
    });
  });

  it('take the place of the whole word', () => {
    const { range } = completionsIn('layer { na|me: "x" }');
    expect(range).toEqual({ start: 8, end: 12 });
  });

  it('say what they mean', () => {
    const item = completionsIn('layer { pooling_param { | } }').items.find(
      ({ label }) => label === 'stride',
    );
    expect(item).toMatchObject({
      detail: 'uint32, default 1',
      documentation: 'Steps that the window moves by.',
    });
  });

  it.each(['# |', 'layer { # a: |\n}', 'layer { name: "x"| }', 'layer { name: 1| }', 'item { | }'])(
    'none in %j',
    (text) => {
      expect(labelsIn(text)).toEqual([]);
    },
  );
});

describe('values', () => {
  it.each([
    ['of an enum', 'layer { pooling_param { pool: | } }', 'MAX AVE STOCHASTIC'],
    [
      'of an enum that is typed',
      'layer { pooling_param { pool: A| kernel_size: 2 } }',
      'MAX AVE STOCHASTIC',
    ],
    [
      'on a line before others',
      'layer {\n  pooling_param {\n    pool: |\n    stride: 2\n  }\n}',
      'MAX AVE STOCHASTIC',
    ],
    [
      'of a bool, the other one first',
      'layer { convolution_param { bias_term: | } }',
      'false true',
    ],
    ['of a word', 'lr_policy: "|"\nbase_lr: 1', 'fixed step exp inv multistep poly sigmoid'],
    [
      'of the type of a filler',
      'layer { convolution_param { weight_filler { type: "|" } } }',
      'constant uniform gaussian positive_unitball xavier msra bilinear',
    ],
    ['of a phase', 'layer { include: { phase: | } }', 'TRAIN TEST'],
    ['in a list', 'layer { convolution_param { bias_term: [|] } }', 'false true'],
  ])('%s', (_, text, expected) => {
    expect(labelsIn(text).join(' ')).toBe(expected);
  });

  it('layer types, with what they compute', () => {
    const { items } = completionsIn('layer { type: "|" }');
    expect(items.map(({ label }) => label)).toEqual(
      expect.arrayContaining(['Convolution', 'ConvolutionRistretto', 'Python', 'PriorBox']),
    );
    expect(items.find(({ label }) => label === 'InnerProduct')).toMatchObject({
      insertText: 'InnerProduct',
      detail: 'fully connected layer',
    });
    expect(labelsIn('layers { type: | }')).toContain('CONVOLUTION');
    expect(labelsIn('layers { type: | }')).not.toContain('NONE');
    expect(labelsIn('layers { layer { type: "|" } }')).toContain('innerproduct');
  });

  it('names of shared weights and stages from the rest of the file', () => {
    const text =
      'layer { param { name: "w" } include { stage: "deploy" } }\nlayer { param { name: "|" } }';
    expect(labelsIn(text)).toEqual(['w']);
    expect(
      labelsIn(
        text
          .replace('"|"', '"v"')
          .replace('layer { param { name: "v" }', 'layer { exclude { stage: "|" }'),
      ),
    ).toEqual(['deploy']);
  });
});

describe('blobs', () => {
  it('made before the layer, the latest first, with their shapes', () => {
    const { items } = completionsIn(`${net}layer { name: "x" bottom: "|" }`);
    expect(items.map(({ label, detail }) => `${label} ${detail}`)).toEqual([
      'p 1x2x5x5',
      'c 1x2x6x6',
      'data 1x3x8x8',
    ]);
  });

  it('not those made after it', () => {
    const text = net.replace('bottom: "c" top: "p"', 'bottom: "|" top: "p"');
    expect(labelsIn(text)).toEqual(['c', 'data']);
  });

  it('get quotes where they have none', () => {
    expect(completionsIn(`${net}layer { bottom: | }`).items[0]?.insertText).toBe('"p"');
    expect(completionsIn(`${net}layer { bottom: "|" }`).items[0]?.insertText).toBe('p');
  });

  it('for a top: the name of the layer, then its bottoms', () => {
    expect(labelsIn(`${net}layer { name: "x" bottom: "p" top: "|" }`)).toEqual(['x', 'p']);
  });

  it('in a list', () => {
    expect(labelsIn(`${net}layer { bottom: ["p", "|"] }`)).toEqual(['p', 'c', 'data']);
  });

  it('while the quote is not closed yet', () => {
    const { range, items } = completionsIn(`${net}layer {\n  bottom: "|\n  top: "x"\n}`);
    expect(items.map(({ label }) => label)).toEqual(['p', 'c', 'data']);
    expect(range.end - range.start).toBe(0);
  });
});

describe('whole layers', () => {
  it('have a name that is free and read the last blob', () => {
    const item = completionsIn(`${net.replace('"c" type', '"conv1" type')}|`).items.find(
      ({ label }) => label === 'layer Convolution',
    );
    expect(item?.insertText.split('\n').slice(0, 5)).toEqual([
      'layer {',
      '\tname: "${1:conv2}"',
      '\ttype: "Convolution"',
      '\tbottom: "${2:p}"',
      '\ttop: "$1"',
    ]);
  });

  it.each([
    ['ReLU', /bottom: "\$\{2:p\}"\n\ttop: "\$2"/],
    [
      'FcRistretto',
      /type: "FcRistretto"[^]*inner_product_param[^]*quantization_param \{\n\t\tbw_params/,
    ],
    ['Data', /top: "\$\{6:data\}"\n\ttop: "\$\{7:label\}"[^]*data_param/],
    [
      'Silence',
      /^layer \{\n\tname: "\$\{1:silence1\}"\n\ttype: "Silence"\n\tbottom: "\$\{2:p\}"\n\}$/,
    ],
  ])('%s', (type, expected) => {
    const item = completionsIn(`${net}|`).items.find(({ label }) => label === `layer ${type}`);
    expect(item?.insertText).toMatch(expected);
  });

  it('not in a solver, nor in a net of an old form', () => {
    const hasLayers = (text: string): boolean =>
      labelsIn(text).some((label) => label.startsWith('layer '));
    expect(hasLayers(`${net}|`)).toBe(true);
    expect(hasLayers('|')).toBe(true);
    expect(hasLayers('base_lr: 1\n|')).toBe(false);
    expect(hasLayers('layers { type: RELU }\n|')).toBe(false);
  });
});

describe('paths', () => {
  it.each([
    ['layer { data_param { source: "a/|" } }', { typed: 'a/', field: 'source', inString: true }],
    [
      'layer { transform_param { mean_file: | } }',
      { typed: '', field: 'mean_file', inString: false },
    ],
    ['base_lr: 1\nnet: "|"', { typed: '', field: 'net', inString: true }],
    ['layer { name: "|" }', undefined],
  ])('%s', (text, path) => {
    expect(completionsIn(text).path).toEqual(path);
  });

  const files: Readonly<Record<string, readonly string[]>> = {
    '/w/': ['train_lmdb/', 'data/', 'net.prototxt', '.hidden', 'mean.binaryproto'],
    '/w/data/': ['x.txt'],
    '/caffe/': ['models/'],
    '/': ['etc/'],
  };
  const list = (folder: string): Promise<{ name: string; isFolder: boolean }[]> =>
    Promise.resolve(
      (files[folder] ?? []).map((name) => ({
        name: name.replace('/', ''),
        isFolder: name.endsWith('/'),
      })),
    );
  const paths = async (typed: string, field: string): Promise<string[]> =>
    (await completePath(typed, field, ['/w', '/caffe'], list)).map(({ path }) => path);

  it('what the field wants comes first; databases are whole', async () => {
    expect(await paths('', 'source')).toEqual([
      'mean.binaryproto',
      'train_lmdb',
      'data/',
      'models/',
      'net.prototxt',
    ]);
    expect((await paths('', 'net'))[0]).toBe('net.prototxt');
  });

  it('go on into a folder, and from the root', async () => {
    expect(await paths('data/', 'source')).toEqual(['data/x.txt']);
    expect(await paths('/', 'source')).toEqual(['/etc/']);
  });
});
