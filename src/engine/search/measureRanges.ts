import type { Layer } from '../../caffe/net';
import type { Shape } from '../../base/shape';
import { phaseNames } from '../../quantize/phases';
import { integerLengths, largestMagnitude } from '../../quantize/ranges';
import type { LayerReport } from '../../quantize/report';
import type { PassProgress } from '../files/progress';
import type { QuantizeSetup } from './quantizeSetup';

/** Batches of the TRAIN phase that the original measures ranges on. */
export const rangeIterations = 10;

/** The layers to quantize with their ranges, in one pass over the calibration data. */
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

/** Multiply-accumulates an image: every weight serves once for each place of the output. */
function operationsOf(
  { param, tops }: Layer,
  weights: number,
  blobShapes: ReadonlyMap<string, Shape>,
): number {
  const channels =
    param.convolution_param?.num_output ?? param.inner_product_param?.num_output ?? 1;
  const [, ...dims] = blobShapes.get(tops[0] ?? '') ?? [];
  const outputs = dims.reduce((product, dim) => product * dim, 1);
  return channels === 0 ? 0 : (weights * outputs) / channels;
}
