import type { Layer } from '../../caffe/net';
import { caffeMessage } from '../../caffe/caffeSchema';
import type { FillerParameter } from '../../caffe/schema';
import { float, type Value } from '../graph';
import type { Shape } from '../../base/shape';
import type { LayerConverter } from '../layerConverter';
import { layerError } from '../layerError';
import { Steps } from '../steps';

/** Parameter: a learned blob as a top. */
const parameter: LayerConverter = {
  types: ['Parameter'],
  summary: 'a learned blob',
  params: ['parameter_param'],
  topShapes: (layer) => [parameterShape(layer)],
  blobShapes: (layer) => [{ role: 'blob', shape: parameterShape(layer) }],
  emit(emission) {
    const { blobs } = emission;
    const [blob] = blobs;
    if (blob === undefined) throw new Error('the blob of a Parameter layer was checked before');
    return [new Steps(emission).constant('blob', blob.shape, blob.data)];
  },
};

/** DummyData: made-up data, constant or random. */
const dummyData: LayerConverter = {
  types: ['DummyData'],
  summary: 'made-up data: constant, uniform or gaussian',
  params: ['dummy_data_param'],
  limits: "random numbers are ours, with a fixed seed, not Caffe's; other fillers are refused",
  topShapes(layer, bottoms) {
    if (bottoms.length > 0) throw layerError(layer, 'layer/bottoms', 'takes no bottoms');
    return layer.tops.map((_, index) => dummyShape(layer, index));
  },
  emit(emission) {
    const { layer, topShapes } = emission;
    const steps = new Steps(emission);
    const fillers = layer.param.dummy_data_param?.data_filler ?? [];
    if (fillers.length > 1 && fillers.length !== layer.tops.length) {
      throw layerError(
        layer,
        'layer/param',
        `${layer.tops.length} tops need as many data_filler blocks, one or none, there are ` +
          `${fillers.length}`,
      );
    }
    return topShapes.map((shape, index) => {
      const filler = fillers.length > 1 ? fillers[index] : fillers[0];
      return fill(steps, layer, shape, index, filler);
    });
  },
};

/** Silence only takes blobs: what it reads is no output of the net. */
const silence: LayerConverter = {
  types: ['Silence'],
  summary: 'takes blobs, so that they are no outputs of the net',
  params: [],
  isImagewise: () => true,
  topShapes(layer) {
    if (layer.tops.length > 0) throw layerError(layer, 'layer/tops', 'has no tops');
    return [];
  },
  emit: () => [],
};

/** HDF5Output takes blobs too; what Caffe writes of them is not part of a score. */
const hdf5Output: LayerConverter = {
  ...silence,
  types: ['HDF5Output'],
  params: ['hdf5_output_param'],
  limits: 'writes no file',
};

export const constants: readonly LayerConverter[] = [parameter, dummyData, silence, hdf5Output];

function parameterShape(layer: Layer): Shape {
  const dims = layer.param.parameter_param?.shape?.dim;
  if (dims === undefined) {
    throw layerError(layer, 'layer/param', 'needs parameter_param with a shape');
  }
  if (layer.bottoms.length > 0) throw layerError(layer, 'layer/bottoms', 'takes no bottoms');
  return dims;
}

function dummyShape(layer: Layer, index: number): Shape {
  const param = layer.param.dummy_data_param;
  if (param === undefined) throw layerError(layer, 'layer/param', 'needs dummy_data_param');
  const pick = (values: readonly number[]): number | undefined =>
    values.length === 1 ? values[0] : values[index];
  const shape = param.shape.length === 1 ? param.shape[0] : param.shape[index];
  if (shape !== undefined) return shape.dim;
  const legacy = [param.num, param.channels, param.height, param.width].map(pick);
  if (param.shape.length === 0 && legacy.every((dim) => dim !== undefined)) return legacy;
  throw layerError(
    layer,
    'layer/shape',
    `has no shape for top "${layer.tops[index]}": give one shape block for all tops or one for each`,
  );
}

function fill(
  steps: Steps,
  layer: Layer,
  shape: Shape,
  index: number,
  filler: FillerParameter | undefined,
): Value {
  const { type, value, min, max, mean, std } =
    filler ?? caffeMessage<FillerParameter>('FillerParameter', {});
  const seed = float(1 + index);
  switch (type) {
    case 'constant':
      return steps.top(
        'Expand',
        [steps.scalar(value), steps.integers(`shape${index}`, shape)],
        {},
        index,
      );
    case 'uniform':
      return steps.top(
        'RandomUniform',
        [],
        { low: float(min), high: float(max), shape, seed },
        index,
      );
    case 'gaussian':
      return steps.top(
        'RandomNormal',
        [],
        { mean: float(mean), scale: float(std), shape, seed },
        index,
      );
    default:
      throw layerError(
        layer,
        'layer/filler',
        `data_filler of type "${type}" is not supported; use constant, uniform or gaussian`,
      );
  }
}
