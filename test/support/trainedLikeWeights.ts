import type { Net } from '../../src/caffe/net';
import type { Weights } from '../../src/caffe/caffemodel';
import type { WritableLayer } from '../../src/caffe/writeCaffemodel';
import { convertNet } from '../../src/onnx/convertNet';
import { inferShapes } from '../../src/onnx/inferShapes';
import { splitModel } from '../../src/onnx/model';
import { largestMagnitude } from '../../src/quantize/ranges';
import { quantizeBlob } from '../../src/quantize/quantizedWeights';
import { Session, type Tensor } from '../../src/runtime/session';
import { normalNumbers } from './randomNumbers';

/**
 * Made-up weights that behave like trained ones: drawn as He et al., 2015, propose, then every channel
 * brought to mean 0 and deviation 1 on real images, layer after layer (Mishkin and Matas, "All you need is
 * a good init", 2016), so that activations neither die nor explode in any depth; the last layer answers
 * with the kind of picture, so that outputs differ between images.
 *
 * @param images a batch in NCHW of the net's input; the kinds of pictures in turn
 * @param kinds how many
 */
export async function trainedLikeWeights(
  net: Net,
  images: Tensor,
  kinds: number,
): Promise<WritableLayer[]> {
  const [input = 'data'] = net.layers[0]?.tops ?? [];
  const shapes = inferShapes(net, new Map()).weights;
  const normal = normalNumbers(1);
  const made = new Map<string, WritableLayer>();
  const run = async (end: number): Promise<Tensor> => {
    const layer = net.layers[end];
    const [top = ''] = layer?.tops ?? [];
    const part = { ...net, layers: net.layers.slice(0, end + 1), outputs: [top] };
    const { graph } = convertNet(part, {
      weights: weightsOf([...made.values()]),
      quantizeBlob,
      inputShapes: new Map([[input, images.shape]]),
    });
    const session = await Session.create(splitModel(graph), { kind: 'cpu' });
    try {
      const outputs = await session.run(new Map([[input, images]]));
      return [...outputs.values()][0] ?? { shape: [], data: new Float32Array() };
    } finally {
      await session.release();
    }
  };
  const last = net.layers.findLastIndex((layer) => shapes.has(layer));
  for (const [layer, expected] of shapes) {
    const { name, type } = layer;
    const blobs = expected.map(({ role, shape }) => {
      const size = shape.reduce((product, dim) => product * dim, 1);
      const inputs = size / (shape[0] ?? 1);
      const deviation = shape.length > 1 ? Math.sqrt(2 / inputs) : 0;
      const isOne = role === 'variance' || role === 'scale factor' || role === 'factors';
      const data = Float32Array.from({ length: size }, () => (isOne ? 1 : deviation * normal()));
      // What a filter reads lies above 0 after a ReLU: with sums of 0 nothing grows by that.
      if (shape.length > 1 && inputs >= 9) centre(data, inputs);
      return { shape, data };
    });
    made.set(name, { name, type, blobs });
  }
  for (const [index, { name, type }] of net.layers.entries()) {
    const { blobs } = made.get(name) ?? {};
    if (blobs === undefined) continue;
    if (type === 'BatchNorm') {
      // Its own output with mean 0 and variance 1 is what it reads.
      const { means, deviations } = channelStatistics(await run(index));
      const [mean, variance] = blobs;
      mean?.data.set(means);
      variance?.data.set(deviations.map((value) => value * value));
    } else if (type === 'Scale') {
      blobs[0]?.data.forEach((_, i, data) => (data[i] = Math.exp(0.3 * normal())));
      blobs[1]?.data.forEach((_, i, data) => (data[i] = ordered + 0.3 * normal()));
    } else if (index === last) {
      answerWithKind(blobs, channelStatistics(await run(index - 1)).perImage, kinds);
    } else if (blobs.length > 1) {
      const { means, deviations } = channelStatistics(await run(index));
      const [filters, bias] = blobs;
      const inputs = (filters?.data.length ?? 0) / means.length;
      filters?.data.forEach(
        (value, i, data) => (data[i] = value / (deviations[Math.floor(i / inputs)] ?? 1)),
      );
      // No bias is larger than the largest weight: they share a format.
      const largest = largestMagnitude(filters?.data ?? new Float32Array());
      bias?.data.forEach((_, i, data) => {
        const wish = ordered - (means[i] ?? 0) / (deviations[i] ?? 1) + 0.3 * normal();
        data[i] = Math.max(-largest, Math.min(largest, wish));
      });
    }
  }
  return [...made.values()];
}

