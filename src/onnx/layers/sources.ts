import { formatShape, type Shape } from '../../base/shape';
import type { Layer } from '../../caffe/net';
import type { SourceConverter } from '../layerConverter';
import { layerError } from '../layerError';

/** `Input`: shapes stand in the net. */
const input: SourceConverter = {
  types: ['Input'],
  summary: 'an input of the net, with its shape in the file',
  params: ['input_param'],
  sourceShapes(layer, known) {
    const shapes = layer.param.input_param?.shape ?? [];
    return layer.tops.map((top, index) => {
      const given = known.get(top) ?? (shapes[index] ?? shapes[0])?.dim;
      if (given === undefined) {
        throw layerError(layer, 'layer/shape', `needs input_param with a shape for top "${top}"`);
      }
      if (!known.has(top)) checkInputShape(layer, top, given);
      return given;
    });
  },
};

/** Caffe counts a blob's elements in an int. */
const mostElements = 2 ** 31 - 1;

/** A batch of 0 is left to whoever runs the net: Caffe's users reshape it before. */
function checkInputShape(layer: Layer, top: string, shape: Shape): void {
  const isShape = shape.every((dim, axis) => dim >= (axis === 0 ? 0 : 1));
  if (isShape && shape.reduce((product, dim) => product * dim, 1) <= mostElements) return;
  throw layerError(
    layer,
    'layer/shape',
    `the shape of input "${top}" is ${formatShape(shape)}: ` +
      (isShape
        ? `no blob can have more than ${mostElements} numbers`
        : 'every dim must be 1 or more'),
  );
}

/** A layer whose shapes are those of its data. */
function fromData(description: Omit<SourceConverter, 'sourceShapes'>): SourceConverter {
  return {
    ...description,
    sourceShapes: (layer, known) =>
      layer.tops.map((top) => {
        const shape = known.get(top);
        if (shape !== undefined) return shape;
        throw layerError(layer, 'layer/shape', `the shape of top "${top}" is not known`);
      }),
  };
}

export const sources: readonly SourceConverter[] = [
  input,
  fromData({
    types: ['Data'],
    summary: 'images and labels from an LMDB or LevelDB, raw or encoded',
    params: ['data_param', 'transform_param'],
    limits: 'mirror only in TRAIN; rand_skip is ignored',
  }),
  fromData({
    types: ['ImageData'],
    summary: 'images and labels from a list of files',
    params: ['image_data_param', 'transform_param'],
    limits: 'shuffle only in TRAIN; rand_skip is ignored',
  }),
  fromData({
    types: ['HDF5Data'],
    summary: 'rows of the datasets of HDF5 files',
    params: ['hdf5_data_param'],
    limits: 'read in order: shuffle is ignored',
  }),
  fromData({
    types: ['MemoryData'],
    summary: 'images and labels from arrays that are given for its tops',
    params: ['memory_data_param'],
    limits: 'transform_param is ignored, as by Caffe for arrays',
  }),
];
