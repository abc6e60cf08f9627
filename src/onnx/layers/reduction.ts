import type { Layer } from '../../caffe/net';
import type { ReductionParameter_ReductionOp } from '../../caffe/schema';
import type { LayerConverter } from '../layerConverter';
import { canonicalAxis, singleBottom } from '../layerError';
import { Steps } from '../steps';

const operators: Readonly<Record<ReductionParameter_ReductionOp, string>> = {
  SUM: 'ReduceSum',
  ASUM: 'ReduceL1',
  SUMSQ: 'ReduceSumSquare',
  MEAN: 'ReduceMean',
};

/** Reduction: one number of everything from `axis` on, times `coeff`. */
export const reduction: LayerConverter = {
  types: ['Reduction'],
  summary: 'sum, sum of magnitudes or squares, or mean of all axes from one on',
  params: ['reduction_param'],
  isImagewise: (layer) => (layer.param.reduction_param?.axis ?? 0) > 0,
  topShapes(layer, bottoms) {
    const bottom = singleBottom(layer, bottoms);
    return [bottom.slice(0, axisOf(layer, bottom.length))];
  },
  emit(emission) {
    const { layer, bottoms, topShapes } = emission;
    const { operation = 'SUM', coeff = 1 } = layer.param.reduction_param ?? {};
    const steps = new Steps(emission);
    const bottom = singleBottom(layer, bottoms);
    const axes = bottom.shape.map((_, axis) => axis).slice(axisOf(layer, bottom.shape.length));
    // Only ReduceSum takes its axes as an input at this operator set.
    const asInput = operation === 'SUM';
    const inputs = asInput ? [bottom, steps.integers('axes', axes)] : [bottom];
    const attributes = { keepdims: 0, ...(asInput ? {} : { axes }) };
    if (coeff === 1) return [steps.top(operators[operation], inputs, attributes)];
    const shape = topShapes[0] ?? [];
    const reduced = steps.builder.node(
      operators[operation],
      inputs,
      { name: `${layer.name}:reduced`, shape },
      attributes,
    );
    return [steps.top('Mul', [reduced, steps.scalar(coeff)])];
  },
};

function axisOf(layer: Layer, rank: number): number {
  return canonicalAxis(layer, layer.param.reduction_param?.axis ?? 0, rank);
}
