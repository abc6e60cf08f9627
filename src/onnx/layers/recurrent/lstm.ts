import type { Layer } from '../../../caffe/net';
import { formatShape } from '../../../base/shape';
import type { GraphBuilder, Value } from '../../graph';
import type { Shape } from '../../../base/shape';
import type { LayerConverter } from '../../layerConverter';
import { layerError } from '../../layerError';
import { Steps } from '../../steps';
import { constant, inputSums, scanSteps } from './scan';
import { inputBlobs, recurrentShapes, recurrentTops } from './shapes';

/** Gates of a unit: input, forget, output, and the candidate. */
const gates = 4;
/** What goes from step to step: output and cell. */
const stateCount = 2;

/** Where states of a sequence come from, for all recurrent layers. */
export const stateLimits =
  'every batch starts from a state of zero where the states are not exposed; in Caffe the state of ' +
  'the batch before goes on where `cont` is 1 at the first step';

/** A long short-term memory over T x N sequences; see {@link lstmUnitNodes} for the formulas. */
export const lstm: LayerConverter = {
  types: ['LSTM'],
  summary: 'long short-term memory over sequences (TxNx...), reset where cont is 0',
  params: ['recurrent_param'],
  limits: stateLimits,
  topShapes: (layer, bottoms) => recurrentTops(layer, bottoms, stateCount),
  blobShapes(layer, bottoms) {
    const shapes = recurrentShapes(layer, bottoms, stateCount);
    return inputBlobs(shapes, gates * shapes.hidden);
  },
  emit(emission) {
    const { layer, bottoms, blobs } = emission;
    const shapes = recurrentShapes(
      layer,
      bottoms.map(({ shape }) => shape),
      stateCount,
    );
    const { streams, hidden } = shapes;
    const steps = new Steps(emission);
    const sums = inputSums(emission, shapes, gates * hidden);
    const weights = constant(steps, 'hidden-weights', blobs.at(-1));
    const parts = unitParts(steps, hidden);
    return scanSteps(emission, shapes, sums, stateCount, (body, { sum, cont, states }) => {
      const [last, cell] = states;
      if (last === undefined || cell === undefined) throw new Error('an LSTM has two states');
      const name = (part: string): string => `${layer.name}:${part}`;
      const kept = body.node('Mul', [last, cont], { name: name('kept'), shape: last.shape });
      const gateSums = body.node(
        'Gemm',
        [kept, weights, sum],
        { name: name('gate-sums'), shape: [streams, gates * hidden] },
        { transB: 1 },
      );
      const next = lstmUnitNodes(body, { layer, parts, cell, gateSums, cont });
      return { output: next.output, states: [next.output, next.cell] };
    });
  },
};

/** One step of an LSTM by itself: cell, sums of the gates and `cont` give the next cell and output. */
export const lstmUnit: LayerConverter = {
  types: ['LSTMUnit'],
  summary: 'one step of a long short-term memory: cell, sums of the gates, cont',
  params: [],
  topShapes(layer, bottoms) {
    const [cell, sums, cont] = bottoms;
    if (cell === undefined || sums === undefined || cont === undefined || bottoms.length !== 3) {
      const detail = `needs exactly three bottoms (cell, gates, cont), has ${bottoms.length}`;
      throw layerError(layer, 'layer/bottoms', detail);
    }
    if (layer.tops.length !== 2) {
      const detail = `needs exactly two tops (cell, output), has ${layer.tops.length}`;
      throw layerError(layer, 'layer/tops', detail);
    }
    const [, streams = 0, hidden = 0] = cell;
    const wanted = [
      [1, streams, hidden],
      [1, streams, gates * hidden],
      [1, streams],
    ];
    bottoms.forEach((shape, index) => mustBe(layer, shape, wanted[index] ?? []));
    return [cell, cell];
  },
  emit(emission) {
    const { layer, bottoms, builder, topNames } = emission;
    const [cell, gateSums, cont] = bottoms;
    if (cell === undefined || gateSums === undefined || cont === undefined) {
      throw new Error(`the bottoms of ${layer.name} were checked before`);
    }
    const steps = new Steps(emission);
    const perStream = [...cont.shape, 1];
    const next = lstmUnitNodes(builder, {
      layer,
      parts: unitParts(steps, cell.shape[2] ?? 0),
      cell,
      gateSums,
      cont: steps.step('Reshape', [cont, steps.integers('cont-shape', perStream)], 'cont', {
        shape: perStream,
      }),
      names: topNames,
    });
    return [next.cell, next.output];
  },
};

