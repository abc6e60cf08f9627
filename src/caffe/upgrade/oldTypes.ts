import { caffeSchema } from '../caffeSchema';
import type { V1LayerParameter_LayerType } from '../schema';

/** Present names of the layer types of V1 files, as Caffe's own upgrade has them. */
export const v1Types: Readonly<Record<V1LayerParameter_LayerType, string>> = {
  NONE: '',
  ABSVAL: 'AbsVal',
  ACCURACY: 'Accuracy',
  ARGMAX: 'ArgMax',
  BNLL: 'BNLL',
  CONCAT: 'Concat',
  CONTRASTIVE_LOSS: 'ContrastiveLoss',
  CONVOLUTION: 'Convolution',
  DATA: 'Data',
  DECONVOLUTION: 'Deconvolution',
  DROPOUT: 'Dropout',
  DUMMY_DATA: 'DummyData',
  EUCLIDEAN_LOSS: 'EuclideanLoss',
  ELTWISE: 'Eltwise',
  EXP: 'Exp',
  FLATTEN: 'Flatten',
  HDF5_DATA: 'HDF5Data',
  HDF5_OUTPUT: 'HDF5Output',
  HINGE_LOSS: 'HingeLoss',
  IM2COL: 'Im2col',
  IMAGE_DATA: 'ImageData',
  INFOGAIN_LOSS: 'InfogainLoss',
  INNER_PRODUCT: 'InnerProduct',
  LRN: 'LRN',
  MEMORY_DATA: 'MemoryData',
  MULTINOMIAL_LOGISTIC_LOSS: 'MultinomialLogisticLoss',
  MVN: 'MVN',
  POOLING: 'Pooling',
  POWER: 'Power',
  RELU: 'ReLU',
  SIGMOID: 'Sigmoid',
  SIGMOID_CROSS_ENTROPY_LOSS: 'SigmoidCrossEntropyLoss',
  SILENCE: 'Silence',
  SOFTMAX: 'Softmax',
  SOFTMAX_LOSS: 'SoftmaxWithLoss',
  SPLIT: 'Split',
  SLICE: 'Slice',
  TANH: 'TanH',
  WINDOW_DATA: 'WindowData',
  THRESHOLD: 'Threshold',
};

/** Present names of the layer types of V0 files; `padding` is no layer of later forms. */
export const v0Types: ReadonlyMap<string, string> = new Map([
  ['accuracy', 'Accuracy'],
  ['bnll', 'BNLL'],
  ['concat', 'Concat'],
  ['conv', 'Convolution'],
  ['data', 'Data'],
  ['dropout', 'Dropout'],
  ['euclidean_loss', 'EuclideanLoss'],
  ['flatten', 'Flatten'],
  ['hdf5_data', 'HDF5Data'],
  ['hdf5_output', 'HDF5Output'],
  ['im2col', 'Im2col'],
  ['images', 'ImageData'],
  ['infogain_loss', 'InfogainLoss'],
  ['innerproduct', 'InnerProduct'],
  ['lrn', 'LRN'],
  ['multinomial_logistic_loss', 'MultinomialLogisticLoss'],
  ['pool', 'Pooling'],
  ['relu', 'ReLU'],
  ['sigmoid', 'Sigmoid'],
  ['softmax', 'Softmax'],
  ['softmax_loss', 'SoftmaxWithLoss'],
  ['split', 'Split'],
  ['tanh', 'TanH'],
  ['window_data', 'WindowData'],
]);

/** The present name of the type that a V1 weight file gives by number; undefined for no such type. */
export function v1TypeOfNumber(number: number): string | undefined {
  const name = caffeSchema.enum('V1LayerParameter.LayerType').names.get(number);
  const type = name === undefined ? '' : v1Types[name as V1LayerParameter_LayerType];
  return type === '' ? undefined : type;
}

/** The present name of a type as any form of net file may give it. */
export function presentType(type: string): string {
  if (Object.hasOwn(v1Types, type)) return v1Types[type as V1LayerParameter_LayerType];
  return v0Types.get(type) ?? type;
}

/** The word that V1 files have for a type; undefined where they have none. */
export function oldTypeName(type: string): string | undefined {
  return Object.keys(v1Types).find(
    (name) => name !== 'NONE' && v1Types[name as V1LayerParameter_LayerType] === type,
  );
}
