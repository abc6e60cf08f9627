import type { Layer, Net } from './net';

/**
 * Weight of each net output in the net's total loss: `loss_weight` where given, else 1 for the first
 * top of a loss layer. Outputs that do not count are left out.
 */
export function lossWeights(net: Net): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const layer of net.layers) {
    layer.tops.forEach((top, index) => {
      const weight = layer.param.loss_weight[index] ?? (isLossTop(layer, index) ? 1 : 0);
      if (weight !== 0 && net.outputs.includes(top)) weights.set(top, weight);
    });
  }
  return weights;
}

/** Outputs that are losses, made smaller by training: also those that are only watched (weight 0). */
export function lossOutputs(net: Net): ReadonlySet<string> {
  const losses = new Set<string>();
  for (const layer of net.layers) {
    layer.tops.forEach((top, index) => {
      const weight = layer.param.loss_weight[index] ?? 0;
      const isLoss = weight > 0 || (weight === 0 && isLossTop(layer, index));
      if (isLoss && net.outputs.includes(top)) losses.add(top);
    });
  }
  return losses;
}

function isLossTop({ type }: Layer, index: number): boolean {
  return index === 0 && type.endsWith('Loss');
}
