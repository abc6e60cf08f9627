import { describe, expect, it } from 'vitest';
import { runNet, weightsOf } from '../../support/runModel';

const inputs = `layer { name: "s" type: "Input" top: "s" input_param { shape { dim: 4 dim: 3 } } }
layer { name: "t" type: "Input" top: "t" input_param { shape { dim: 4 } } }
`;
const scores = [
  [0, 0, 5],
  [1, 1, 0],
  [3, 2, 1],
  [0, 9, 0],
];
const labels = [2, 0, 1, 1];

async function run(
  layer: string,
  options: { labels?: number[]; labelShape?: number[]; scores?: number[][] } = {},
): Promise<Map<string, number[]>> {
  const outputs = await runNet(
    `${inputs}layer { name: "l" bottom: "s" bottom: "t" top: "y" ${layer} }`,
    weightsOf({}),
    {
      s: { shape: [4, 3], data: Float32Array.from((options.scores ?? scores).flat()) },
      t: { shape: options.labelShape ?? [4], data: Float32Array.from(options.labels ?? labels) },
    },
  );
  return new Map([...outputs].map(([name, { data }]) => [name, [...data]]));
}

/** `-log softmax(row)[label]` of each row. */
const losses = scores.map((row, i) => {
  const sum = row.reduce((total, x) => total + Math.exp(x), 0);
  return -Math.log(Math.exp(row[labels[i] ?? 0] ?? 0) / sum);
});
const total = losses.reduce((a, b) => a + b, 0);

describe('Accuracy', () => {
  it.each([
    // The second row's label ties for the best score: wrong.
    ['type: "Accuracy"', undefined, 2 / 4],
    ['type: "Accuracy" accuracy_param { top_k: 2 }', undefined, 1],
    ['type: "Accuracy" accuracy_param { ignore_label: 0 }', undefined, 2 / 3],
    ['type: "Accuracy" accuracy_param { ignore_label: 2 }', [2, 2, 2, 2], 0],
    ['type: "Accuracy" accuracy_param { ignore_label: -1 }', [2, -1, -1, 0], 1 / 2],
  ])('%s with labels %j is %d', async (layer, given, expected) => {
    const outputs = await run(layer, { labels: given ?? labels });
    expect(outputs.get('y')?.[0]).toBeCloseTo(expected, 6);
  });

  it('takes labels of any shape with as many numbers', async () => {
    const outputs = await run('type: "Accuracy"', { labelShape: [4, 1, 1, 1] });
    expect(outputs.get('y')?.[0]).toBeCloseTo(0.5, 6);
  });

  it.each([
    ['type: "Accuracy" accuracy_param { top_k: 4 }', /top_k 4 does not fit 3 classes/],
    ['type: "Accuracy" top: "second"', /second top/],
  ])('%s is refused', async (layer, message) => {
    await expect(run(layer)).rejects.toThrow(message);
  });

  it('needs a label for every prediction', async () => {
    await expect(run('type: "Accuracy"', { labels: [1, 1], labelShape: [2] })).rejects.toThrow(
      /4x3 scores need 4 labels, there are 2/,
    );
  });
});

describe('SoftmaxWithLoss', () => {
  it.each([
    ['', total / 4],
    ['loss_param { normalization: FULL }', total / 4],
    ['loss_param { normalization: BATCH_SIZE }', total / 4],
    ['loss_param { normalization: NONE }', total],
    ['loss_param { normalize: false }', total / 4],
    ['loss_param { ignore_label: 0 }', (total - (losses[1] ?? 0)) / 3],
    ['loss_param { ignore_label: 0 normalization: FULL }', (total - (losses[1] ?? 0)) / 4],
    ['loss_weight: 5', total / 4],
  ])('%s', async (param, expected) => {
    const outputs = await run(`type: "SoftmaxWithLoss" ${param}`);
    expect(outputs.get('y')?.[0]).toBeCloseTo(expected, 5);
  });

  it('divides by 1 where all labels are ignored', async () => {
    const outputs = await run('type: "SoftmaxWithLoss" loss_param { ignore_label: 1 }', {
      labels: [1, 1, 1, 1],
    });
    expect(outputs.get('y')?.[0]).toBeCloseTo(0, 6);
  });

  it('keeps probabilities above the smallest normal number', async () => {
    const outputs = await run('type: "SoftmaxWithLoss"', {
      scores: scores.map(() => [1000, 0, 0]),
      labels: [1, 1, 1, 1],
    });
    expect(outputs.get('y')?.[0]).toBeCloseTo(-Math.log(1.1754943508222875e-38), 3);
  });

  it('gives the probabilities as a second top', async () => {
    const outputs = await run('type: "SoftmaxWithLoss" top: "p"');
    expect(outputs.get('p')?.slice(9)).toEqual([
      expect.closeTo(0.000123, 5),
      expect.closeTo(0.99975, 4),
      expect.closeTo(0.000123, 5),
    ]);
  });
});
