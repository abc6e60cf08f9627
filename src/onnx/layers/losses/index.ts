import type { LayerConverter } from '../../layerConverter';
import { distanceLosses } from './distances';
import { infogainLoss } from './infogain';
import { labelledLosses } from './labelled';
import { sigmoidCrossEntropyLoss } from './sigmoidCrossEntropy';

/** The losses but SoftmaxWithLoss. */
export const lossConverters: readonly LayerConverter[] = [
  ...distanceLosses,
  ...labelledLosses,
  infogainLoss,
  sigmoidCrossEntropyLoss,
];
