import type { SourceConverter } from '../layerConverter';
import { layerError } from '../layerError';

/** `Input`: shapes stand in the net. */
export const input: SourceConverter = {
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
      return given;
    });
  },
};

/** `Data`: shapes are those of the records. */
export const data: SourceConverter = {
  types: ['Data'],
  summary: 'images and labels from a database',
  params: ['data_param', 'transform_param'],
  sourceShapes(layer, known) {
    return layer.tops.map((top) => {
      const shape = known.get(top);
      if (shape === undefined) {
        throw layerError(layer, 'layer/shape', `the shape of top "${top}" is not known`);
      }
      return shape;
    });
  },
};
