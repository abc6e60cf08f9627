import { describe, expect, it } from 'vitest';
import { lossWeights } from '../../../src/caffe/lossWeights';
import { matchWeights } from '../../../src/caffe/matchWeights';
import { readQuantizationParam } from '../../../src/caffe/numberFormat';
import { netState } from '../../../src/caffe/phase';
import { chooseScoreBlob } from '../../../src/caffe/scoreBlob';
import { splitNet } from '../../../src/caffe/splitNet';
import { layer, netOf } from '../../support/nets';
import { weightsOf } from '../../support/runModel';

const data = layer('data', 'Data', [], ['data', 'label']);

describe('rules of phase, level and stage', () => {
  const names = (rule: string, state = netState('TEST')): string[] =>
    netOf(layer('a', 'Data', [], ['a'], rule) + layer('b', 'Data', [], ['b']), state).layers.map(
      ({ name }) => name,
    );

  it.each([
    ['include { phase: TRAIN }', netState('TEST'), false],
    ['include { phase: TRAIN }', netState('TRAIN'), true],
    ['exclude { phase: TEST }', netState('TEST'), false],
    ['include { phase: TRAIN } include { phase: TEST }', netState('TEST'), true],
    ['include { min_level: 1 }', netState('TEST'), false],
    ['include { max_level: 0 }', netState('TEST'), true],
    ['include { stage: "x" }', netState('TEST'), false],
    ['include { stage: "x" }', { phase: 'TEST', level: 0, stages: ['x', 'y'] }, true],
    ['include { not_stage: "x" }', { phase: 'TEST', level: 0, stages: ['x'] }, false],
    ['exclude { phase: TEST stage: "x" }', netState('TEST'), true],
  ] as const)('%s in %j: %s', (rule, state, takesPart) => {
    expect(names(rule, { ...state, stages: [...state.stages] })).toEqual(
      takesPart ? ['a', 'b'] : ['b'],
    );
  });
});

describe('blobs', () => {
  it('outputs are what nobody reads, in the order of their bytes', () => {
    const net = netOf(
      data +
        layer('z', 'ReLU', ['data'], ['Z']) +
        layer('a', 'ReLU', ['data'], ['a']) +
        layer('in place', 'ReLU', ['a'], ['a']),
    );
    expect(net.outputs).toEqual(['Z', 'a', 'label']);
  });

  it.each([
    [
      layer('r', 'ReLU', ['x'], ['y']),
      'net/missing-bottom',
      '"x" is not made by any layer of the TEST phase',
    ],
    [
      layer('r', 'ReLU', ['x'], ['y']) + layer('s', 'ReLU', ['data'], ['x']),
      'net/missing-bottom',
      'is made only later, by layer "s" (line 3): move that layer up',
    ],
    [
      layer('r', 'ReLU', ['x'], ['y']) + layer('s', 'ReLU', ['y'], ['x']),
      'net/cycle',
      'layer "s" (line 3), which needs this layer\'s own output: the net has a cycle',
    ],
    [layer('r', 'ReLU', ['x'], ['x']), 'net/cycle', 'made by the layer itself'],
    [
      layer('r', 'ReLU', ['label'], ['data']),
      'net/duplicate-top',
      'already made by layer "data" (line 1)',
    ],
  ])('%s fails', (text, code, message) => {
    expect(() => netOf(data + text)).toThrow(
      expect.objectContaining({
        code,
        message: expect.stringMatching(/^net\.prototxt:2:7: layer "r": /) as string,
        detail: expect.stringContaining(message) as string,
      }) as Error,
    );
  });

  it.each([
    'input: "x" input_dim: 1 input_dim: 2 input_dim: 3 input_dim: 4',
    'input: "x" input_shape { dim: 1 dim: 2 dim: 3 dim: 4 }',
  ])('the header %s is an Input layer', (header) => {
    const net = netOf(`${header}\n` + layer('r', 'ReLU', ['x'], ['y']));
    expect(net.layers[0]).toMatchObject({ type: 'Input', tops: ['x'] });
    expect(net.layers[0]?.param.input_param?.shape[0]?.dim).toEqual([1, 2, 3, 4]);
  });
});

describe('score output', () => {
  const scored = (name: string, top: string, more = ''): string =>
    layer(name, 'Accuracy', ['data', 'label'], [top], more);
  const loss = (top: string): string =>
    layer(`l_${top}`, 'SoftmaxWithLoss', ['data', 'label'], [top]);

  it('is the first output where that is an accuracy', () => {
    const choice = chooseScoreBlob(netOf(data + scored('a', 'accuracy') + loss('loss')), undefined);
    expect(choice).toEqual({ blob: 'accuracy', note: undefined });
  });

  it('is the last accuracy of the smallest top_k where the first output is a loss', () => {
    const five = 'accuracy_param { top_k: 5 }';
    const net = netOf(
      data +
        loss('loss1/loss') +
        scored('a1', 'loss1/top-1') +
        scored('a5', 'loss1/top-5', five) +
        scored('b1', 'loss3/top-1') +
        scored('b5', 'loss3/top-5', five),
    );
    const choice = chooseScoreBlob(net, undefined);
    expect(choice.blob).toBe('loss3/top-1');
    expect(choice.note).toContain('not by the first output "loss1/loss"');
    expect(chooseScoreBlob(net, 'loss1/top-5').blob).toBe('loss1/top-5');
    expect(() => chooseScoreBlob(net, 'x')).toThrow(
      /--score=x is no output.*loss1\/loss, loss1\/top-1/,
    );
  });

  it('is a loss only where there is nothing else, with a note', () => {
    expect(chooseScoreBlob(netOf(data + loss('loss')), undefined)).toMatchObject({
      blob: 'loss',
      note: expect.stringContaining('higher value') as string,
    });
  });
});

