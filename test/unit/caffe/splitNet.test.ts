import { describe, expect, it } from 'vitest';
import type { Layer } from '../../../src/caffe/net';
import { splitNet, type SplitNet } from '../../../src/caffe/splitNet';
import { inputs, layer, netOf } from '../../support/nets';

const isSource = ({ type }: Layer): boolean => type === 'Input';
const names = (layers: readonly Layer[]): string[] => layers.map(({ name }) => name);

/** Cuts before the layer named. */
function cutBefore(name: string, prototxt: string): SplitNet | undefined {
  const net = netOf(prototxt);
  return splitNet(
    net,
    net.layers.findIndex((l) => l.name === name),
    isSource,
  );
}

const chain =
  inputs('data', 'label') +
  layer('conv', 'Convolution', 'data', 'c') +
  layer('relu', 'ReLU', 'c', 'c') +
  layer('fc', 'InnerProduct', 'c', 'f') +
  layer('loss', 'SoftmaxWithLoss', 'f label', 'loss');

describe('cutting a net in two', () => {
  it('passes what the tail needs, and no tops of data layers', () => {
    const split = cutBefore('fc', chain);
    expect(split?.frontier).toEqual(['c']);
    expect(names(split?.head.layers ?? [])).toEqual(['data', 'label', 'conv', 'relu']);
    expect(split?.head.outputs).toEqual(['c']);
    expect(split?.tail.layers.map(({ type }) => type)).toEqual([
      'Input',
      'Input',
      'Input',
      'InnerProduct',
      'SoftmaxWithLoss',
    ]);
    expect(split?.tail.layers[2]?.tops).toEqual(['c']);
    expect(split?.tail.outputs).toEqual(['loss']);
  });

  it('passes every blob that the tail or the outputs need, once', () => {
    const split = cutBefore(
      'join',
      inputs('x') +
        layer('a', 'ReLU', 'x', 'a') +
        layer('b', 'ReLU', 'x', 'b') +
        layer('c', 'ReLU', 'a', 'out') +
        layer('d', 'ReLU', 'a', 'unused') +
        layer('join', 'Concat', 'a b x', 'j') +
        layer('again', 'Concat', 'a j unused', 'k'),
    );
    expect([...(split?.frontier ?? [])].sort()).toEqual(['a', 'b', 'out', 'unused']);
    expect(split?.tail.outputs).toEqual(['k', 'out']);
  });

  it('gives the head data layers that stand after the cut, and the tail none twice', () => {
    const split = cutBefore(
      'fc',
      inputs('data') +
        layer('conv', 'Convolution', 'data', 'c') +
        layer('fc', 'InnerProduct', 'c', 'f') +
        inputs('label') +
        layer('loss', 'SoftmaxWithLoss', 'f label', 'loss'),
    );
    expect(names(split?.head.layers ?? [])).toEqual(['data', 'conv', 'label']);
    expect(names(split?.tail.layers ?? [])).toEqual(['data', 'label', 'c', 'fc', 'loss']);
  });

  it('quotes blob names in the Input layer it makes', () => {
    const name = 'a\\"b';
    const split = cutBefore(
      'fc',
      inputs('x') + layer('a', 'ReLU', 'x', name) + layer('fc', 'InnerProduct', name, 'y'),
    );
    expect(split?.frontier).toEqual(['a"b']);
    expect(split?.tail.layers[1]?.tops).toEqual(['a"b']);
  });

  it('takes a quantized layer before the cut that alone reads the data', () => {
    const net =
      inputs('data') + layer('q', 'FcRistretto', 'data', 'f') + layer('fc', 'ReLU', 'f', 'y');
    expect(cutBefore('fc', net)?.frontier).toEqual(['f']);
  });

  it.each([
    ['only data lie before the cut', 'conv', chain],
    [
      'a quantized layer before the cut rounds data that the tail reads',
      'join',
      inputs('data') +
        layer('fc', 'FcRistretto', 'data', 'f') +
        layer('join', 'Concat', 'f data', 'y'),
    ],
    [
      'the tail changes an output of the head in place',
      'fc',
      inputs('data') +
        layer('conv', 'Convolution', 'data', 'c') +
        layer('fc', 'InnerProduct', 'c', 'f') +
        layer('relu', 'ReLU', 'c', 'c'),
    ],
    [
      'a layer before the cut changes data in place',
      'fc',
      inputs('data') +
        layer('relu', 'ReLU', 'data', 'data') +
        layer('fc', 'InnerProduct', 'data', 'f'),
    ],
  ])('is refused where %s', (_, name, prototxt) => {
    expect(cutBefore(name, prototxt)).toBeUndefined();
  });
});
