import { floatType, isRistrettoType } from './layerTypes';
import type { Layer, Net } from './net';

/**
 * The blob that a net's predictions are read from: what an Accuracy layer or a loss compares with the
 * labels; of several Accuracy layers the last one's, the main classifier's where auxiliary ones exist.
 * A net without such a layer predicts by its first output.
 *
 * @param scored the output that is scored, where it is known
 */
export function predictionBlob(net: Net, scored?: string): string | undefined {
  const judges = net.layers.filter(
    ({ type, tops, bottoms }) =>
      bottoms.length >= 2 &&
      (type === 'Accuracy' || type.endsWith('Loss')) &&
      (scored === undefined || tops.includes(scored)),
  );
  const judge = judges.filter(({ type }) => type === 'Accuracy').at(-1) ?? judges.at(-1);
  return judge?.bottoms[0] ?? scored ?? net.outputs[0];
}

/** The same net that puts out one more of its blobs. */
export function withOutput(net: Net, blob: string): Net {
  return net.outputs.includes(blob) ? net : { ...net, outputs: [...net.outputs, blob] };
}

/** The same net before any quantization: what agreement compares a quantized net with. */
export function floatNet(net: Net): Net {
  const float = new Map(
    net.allLayers
      .filter(({ type }) => isRistrettoType(type))
      .map((layer) => [layer, { ...layer, type: floatType(layer.type) }]),
  );
  const replace = (layers: readonly Layer[]): Layer[] =>
    layers.map((layer) => float.get(layer) ?? layer);
  // Weights are found by the net's layers, all of them.
  return { ...net, layers: replace(net.layers), allLayers: replace(net.allLayers) };
}

/**
 * Index of the highest channel, the first of equal ones.
 *
 * @param shape N x C x ..., as Caffe's classifiers put out; every other axis is a place of its own
 */
export function highestChannels(shape: readonly number[], data: Float32Array): Int32Array {
  const [images = 1, channels = 1, ...places] = shape;
  const inner = places.reduce((product, dim) => product * dim, 1);
  const highest = new Int32Array(images * inner);
  for (let image = 0; image < images; image++) {
    for (let place = 0; place < inner; place++) {
      const start = image * channels * inner + place;
      let best = 0;
      for (let channel = 1; channel < channels; channel++) {
        const value = data[start + channel * inner] ?? 0;
        if (value > (data[start + best * inner] ?? 0)) best = channel;
      }
      highest[image * inner + place] = best;
    }
  }
  return highest;
}
