import { expect, it } from 'vitest';
import type { Net } from '../../../src/caffe/net';
import { netState } from '../../../src/caffe/phase';
import { convertNet } from '../../../src/onnx/convertNet';
import { writeModel } from '../../../src/onnx/model';
import { pointsOf, type Measure } from '../../../src/onnx/observations';
import { spreadIndices } from '../../../src/base/spread';
import { quantizeBlob } from '../../../src/quantize/quantizedWeights';
import { Session, type Tensor } from '../../../src/runtime/session';
import { checkModel } from '../../support/checkModel';
import { layer, netOf } from '../../support/nets';
import { weightsOf } from '../../support/runModel';

const shape = 'dim: 1 dim: 1 dim: 1 dim: 2';
const conv = 'convolution_param { num_output: 1 kernel_size: 1 bias_term: false }';
const one = { shape: [1], data: [1] };
const weights = weightsOf({
  c: [{ shape: [1, 1, 1, 1], data: [10] }],
  d: [{ shape: [1, 1, 1, 1], data: [1] }],
  i: [{ shape: [1, 2], data: [10, 1] }],
  n: [{ shape: [1], data: [0] }, { shape: [1], data: [1e4] }, one],
  s: [{ shape: [1], data: [0.5] }],
  p: [{ shape: [1], data: [0.1] }],
});

/** The net `x = [-3, 2]`, the layer `c` that makes `[-30, 20]` of it, and what follows. */
function net(rest: string, phase: 'TRAIN' | 'TEST' = 'TEST'): Net {
  const input = `layer { name: "x" type: "Input" top: "x" input_param { shape { ${shape} } } }`;
  return netOf(input + layer('c', 'Convolution', 'x', 'c', conv) + rest, netState(phase));
}

async function observe(
  wholeNet: Net,
  names: readonly string[],
  measure: Measure,
): Promise<readonly (readonly (number | undefined)[])[]> {
  const layers = wholeNet.layers.filter(({ name }) => names.includes(name));
  const places = pointsOf(wholeNet, layers);
  const points = [...places.values()].flatMap(({ input, output }) => [input, output]);
  const { graph, observed } = convertNet(
    { ...wholeNet, outputs: [] },
    { weights, inputShapes: new Map(), quantizeBlob, observed: { points, measure } },
  );
  const model = writeModel(graph);
  checkModel(model);
  const session = await Session.create(model, { kind: 'cpu' });
  const x: Tensor = { shape: [1, 1, 1, 2], data: Float32Array.of(-3, 2) };
  const outputs = await session.run(new Map([['x', x]]));
  await session.release();
  return points.map((point) => {
    const wanted = observed.get(point);
    return wanted?.measure === 'largest'
      ? [outputs.get(wanted.largest)?.data[0]]
      : [wanted?.lowest, wanted?.highest, wanted?.values].flatMap((name = '') => [
          ...(outputs.get(name)?.data ?? []),
        ]);
  });
}

/** Largest magnitudes of `c`: input and output. */
async function largest(rest: string, phase: 'TRAIN' | 'TEST' = 'TEST'): Promise<unknown> {
  return (await observe(net(rest, phase), ['c'], 'largest')).flat();
}

const leaky = 'relu_param { negative_slope: 0.1 }';
const clip = 'clip_param { min: -5 max: 15 }';

