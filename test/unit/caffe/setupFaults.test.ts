import { describe, expect, it } from 'vitest';
import { errorOf, layer, netOf } from '../../support/nets';
import { findingsIn } from '../language/support';

const head =
  'layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 1 dim: 4 dim: 6 dim: 6 } } }\n' +
  'layer { name: "label" type: "Input" top: "label" input_param { shape { dim: 1 } } }\n';
const one = (type: string, param: string, tops = 'y'): string => layer('l', type, 'x', tops, param);
const pool = (param: string): string => one('Pooling', `pooling_param { ${param} }`);
const fc = (param: string): string =>
  one('InnerProduct', `inner_product_param { num_output: 2 } ${param}`);

const refused: readonly (readonly [string, string])[] = [
  [pool('global_pooling: true kernel_size: 6'), 'take kernel_size away'],
  [pool('global_pooling: true kernel_h: 6 kernel_w: 6'), 'take kernel_h away'],
  [pool('global_pooling: true stride: 2'), 'global_pooling goes only with a stride of 1'],
  [pool('global_pooling: true pad_w: 1 pad_h: 0'), 'global_pooling goes only with a pad of 0'],
  [pool('kernel_size: 2 kernel_h: 2'), 'kernel_size cannot go with kernel_h'],
  [pool('kernel_h: 2'), 'kernel_h needs kernel_w beside it'],
  [pool('kernel_size: 2 stride: 2 stride_h: 2'), 'stride cannot go with stride_h'],
  [pool('kernel_size: 2 pad: 1 pad_w: 1'), 'pad cannot go with pad_w'],
  [one('LRN', 'lrn_param { local_size: 4 }'), 'local_size must be odd, is 4'],
  [one('ReLU', 'include { phase: TEST } exclude { stage: "x" }'), 'both include and exclude'],
  [layer('l', 'Accuracy', 'x label', ''), 'has no top'],
  [one('ReLU', 'param { lr_mult: 1 }'), '1 param for a layer that learns nothing'],
  [fc('param { } param { } param { }'), '3 param for a layer that has 2 blobs'],
  [one('ReLU', 'loss_weight: 1 loss_weight: 2'), '2 loss_weight for 1 top'],
  [one('ReLU', 'propagate_down: true propagate_down: false'), '2 propagate_down for 1 bottom'],
  [one('Concat', 'concat_param { axis: 1 concat_dim: 1 }'), 'axis cannot go with concat_dim'],
  [one('Slice', 'slice_param { axis: 1 slice_dim: 1 }', 'y z'), 'axis cannot go with slice_dim'],
  [one('Dropout', 'dropout_param { dropout_ratio: 1 }'), 'dropout_ratio must lie between 0 and 1'],
];

describe('what Caffe refuses when it sets a net up', () => {
  it.each(refused)('%s: on the command line', (text, message) => {
    const { detail, place } = errorOf(() => netOf(head + text));
    expect(detail).toContain('layer "l"');
    expect(detail).toContain(message);
    expect(place.line).toBe(3);
  });

  it.each(refused)('%s: in the editor, once', (text, message) => {
    const errors = findingsIn(head + text).filter((finding) => / error /.test(finding));
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(/^3 error setup\//);
    expect(errors[0]).toContain(message);
  });

  it.each([
    pool('global_pooling: true'),
    pool('global_pooling: true stride: 1 pad: 0'),
    pool('kernel_h: 2 kernel_w: 3 stride_h: 1 stride_w: 2'),
    one('LRN', ''),
    fc('param { } param { }'),
    one('ReLU', 'loss_weight: 1 propagate_down: true'),
    layer('l', 'SoftmaxWithLoss', 'x label', '', 'loss_weight: 1'),
    one('Slice', 'slice_param { slice_dim: 1 }', 'y z'),
    one('SomeOtherType', 'param { } param { }'),
    one('BatchNorm', 'param { lr_mult: 0 } param { lr_mult: 0 } param { lr_mult: 0 }'),
  ])('not %s', (text) => {
    expect(() => netOf(head + text)).not.toThrow();
  });

  it('looks at the rules of layers of the other phase too, but at nothing else of them', () => {
    const other = (param: string): string => one('ReLU', `include { phase: TRAIN } ${param}`);
    expect(() => netOf(head + other('loss_weight: 1 loss_weight: 2'))).not.toThrow();
    expect(errorOf(() => netOf(head + other('exclude { stage: "x" }'))).code).toBe('layer/rules');
  });

  it('refuses in the editor what cannot be shared', () => {
    const shared = (name: string, outputs: number, mode = ''): string =>
      `layer { name: "${name}" type: "InnerProduct" bottom: "x" top: "${name}" ` +
      `param { name: "w" ${mode} } inner_product_param { num_output: ${outputs} bias_term: false } }\n`;
    const [source = ''] = head.split('\n');
    const errors = (text: string): string[] =>
      findingsIn(text).filter((finding) => / error /.test(finding));
    expect(errors(source + shared('a', 2) + shared('b', 2))).toEqual([]);
    expect(errors(source + shared('a', 2) + shared('b', 3)).join()).toContain(
      'its weights (3x144) cannot share param "w" with layer "a", where it has shape 2x144',
    );
  });
});