it('loss weights: 1 for a loss, others as given', () => {
  const net = netOf(
    data +
      layer('l', 'SoftmaxWithLoss', ['data', 'label'], ['l']) +
      layer('m', 'SoftmaxWithLoss', ['data', 'label'], ['m'], 'loss_weight: 0.3') +
      layer('a', 'Accuracy', ['data', 'label'], ['a']),
  );
  expect([...lossWeights(net)]).toEqual([
    ['l', 1],
    ['m', Math.fround(0.3)],
  ]);
});

describe('weights of a layer', () => {
  const net = netOf(data + layer('ip', 'InnerProduct', ['data'], ['ip']));
  const ip = net.layers[1];
  const expected = [
    { role: 'weights', shape: [2, 3] },
    { role: 'bias', shape: [2] },
  ];
  const blob = (...shape: number[]): { shape: number[]; data: number[] } => ({
    shape,
    data: new Array<number>(shape.reduce((a, b) => a * b, 1)).fill(0),
  });
  const match = (blobs: ReturnType<typeof blob>[], isLegacy = false): unknown => {
    if (ip === undefined) throw new Error('no layer');
    const weights = weightsOf({ ip: blobs });
    const found = weights.byName('ip');
    const legacy = {
      ...weights,
      byName: () =>
        found && { ...found, blobs: found.blobs.map((b) => ({ ...b, legacyShape: isLegacy })) },
    };
    return matchWeights(legacy, ip, expected);
  };

  it('fit by shape; old files fill up with ones on the left', () => {
    expect(match([blob(2, 3), blob(2)])).toHaveLength(2);
    expect(match([blob(1, 1, 2, 3), blob(1, 1, 1, 2)], true)).toMatchObject([
      { shape: [2, 3] },
      { shape: [2] },
    ]);
  });

  it.each([
    [[], /layer "ip" \(net.prototxt:2\) has no weights/],
    [[blob(2, 3)], /has 1 weight blobs in this file, the net needs 2 \(weights, bias\)/],
    [[blob(3, 2), blob(2)], /needs weights of shape 2x3, this file has 3x2/],
    [[blob(2, 3), blob(3)], /needs bias of shape 2, this file has 3/],
    [[blob(1, 1, 2, 3), blob(2)], /2x3, this file has 1x1x2x3/],
  ])('%#: others are refused', (blobs, message) => {
    expect(() => match(blobs)).toThrow(message);
  });
});

describe('splitNet', () => {
  const net = netOf(
    data +
      layer('c', 'Convolution', ['data'], ['c']) +
      layer('r', 'ReLU', ['c'], ['c']) +
      layer('f', 'InnerProduct', ['c'], ['f']) +
      layer('a', 'Accuracy', ['f', 'label'], ['a']),
  );
  const isSource = ({ type }: { type: string }): boolean => type === 'Data';

  it('passes on what later layers read; data layers belong to both halves', () => {
    const split = splitNet(net, 3, isSource);
    expect(split?.frontier).toEqual(['c']);
    expect(split?.head.layers.map(({ name }) => name)).toEqual(['data', 'c', 'r']);
    expect(split?.head.outputs).toEqual(['c']);
    expect(split?.tail.layers.map(({ tops }) => tops)).toEqual([
      ['data', 'label'],
      ['c'],
      ['f'],
      ['a'],
    ]);
    expect(split?.tail.outputs).toEqual(['a']);
  });

  it('is not possible before the first layer, or after data was changed in place', () => {
    expect(splitNet(net, 1, isSource)).toBeUndefined();
    const inPlace = netOf(
      data + layer('r', 'ReLU', ['data'], ['data']) + layer('s', 'ReLU', ['data'], ['s']),
    );
    expect(splitNet(inPlace, 2, isSource)).toBeUndefined();
  });
});

it('a quantization_param means its defaults where fields are missing', () => {
  const net = netOf(
    data +
      layer('c', 'ConvolutionRistretto', ['data'], ['c'], 'quantization_param { bw_params: 4 }'),
  );
  const param = net.layers[1]?.param.quantization_param;
  if (param === undefined) throw new Error('no quantization_param');
  const unsaid = { kind: 'fixedPoint', bits: 32, fractionalLength: 16 };
  const weights = { kind: 'fixedPoint', bits: 4, fractionalLength: 16 };
  expect(readQuantizationParam(param)).toEqual({
    input: unsaid,
    output: unsaid,
    weights,
    bias: weights,
  });
});
