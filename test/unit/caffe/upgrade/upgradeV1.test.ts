import { describe, expect, it } from 'vitest';
import { buildNet } from '../../../../src/caffe/buildNet';
import { parseNetFile, type NetFile } from '../../../../src/caffe/netFile';
import { netState } from '../../../../src/caffe/phase';
import { v1Types } from '../../../../src/caffe/upgrade/oldTypes';
import { formatDiagnostic } from '../../../../src/prototxt/diagnostic';
import { SourceText } from '../../../../src/prototxt/source';
import { errorOf } from '../../../support/nets';

const read = (text: string): NetFile => parseNetFile(new SourceText('old.prototxt', text));
const upgraded = (text: string): string => read(text).source.text;
const layers = (body: string): string => `layers { name: "l" type: CONVOLUTION ${body} }`;
const layer = (body: string): string => `layer { name: "l" type: "Convolution" ${body} }`;

describe('a net of the V1 form', () => {
  it('is rewritten line by line, with its comments', () => {
    const old = [
      'name: "old" # a net',
      'layers { # first',
      "  name: 'conv1' type: CONVOLUTION",
      '  bottom: "data" top: "conv1"',
      '  blobs_lr: 1 # weights',
      '  blobs_lr: 2 # bias',
      '  weight_decay: 1',
      '  weight_decay: 0',
      '  convolution_param { num_output: 2 } # the rest',
      '  include: { phase: TEST }',
      '}',
      'layers < name: "r", type: 18; bottom: "conv1" top: "conv1" >',
    ];
    const present = [
      'name: "old" # a net',
      'layer { # first',
      `  name: 'conv1' type: "Convolution"`,
      '  bottom: "data" top: "conv1"',
      '  param { lr_mult: 1 decay_mult: 1 } # weights',
      '  param { lr_mult: 2 decay_mult: 0 } # bias',
      '',
      '',
      '  convolution_param { num_output: 2 } # the rest',
      '  include: { phase: TEST }',
      '}',
      'layer < name: "r", type: "ReLU"; bottom: "conv1" top: "conv1" >',
    ];
    expect(upgraded(old.join('\n')).split('\n')).toEqual(present);
    expect(upgraded(old.join('\r\n')).split('\r\n')).toEqual(present);
  });

  it.each(Object.entries(v1Types))('knows the type %s', (old, present) => {
    const { message } = read(`layers { name: "l" type: ${old} }`).bound;
    expect(message.layer.map(({ type }) => type)).toEqual([present]);
  });

  it.each([
    ['rates only', 'blobs_lr: 1 blobs_lr: 2', 'param { lr_mult: 1 } param { lr_mult: 2 }'],
    ['decay only', 'weight_decay: 0.', 'param { decay_mult: 0. }'],
    [
      'lists',
      'blobs_lr: [1, 2] weight_decay: [0]',
      'param { lr_mult: 1 decay_mult: 0 } param { lr_mult: 2 }',
    ],
    ['one list', 'blobs_lr: [ 1, 2 ]', 'param { lr_mult: 1 } param { lr_mult: 2 }'],
    ['separators', 'blobs_lr: 1, weight_decay: 2;', 'param { lr_mult: 1 decay_mult: 2 },'],
    [
      'shared names',
      'param: "w" param: "b" blob_share_mode: PERMISSIVE',
      'param { name: "w" share_mode: PERMISSIVE } param { name: "b" }',
    ],
    ['a name in pieces', 'param: "w"\n"x"', 'param { name: "wx" }\n'],
    ['a comment within', 'blobs_lr: # why\n 1', 'param { lr_mult: 1 } # why\n '],
  ])('turns %s into param', (_, old, present) => {
    expect(upgraded(layers(old))).toBe(layer(present));
  });

  it.each([
    [
      'makes a transform_param',
      'data_param { source: "s" scale: 0.5 batch_size: 2 }',
      'data_param { source: "s" batch_size: 2 } transform_param { scale: 0.5 }',
    ],
    [
      'adds to one',
      'transform_param {mirror: true} data_param { crop_size: 3, mean_file: "m" }',
      'transform_param {mirror: true crop_size: 3 mean_file: "m" } data_param { }',
    ],
    [
      'wins over one',
      'data_param { scale: 0.5 } transform_param { scale: 2 mirror: false }',
      'data_param { } transform_param { scale: 0.5 mirror: false }',
    ],
    ['leaves others', 'image_data_param { scale: 3 }', 'image_data_param { scale: 3 }'],
  ])('the old place of scale and the like: %s', (_, old, present) => {
    const text = (name: string, type: string, body: string): string =>
      `${name} { type: ${type} top: "d" ${body} }`;
    expect(upgraded(text('layers', 'DATA', old))).toBe(text('layer', '"Data"', present));
  });

  it.each([
    ['IMAGE_DATA', 'image_data_param'],
    ['WINDOW_DATA', 'window_data_param'],
  ])('moves them for %s too', (type, param) => {
    const file = read(`layers { type: ${type} ${param} { scale: 3 mirror: true } }`);
    expect(file.bound.message.layer[0]?.transform_param).toMatchObject({ scale: 3, mirror: true });
    expect(file.warnings.map(({ code }) => code)).toEqual(['net/old-version']);
  });

  it('is told of once, with what else there is to say, on the lines of the user', () => {
    const file = read(
      `# old\n${layers('blobs_lr: 1\nunheard: 3')}\nlayers { type: POOLING pooling_param { unknown: 1 } }`,
    );
    expect(file.warnings.map((warning) => formatDiagnostic(file.source, warning))).toEqual([
      "old.prototxt:2:1: This file uses the V1 form of 2014 ('layers { type: CONVOLUTION ... }'): " +
        "it was read as the present form, 'layer { ... }'",
      "old.prototxt:3:1: Unknown field 'unheard' in V1LayerParameter: ignored",
      "old.prototxt:4:40: Unknown field 'unknown' in PoolingParameter: ignored",
    ]);
    expect(file.source.text).not.toContain('unheard');
  });

  it('does not take a field that the old form lacks', () => {
    const file = read('layers { type: CONVOLUTION batch_norm_param { eps: 1 } }');
    expect(file.bound.message.layer[0]?.batch_norm_param).toBeUndefined();
  });

  it('builds a net whose layers stand on the lines of the user', () => {
    const text =
      'input: "data" input_dim: 1 input_dim: 1 input_dim: 2 input_dim: 2\n' +
      'layers { name: "train" type: RELU bottom: "data" top: "x" include { phase: TRAIN } }\n' +
      'layers {\n loss_weight: 1\n name: "b" type: SIGMOID bottom: "data" top: "y" exclude { stage: "no" } }';
    const net = buildNet(read(text), netState('TEST'));
    expect(net.layers.map(({ name, type, place }) => [name, type, place.line])).toEqual([
      ['data', 'Input', 1],
      ['b', 'Sigmoid', 3],
    ]);
    expect(net.outputs).toEqual(['y']);
  });

  it.each([
    ['layers: [{ type: RELU }, { type: TANH }]', 'layer: [{ type: "ReLU" }, { type: "TanH" }]'],
    ['layers{type:RELU}layers{type:TANH}', 'layer{type:"ReLU"}layer{type:"TanH"}'],
    ['layers { }', 'layer { }'],
  ])('%s', (old, present) => {
    expect(upgraded(old)).toBe(present);
  });
});

