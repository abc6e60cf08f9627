import type { Weights } from '../../caffe/caffemodel';
import type { Layer, Net } from '../../caffe/net';
import type { Shape } from '../../base/shape';
import { layerError } from '../../onnx/layerError';
import { UserError } from '../../base/userError';
import { words } from '../../base/words';
import { isDataLayer, openDataLayer } from './dataLayers';
import type { DataOptions } from './dataOptions';

/**
 * Shapes of the tops of a net's data layers: from the data where they are at hand, else from what
 * the layer says and the channels that the first convolution's weights expect.
 *
 * @throws UserError naming the data layer when neither tells
 */
export async function dataShapes(
  net: Net,
  weights: Weights,
  options: DataOptions,
): Promise<ReadonlyMap<string, Shape>> {
  const shapes = new Map<string, Shape>();
  for (const layer of net.layers.filter(isDataLayer)) {
    const found = await shapesOf(net, layer, weights, options);
    layer.tops.forEach((top, i) => shapes.set(top, found[i] ?? []));
  }
  return shapes;
}

async function shapesOf(
  net: Net,
  layer: Layer,
  weights: Weights,
  options: DataOptions,
): Promise<readonly Shape[]> {
  let problem: UserError;
  try {
    const source = await openDataLayer(layer, { net, options, memoryBudgetBytes: 0 });
    const { shapes } = source;
    await source.close();
    return shapes;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    problem = error;
  }
  const stated = statedShape(layer, () => channelsOf(net, weights, layer));
  if (stated !== undefined) return [stated, [stated[0] ?? 1]];
  // The layer's own place is named once.
  const isHere = problem.place.file === layer.place.file;
  throw layerError(
    layer,
    'layer/shape',
    words`the image size is not known: there is no crop_size, and its data cannot be read (${
      isHere ? problem.detail : problem.said
    }); convert the deploy definition, whose Input layer has the size`,
  );
}

/** What the layer itself says of its batches; undefined where that is not enough. */
function statedShape(
  layer: Layer,
  channelsFromWeights: () => number | undefined,
): Shape | undefined {
  const { data_param, image_data_param, memory_data_param, transform_param } = layer.param;
  const crop = transform_param?.crop_size ?? 0;
  if (memory_data_param !== undefined) {
    const { batch_size, channels, height, width } = memory_data_param;
    return whole([batch_size, channels, height, width]);
  }
  if (image_data_param !== undefined) {
    const { batch_size, is_color, new_height, new_width } = image_data_param;
    const size = crop > 0 ? [crop, crop] : [new_height, new_width];
    return whole([batch_size, is_color ? 3 : 1, ...size]);
  }
  return whole([data_param?.batch_size ?? 0, channelsFromWeights() ?? 0, crop, crop]);
}

function whole(shape: Shape): Shape | undefined {
  return shape.every((dim) => dim > 0) ? shape : undefined;
}

function channelsOf(net: Net, weights: Weights, source: Layer): number | undefined {
  const [dataTop] = source.tops;
  const reader = net.layers.find(
    (layer) => layer.bottoms[0] === dataTop && layer.param.convolution_param !== undefined,
  );
  if (reader === undefined) return undefined;
  const stored = weights.byName(reader.name);
  const perGroup = stored?.indices === undefined ? stored?.blobs[0]?.shape.at(1) : undefined;
  return perGroup === undefined
    ? undefined
    : perGroup * (reader.param.convolution_param?.group ?? 1);
}
