import { formatShape } from '../../base/shape';
import type { Layer } from '../../caffe/net';
import type { Value } from '../graph';
import type { Emission, LayerConverter } from '../layerConverter';
import { layerError } from '../layerError';
import { Steps } from '../steps';

/** Eltwise: product, weighted sum or maximum of bottoms of one shape. */
export const eltwise: LayerConverter = {
  types: ['Eltwise'],
  summary: 'product, sum with coefficients, or maximum of bottoms of one shape',
  params: ['eltwise_param'],
  isImagewise: () => true,
  topShapes(layer, bottoms) {
    const [first, ...rest] = bottoms;
    if (first === undefined || rest.length === 0) {
      throw layerError(layer, 'layer/bottoms', `needs two or more bottoms, has ${bottoms.length}`);
    }
    for (const bottom of rest) {
      if (formatShape(bottom) === formatShape(first)) continue;
      throw layerError(
        layer,
        'layer/shapes',
        `bottoms of shape ${formatShape(first)} and ${formatShape(bottom)} are not alike`,
      );
    }
    coefficients(layer);
    return [first];
  },
  emit(emission) {
    const { layer, bottoms } = emission;
    const steps = new Steps(emission);
    switch (layer.param.eltwise_param?.operation ?? 'SUM') {
      case 'MAX':
        return [steps.top('Max', bottoms)];
      case 'PROD':
        return [chain(steps, 'Mul', bottoms)];
      case 'SUM':
        return [sum(emission, steps)];
    }
  },
};

function sum(emission: Emission, steps: Steps): Value {
  const { layer, bottoms, inPlace } = emission;
  const factors = coefficients(layer);
  const terms = bottoms.map((bottom, index) => {
    const factor = factors[index] ?? 1;
    return factor === 1
      ? bottom
      : steps.step('Mul', [bottom, steps.scalar(factor)], `term${index}`);
  });
  // Caffe sets the top to zero before it adds: in place, the first bottom is lost.
  const [first, ...rest] = inPlace ? terms.slice(1) : terms;
  if (first === undefined) throw new Error(`the bottoms of ${layer.name} were checked before`);
  return rest.length === 0 ? steps.top('Identity', [first]) : chain(steps, 'Add', [first, ...rest]);
}

function chain(steps: Steps, opType: string, values: readonly Value[]): Value {
  const last = values.length - 1;
  return values.reduce((left, right, index) =>
    index === last
      ? steps.top(opType, [left, right])
      : steps.step(opType, [left, right], `partial${index}`),
  );
}

function coefficients(layer: Layer): readonly number[] {
  const { coeff = [], operation = 'SUM' } = layer.param.eltwise_param ?? {};
  if (coeff.length === 0) return [];
  if (operation !== 'SUM') {
    throw layerError(layer, 'layer/param', `coeff is for operation: SUM, not ${operation}`);
  }
  if (coeff.length === layer.bottoms.length) return coeff;
  throw layerError(
    layer,
    'layer/param',
    `${layer.bottoms.length} bottoms need as many coeff values, there are ${coeff.length}`,
  );
}
