import type { Shape } from '../../base/shape';
import type { Layer } from '../../caffe/net';

/** Multiply-accumulates an image: every weight serves once for each place of the output. */
export function operationsOf(
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
