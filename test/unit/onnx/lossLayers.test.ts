import { describe, expect, it } from 'vitest';
import type { Tensor } from '../../../src/runtime/session';
import { runNet, weightsOf } from '../../support/runModel';

interface Problem {
  readonly shape: readonly number[];
  readonly scores: readonly number[];
  readonly labels: readonly number[];
  /** Shape of the labels; one axis unless given. */
  readonly labelShape?: readonly number[];
}

/** Runs one layer of two bottoms, scores and labels. */
function compare(
  layer: string,
  { shape, scores, labels, labelShape = [labels.length] }: Problem,
): Promise<ReadonlyMap<string, Tensor>> {
  return runNet(
    `layer { name: "in" type: "Input" top: "x" top: "label" input_param { shape { dim: 1 } } }
     layer { name: "l" bottom: "x" bottom: "label" ${layer} }`,
    weightsOf({}),
    {
      x: { shape, data: Float32Array.from(scores) },
      label: { shape: labelShape, data: Float32Array.from(labels) },
    },
  );
}

async function scalar(layer: string, problem: Problem): Promise<number> {
  const top = (await compare(`top: "y" ${layer}`, problem)).get('y');
  expect(top?.shape).toEqual([]);
  return top?.data[0] ?? Number.NaN;
}

const ln = Math.log;
/** Two predictions of two classes with the probabilities 1/4, 3/4 and 1/2, 1/2. */
const pair = { shape: [2, 2], scores: [0, ln(3), 5, 5] };
/** The classes lie on axis 1: 1/4, 3/4 at the first place and 1/2, 1/2 at the second. */
const image = { shape: [1, 2, 1, 2], scores: [0, 5, ln(3), 5] };
const atFirst = ln(4);
const atSecond = ln(2);

describe('SoftmaxWithLoss', () => {
  it.each<[string, string, Problem, number]>([
    ['means over predictions', '', { ...pair, labels: [0, 1] }, (atFirst + atSecond) / 2],
    ['takes each label', '', { ...pair, labels: [1, 0] }, (ln(4 / 3) + ln(2)) / 2],
    [
      'takes labels as Nx1x1x1',
      '',
      { ...pair, labels: [0, 1], labelShape: [2, 1, 1, 1] },
      (atFirst + atSecond) / 2,
    ],
    [
      'leaves out ignored labels',
      'loss_param { ignore_label: 1 }',
      { ...pair, labels: [0, 1] },
      atFirst,
    ],
    [
      'can ignore a label that is no class',
      'loss_param { ignore_label: 255 }',
      { ...pair, labels: [255, 1] },
      atSecond,
    ],
    [
      'is 0 where all are ignored',
      'loss_param { ignore_label: -1 }',
      { ...pair, labels: [-1, -1] },
      0,
    ],
    [
      'FULL divides by all predictions',
      'loss_param { normalization: FULL ignore_label: 1 }',
      { ...image, labels: [0, 1] },
      atFirst / 2,
    ],
    [
      'VALID divides by those not ignored',
      'loss_param { normalization: VALID ignore_label: 1 }',
      { ...image, labels: [0, 1] },
      atFirst,
    ],
    [
      'BATCH_SIZE divides by the images',
      'loss_param { normalization: BATCH_SIZE }',
      { ...image, labels: [0, 1] },
      atFirst + atSecond,
    ],
    [
      'BATCH_SIZE counts images whose labels are ignored',
      'loss_param { normalization: BATCH_SIZE ignore_label: 1 }',
      { ...pair, labels: [0, 1] },
      atFirst / 2,
    ],
    [
      'NONE does not divide',
      'loss_param { normalization: NONE }',
      { ...pair, labels: [0, 1] },
      atFirst + atSecond,
    ],
    [
      'normalize: true is VALID',
      'loss_param { normalize: true ignore_label: 1 }',
      { ...image, labels: [0, 1] },
      atFirst,
    ],
    [
      'normalize: false is BATCH_SIZE',
      'loss_param { normalize: false }',
      { ...image, labels: [0, 1] },
      atFirst + atSecond,
    ],
    [
      'normalization wins over normalize',
      'loss_param { normalize: false normalization: FULL }',
      { ...image, labels: [0, 1] },
      (atFirst + atSecond) / 2,
    ],
    [
      'can have its classes on another axis',
      'softmax_param { axis: -1 }',
      { shape: [1, 2, 2], scores: [0, ln(3), 5, 5], labels: [0, 1] },
      (atFirst + atSecond) / 2,
    ],
    [
      'keeps probabilities above the smallest normal number',
      '',
      { shape: [1, 2], scores: [0, 1000], labels: [0] },
      -ln(2 ** -126),
    ],
    [
      'is not scaled by loss_weight',
      'loss_weight: 10',
      { ...pair, labels: [0, 1] },
      (atFirst + atSecond) / 2,
    ],
  ])('%s', async (_, param, problem, loss) => {
    expect(await scalar(`type: "SoftmaxWithLoss" ${param}`, problem)).toBeCloseTo(loss, 5);
  });

  it('gives the probabilities as a second top', async () => {
    const outputs = await compare('type: "SoftmaxWithLoss" top: "loss" top: "p"', {
      ...pair,
      labels: [0, 1],
    });
    expect([...outputs.keys()].sort()).toEqual(['loss', 'p']);
    expect(outputs.get('p')?.shape).toEqual([2, 2]);
    [0.25, 0.75, 0.5, 0.5].forEach((p, i) => expect(outputs.get('p')?.data[i]).toBeCloseTo(p, 6));
    expect(outputs.get('loss')?.data[0]).toBeCloseTo((atFirst + atSecond) / 2, 5);
  });
});