function mustBe(layer: Layer, shape: Shape, wanted: Shape): void {
  if (formatShape(shape) === formatShape(wanted)) return;
  throw layerError(
    layer,
    'layer/shapes',
    `a bottom is ${formatShape(shape)} and needs to be ${formatShape(wanted)}: the bottoms are ` +
      'the cell (1xNxH), the gates (1xNx4H) and cont (1xN)',
  );
}

/** Constants of a unit's nodes. */
interface UnitParts {
  /** The three gates, then the candidate. */
  readonly sides: Value;
  /** The three gates one by one. */
  readonly gates: Value;
}

function unitParts(steps: Steps, hidden: number): UnitParts {
  return {
    sides: steps.integers('sides', [(gates - 1) * hidden, hidden]),
    gates: steps.integers('gates', new Array<number>(gates - 1).fill(hidden)),
  };
}

interface Unit {
  readonly layer: Layer;
  readonly parts: UnitParts;
  readonly cell: Value;
  /** Sums of the gates in the order i, f, o, g along the last axis. */
  readonly gateSums: Value;
  /** Broadcast over the cell; it may be fractional. */
  readonly cont: Value;
  /** Names to wish for the next cell and the output. */
  readonly names?: readonly string[];
}

/**
 * `cell' = cont sigmoid(f) cell + sigmoid(i) tanh(g)`, `output = sigmoid(o) tanh(cell')`, as Caffe's
 * LSTMUnit has it.
 */
function lstmUnitNodes(
  builder: GraphBuilder,
  { layer, parts, cell, gateSums, cont, names = [] }: Unit,
): { readonly cell: Value; readonly output: Value } {
  const { shape } = cell;
  const name = (part: string): string => `${layer.name}:${part}`;
  const widened = [...shape.slice(0, -1), (gates - 1) * (shape.at(-1) ?? 0)];
  const split = (from: Value, sizes: Value, made: readonly (readonly [string, Shape])[]): Value[] =>
    builder
      .nodeOf(
        'Split',
        [from, sizes],
        made.map(([part, partShape]) => ({ name: name(part), shape: partShape })),
        { axis: shape.length - 1 },
      )
      .filter((value) => value !== undefined);
  const step = (opType: string, inputs: Value[], part: string, wish = name(part)): Value =>
    builder.node(opType, inputs, { name: wish, shape: inputs[0]?.shape ?? shape });

  const [gateSide, candidateSum] = split(gateSums, parts.sides, [
    ['gate-side', widened],
    ['candidate-sum', shape],
  ]) as [Value, Value];
  const open = step('Sigmoid', [gateSide], 'open');
  const [input, forget, output] = split(open, parts.gates, [
    ['input-gate', shape],
    ['forget-gate', shape],
    ['output-gate', shape],
  ]) as [Value, Value, Value];
  const candidate = step('Tanh', [candidateSum], 'candidate');
  const kept = step('Mul', [step('Mul', [forget, cont], 'forget'), cell], 'kept-cell');
  const next = step('Add', [kept, step('Mul', [input, candidate], 'new-cell')], 'cell', names[0]);
  const result = step('Mul', [output, step('Tanh', [next], 'cell-tanh')], 'output', names[1]);
  return { cell: next, output: result };
}