it.each([
  ['nothing', '', 30],
  ['BatchNorm', ['n', 'BatchNorm', ''], 30],
  ['Scale', ['s', 'Scale', ''], 30],
  ['PReLU', ['p', 'PReLU', ''], 30],
  ['Sigmoid', ['g', 'Sigmoid', ''], 30],
  ['Power', ['w', 'Power', 'power_param { scale: 10 }'], 30],
  ['a leaky ReLU', ['r', 'ReLU', leaky], 30],
  ['Dropout', ['o', 'Dropout', ''], 30],
  // What these cut off matters to nobody.
  ['ReLU', ['r', 'ReLU', ''], 20],
  ['ReLU6', ['r', 'ReLU6', ''], 6],
  ['Clip', ['r', 'Clip', clip], 15],
])('the output of a layer, %s behind it, in place or not', async (_name, next, expected) => {
  if (typeof next === 'string') return expect(await largest(next)).toEqual([3, expected]);
  const [name, type, param] = next as [string, string, string];
  const inPlace = layer(name, type, 'c', 'c', param);
  const ofItsOwn = layer(name, type, 'c', 'other', param);
  expect(await largest(inPlace)).toEqual([3, expected]);
  expect(await largest(ofItsOwn)).toEqual([3, expected]);
});

it('is read behind several layers that cut off, up to the first that does not', async () => {
  const relu = layer('r', 'ReLU', 'c', 'c');
  const dropout = layer('o', 'Dropout', 'c', 'c');
  const norm = layer('n', 'BatchNorm', 'c', 'c', 'batch_norm_param { use_global_stats: true }');
  const flat = layer('f', 'Flatten', 'c', 'f');
  expect(await largest(dropout + relu + norm)).toEqual([3, 20]);
  expect(await largest(norm + relu)).toEqual([3, 30]);
  expect(await largest(flat + layer('r', 'ReLU', 'f', 'f'))).toEqual([3, 20]);
  // In TRAIN Dropout scales up what it keeps.
  expect(await largest(dropout + relu, 'TRAIN')).toEqual([3, 30]);
  expect(await largest(relu + dropout, 'TRAIN')).toEqual([3, 20]);
});

it('is the layer’s own where somebody else reads it too', async () => {
  const relu = layer('r', 'ReLU', 'c', 'c');
  expect(await largest(layer('w', 'Power', 'c', 'w') + relu)).toEqual([3, 30]);
  const two = net(layer('r', 'ReLU', 'c', 'r'));
  const asked = { ...two, outputs: [...two.outputs, 'c'] };
  expect((await observe(asked, ['c'], 'largest')).flat()).toEqual([3, 30]);
});

it('the input is what the layer reads, whatever becomes of the blob later', async () => {
  const d = layer('d', 'Convolution', 'c', 'd', conv);
  const half = layer('s', 'Scale', 'c', 'c');
  const thousand = layer('w', 'Power', 'c', 'c', 'power_param { scale: 1000 }');
  const rangeOf = async (rest: string): Promise<unknown> =>
    (await observe(net(rest), ['c', 'd'], 'largest')).flat();
  expect(await rangeOf(half + d)).toEqual([3, 30, 15, 15]);
  expect(await rangeOf(d + half)).toEqual([3, 30, 30, 30]);
  expect(await rangeOf(half + d + thousand)).toEqual([3, 30, 15, 15]);
  // The input of a layer that writes over what it reads.
  const ip = 'inner_product_param { num_output: 1 bias_term: false }';
  const i = layer('i', 'InnerProduct', 'c', 'c', ip);
  const both = await observe(net(half + i), ['c', 'i'], 'largest');
  expect(both.flat()).toEqual([3, 30, 15, 140]);
});

it('a sample has the extremes and the numbers', async () => {
  const [input, output] = await observe(net(layer('s', 'Scale', 'c', 'c')), ['c'], 'sample');
  expect(input).toEqual([-3, 2, -3, 2]);
  expect(output).toEqual([-30, 20, -30, 20]);
});

it('spreads places over an array', () => {
  expect(spreadIndices(3, 8)).toEqual([0, 1, 2]);
  const places = spreadIndices(100_000, 1000);
  expect(new Set(places).size).toBe(1000);
  const sorted = [...places].sort((a, b) => a - b);
  const gaps = sorted.slice(1).map((place, i) => place - (sorted[i] ?? 0));
  expect(Math.max(...gaps)).toBeLessThan(300);
});
