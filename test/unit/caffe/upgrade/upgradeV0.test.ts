import { describe, expect, it } from 'vitest';
import { parseNetFile, type NetFile } from '../../../../src/caffe/netFile';
import { v0Types } from '../../../../src/caffe/upgrade/oldTypes';
import { formatDiagnostic } from '../../../../src/prototxt/diagnostic';
import { SourceText } from '../../../../src/prototxt/source';
import { errorOf } from '../../../support/nets';

const read = (text: string): NetFile => parseNetFile(new SourceText('old.prototxt', text));
const upgraded = (text: string): string => read(text).source.text;

describe('a net of the V0 form', () => {
  it('is rewritten line by line, with its comments', () => {
    const old = [
      'layers {',
      '  layer { # inner',
      '    name: "conv1"',
      '    type: "conv" # kind',
      '    num_output: 96',
      '    kernelsize: 11 # wide',
      '    weight_filler {',
      '      type: "gaussian"',
      '    }',
      '    blobs_lr: 1.',
      '    blobs_lr: 2.',
      '    weight_decay: 1.',
      '  }',
      '  bottom: "data"',
      '  top: "conv1"',
      '}',
    ];
    expect(upgraded(old.join('\n')).split('\n')).toEqual([
      'layer {',
      '  # inner',
      '    name: "conv1"',
      '    type: "Convolution" # kind',
      '    convolution_param { num_output: 96',
      '    kernel_size: 11 # wide',
      '    weight_filler {',
      '      type: "gaussian"',
      '    } }',
      '    param { lr_mult: 1. decay_mult: 1. }',
      '    param { lr_mult: 2. }',
      '',
      '',
      '  bottom: "data"',
      '  top: "conv1"',
      '}',
    ]);
  });

  it.each([...v0Types])('knows the type %s', (old, present) => {
    const { message } = read(`layers { layer { name: "l" type: "${old}" } }`).bound;
    expect(message.layer.map(({ name, type }) => [name, type])).toEqual([['l', present]]);
  });

  // Hand-made from Caffe's UpgradeV0LayerParameter: every field, under every type that has it.
  it.each([
    [
      'conv',
      'num_output: 2 biasterm: false weight_filler { std: 1 } bias_filler { } pad: 1 kernelsize: 3 ' +
        'group: 2 stride: 4',
      'convolution_param',
      { num_output: 2, bias_term: false, pad: [1], kernel_size: [3], group: 2, stride: [4] },
    ],
    [
      'innerproduct',
      'num_output: 2 biasterm: false weight_filler { std: 1 } bias_filler { }',
      'inner_product_param',
      { num_output: 2, bias_term: false, weight_filler: { std: 1 } },
    ],
    [
      'pool',
      'pool: AVE pad: 1 kernelsize: 3 stride: 2',
      'pooling_param',
      { pool: 'AVE', pad: 1, kernel_size: 3, stride: 2 },
    ],
    ['dropout', 'dropout_ratio: 0.25', 'dropout_param', { dropout_ratio: 0.25 }],
    [
      'lrn',
      'local_size: 3 alpha: 2 beta: 0.5 k: 4',
      'lrn_param',
      { local_size: 3, alpha: 2, beta: 0.5, k: 4 },
    ],
    ['concat', 'concat_dim: 0', 'concat_param', { concat_dim: 0 }],
    ['infogain_loss', 'source: "s"', 'infogain_loss_param', { source: 's' }],
    [
      'data',
      'source: "s" batchsize: 2 rand_skip: 3',
      'data_param',
      { source: 's', batch_size: 2, rand_skip: 3 },
    ],
    ['hdf5_data', 'source: "s" batchsize: 2', 'hdf5_data_param', { source: 's', batch_size: 2 }],
    [
      'hdf5_output',
      'hdf5_output_param { file_name: "f" }',
      'hdf5_output_param',
      { file_name: 'f' },
    ],
    [
      'images',
      'source: "s" batchsize: 2 rand_skip: 3 shuffle_images: true new_height: 4 new_width: 5',
      'image_data_param',
      { source: 's', batch_size: 2, rand_skip: 3, shuffle: true, new_height: 4, new_width: 5 },
    ],
    [
      'window_data',
      'source: "s" batchsize: 2 det_fg_threshold: 0.25 det_bg_threshold: 0.75 det_fg_fraction: 1 ' +
        'det_context_pad: 3 det_crop_mode: "square"',
      'window_data_param',
      {
        source: 's',
        batch_size: 2,
        fg_threshold: 0.25,
        bg_threshold: 0.75,
        fg_fraction: 1,
        context_pad: 3,
        crop_mode: 'square',
      },
    ],
    [
      'data',
      'scale: 0.5 meanfile: "m" cropsize: 7 mirror: true',
      'transform_param',
      { scale: 0.5, mean_file: 'm', crop_size: 7, mirror: true },
    ],
  ] as const)('puts the fields of %s in their places', (type, fields, param, expected) => {
    const file = read(`layers { layer { name: "l" type: "${type}" ${fields} } }`);
    expect(file.bound.message.layer[0]?.[param]).toMatchObject(expected);
    expect(file.warnings.map(({ code }) => code)).toEqual(['net/old-version']);
  });

  it('gathers fields of one message that do not stand together, on one line', () => {
    const text =
      'layers { layer { type: "data"\n source: "s"\n scale: 0.5\n batchsize: # how many\n 3\n mirror: true\n' +
      ' cropsize: 5\n } top: "d" }';
    expect(upgraded(text).split('\n')).toEqual([
      'layer { type: "Data"',
      ' data_param { source: "s" batch_size: 3 }',
      '',
      ' # how many',
      '',
      ' transform_param { mirror: true',
      ' crop_size: 5 scale: 0.5 }',
      ' top: "d" }',
    ]);
  });

  it('leaves out fields that Caffe does not read', () => {
    const file = read('layers { layer { type: "images" new_num: 1 new_channels: 2 } top: "d" }');
    expect(file.source.text).toBe('layer { type: "ImageData" top: "d" }');
  });

  it('ignores what is unknown, even if the present form has a field of the name', () => {
    const file = read('layers { layer { type: "relu" bottom: "x"\n unheard: 1 } bottom: "a" }');
    expect(file.bound.message.layer[0]?.bottom).toEqual(['a']);
    expect(file.warnings.map((w) => formatDiagnostic(file.source, w)).slice(1)).toEqual([
      expect.stringMatching(
        /^old.prototxt:1:\d+: Unknown field 'bottom' in V0LayerParameter: ignored/,
      ),
      expect.stringMatching(/^old.prototxt:2:\d+: Unknown field 'unheard' in V0LayerParameter: ig/),
    ]);
    expect(file.warnings[0]?.message).toContain('V0 form of 2013');
  });
});

