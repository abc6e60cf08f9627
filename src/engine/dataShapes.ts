import type { Weights } from '../caffe/caffemodel';
import type { Layer, Net } from '../caffe/net';
import type { SourceRoots } from '../data/findSource';
import type { Shape } from '../onnx/graph';
import { layerError } from '../onnx/layerError';
import { UserError } from '../prototxt/userError';
import { NetData } from './netData';

/**
 * Shapes of the tops of a net's data layers: from the records where they are at hand, else from
 * `crop_size` and the channels that the first convolution's weights expect.
 *
 * @throws UserError naming the data layer when neither tells
 */
export function dataShapes(
  net: Net,
  weights: Weights,
  roots: Omit<SourceRoots, 'prototxtPath'>,
): ReadonlyMap<string, Shape> {
  const layers = net.layers.filter((layer) => layer.type === 'Data');
  if (layers.length === 0) return new Map();
  let problem: UserError;
  try {
    const data = NetData.open(net, roots);
    try {
      return data.shapes;
    } finally {
      data.close();
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    problem = error;
  }
  const shapes = new Map<string, Shape>();
  for (const layer of layers) {
    const batch = layer.param.data_param?.batch_size ?? 0;
    const crop = layer.param.transform_param?.crop_size ?? 0;
    const channels = channelsOf(net, weights, layer);
    if (batch < 1 || crop < 1 || channels === undefined) {
      throw layerError(
        layer,
        'layer/shape',
        `the image size is not known: there is no crop_size, and its data cannot be read ` +
          `(${problem.detail}); convert the deploy definition, whose Input layer has the size`,
      );
    }
    layer.tops.forEach((top, i) =>
      shapes.set(top, i === 0 ? [batch, channels, crop, crop] : [batch]),
    );
  }
  return shapes;
}

function channelsOf(net: Net, weights: Weights, source: Layer): number | undefined {
  const [dataTop] = source.tops;
  const reader = net.layers.find(
    (layer) => layer.bottoms[0] === dataTop && layer.param.convolution_param !== undefined,
  );
  if (reader === undefined) return undefined;
  const perGroup = weights.byName(reader.name)?.blobs[0]?.shape.at(1);
  return perGroup === undefined
    ? undefined
    : perGroup * (reader.param.convolution_param?.group ?? 1);
}
