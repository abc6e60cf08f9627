import { describe, expect, it } from 'vitest';
import { refuseUnobeyed } from '../../../src/onnx/forkSettings';
import { errorOf, layer, netOf } from '../../support/nets';
import { runNet, weightsOf } from '../../support/runModel';

const head =
  'layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 1 dim: 3 dim: 7 dim: 7 } } }\n';
const one = (type: string, param: string): string => head + layer('l', type, 'x', 'y', param);
const convolution = (setting: string): string =>
  one('Convolution', `convolution_param { num_output: 1 kernel_size: 1 ${setting} }`);
const pooling = (setting: string): string =>
  one('Pooling', `pooling_param { kernel_size: 2 ${setting} }`);

describe('settings that cannot be obeyed', () => {
  it.each([
    ['an unknown setting', convolution('pad_l: 1'), "'pad_l: 1' in convolution_param"],
    [
      'of a fork that is known',
      pooling('pad_type: 1'),
      "'pad_type: 1' in pooling_param is a setting of Synopsys Caffe",
    ],
    ['a misspelt one', convolution('Stride: 2'), "did you mean 'stride'?"],
    [
      'misspelt settings',
      one('ReLU', 'relu_parm { negative_slope: 1 }'),
      "did you mean 'relu_param'?",
    ],
    ['an unknown value', pooling('pool: MEDIAN'), "'pool: MEDIAN' in pooling_param"],
    ['an unknown value by number', pooling('pool: 7'), "'pool: 7' in pooling_param"],
    ['a rounding mode', pooling('round_mode: HALF'), "'round_mode: HALF'"],
    [
      'an unknown part',
      one('DetectionOutput', 'detection_output_param { nms_param { soft: true } }'),
      "'soft: true' in detection_output_param.nms_param",
    ],
    [
      'another than its default',
      one('Dropout', 'dropout_param { scale_train: false }'),
      "'scale_train: false'",
    ],
    [
      'an unknown message',
      one('Softmax', 'softmax_param { tree { a: 1 } }'),
      "'tree' in softmax_param",
    ],
    [
      'an old file',
      'input: "x" input_dim: 1 input_dim: 3 input_dim: 7 input_dim: 7 layers { name: "l" type: POOLING bottom: "x" top: "y" pooling_param { kernel_size: 2 pool: MEDIAN } }',
      "'pool: MEDIAN' in pooling_param",
    ],
  ])('stop: %s', (_, prototxt, text) => {
    const error = errorOf(() => refuseUnobeyed(netOf(prototxt)));
    expect(error.code).toBe('layer/setting');
    expect(error.detail).toContain('layer "l"');
    expect(error.detail).toContain(text);
    expect(error.place.line).toBe(prototxt.startsWith('input') ? 1 : 2);
  });

  it.each([
    ['how it is computed', convolution('engine: MKL2017 cudnn_math_override: 1')],
    ['an engine by name', convolution('conv_engine: "X"')],
    [
      'how it learns',
      convolution('weight_filler { type: "msra" variance_norm: MEDIAN a: 1 } lr_mult: 3'),
    ],
    ['the default, written out', convolution('pad_type: 0 relu: false input_scale: 1.0')],
    ['a value by its number', pooling('pool: 1')],
    ['another message', one('ReLU', 'made_up_param { a: 1 } pooling_param { pool: MEDIAN }')],
    ['a scalar of the layer', one('ReLU', 'blobs_of: 1 include { phase: TEST }')],
    ['a net', head + 'debug: true made_up { a: 1 }' + layer('l', 'ReLU', 'x', 'y')],
    [
      'a layer of the other phase',
      one('ReLU', '') +
        layer(
          't',
          'Pooling',
          'x',
          'z',
          'pooling_param { foo: 1 pool: MEDIAN } include { phase: TRAIN }',
        ),
    ],
  ])('do not stop where they are no setting that counts: %s', (_, prototxt) => {
    expect(() => refuseUnobeyed(netOf(prototxt))).not.toThrow();
  });

  it.each(['pooling_param { kernel_size: 2 round_below: true stride: 2 }'])(
    'unless they are obeyed: %s',
    async (param) => {
      const data = Float32Array.from({ length: 147 }, (_, i) => i);
      const run = async (setting: string): Promise<readonly number[]> => {
        const net = layer('x', 'Input', '', 'x') + layer('l', 'Pooling', 'x', 'top', setting);
        const made = await runNet(net, weightsOf({}), { x: { shape: [1, 3, 7, 7], data } });
        return made.get('top')?.shape ?? [];
      };
      expect(await run(param)).toEqual([1, 3, 3, 3]);
      expect(await run(param.replace('true', 'false'))).toEqual([1, 3, 4, 4]);
    },
  );

  it('obeys relu6', async () => {
    const net =
      layer('x', 'Input', '', 'x') + layer('l', 'ReLU', 'x', 'top', 'relu_param { relu6: true }');
    const x = { shape: [4], data: Float32Array.of(-1, 0.5, 6, 8) };
    const made = await runNet(net, weightsOf({}), { x });
    expect([...(made.get('top')?.data ?? [])]).toEqual([0, 0.5, 6, 6]);
  });
});