describe('padding layers', () => {
  const padding = 'layers { layer { name: "p" type: "padding" pad: 2 } bottom: "a" top: "b" }\n';
  const reader = (fields: string, bottoms = 'bottom: "b"'): string =>
    `layers { layer { name: "r" ${fields} } ${bottoms} top: "c" }`;

  it.each([
    ['a convolution', 'type: "conv" kernelsize: 3', 'convolution_param', [2]],
    ['a convolution with a pad', 'type: "conv" pad: 1 kernelsize: 3', 'convolution_param', [2]],
    ['a convolution without fields', 'type: "conv"', 'convolution_param', [2]],
    ['pooling', 'type: "pool" kernelsize: 3', 'pooling_param', 2],
  ] as const)('merge into %s', (_, fields, param, pad) => {
    const { message } = read(padding + reader(fields)).bound;
    expect(message.layer).toHaveLength(1);
    expect(message.layer[0]).toMatchObject({ bottom: ['a'], top: ['c'], [param]: { pad } });
  });

  it('leave their lines and comments', () => {
    const text = padding.replace('pad: 2', '# two\n pad: 2') + reader('type: "pool"');
    expect(upgraded(text)).toBe(
      ' # two\n\nlayer { name: "r" type: "Pooling" pooling_param { pad: 2 } bottom: "a" top: "c" }',
    );
  });

  it('go out of lists', () => {
    const p = '{ layer { type: "padding" } bottom: "x" top: "y" }';
    const r = '{ layer { type: "relu" } }';
    const list = (...items: string[]): string => upgraded(`layers: [${items.join(', ')}]`);
    const relu = '{ type: "ReLU" }';
    expect(list(p, r)).toBe(`layer: [${relu}]`);
    expect(list(p, p, r, p, p)).toBe(`layer: [${relu}]`);
    expect(list(r, p, r)).toBe(`layer: [${relu}, ${relu}]`);
  });

  it.each([
    [
      'another type',
      padding + reader('type: "relu"'),
      '2:51: Padding layer "p" can be read by conv and pool layers only, not by "r" (relu)',
    ],
    [
      'a reader with two bottoms',
      padding + reader('type: "conv"', 'bottom: "b" bottom: "a"'),
      '2:51: Padding layer "p" is read by "r", which must have one bottom then',
    ],
    [
      'two bottoms of its own',
      padding.replace('bottom: "a"', 'bottom: "a" bottom: "z"') + reader('type: "conv"'),
      '2:51: Padding layer "p" must have one bottom and one top',
    ],
  ])('refuse %s', (_, text, message) => {
    expect(errorOf(() => read(text)).message).toBe(`old.prototxt:${message}`);
  });

  it('alone are no net', () => {
    expect(errorOf(() => read(padding)).code).toBe('net/no-layers');
  });
});

describe('faults of a V0 net are told of with their lines', () => {
  it.each([
    [
      'an unknown type',
      'layers { layer {\n type: "innerproduc" } }',
      '2:8: Unknown layer type "innerproduc" in the V0 form: did you mean "innerproduct"?',
    ],
    [
      'a field of other types',
      'layers { layer { type: "relu"\n num_output: 3 } }',
      `2:2: 'num_output' belongs to layers of type conv, innerproduct in the V0 form, not to "relu"`,
    ],
    [
      'hdf5_output_param elsewhere',
      'layers { layer { type: "relu"\n hdf5_output_param { file_name: "f" } } }',
      `2:2: 'hdf5_output_param' belongs to layers of type hdf5_output in the V0 form`,
    ],
    [
      'V1 fields',
      'layers { layer { type: "relu" }\n include { phase: TEST } }',
      "2:2: A layer of the V0 form cannot have 'include' beside 'bottom', 'top' and the inner",
    ],
    [
      'a V1 layer after it',
      'layers { layer { type: "relu" } }\nlayers { type: RELU }',
      "2:8: This layer has no inner 'layer { ... }' and those before it do",
    ],
    [
      'a V1 layer before it',
      'layers { type: RELU }\nlayers { layer { type: "relu" } }',
      "2:8: This layer has an inner 'layer { ... }' and those before it have none",
    ],
    [
      'a wrong value',
      'layers { layer { type: "pool"\n pool: MIN } }',
      "2:8: Unknown value 'MIN' for",
    ],
  ])('%s', (_, text, message) => {
    expect(errorOf(() => read(text)).message).toContain(`old.prototxt:${message}`);
  });
});