describe('Accuracy', () => {
  /** Four predictions of three classes; the best are 2, 0, 1 and 1, the second 1, 2, 0 and 2. */
  const four = { shape: [4, 3], scores: [1, 2, 3, 9, 7, 8, 2, 3, 1, 0, 6, 5] };

  it.each<[string, string, Problem, number]>([
    ['counts the best class', '', { ...four, labels: [2, 0, 0, 2] }, 0.5],
    ['is 1 where all are right', '', { ...four, labels: [2, 0, 1, 1] }, 1],
    ['is 0 where none is', '', { ...four, labels: [0, 1, 2, 0] }, 0],
    [
      'counts no score that is not a number',
      'accuracy_param { top_k: 2 }',
      // Three times nothing but NaN, and once an own score that is a number.
      { shape: [4, 2], scores: [NaN, NaN, NaN, 1, NaN, NaN, 1, NaN], labels: [0, 0, 1, 0] },
      0.25,
    ],
    ['counts the two best', 'accuracy_param { top_k: 2 }', { ...four, labels: [1, 2, 2, 2] }, 0.75],
    ['counts all classes', 'accuracy_param { top_k: 3 }', { ...four, labels: [0, 1, 2, 0] }, 1],
    [
      'takes a tie for the best as wrong',
      '',
      { shape: [2, 3], scores: [5, 5, 1, 1, 2, 1], labels: [0, 1] },
      0.5,
    ],
    [
      'takes a tie at rank two as wrong',
      'accuracy_param { top_k: 2 }',
      { shape: [1, 3], scores: [9, 5, 5], labels: [1] },
      0,
    ],
    [
      'takes a tie within the two best as right',
      'accuracy_param { top_k: 2 }',
      { shape: [1, 3], scores: [5, 5, 1], labels: [1] },
      1,
    ],
    [
      'leaves out ignored labels',
      'accuracy_param { ignore_label: 0 }',
      { ...four, labels: [2, 0, 1, 2] },
      2 / 3,
    ],
    [
      'can ignore a label that is no class',
      'accuracy_param { ignore_label: 255 }',
      { ...four, labels: [255, 255, 255, 1] },
      1,
    ],
    [
      'is 0 where all are ignored',
      'accuracy_param { ignore_label: 0 }',
      { ...four, labels: [0, 0, 0, 0] },
      0,
    ],
    [
      'takes labels as Nx1x1x1',
      '',
      { ...four, labels: [2, 0, 0, 2], labelShape: [4, 1, 1, 1] },
      0.5,
    ],
    [
      'compares every place of an image',
      '',
      { shape: [1, 2, 1, 2], scores: [1, 9, 5, 3], labels: [1, 1], labelShape: [1, 1, 1, 2] },
      0.5,
    ],
    [
      'can have its classes on another axis',
      'accuracy_param { axis: -1 }',
      { shape: [1, 2, 2], scores: [1, 9, 5, 3], labels: [1, 1] },
      0.5,
    ],
  ])('%s', async (_, param, problem, accuracy) => {
    expect(await scalar(`type: "Accuracy" ${param}`, problem)).toBeCloseTo(accuracy, 6);
  });
});
