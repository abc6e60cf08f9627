import { describe, expect, it } from 'vitest';
import { BatchChunks, isImagewise, planChunks } from '../../../src/engine/scoring/batchChunks';
import type { BatchInputs } from '../../../src/runtime/scoreBatches';
import { inputs, layer, netOf } from '../../support/nets';

describe('pieces of a batch', () => {
  it.each([
    [1, 1, [0]],
    [16, 16, [0]],
    [32, 16, [0, 16]],
    [50, 10, [0, 10, 20, 30, 40]],
    [100, 10, [0, 10, 20, 30, 40, 50, 60, 70, 80, 90]],
    [24, 12, [0, 12]],
    // No size from 8 to 16 divides these: the last piece begins earlier.
    [17, 16, [0, 1]],
    [34, 16, [0, 16, 18]],
  ])('%i images: %i at a time', (batch, size, starts) => {
    expect(planChunks(batch, true)).toEqual({ size, starts });
  });

  it.each([
    [32, 16, 2],
    [34, 2, 17],
    [21, 7, 3],
    [17, 17, 1],
  ])('%i images, none of them twice: %i at a time', (batch, size, pieces) => {
    const plan = planChunks(batch, false);
    expect([plan.size, plan.starts.length]).toEqual([size, pieces]);
    expect(plan.starts).toEqual(Array.from({ length: pieces }, (_, i) => i * size));
  });

  it('every image is in a piece, whatever the batch', () => {
    for (let batch = 1; batch < 300; batch++) {
      for (const mayRepeat of [true, false]) {
        const { size, starts } = planChunks(batch, mayRepeat);
        const seen = new Set(
          starts.flatMap((start) => Array.from({ length: size }, (_, i) => start + i)),
        );
        expect([...seen].sort((a, b) => a - b)).toEqual(Array.from({ length: batch }, (_, i) => i));
        if (!mayRepeat) expect(size * starts.length).toBe(batch);
      }
    }
  });
});

describe('a batch run in pieces', () => {
  const shapes = new Map([
    ['data', [32, 2]],
    ['label', [32]],
  ]);
  const asked: number[] = [];
  const whole: BatchInputs = {
    batch(index) {
      asked.push(index);
      const data = Float32Array.from({ length: 64 }, (_, i) => index * 100 + i);
      const labels = Float32Array.from({ length: 32 }, (_, i) => index * 100 + i);
      return Promise.resolve(
        new Map([
          ['data', { shape: [32, 2], data }],
          ['label', { shape: [32], data: labels }],
        ]),
      );
    },
  };

  it('gives the images in order and reads each batch once', async () => {
    const chunks = BatchChunks.of(whole, shapes, true);
    expect(chunks?.perBatch).toBe(2);
    expect(chunks?.shapes).toEqual(
      new Map([
        ['data', [16, 2]],
        ['label', [16]],
      ]),
    );
    const pieces = [];
    for (const index of [0, 1, 2, 3]) pieces.push(await chunks?.batch(index));
    expect(pieces.map((piece) => piece?.get('data')?.data[0])).toEqual([0, 32, 100, 132]);
    expect(pieces.map((piece) => piece?.get('label')?.data.at(-1))).toEqual([15, 31, 115, 131]);
    expect(pieces[3]?.get('data')?.shape).toEqual([16, 2]);
    expect(asked).toEqual([0, 1]);
  });

  it('is not where inputs have different numbers of images', () => {
    const uneven = new Map([
      ['a', [32, 2]],
      ['b', [16, 2]],
    ]);
    expect(BatchChunks.of(whole, uneven, true)).toBeUndefined();
  });
});

describe('whether each image goes by itself', () => {
  it.each([
    ['Convolution', '', true],
    ['ReLU', '', true],
    ['Dropout', '', true],
    ['Pooling', '', true],
    ['LRN', '', true],
    ['InnerProduct', 'inner_product_param { num_output: 1 }', true],
    ['InnerProduct', 'inner_product_param { num_output: 1 axis: 0 }', false],
    ['Concat', '', true],
    ['Concat', 'concat_param { axis: 0 }', false],
    ['Concat', 'concat_param { concat_dim: 0 }', false],
    ['Concat', 'concat_param { axis: -4 }', false],
    ['Softmax', '', true],
    ['Softmax', 'softmax_param { axis: 0 }', false],
    ['Accuracy', '', false],
    ['SoftmaxWithLoss', '', false],
    ['SomethingNew', '', false],
  ])('%s %s: %j', (type, param, expected) => {
    expect(isImagewise(netOf(inputs('x') + layer('l', type, 'x', 'y', param)))).toBe(expected);
  });
});
