import { describe, expect, it } from 'vitest';
import type { WeightBlob, Weights } from '../../../src/caffe/caffemodel';
import { checkBlobs, type NamedShape } from '../../../src/caffe/matchWeights';
import { formatShape } from '../../../src/base/shape';
import { errorOf, inputs, layer, netOf } from '../../support/nets';

interface Stored {
  readonly shape: readonly number[];
  readonly legacyShape?: boolean;
}

const weights: Weights = { path: 'net.caffemodel', layers: [], byName: () => undefined };

const toBlob = ({ shape, legacyShape = false }: Stored): WeightBlob => ({
  shape,
  legacyShape,
  data: new Float32Array(shape.reduce((product, dim) => product * dim, 1)),
});

const [, fc] = netOf(`${inputs('x')}\n${layer('fc', 'InnerProduct', 'x', 'y')}`).layers;
if (fc === undefined) throw new Error('the net has two layers');
const weightsShape = (...shape: number[]): NamedShape => ({ role: 'weights', shape });
const biasShape = (...shape: number[]): NamedShape => ({ role: 'bias', shape });

describe('matching weights to a net', () => {
  it.each<[string, Stored[], NamedShape[]]>([
    ['the very shapes', [{ shape: [3, 4] }, { shape: [3] }], [weightsShape(3, 4), biasShape(3)]],
    [
      'four dimensions of an old file',
      [
        { shape: [1, 1, 3, 4], legacyShape: true },
        { shape: [1, 1, 1, 3], legacyShape: true },
      ],
      [weightsShape(3, 4), biasShape(3)],
    ],
    [
      'four dimensions that are four',
      [{ shape: [20, 1, 5, 5], legacyShape: true }],
      [weightsShape(20, 1, 5, 5)],
    ],
  ])('takes %s and gives them the shape of the net', (_, stored, expected) => {
    const blobs = checkBlobs(weights, fc, stored.map(toBlob), expected);
    expect(blobs.map(({ shape }) => shape)).toEqual(expected.map(({ shape }) => shape));
  });

  it.each<[string, Stored[], NamedShape[], string, string]>([
    [
      'too few blobs',
      [{ shape: [3, 4] }],
      [weightsShape(3, 4), biasShape(3)],
      'weights/blob-count',
      'has 1 weight blobs in this file, the net needs 2 (weights, bias)',
    ],
    [
      'too many blobs',
      [{ shape: [3, 4] }, { shape: [3] }],
      [weightsShape(3, 4)],
      'weights/blob-count',
      'has 2 weight blobs in this file, the net needs 1 (weights)',
    ],
    [
      'another shape',
      [{ shape: [3, 5] }],
      [weightsShape(3, 4)],
      'weights/shape',
      'needs weights of shape 3x4, this file has 3x5',
    ],
    [
      'as many numbers in another order',
      [{ shape: [4, 3] }],
      [weightsShape(3, 4)],
      'weights/shape',
      'this file has 4x3',
    ],
    [
      'a bias that does not fit',
      [{ shape: [3, 4] }, { shape: [4] }],
      [weightsShape(3, 4), biasShape(3)],
      'weights/shape',
      'needs bias of shape 3',
    ],
    [
      'ones in front that are no old shape',
      [{ shape: [1, 1, 3, 4] }],
      [weightsShape(3, 4)],
      'weights/shape',
      'this file has 1x1x3x4',
    ],
    [
      'an old shape that is another',
      [{ shape: [1, 1, 4, 3], legacyShape: true }],
      [weightsShape(3, 4)],
      'weights/shape',
      'this file has 1x1x4x3',
    ],
    ['a scalar', [{ shape: [] }], [weightsShape(3)], 'weights/shape', 'has scalar'],
  ])('refuses %s', (_, stored, expected, code, part) => {
    const error = errorOf(() => checkBlobs(weights, fc, stored.map(toBlob), expected));
    expect(error.code).toBe(code);
    expect(error.message).toContain('net.caffemodel: layer "fc" (test.prototxt:2)');
    expect(error.message).toContain(part);
  });

  it('writes shapes briefly', () => {
    expect([[], [5], [20, 1, 5, 5]].map(formatShape)).toEqual(['scalar', '5', '20x1x5x5']);
  });
});
