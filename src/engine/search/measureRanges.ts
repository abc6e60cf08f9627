import type { Layer } from '../../caffe/net';
import { countOdd } from '../../caffe/oddWeights';
import { layerError } from '../../onnx/layerError';
import { formatFloat } from '../../quantize/formatFloat';
import { phaseNames } from '../../quantize/phases';
import {
  integerLengths,
  largestMagnitude,
  smallestNormal,
  type LayerRange,
} from '../../quantize/ranges';
import type { LayerReport } from '../../quantize/report';
import { operationsOf } from './operations';
import type { PassProgress } from '../files/progress';
import type { QuantizeSetup } from './quantizeSetup';

/** Batches of the TRAIN phase that the original measures ranges on. */
export const rangeIterations = 10;

/**
 * The layers to quantize with their ranges, in one pass over the calibration data.
 *
 * @throws UserError `layer/range` for a layer whose numbers no format can hold
 */
export async function measureRanges(
  { targets, ranger, rangeData, blobShapes }: QuantizeSetup,
  progress: PassProgress,
): Promise<LayerReport[]> {
  const largest = await ranger.largest(
    targets,
    rangeIterations,
    progress.pass(phaseNames.ranges, { batches: rangeIterations, batchSize: rangeData.batchSize }),
  );
  progress.ended(undefined);
  return targets.map((layer) => {
    const [weightBlob, biasBlob] = ranger.weightsOf(layer);
    const range = {
      name: layer.name,
      type: layer.type,
      ...(largest.get(layer) ?? { maxIn: 0, maxOut: 0 }),
      maxParams: largestMagnitude(weightBlob?.data ?? new Float32Array()),
    };
    checkRange(layer, range, countOdd(weightBlob?.data ?? new Float32Array()));
    return {
      ...range,
      ...integerLengths(range),
      line: layer.place.line ?? 1,
      weights: weightBlob?.data.length ?? 0,
      biases: biasBlob?.data.length ?? 0,
      operations: operationsOf(layer, weightBlob?.data.length ?? 0, blobShapes),
    };
  });
}

/** Powers of two that a format of any width needs beside its range are float32 numbers then. */
const leastExponent = -94;

/**
 * Refuses a layer whose numbers no format can hold.
 *
 * @throws UserError naming the layer and its largest value
 */
function checkRange(layer: Layer, { maxIn, maxOut, maxParams }: LayerRange, odd: number): void {
  if (odd > 0) {
    throw layerError(
      layer,
      'layer/range',
      `has ${odd} weights that are NaN or infinite, which no format can hold: its training diverged, ` +
        'or the file is damaged; give weights from before that',
    );
  }
  for (const [what, largest] of [
    ['reads', maxIn],
    ['puts out', maxOut],
    ['has weights of', maxParams],
  ] as const) {
    if (!Number.isFinite(largest)) {
      throw layerError(
        layer,
        'layer/range',
        `${what} infinite numbers on the calibration data, more than float32 holds: check that ` +
          'weights and data belong together, and how the data are scaled',
      );
    }
    if (largest >= smallestNormal && largest < 2 ** leastExponent) {
      throw layerError(
        layer,
        'layer/range',
        `${what} ${formatFloat(largest)} at most, too little for a format to hold (2^${leastExponent} or more): ` +
          'scale its weights up, and those of the next layer down',
      );
    }
  }
}
