import { sampleOfAll } from '../../../../src/quantize/best/contenders';
import type { SearchLayer } from '../../../../src/quantize/best/knobs';

/** A layer for searches, with values that its formats can be chosen by. */
export function searchLayer(
  name: string,
  { weights = 100, type = 'Convolution' }: { weights?: number; type?: string } = {},
): SearchLayer {
  const wave = (count: number, reach: number): Float32Array =>
    Float32Array.from({ length: count }, (_, i) => reach * Math.sin(i * i + name.length));
  return {
    name,
    type,
    line: 1,
    maxIn: 2,
    maxOut: 4,
    maxParams: 0.5,
    ilIn: 1,
    ilOut: 2,
    ilParams: 0,
    weights,
    biases: 0,
    operations: weights * 10,
    weightValues: wave(weights, 0.5),
    biasValues: new Float32Array(),
    inputSample: sampleOfAll(wave(500, 2)),
    outputSample: sampleOfAll(wave(500, 4)),
  };
}
