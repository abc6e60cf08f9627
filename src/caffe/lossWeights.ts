import type { Net } from './net';

/**
 * Weight of each net output in the net's total loss: `loss_weight` where given, else 1 for the first
 * top of a loss layer. Outputs that do not count are left out.
 */
export function lossWeights(net: Net): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const layer of net.layers) {
    layer.tops.forEach((top, index) => {
      const byDefault = index === 0 && layer.type.endsWith('Loss') ? 1 : 0;
      const weight = layer.param.loss_weight[index] ?? byDefault;
      if (weight !== 0 && net.outputs.includes(top)) weights.set(top, weight);
    });
  }
  return weights;
}
