import type { Layer } from '../../../caffe/net';
import type { LossParameter_NormalizationMode } from '../../../caffe/schema';
import { isSet } from '../../../prototxt/bind';
import type { Value } from '../../graph';
import { elementCount } from '../../layerError';
import type { Steps } from '../../steps';

/** What a loss is summed over. */
export interface Terms {
  /** Shape of the terms of the sum. */
  readonly shape: readonly number[];
  /** Number of leading axes of `shape` that BATCH_SIZE counts. */
  readonly batchAxes: number;
  /** 1 for a term that counts and 0 for one that is ignored; absent where all count. */
  readonly counts: Value | undefined;
}

/** What Caffe divides the sum of a loss by, a scalar of at least 1. */
export function normalizer(
  steps: Steps,
  mode: LossParameter_NormalizationMode,
  { shape, batchAxes, counts }: Terms,
): Value {
  const terms = elementCount(shape);
  const fixed: Record<LossParameter_NormalizationMode, number> = {
    FULL: terms,
    VALID: terms,
    BATCH_SIZE: elementCount(shape.slice(0, batchAxes)),
    NONE: 1,
  };
  if (mode !== 'VALID' || counts === undefined) return steps.scalar(Math.max(1, fixed[mode]));
  const scalar = { shape: [], attributes: { keepdims: 0 } };
  const valid = steps.step('ReduceSum', [counts], 'valid', scalar);
  return steps.step('Max', [valid, steps.scalar(1)], 'normalizer');
}

/**
 * The mode that a layer's `loss_param` asks for. The older boolean `normalize` counts only where
 * `normalization` is not given.
 *
 * @param byDefault mode where neither is given
 */
export function normalization(
  layer: Layer,
  byDefault: LossParameter_NormalizationMode,
): LossParameter_NormalizationMode {
  const param = layer.param.loss_param;
  if (param === undefined) return byDefault;
  if (isSet(param, 'normalization')) return param.normalization;
  if (isSet(param, 'normalize')) return param.normalize ? 'VALID' : 'BATCH_SIZE';
  return byDefault;
}
