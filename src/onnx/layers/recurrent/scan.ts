import type { WeightBlob } from '../../../caffe/caffemodel';
import type { GraphBuilder, Value } from '../../graph';
import type { Shape } from '../../../base/shape';
import type { Emission } from '../../layerConverter';
import { Steps } from '../../steps';
import type { RecurrentShapes } from './shapes';

/** What one step of a sequence starts from; all values are streams x .... */
export interface StepInputs {
  /** What the input of this step adds to the sum. */
  readonly sum: Value;
  /** streams x 1: 0 where a sequence begins. */
  readonly cont: Value;
  readonly states: readonly Value[];
}

/** What one step of a sequence makes. */
export interface StepOutputs {
  readonly output: Value;
  readonly states: readonly Value[];
}

/** What the input adds to the sum of every step: steps x streams x `rows`, without the last output. */
export function inputSums(
  emission: Emission,
  { steps: count, streams, inputSize, staticSize }: RecurrentShapes,
  rows: number,
): Value {
  const steps = new Steps(emission);
  const [x, , fixed] = emission.bottoms;
  const [weights, bias, staticWeights] = emission.blobs;
  if (x === undefined) throw new Error('the bottoms were checked before');
  const places = count * streams;
  const flat = reshape(steps, x, 'inputs', [places, inputSize]);
  const sums = steps.step(
    'Gemm',
    [flat, constant(steps, 'input-weights', weights), constant(steps, 'bias', bias)],
    'flat-sums',
    { shape: [places, rows], attributes: { transB: 1 } },
  );
  const shape = [count, streams, rows];
  const unflat = reshape(steps, sums, 'input-sums', shape);
  if (staticSize === undefined || fixed === undefined) return unflat;
  const staticSums = steps.step(
    'Gemm',
    [
      reshape(steps, fixed, 'static-input', [streams, staticSize]),
      constant(steps, 'static-weights', staticWeights),
    ],
    'static-sums',
    { shape: [streams, rows], attributes: { transB: 1 } },
  );
  return steps.step('Add', [unflat, staticSums], 'all-sums');
}

/**
 * Goes through a sequence with ONNX's Scan: the step is written once, however long the sequence is.
 * Unrolled, as Caffe has it, hundreds of steps would mean thousands of nodes, and the runtime keeps
 * a packed copy of the weights for each of them.
 *
 * @param sums see {@link inputSums}
 * @param stateCount states that go from step to step, each streams x hidden
 * @param writeStep writes the nodes of a step; its constants must be the outer graph's
 * @returns the outputs of all steps, then the last states
 */
export function scanSteps(
  emission: Emission,
  shapes: RecurrentShapes,
  sums: Value,
  stateCount: number,
  writeStep: (body: GraphBuilder, inputs: StepInputs) => StepOutputs,
): Value[] {
  const { layer, builder, bottoms, topNames, topShapes } = emission;
  const steps = new Steps(emission);
  const { streams, hidden, steps: count } = shapes;
  const stateShape = [streams, hidden];
  const states = Array.from({ length: stateCount }, (_, index) => index);
  const [, cont] = bottoms;
  if (cont === undefined) throw new Error('the bottoms were checked before');

  const body = builder.body(`${layer.name}:step`);
  const input = (part: string, shape: Shape): Value =>
    body.input(body.reserveLike(`${layer.name}:step-${part}`), shape);
  const stateInputs = states.map((index) => input(`state${index}`, stateShape));
  const next = writeStep(body, {
    sum: input('sum', [streams, sums.shape[2] ?? 0]),
    cont: input('cont', [streams, 1]),
    states: stateInputs,
  });
  const output = (part: string, value: Value): void =>
    body.output(body.reserveLike(`${layer.name}:step-${part}`), value);
  next.states.forEach((state, index) => output(`next${index}`, state));
  output('output', next.output);

  const initial = states.map((index) => {
    const given = bottoms[shapes.firstState + index];
    if (shapes.firstState < 0 || given === undefined) {
      return steps.constant(`start${index}`, stateShape, new Float32Array(streams * hidden));
    }
    return reshape(steps, given, `start${index}`, stateShape);
  });
  const conts = reshape(steps, cont, 'cont', [count, streams, 1]);
  // All outputs need names, though they may be left out by ONNX: the runtime cannot do without.
  const made = builder
    .nodeOf(
      'Scan',
      [...initial, sums, conts],
      [
        ...states.map((index) => ({ name: `${layer.name}:last${index}`, shape: stateShape })),
        { name: topNames[0] ?? layer.name, shape: topShapes[0] ?? [] },
      ],
      { body: { graph: body.build() }, num_scan_inputs: 2 },
    )
    .filter((value) => value !== undefined);
  const lastStates = layer.tops.slice(1).map((_, index) => {
    const target = steps.integers(`last${index}-shape`, topShapes[1 + index] ?? []);
    return steps.top('Reshape', [made[index], target], {}, 1 + index);
  });
  return [...made.slice(stateCount), ...lastStates];
}

/** A weight blob as a constant of the graph. */
export function constant(steps: Steps, part: string, blob: WeightBlob | undefined): Value {
  if (blob === undefined) throw new Error(`the ${part} were checked before`);
  return steps.constant(part, blob.shape, blob.data);
}

function reshape(steps: Steps, from: Value, part: string, shape: Shape): Value {
  return steps.step('Reshape', [from, steps.integers(`${part}-shape`, shape)], part, { shape });
}
