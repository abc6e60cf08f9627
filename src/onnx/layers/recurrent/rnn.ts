import type { LayerConverter } from '../../layerConverter';
import { Steps } from '../../steps';
import { stateLimits } from './lstm';
import { constant, inputSums, scanSteps } from './scan';
import { inputBlobs, recurrentShapes, recurrentTops } from './shapes';

/** What goes from step to step: the hidden state. */
const stateCount = 1;

/**
 * A recurrent net over T x N sequences: `h' = tanh(W_hh cont h + W_xh x + b_h)`, and a second tanh
 * gives the output, `o = tanh(W_ho h' + b_o)`.
 */
export const rnn: LayerConverter = {
  types: ['RNN'],
  summary: 'recurrent net of tanh units over sequences (TxNx...), reset where cont is 0',
  params: ['recurrent_param'],
  limits: stateLimits,
  topShapes: (layer, bottoms) => recurrentTops(layer, bottoms, stateCount),
  blobShapes(layer, bottoms) {
    const shapes = recurrentShapes(layer, bottoms, stateCount);
    const { hidden } = shapes;
    return [
      ...inputBlobs(shapes, hidden),
      { role: 'output weights', shape: [hidden, hidden] },
      { role: 'output bias', shape: [hidden] },
    ];
  },
  emit(emission) {
    const { layer, bottoms, blobs } = emission;
    const shapes = recurrentShapes(
      layer,
      bottoms.map(({ shape }) => shape),
      stateCount,
    );
    const steps = new Steps(emission);
    const sums = inputSums(emission, shapes, shapes.hidden);
    const hiddenWeights = constant(steps, 'hidden-weights', blobs.at(-3));
    const outputWeights = constant(steps, 'output-weights', blobs.at(-2));
    const outputBias = constant(steps, 'output-bias', blobs.at(-1));
    return scanSteps(emission, shapes, sums, stateCount, (body, { sum, cont, states }) => {
      const [last] = states;
      if (last === undefined) throw new Error('an RNN has a state');
      const spec = (part: string): { name: string; shape: readonly number[] } => ({
        name: `${layer.name}:${part}`,
        shape: last.shape,
      });
      const kept = body.node('Mul', [last, cont], spec('kept'));
      const all = body.node('Gemm', [kept, hiddenWeights, sum], spec('sum'), { transB: 1 });
      const hidden = body.node('Tanh', [all], spec('hidden'));
      const outputSum = body.node('Gemm', [hidden, outputWeights, outputBias], spec('output-sum'), {
        transB: 1,
      });
      return { output: body.node('Tanh', [outputSum], spec('output')), states: [hidden] };
    });
  },
};
