import { floatFormats, type Candidate, type LayerFormats } from '../formats/layerFormats';
import { weightBytes } from './weightBytes';
import { bitsOf } from '../formats/formats';

/** What a quantized net needs; float layers that no search touches are not counted. */
export interface Costs {
  /** Packed bytes of all weights and biases. */
  readonly weightBytes: number;
  /** Mean bit-width of the inputs and outputs of the layers, each counting alike. */
  readonly activationBits: number;
  /** Sum over all multiply-accumulates of an image: bits of the weight times bits of the input. */
  readonly bitOperations: number;
}

/** How much a search values each saving; shares of what the float net needs are weighed. */
export type Objective = Readonly<Record<keyof Costs, number>>;

/** Weight bytes foremost; activations count as far as they cost little. */
export const defaultObjective: Objective = {
  weightBytes: 1,
  activationBits: 0.25,
  bitOperations: 0,
};

/**
 * Costs as one number: the sum of the objective's weights times the share of what the float net needs.
 * What the float net does not need at all counts nothing.
 */
export function weighCosts(costs: Costs, float: Costs, objective: Objective): number {
  const share = (key: keyof Costs): number =>
    float[key] === 0 ? 0 : (objective[key] * costs[key]) / float[key];
  return share('weightBytes') + share('activationBits') + share('bitOperations');
}

/** Of a layer, what its costs hang on. */
export interface LayerSize {
  readonly name: string;
  /** Numbers in the weight blob, and in the bias blob. */
  readonly weights: number;
  readonly biases: number;
  /** Multiply-accumulates an image. */
  readonly operations: number;
}

/** The costs of a candidate; layers it does not name are float. */
export function costsOf(layers: readonly LayerSize[], candidate: Candidate): Costs {
  let bytes = 0;
  let activationBits = 0;
  let bitOperations = 0;
  for (const layer of layers) {
    const formats = candidate.get(layer.name) ?? floatFormats;
    bytes += weightBytes(layer, formats);
    activationBits += (bitsOf(formats.input) + bitsOf(formats.output)) / 2;
    bitOperations += layer.operations * bitsOf(formats.weights) * bitsOf(formats.input);
  }
  return {
    weightBytes: bytes,
    activationBits: layers.length === 0 ? 0 : activationBits / layers.length,
    bitOperations,
  };
}

/** Values costs: as one number, 1 for the float net where the objective's weights sum up to 1. */
export class CostModel {
  readonly float: Costs;

  constructor(
    private readonly layers: readonly LayerSize[],
    private readonly objective: Objective,
  ) {
    this.float = costsOf(layers, new Map());
  }

  of(candidate: Candidate): Costs {
    return costsOf(this.layers, candidate);
  }

  weigh(costs: Costs): number {
    return weighCosts(costs, this.float, this.objective);
  }

  /** What a layer adds to the weighed costs of the net. */
  ofLayer(layer: LayerSize, formats: LayerFormats): number {
    const own = costsOf([layer], new Map([[layer.name, formats]]));
    return this.weigh({ ...own, activationBits: own.activationBits / this.layers.length });
  }
}
