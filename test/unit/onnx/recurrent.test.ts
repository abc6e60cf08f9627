import { describe, expect, it } from 'vitest';
import { convertNet } from '../../../src/onnx/convertNet';
import type { Tensor } from '../../../src/runtime/session';
import { quantizeBlob } from '../../../src/quantize/quantizedWeights';
import { runNet, weightsOf, type TestWeights } from '../../support/runModel';
import { expectRefused, input, layerErrorOf, netOf, type ErrorCase } from './layerErrorSupport';

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

interface Inputs {
  readonly [blob: string]: { readonly shape: readonly number[]; readonly data: readonly number[] };
}

/** Runs a net whose inputs have the shapes of the data. */
function run(
  layer: string,
  inputs: Inputs,
  weights: TestWeights = {},
): Promise<ReadonlyMap<string, Tensor>> {
  const tops = Object.keys(inputs).map((name) => `top: "${name}"`);
  const bottoms = Object.keys(inputs).map((name) => `bottom: "${name}"`);
  return runNet(
    `layer { name: "in" type: "Input" ${tops.join(' ')} }
     layer { name: "l" ${bottoms.join(' ')} ${layer} }`,
    weightsOf(weights),
    Object.fromEntries(
      Object.entries(inputs).map(([name, { shape, data }]) => [
        name,
        { shape, data: Float32Array.from(data) },
      ]),
    ),
  );
}

function expectClose(actual: Tensor | undefined, shape: number[], data: readonly number[]): void {
  expect(actual?.shape).toEqual(shape);
  data.forEach((value, i) => expect(actual?.data[i]).toBeCloseTo(value, 5));
}

/** Three steps of two streams of one number; `cont` resets, keeps and halves. */
const x = { shape: [3, 2, 1], data: [0.5, -1, 2, 0.25, -0.75, 1] };
const cont = { shape: [3, 2], data: [1, 0, 1, 0, 0.5, 1] };

describe('LSTM of one unit', () => {
  const inputWeights = [0.1, -0.2, 0.3, 0.4];
  const bias = [0.05, 0.5, -0.1, 0.2];
  const hiddenWeights = [0.7, -0.6, 0.5, -0.4];
  const weights = {
    l: [
      { shape: [4, 1], data: inputWeights },
      { shape: [4], data: bias },
      { shape: [4, 1], data: hiddenWeights },
    ],
  };

  /** The formulas, in Caffe's order of gates: input, forget, output, candidate. */
  function expected(start: readonly [number, number], fixed = 0): number[][] {
    const streams = [0, 1].map((stream) => {
      let [h, c] = start;
      return [0, 1, 2].map((step) => {
        const at = step * 2 + stream;
        const keep = cont.data[at] ?? 0;
        const sum = (gate: number): number =>
          (inputWeights[gate] ?? 0) * (x.data[at] ?? 0) +
          (bias[gate] ?? 0) +
          (hiddenWeights[gate] ?? 0) * keep * h +
          fixed * (gate + 1);
        c = keep * sigmoid(sum(1)) * c + sigmoid(sum(0)) * Math.tanh(sum(3));
        h = sigmoid(sum(2)) * Math.tanh(c);
        return [h, c] as const;
      });
    });
    const steps = [0, 1, 2].map((step) => streams.map((stream) => stream[step]?.[0] ?? 0));
    const last = streams.map((stream) => stream[2]?.[0] ?? 0);
    const cells = streams.map((stream) => stream[2]?.[1] ?? 0);
    return [steps.flat(), last, cells];
  }

  it('goes through a sequence from a state of zero', async () => {
    const top = 'top: "h" type: "LSTM" recurrent_param { num_output: 1 }';
    const outputs = await run(top, { x, cont }, weights);
    expectClose(outputs.get('h'), [3, 2, 1], expected([0, 0])[0] ?? []);
  });

  it('takes and gives states with expose_hidden', async () => {
    const outputs = await run(
      'top: "h" top: "hT" top: "cT" type: "LSTM" ' +
        'recurrent_param { num_output: 1 expose_hidden: true }',
      {
        x,
        cont,
        h0: { shape: [1, 2, 1], data: [0.3, 0.3] },
        c0: { shape: [1, 2, 1], data: [-0.8, -0.8] },
      },
      weights,
    );
    const [h = [], last = [], cells = []] = expected([0.3, -0.8]);
    expectClose(outputs.get('h'), [3, 2, 1], h);
    expectClose(outputs.get('hT'), [1, 2, 1], last);
    expectClose(outputs.get('cT'), [1, 2, 1], cells);
  });

  it('adds a static input at every step', async () => {
    const [first, second, hidden] = weights.l;
    const outputs = await run(
      'top: "h" type: "LSTM" recurrent_param { num_output: 1 }',
      { x, cont, xs: { shape: [2, 1, 2], data: [0.1, 0.2, 0.3, 0] } },
      {
        l: [
          ...[first, second].flatMap((blob) => blob ?? []),
          { shape: [4, 2], data: [1, 1, 2, 2, 3, 3, 4, 4] },
          ...[hidden].flatMap((blob) => blob ?? []),
        ],
      },
    );
    // Both streams get 0.3 times 1, 2, 3 and 4.
    expectClose(outputs.get('h'), [3, 2, 1], expected([0, 0], 0.3)[0] ?? []);
  });

  it('has a graph of the same size however long the sequence is', () => {
    const sizes = [2, 300].map((steps) => {
      const net = netOf(
        `${input('x', steps, 2, 1)} ${input('cont', steps, 2)}
         layer { name: "l" type: "LSTM" bottom: "x" bottom: "cont" top: "h"
           recurrent_param { num_output: 1 } }`,
      );
      const options = { weights: weightsOf(weights), inputShapes: new Map(), quantizeBlob };
      return convertNet(net, options).graph.nodes.length;
    });
    expect(sizes[0]).toBe(sizes[1]);
  });
});

