import type { LayerConverter } from '../../layerConverter';
import { arranging } from './arranging';
import { depthwise } from './depthwise';
import { detectionOutput } from './detectionOutput';
import { normalizing } from './normalizing';
import { priorBox } from './priorBox';
import { regions } from './regions';
import { resampling } from './resampling';

/** Layers that well-known forks of Caffe add. */
export const forkConverters: readonly LayerConverter[] = [
  ...arranging,
  ...depthwise,
  ...normalizing,
  ...regions,
  ...resampling,
  detectionOutput,
  priorBox,
];
