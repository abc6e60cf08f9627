import type { Layer } from '../../caffe/net';
import type { LayerPoints, Point, PointOutputs } from '../../onnx/observations';
import { noNumbers, type ActivationSample } from '../../quantize/best/contenders';
import type { Tensor } from '../../runtime/session';

/** Numbers of a point that are kept of a whole pass: about as many. */
const keptValues = 2 ** 13;

/** Activations that a layer's formats are chosen by. */
export interface LayerSamples {
  readonly input: ActivationSample;
  readonly output: ActivationSample;
}

/**
 * Gathers, over the batches of a pass, the extremes of each point and a share of its numbers from
 * every batch, other places each time.
 */
export class SampleCollector {
  private readonly parts = new Map<string, Float32Array[]>();
  private readonly extremes = new Map<string, number>();

  /** @param batches that the pass has */
  constructor(
    private readonly observed: ReadonlyMap<Point, PointOutputs>,
    private readonly batches: number,
  ) {}

  add(outputs: ReadonlyMap<string, Tensor>, batch: number): void {
    for (const names of new Set(this.observed.values())) {
      if (names.measure !== 'sample') throw new Error('a sample was not asked for');
      const { highest, lowest, values } = names;
      this.extend(highest, Math.max, outputs);
      this.extend(lowest, Math.min, outputs);
      const parts = this.parts.get(values) ?? [];
      this.parts.set(values, parts);
      parts.push(this.share(dataOf(outputs, values), batch));
    }
  }

  samples(points: LayerPoints): LayerSamples {
    return { input: this.sample(points.input), output: this.sample(points.output) };
  }

  private sample(point: Point): ActivationSample {
    const names = this.observed.get(point);
    if (names?.measure !== 'sample') throw new Error('a sample was not asked for');
    return {
      values: joined(this.parts.get(names.values) ?? []),
      lowest: this.extremes.get(names.lowest) ?? 0,
      highest: this.extremes.get(names.highest) ?? 0,
    };
  }

  private extend(
    name: string,
    further: (a: number, b: number) => number,
    outputs: ReadonlyMap<string, Tensor>,
  ): void {
    const [value = 0] = dataOf(outputs, name);
    this.extremes.set(name, further(this.extremes.get(name) ?? value, value));
  }

  /** Every so many numbers, so that all batches together give as many as are kept. */
  private share(data: Float32Array, batch: number): Float32Array {
    const step = Math.max(1, Math.ceil((data.length * this.batches) / keptValues));
    const start = batch % step;
    const share = new Float32Array(Math.max(0, Math.ceil((data.length - start) / step)));
    for (let i = 0; i < share.length; i++) share[i] = data[start + i * step] ?? 0;
    return share;
  }
}

/** What is known of a layer that was not run. */
export const noSamples: LayerSamples = { input: noNumbers, output: noNumbers };

/** Samples by layer. */
export type SamplesByLayer = ReadonlyMap<Layer, LayerSamples>;

function dataOf(outputs: ReadonlyMap<string, Tensor>, name: string): Float32Array {
  const output = outputs.get(name);
  if (output === undefined) throw new Error(`there is no output ${name}`);
  return output.data;
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