/** Takes the mean of each filter away. */
function centre(data: Float32Array, inputs: number): void {
  for (let start = 0; start < data.length; start += inputs) {
    const filter = data.subarray(start, start + inputs);
    const mean = filter.reduce((sum, value) => sum + value, 0) / inputs;
    filter.forEach((value, i) => (filter[i] = value - mean));
  }
}

/** Weights that were read from nowhere. */
function weightsOf(layers: readonly WritableLayer[]): Weights {
  const read = layers.map(({ name, type = '', blobs }) => ({
    name,
    type,
    blobs: blobs.map((blob) => ({ legacyShape: false, ...blob })),
  }));
  return { path: '', layers: read, byName: (name) => read.find((layer) => layer.name === name) };
}

/** Means and deviations of each channel of NCHW, and the means of each image's channels. */
function channelStatistics({ shape, data }: Tensor): {
  readonly means: Float64Array;
  readonly deviations: Float64Array;
  readonly perImage: readonly Float64Array[];
} {
  const [images = 1, channels = 1] = shape;
  const area = data.length / images / channels;
  const means = new Float64Array(channels);
  const squares = new Float64Array(channels);
  const perImage = Array.from({ length: images }, () => new Float64Array(channels));
  for (let image = 0; image < images; image++) {
    for (let channel = 0; channel < channels; channel++) {
      const start = (image * channels + channel) * area;
      for (let i = start; i < start + area; i++) {
        const value = data[i] ?? 0;
        means[channel]! += value / images / area;
        squares[channel]! += (value * value) / images / area;
        perImage[image]![channel]! += value / area;
      }
    }
  }
  const deviations = squares.map((square, i) =>
    Math.max(1e-3, Math.sqrt(Math.max(0, square - (means[i] ?? 0) ** 2))),
  );
  return { means, deviations, perImage };
}

/**
 * Makes a last layer of the features of each kind of picture: a matched filter without what all pictures
 * have in common, so that no bias is larger than the weights' share of the outputs.
 */
function answerWithKind(
  blobs: readonly { readonly shape: readonly number[]; readonly data: Float32Array }[],
  features: readonly Float64Array[],
  kinds: number,
): void {
  const [weights, bias] = blobs;
  const length = features[0]?.length ?? 0;
  const common = average(features);
  const patterns = Array.from({ length: kinds }, (_, kind) => {
    const own = average(features.filter((_, image) => image % kinds === kind));
    const pattern = own.map((value, i) => value - (common[i] ?? 0));
    return without(common, pattern);
  });
  const spread = average(
    features.map((feature, image) => {
      const own = patterns[image % kinds] ?? common;
      return feature.map((value, i) => (value - (common[i] ?? 0) - (own[i] ?? 0)) ** 2);
    }),
  );
  const least = spread.reduce((sum, value) => sum + value, 0) / length / 10;
  bias?.data.fill(0);
  weights?.data.fill(0);
  for (const [kind, pattern] of patterns.entries()) {
    const whitened = pattern.map((value, i) => value / ((spread[i] ?? 0) + least));
    const filter = without(common, whitened);
    const answer = largestAnswer / dot(filter, pattern);
    if (weights === undefined) continue;
    filter.forEach((value, i) => (weights.data[kind * length + i] = answer * value));
  }
}

/** By how much a picture of a kind answers more to it than to others. */
const largestAnswer = 8;

function average(of: readonly Float64Array[]): Float64Array {
  const sums = new Float64Array(of[0]?.length ?? 0);
  for (const one of of) one.forEach((value, i) => (sums[i]! += value / of.length));
  return sums;
}

/** What is left of a vector without its part along another. */
function without(common: Float64Array, of: Float64Array): Float64Array {
  const along = dot(of, common) / (dot(common, common) || 1);
  return of.map((value, i) => value - along * (common[i] ?? 0));
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}

/** Deviations above 0 of what a ReLU reads: without it deep nets of such weights are chaos. */
const ordered = 1;