describe('RNN of one unit', () => {
  it('goes through a sequence and a second tanh', async () => {
    const outputs = await run(
      'top: "o" top: "hT" type: "RNN" recurrent_param { num_output: 1 expose_hidden: true }',
      { x, cont, h0: { shape: [1, 2, 1], data: [0.5, 0.5] } },
      {
        l: [
          { shape: [1, 1], data: [0.9] },
          { shape: [1], data: [0.1] },
          { shape: [1, 1], data: [-1.2] },
          { shape: [1, 1], data: [0.8] },
          { shape: [1], data: [-0.3] },
        ],
      },
    );
    const hidden = [0.5, 0.5];
    const wanted = x.data.map((value, at) => {
      const kept = (hidden[at % 2] ?? 0) * (cont.data[at] ?? 0);
      const next = Math.tanh(0.9 * value + 0.1 - 1.2 * kept);
      hidden[at % 2] = next;
      return Math.tanh(0.8 * next - 0.3);
    });
    expectClose(outputs.get('o'), [3, 2, 1], wanted);
    expectClose(outputs.get('hT'), [1, 2, 1], hidden);
  });
});

describe('LSTMUnit', () => {
  it('makes the next cell and output', async () => {
    const outputs = await run('type: "LSTMUnit" top: "c" top: "h"', {
      cell: { shape: [1, 1, 1], data: [2] },
      gates: { shape: [1, 1, 4], data: [0, Math.log(3), 0, 0.5] },
      cont: { shape: [1, 1], data: [0.5] },
    });
    const cell = 0.5 * 0.75 * 2 + 0.5 * Math.tanh(0.5);
    expectClose(outputs.get('c'), [1, 1, 1], [cell]);
    expectClose(outputs.get('h'), [1, 1, 1], [0.5 * Math.tanh(cell)]);
  });
});

const sequence = [input('x', 3, 2, 5), input('cont', 3, 2), input('xs', 2, 4)];
const flow = 'bottom: "x" bottom: "cont" top: "y"';
const sized = 'recurrent_param { num_output: 4 }';
const cases: readonly ErrorCase[] = [
  ['no num_output', sequence, `${flow} type: "LSTM"`, 'layer/param', /num_output of at least 1/],
  ['no cont', sequence, `bottom: "x" top: "y" type: "RNN" ${sized}`, 'layer/bottoms', /has 1/],
  [
    'a cont of other streams',
    [input('x', 3, 2, 5), input('cont', 3, 4)],
    `${flow} type: "LSTM" ${sized}`,
    'layer/shapes',
    /cont is 3x4, but an input of 3x2x5 needs 3x2/,
  ],
  [
    'an input without values',
    [input('x', 3, 2), input('cont', 3, 2)],
    `${flow} type: "LSTM" ${sized}`,
    'layer/shapes',
    /the input is 3x2; it needs axes of steps/,
  ],
  [
    'a static input of other streams',
    [...sequence.slice(0, 2), input('xs', 3, 4)],
    `bottom: "x" bottom: "cont" bottom: "xs" top: "y" type: "RNN" ${sized}`,
    'layer/shapes',
    /the static input is 3x4, but 2 streams need 2x/,
  ],
  [
    'states that are not exposed',
    sequence,
    `${flow} top: "hT" type: "RNN" ${sized}`,
    'layer/tops',
    /exactly 1 tops, has 2/,
  ],
  [
    'states that are missing',
    sequence,
    `${flow} type: "LSTM" recurrent_param { num_output: 4 expose_hidden: true }`,
    'layer/bottoms',
    /2 initial states \(expose_hidden\); has 2/,
  ],
  [
    'states of other sizes',
    [...sequence.slice(0, 2), input('h', 1, 2, 5)],
    'bottom: "x" bottom: "cont" bottom: "h" top: "y" top: "hT" type: "RNN" ' +
      'recurrent_param { num_output: 4 expose_hidden: true }',
    'layer/shapes',
    /initial state 1 is 1x2x5, but an input of 3x2x5 needs 1x2x4/,
  ],
  [
    'a unit of one top',
    [input('c', 1, 2, 3), input('g', 1, 2, 12), input('cont', 1, 2)],
    'bottom: "c" bottom: "g" bottom: "cont" top: "y" type: "LSTMUnit"',
    'layer/tops',
    /exactly two tops/,
  ],
  [
    'a unit with too few gates',
    [input('c', 1, 2, 3), input('g', 1, 2, 9), input('cont', 1, 2)],
    'bottom: "c" bottom: "g" bottom: "cont" top: "y" top: "h" type: "LSTMUnit"',
    'layer/shapes',
    /is 1x2x9 and needs to be 1x2x12/,
  ],
  ['a unit of two bottoms', sequence, `${flow} type: "LSTMUnit"`, 'layer/bottoms', /has 2/],
];

describe('recurrent layers that do not fit', () => {
  it.each(cases.map((c) => [c[0], c] as const))('%s', (_, c) => expectRefused(c));

  it('name the blob of a shape that does not fit', () => {
    const blob = (...shape: number[]): TestWeights['l'][number] => ({
      shape,
      data: new Array<number>(shape.reduce((product, dim) => product * dim, 1)).fill(0),
    });
    const weights = { l: [blob(16, 5), blob(16), blob(16, 5)] };
    const error = layerErrorOf(sequence, `${flow} type: "LSTM" ${sized}`, weights);
    expect(error.message).toContain('needs hidden weights of shape 16x4, this file has 16x5');
  });
});
