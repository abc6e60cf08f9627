import { describe, expect, it } from 'vitest';
import type { ReadBlob } from '../../../src/onnx/layerConverter';
import { converterOf } from '../../../src/onnx/registry';
import type { Tensor } from '../../../src/runtime/session';
import { runNet, weightsOf } from '../../support/runModel';
import {
  both,
  expectRefused,
  input,
  labelled,
  matrix,
  netOf,
  one,
  type ErrorCase,
} from './layerErrorSupport';

interface Bottom {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

const bottom = (shape: readonly number[], ...data: number[]): Bottom => ({ shape, data });

/** Runs one layer on bottoms that are named a, b, c. */
function run(
  layer: string,
  bottoms: readonly Bottom[],
  readBlob?: ReadBlob,
): Promise<ReadonlyMap<string, Tensor>> {
  const names = ['a', 'b', 'c'].slice(0, bottoms.length);
  const tops = names.map((name) => `top: "${name}"`).join(' ');
  return runNet(
    `layer { name: "in" type: "Input" ${tops} }
     layer { name: "l" ${names.map((name) => `bottom: "${name}"`).join(' ')} ${layer} }`,
    weightsOf({}),
    Object.fromEntries(
      bottoms.map(({ shape, data }, i) => [
        names[i] ?? '',
        { shape, data: Float32Array.from(data) },
      ]),
    ),
    { readBlob },
  );
}

async function loss(layer: string, bottoms: readonly Bottom[]): Promise<number> {
  const top = (await run(`top: "y" type: ${layer}`, bottoms)).get('y');
  expect(top?.shape).toEqual([]);
  return top?.data[0] ?? Number.NaN;
}

const ln = Math.log;

describe('losses', () => {
  const scores = bottom([2, 3], 1, -2, 0.5, 0, 0, 3);
  /** Probabilities 1/4, 3/4 and 1/2, 1/2 as scores of two classes. */
  const pair = bottom([2, 2], 0, ln(3), 5, 5);
  const points = [
    bottom([3, 2], 0, 0, 0, 0, 0, 0),
    bottom([3, 2], 3, 4, 0.3, 0.4, 3, 4),
    bottom([3], 1, 0, 0),
  ];
  const mse = [bottom([2, 2], 1, 2, 3, 4), bottom([2, 1, 2], 0, 0, 3, 2)];
  const logits = bottom([2, 2], 0, ln(3), 0, 0);
  const matrix3 = bottom([1, 1, 2, 2], 1, 2, 0, 3);

  it.each<[string, string, readonly Bottom[], number]>([
    ['halves the mean of squares of an image', '"EuclideanLoss"', mse, 9 / 4],
    ['sums hinges', '"HingeLoss"', [scores, bottom([2], 0, 2)], 3.5 / 2],
    [
      'sums squares of hinges',
      '"HingeLoss" hinge_loss_param { norm: L2 }',
      [scores, bottom([2], 0, 2)],
      (2.25 + 2) / 2,
    ],
    [
      'takes all axes but the first for classes',
      '"HingeLoss"',
      [{ ...scores, shape: [2, 1, 3, 1] }, bottom([2, 1, 1, 1], 0, 2)],
      3.5 / 2,
    ],
    [
      'takes the logarithm of probabilities',
      '"MultinomialLogisticLoss"',
      [bottom([2, 2], 0.25, 0.75, 0.5, 0.5), bottom([2], 0, 1)],
      (ln(4) + ln(2)) / 2,
    ],
    [
      'keeps probabilities above 1e-20',
      '"MultinomialLogisticLoss"',
      [bottom([1, 2], 0, 1), bottom([1], 0)],
      -ln(1e-20),
    ],
    [
      'pushes pairs apart up to the margin',
      '"ContrastiveLoss" contrastive_loss_param { margin: 2 }',
      points,
      (25 + 1.5 ** 2) / 6,
    ],
    [
      'takes squared distances in the legacy version',
      '"ContrastiveLoss" contrastive_loss_param { margin: 2 legacy_version: true }',
      points,
      (25 + 1.75) / 6,
    ],
    [
      'cuts the fraction of a mark off',
      '"ContrastiveLoss" contrastive_loss_param { margin: 2 }',
      [...points.slice(0, 2), bottom([3], 1.5, 0.9, -0.5)],
      (25 + 1.5 ** 2) / 6,
    ],
    [
      'is over vectors of one channel where the margin is 1',
      '"ContrastiveLoss"',
      [bottom([1, 1, 1, 1], 2), bottom([1, 1, 1, 1], 1.5), bottom([1, 1, 1, 1], 0)],
      0.125,
    ],
    [
      'sums cross-entropies over the batch size',
      '"SigmoidCrossEntropyLoss"',
      [logits, bottom([2, 2], 1, 0, 0, 1)],
      (ln(2) + ln(4) + 2 * ln(2)) / 2,
    ],
    [
      'takes targets between 0 and 1',
      '"SigmoidCrossEntropyLoss"',
      [bottom([1, 1], ln(3)), bottom([1, 1], 0.5)],
      0.5 * ln(4) + 0.5 * ln(4 / 3),
    ],
    [
      'leaves out targets by their whole part',
      '"SigmoidCrossEntropyLoss" loss_param { ignore_label: 0 normalization: VALID }',
      [logits, bottom([2, 2], 0.5, 1, 0, 1)],
      (ln(4 / 3) + ln(2)) / 2,
    ],
    [
      'divides by everything with FULL',
      '"SigmoidCrossEntropyLoss" loss_param { ignore_label: 0 normalization: FULL }',
      [logits, bottom([2, 2], 0, 1, 0, 1)],
      (ln(4 / 3) + ln(2)) / 4,
    ],
    [
      'normalize: true is VALID',
      '"SigmoidCrossEntropyLoss" loss_param { ignore_label: 0 normalize: true }',
      [logits, bottom([2, 2], 0, 1, 0, 1)],
      (ln(4 / 3) + ln(2)) / 2,
    ],
    [
      'does not overflow',
      '"SigmoidCrossEntropyLoss"',
      [bottom([2, 1], 500, -500), bottom([2, 1], 0, 0)],
      250,
    ],
    [
      'weighs the classes by the row of the label',
      '"InfogainLoss"',
      [pair, bottom([2], 0, 1), matrix3],
      (ln(4) + 2 * ln(4 / 3) + 3 * ln(2)) / 2,
    ],
    [
      'is SoftmaxWithLoss with the identity',
      '"InfogainLoss"',
      [pair, bottom([2], 0, 1), bottom([2, 2], 1, 0, 0, 1)],
      (ln(4) + ln(2)) / 2,
    ],
    [
      'leaves out ignored labels',
      '"InfogainLoss" loss_param { ignore_label: 7 }',
      [pair, bottom([2], 7, 1), matrix3],
      3 * ln(2),
    ],
    [
      'divides by the images with BATCH_SIZE',
      '"InfogainLoss" loss_param { ignore_label: 7 normalization: BATCH_SIZE }',
      [pair, bottom([2], 7, 1), matrix3],
      (3 * ln(2)) / 2,
    ],
    [
      'has its classes on the axis given',
      '"InfogainLoss" infogain_loss_param { axis: -2 }',
      [bottom([1, 2, 2], 0, 5, ln(3), 5), bottom([1, 1, 2], 0, 1), matrix3],
      (ln(4) + 2 * ln(4 / 3) + 3 * ln(2)) / 2,
    ],
  ])('%s (%s)', async (_, layer, bottoms, wanted) => {
    expect(await loss(layer, bottoms)).toBeCloseTo(wanted, 5);
  });

  it('InfogainLoss reads its matrix from the file named and gives the probabilities', async () => {
    const asked: string[] = [];
    const outputs = await run(
      'type: "InfogainLoss" top: "y" top: "p" infogain_loss_param { source: "data/H.binaryproto" }',
      [pair, bottom([2], 0, 1)],
      (source) => {
        asked.push(source);
        return { shape: [1, 1, 2, 2], data: Float32Array.from(matrix3.data) };
      },
    );
    expect(new Set(asked)).toEqual(new Set(['data/H.binaryproto']));
    expect(outputs.get('y')?.data[0]).toBeCloseTo((ln(4) + 2 * ln(4 / 3) + 3 * ln(2)) / 2, 5);
    [0.25, 0.75, 0.5, 0.5].forEach((p, i) => expect(outputs.get('p')?.data[i]).toBeCloseTo(p, 6));
  });

  it('needs no top: it is then no output', async () => {
    const outputs = await runNet(
      `layer { name: "in" type: "Input" top: "x" top: "label" }
       layer { name: "y" type: "Power" bottom: "x" top: "y" }
       layer { name: "l" type: "SoftmaxWithLoss" bottom: "y" bottom: "label" }
       layer { name: "z" type: "Power" bottom: "x" top: "z" }`,
      weightsOf({}),
      {
        x: { shape: [1, 2], data: Float32Array.of(1, 2) },
        label: { shape: [1], data: Float32Array.of(1) },
      },
    );
    expect([...outputs.keys()]).toEqual(['z']);
  });
});

describe('Accuracy with a second top', () => {
  /** The best classes are 2, 0, 1 and 1. */
  const four = bottom([4, 3], 1, 2, 3, 9, 7, 8, 2, 3, 1, 0, 6, 5);
  const perClass = async (param: string, bottoms: readonly Bottom[]): Promise<number[]> => {
    const outputs = await run(`type: "Accuracy" top: "y" top: "classes" ${param}`, bottoms);
    return [...(outputs.get('classes')?.data ?? [])];
  };

  it('gives the share of each class, 0 for one without predictions', async () => {
    expect(await perClass('', [four, bottom([4], 2, 1, 1, 1)])).toEqual([
      0,
      expect.closeTo(2 / 3, 6),
      1,
    ]);
  });

  it('counts the best top_k', async () => {
    const shares = await perClass('accuracy_param { top_k: 2 }', [four, bottom([4], 0, 2, 0, 2)]);
    expect(shares).toEqual([0.5, 0, 1]);
  });

  it('leaves out ignored labels', async () => {
    const param = 'accuracy_param { ignore_label: 2 }';
    expect(await perClass(param, [four, bottom([4], 2, 0, 0, 1)])).toEqual([0.5, 1, 0]);
  });

  it('can have its classes on another axis', async () => {
    const image = bottom([1, 2, 2], 1, 9, 5, 3);
    const outputs = await run('type: "Accuracy" top: "y" top: "classes"', [
      image,
      bottom([1, 2], 1, 1),
    ]);
    expect(outputs.get('y')?.data[0]).toBe(0.5);
    expect(outputs.get('classes')).toEqual({ shape: [2], data: Float32Array.of(0, 0.5) });
  });

  it('compares the whole part of a label', async () => {
    const param = 'accuracy_param { ignore_label: 2 }';
    expect(await perClass(param, [four, bottom([4], 2.5, 0.5, 0, 1)])).toEqual([0.5, 1, 0]);
  });
});

describe('labels that are declared', () => {
  const use = (layer: string): unknown => {
    const layers = netOf(`${labelled.join(' ')} layer { name: "l" ${both} ${layer} }`).layers;
    const last = layers.at(-1);
    return last === undefined ? undefined : converterOf(last)?.labels?.(last);
  };

  it.each([
    ['type: "Accuracy"', [{ scores: 0, labels: 1, axis: 1, ignored: undefined }]],
    [
      'type: "Accuracy" accuracy_param { axis: -1 ignore_label: 0 }',
      [{ scores: 0, labels: 1, axis: -1, ignored: 0 }],
    ],
    [
      'type: "SoftmaxWithLoss" softmax_param { axis: 2 } loss_param { ignore_label: 255 }',
      [{ scores: 0, labels: 1, axis: 2, ignored: 255 }],
    ],
    [
      'type: "InfogainLoss" infogain_loss_param { axis: 2 }',
      [{ scores: 0, labels: 1, axis: 2, ignored: undefined }],
    ],
    ['type: "HingeLoss"', [{ scores: 0, labels: 1, axis: 1, isFlat: true, ignored: undefined }]],
    [
      'type: "MultinomialLogisticLoss"',
      [{ scores: 0, labels: 1, axis: 1, isFlat: true, ignored: undefined }],
    ],
    ['type: "EuclideanLoss"', undefined],
  ])('%s', (layer, wanted) => expect(use(layer)).toEqual(wanted));
});

const pairs = [input('x', 2, 3), input('label', 2, 3), input('mark', 2)];
const three = 'bottom: "x" bottom: "label" bottom: "mark" top: "y"';
const cases: readonly ErrorCase[] = [
  ['one bottom', matrix, `${one} type: "EuclideanLoss"`, 'layer/bottoms', /exactly two bottoms/],
  [
    'images of other sizes',
    [input('x', 2, 3), input('label', 2, 4)],
    `${both} type: "EuclideanLoss"`,
    'layer/shapes',
    /2x3 and 2x4 cannot be compared/,
  ],
  [
    'other numbers of images',
    [input('x', 2, 3), input('label', 3, 2)],
    `${both} type: "EuclideanLoss"`,
    'layer/shapes',
    /2x3 and 3x2 cannot be compared/,
  ],
  ['two tops', labelled, `top: "z" ${both} type: "HingeLoss"`, 'layer/tops', /at most one top/],
  [
    'a label a class',
    [input('x', 2, 3), input('label', 2, 3)],
    `${both} type: "HingeLoss"`,
    'layer/labels',
    /2x3 scores need 2 labels, one an image; there are 6 \(2x3\)/,
  ],
  [
    'labels of other images',
    [input('x', 2, 3), input('label', 3)],
    `${both} type: "MultinomialLogisticLoss"`,
    'layer/labels',
    /there are 3/,
  ],
  [
    'pairs without marks',
    pairs,
    `${both} type: "ContrastiveLoss"`,
    'layer/bottoms',
    /exactly three bottoms/,
  ],
  [
    'pairs of images',
    [input('x', 2, 3, 2), input('label', 2, 3, 2), input('mark', 2)],
    `${three} type: "ContrastiveLoss"`,
    'layer/shapes',
    /2x3x2 and 2x3x2 are no vectors/,
  ],
  [
    'too many marks',
    [...pairs.slice(0, 2), input('mark', 2, 3)],
    `${three} type: "ContrastiveLoss"`,
    'layer/labels',
    /2x3 needs 2 marks/,
  ],
  [
    'too few targets',
    labelled,
    `${both} type: "SigmoidCrossEntropyLoss"`,
    'layer/shapes',
    /2x3 scores need a target each, there are 2/,
  ],
  ['no matrix', labelled, `${both} type: "InfogainLoss"`, 'layer/param', /has no matrix/],
  [
    'a matrix of other classes',
    [...labelled, input('mark', 2, 2)],
    `${three} type: "InfogainLoss"`,
    'layer/shapes',
    /3 classes need a matrix of 3x3, this one is 2x2/,
  ],
  [
    'labels for other places',
    [input('x', 2, 3), input('label', 3), input('mark', 3, 3)],
    `${three} type: "InfogainLoss"`,
    'layer/labels',
    /2x3 scores need 2 labels/,
  ],
  [
    'the older normalize',
    [...labelled, input('mark', 3, 3)],
    `${three} type: "InfogainLoss" loss_param { normalize: true }`,
    'layer/param',
    /use normalization/,
  ],
  ['scores alone', matrix, `${one} type: "InfogainLoss"`, 'layer/bottoms', /has 1/],
];

describe('losses that do not fit', () => {
  it.each(cases.map((c) => [c[0], c] as const))('%s', (_, c) => expectRefused(c));
});