describe('faults of a V1 net are told of with their lines', () => {
  it.each([
    [
      'an unknown type',
      'layers {\n type: CONVOLUTIN }',
      "2:8: Unknown value 'CONVOLUTIN' for 'type': did you mean 'CONVOLUTION'?",
    ],
    ['a type in quotes', 'layers {\n type: "Convolution" }', '2:8: Expected a name such as '],
    [
      'present layers beside',
      'layer { name: "a" type: "ReLU" }\nlayers { type: RELU }',
      "2:1: This file has layers of the present form ('layer { ... }') and of the old one",
    ],
    [
      'a wrong number',
      'layers { type: CONVOLUTION\n blobs_lr: "x" }',
      '2:12: Expected a number for',
    ],
    [
      'a present param',
      'layers { type: CONVOLUTION\n param { lr_mult: 1 } }',
      "2:8: Expected a string in quotes for 'param', found a message",
    ],
  ])('%s', (_, text, message) => {
    expect(errorOf(() => read(text)).message).toContain(`old.prototxt:${message}`);
  });
});

it('warns of transformations in the old place where Caffe ignores them', () => {
  const file = read('layer { type: "Data" top: "d"\n data_param { source: "s" scale: 0.5 } }');
  expect(file.bound.message.layer[0]?.transform_param).toBeUndefined();
  expect(file.warnings.map((warning) => formatDiagnostic(file.source, warning))).toEqual([
    "old.prototxt:2:27: 'scale' in data_param changes nothing: Caffe reads it from transform_param " +
      "in a 'layer', and so does this; move it there if it should count",
  ]);
});
