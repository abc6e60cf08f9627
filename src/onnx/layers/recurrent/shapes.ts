import type { NamedShape } from '../../../caffe/matchWeights';
import { formatShape } from '../../../base/shape';
import type { Layer } from '../../../caffe/net';
import type { Shape } from '../../../base/shape';
import { elementCount, layerError } from '../../layerError';

/** The sizes of a recurrent layer, whose sequences lie side by side as T x N x .... */
export interface RecurrentShapes {
  readonly steps: number;
  readonly streams: number;
  /** Numbers of the input a step. */
  readonly inputSize: number;
  /** Numbers of the input that is the same at every step; undefined without one. */
  readonly staticSize: number | undefined;
  readonly hidden: number;
  /** Where the initial states stand among the bottoms; -1 where they are zero. */
  readonly firstState: number;
}

/**
 * Checks the bottoms (`x`, `cont`, perhaps a static input, the initial states with
 * `expose_hidden`) and tops of a recurrent layer.
 *
 * @param states number of states that go from step to step
 * @throws UserError naming the layer and what does not fit
 */
export function recurrentShapes(
  layer: Layer,
  bottoms: readonly Shape[],
  states: number,
): RecurrentShapes {
  const { num_output: hidden = 0, expose_hidden: isExposed = false } =
    layer.param.recurrent_param ?? {};
  if (hidden < 1) {
    throw layerError(layer, 'layer/param', 'needs recurrent_param with a num_output of at least 1');
  }
  const exposed = isExposed ? states : 0;
  const words = isExposed ? ` and ${exposed} initial states (expose_hidden)` : '';
  if (bottoms.length < 2 + exposed || bottoms.length > 3 + exposed) {
    throw layerError(
      layer,
      'layer/bottoms',
      `needs the input, cont, perhaps a static input${words}; has ${bottoms.length} bottoms`,
    );
  }
  if (layer.tops.length !== 1 + exposed) {
    throw layerError(
      layer,
      'layer/tops',
      `needs exactly ${1 + exposed} tops, has ${layer.tops.length}`,
    );
  }
  const [x = [], cont = []] = bottoms;
  const [steps, streams] = x;
  if (steps === undefined || streams === undefined || x.length < 3) {
    throw layerError(
      layer,
      'layer/shapes',
      `the input is ${formatShape(x)}; it needs axes of steps, of streams and of values (TxNx...)`,
    );
  }
  const mustBe = (what: string, shape: Shape, wanted: readonly number[]): void => {
    if (formatShape(shape) === formatShape(wanted)) return;
    throw layerError(
      layer,
      'layer/shapes',
      `${what} is ${formatShape(shape)}, but an input of ${formatShape(x)} needs ` +
        formatShape(wanted),
    );
  };
  mustBe('cont', cont, [steps, streams]);
  const hasStatic = bottoms.length > 2 + exposed;
  const fixed = hasStatic ? bottoms[2] : undefined;
  if (fixed !== undefined && (fixed.length < 2 || fixed[0] !== streams)) {
    throw layerError(
      layer,
      'layer/shapes',
      `the static input is ${formatShape(fixed)}, but ${streams} streams need ${streams}x...`,
    );
  }
  const firstState = hasStatic ? 3 : 2;
  for (let state = 0; state < exposed; state++) {
    mustBe(`initial state ${state + 1}`, bottoms[firstState + state] ?? [], [1, streams, hidden]);
  }
  return {
    steps,
    streams,
    inputSize: elementCount(x.slice(2)),
    staticSize: fixed === undefined ? undefined : elementCount(fixed.slice(1)),
    hidden,
    firstState: isExposed ? firstState : -1,
  };
}

/** Shapes of the tops: the outputs of all steps, then with `expose_hidden` the last states. */
export function recurrentTops(layer: Layer, bottoms: readonly Shape[], states: number): Shape[] {
  const { steps, streams, hidden } = recurrentShapes(layer, bottoms, states);
  const lastStates = layer.tops.slice(1).map(() => [1, streams, hidden]);
  return [[steps, streams, hidden], ...lastStates];
}

/**
 * The weights that turn input and last output into what a step adds up, in Caffe's order.
 *
 * @param rows numbers of the sum: a multiple of the hidden size
 */
export function inputBlobs(
  { inputSize, staticSize, hidden }: RecurrentShapes,
  rows: number,
): NamedShape[] {
  const fixed =
    staticSize === undefined ? [] : [{ role: 'static weights', shape: [rows, staticSize] }];
  return [
    { role: 'input weights', shape: [rows, inputSize] },
    { role: 'bias', shape: [rows] },
    ...fixed,
    { role: 'hidden weights', shape: [rows, hidden] },
  ];
}
