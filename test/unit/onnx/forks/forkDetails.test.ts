import { describe, expect, it } from 'vitest';
import type { Tensor } from '../../../../src/runtime/session';
import { layer } from '../../../support/nets';
import { runNet, weightsOf, type TestWeights } from '../../../support/runModel';

const tensor = (...shape: number[]): Tensor => ({
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i % 97),
});

async function run(
  type: string,
  param: string,
  inputs: Readonly<Record<string, Tensor>>,
  blobs: TestWeights[string] = [],
): Promise<Tensor> {
  const names = Object.keys(inputs);
  const net =
    names.map((name) => layer(name, 'Input', '', name)).join(' ') +
    layer('l', type, names.join(' '), 'top', param);
  const weights = weightsOf(blobs.length === 0 ? {} : { l: blobs });
  const top = (await runNet(net, weights, inputs)).get('top');
  if (top === undefined) throw new Error('there is no top');
  return top;
}

describe('depthwise convolution', () => {
  const x = tensor(1, 2, 6, 6);
  const weights = [{ shape: [2, 1, 1, 1], data: [1, 2] }];
  const param = (group: string): string =>
    `convolution_param { num_output: 2 ${group} kernel_h: 1 kernel_w: 1 stride_h: 2 stride_w: 3 bias_term: false }`;

  it.each(['ConvolutionDepthwise', 'DepthwiseConvolution'])(
    '%s without group is Convolution with one, fields by axis included',
    async (type) => {
      const wanted = await run('Convolution', param('group: 2'), { x }, weights);
      expect(await run(type, param(''), { x }, weights)).toEqual(wanted);
      expect(wanted.shape).toEqual([1, 2, 3, 2]);
    },
  );

  const odd = (settings: string): string =>
    `convolution_param { ${settings} kernel_size: 1 stride_h: 2 stride_w: 3 bias_term: false }`;
  it.each([
    ['another num_output and group', odd('num_output: 1 group: 1')],
    ['no num_output', odd('')],
    ['an axis', odd('num_output: 8 axis: 2')],
  ])('ConvolutionDepthwise with %s takes its channels from the bottom', async (_, settings) => {
    const wanted = await run('Convolution', param('group: 2'), { x }, weights);
    expect(await run('ConvolutionDepthwise', settings, { x }, weights)).toEqual(wanted);
  });

  it('DepthwiseConvolution reads num_output and group', async () => {
    const blob = [{ shape: [3, 2, 1, 1], data: [1, 2, 3, 4, 5, 6] }];
    const settings = (group: string): string =>
      `convolution_param { num_output: 3 ${group} kernel_size: 1 bias_term: false }`;
    const wanted = await run('Convolution', settings(''), { x }, blob);
    expect(await run('DepthwiseConvolution', settings('group: 1'), { x }, blob)).toEqual(wanted);
  });
});

describe('BN', () => {
  it.each([[[1, 2]], [[1, 2, 1, 1]]])('takes blobs of shape %j', async (shape) => {
    const blob = (...data: number[]): TestWeights[string][number] => ({ shape, data });
    const x: Tensor = { shape: [1, 2, 1, 1], data: Float32Array.of(3, 5) };
    const blobs = [blob(10, 100), blob(1, 2), blob(1, 1), blob(4, 4)];
    expect([...(await run('BN', 'bn_param { eps: 0 }', { x }, blobs)).data]).toEqual([11, 202]);
  });
});

describe('PSROIPooling', () => {
  it('ends a bin at the very pixel that 32-bit floats give', async () => {
    // 21 cells in 7 bins are 3 each; 21 times a rounded 1/7 would be a little more than 3.
    const features = tensor(1, 49, 24, 24);
    const regions: Tensor = { shape: [1, 5], data: Float32Array.of(0, 0, 0, 20, 20) };
    const param = 'psroi_pooling_param { spatial_scale: 1 output_dim: 1 group_size: 7 }';
    const { data } = await run('PSROIPooling', param, { features, regions });
    for (let bin = 0; bin < 49; bin++) {
      const [top, left] = [3 * Math.floor(bin / 7), 3 * (bin % 7)];
      let sum = 0;
      for (let i = 0; i < 9; i++) {
        const [y, x] = [top + Math.floor(i / 3), left + (i % 3)];
        sum += features.data[(bin * 24 + y) * 24 + x] ?? NaN;
      }
      expect(data[bin], `bin ${bin}`).toBeCloseTo(sum / 9, 3);
    }
  });
});
