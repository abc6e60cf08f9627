import type { ValueTexts } from './texts';

const poolMethods: ValueTexts = {
  MAX: 'the largest value of each window',
  AVE: 'the average of each window',
  STOCHASTIC: 'a value at random, the larger the likelier: training only',
};

const engines: ValueTexts = {
  DEFAULT: 'what Caffe was built with',
  CAFFE: "Caffe's own code",
  CUDNN: "NVIDIA's cuDNN",
};

const shareModes: ValueTexts = {
  STRICT: 'shared weights must have the same shape',
  PERMISSIVE: 'shared weights must have the same number of values',
};

/** What the values of enums mean, by the enum's name in the schema. */
export const enumTexts: Readonly<Record<string, ValueTexts>> = {
  Phase: { TRAIN: 'while the net learns', TEST: 'while it is tested or used' },
  'SolverParameter.SnapshotFormat': { HDF5: '`.caffemodel.h5`', BINARYPROTO: '`.caffemodel`' },
  'SolverParameter.SolverMode': { CPU: 'the processor', GPU: 'an NVIDIA device' },
  'SolverParameter.SolverType': {
    SGD: 'stochastic gradient descent',
    NESTEROV: "Nesterov's accelerated gradient",
    ADAGRAD: 'AdaGrad',
    RMSPROP: 'RMSProp',
    ADADELTA: 'AdaDelta',
    ADAM: 'Adam',
  },
  'ParamSpec.DimCheckMode': shareModes,
  'V1LayerParameter.DimCheckMode': shareModes,
  'FillerParameter.VarianceNorm': {
    FAN_IN: 'by the number of inputs',
    FAN_OUT: 'by the number of outputs',
    AVERAGE: 'by the mean of both',
  },
  'PoolingParameter.PoolMethod': poolMethods,
  'SPPParameter.PoolMethod': poolMethods,
  'V0LayerParameter.PoolMethod': poolMethods,
  'PoolingParameter.RoundMode': {
    CEIL: 'a window that does not fit completely at the end counts',
    FLOOR: 'a window that does not fit completely at the end is left out',
  },
  'ConvolutionParameter.Engine': engines,
  'LRNParameter.Engine': engines,
  'PoolingParameter.Engine': engines,
  'ReLUParameter.Engine': engines,
  'SigmoidParameter.Engine': engines,
  'SoftmaxParameter.Engine': engines,
  'SPPParameter.Engine': engines,
  'TanHParameter.Engine': engines,
  'BNParameter.Engine': engines,
  'DataParameter.DB': { LEVELDB: 'a LevelDB', LMDB: 'an LMDB' },
  'EltwiseParameter.EltwiseOp': {
    PROD: 'the product',
    SUM: 'the sum, with `coeff` a weighted one',
    MAX: 'the maximum',
  },
  'HingeLossParameter.Norm': { L1: 'margins as they are', L2: 'squared margins' },
  'LossParameter.NormalizationMode': {
    FULL: 'by the number of all labels',
    VALID: 'by the number of labels that are not ignored',
    BATCH_SIZE: 'by the number of images',
    NONE: 'by nothing',
  },
  'LRNParameter.NormRegion': {
    ACROSS_CHANNELS: 'neighbours are other channels at the same place',
    WITHIN_CHANNEL: 'neighbours are other places of the same channel',
  },
  'ReductionParameter.ReductionOp': {
    SUM: 'the sum',
    ASUM: 'the sum of absolute values',
    SUMSQ: 'the sum of squares',
    MEAN: 'the mean',
  },
  'QuantizationParameter.Precision': {
    DYNAMIC_FIXED_POINT: 'integers with a fractional length for weights, inputs and outputs',
    MINIFLOAT: 'small floating point numbers, one format for all',
    INTEGER_POWER_OF_2_WEIGHTS:
      'weights that are powers of two, so that multiplying is shifting; inputs and outputs are fixed point',
  },
  'QuantizationParameter.Rounding': {
    NEAREST: 'to the nearest number, ties to the even one',
    STOCHASTIC: 'up or down at random, the nearer the likelier: training only',
  },
  'PriorBoxParameter.CodeType': {
    CORNER: 'offsets of two corners',
    CENTER_SIZE: 'offset of the centre and logarithm of the size',
    CORNER_SIZE: 'offsets of two corners, relative to the size',
  },
};

/** What strings may be that take only certain words, by message and field. */
export const wordTexts: Readonly<Record<string, ValueTexts>> = {
  'FillerParameter.type': {
    constant: 'the same number everywhere, `value`',
    uniform: 'evenly between `min` and `max`',
    gaussian: 'a bell curve with `mean` and `std`',
    positive_unitball: 'positive numbers that add up to 1 for each output',
    xavier: 'evenly, the narrower the more inputs there are (Glorot)',
    msra: 'a bell curve, the narrower the more inputs there are (He), for nets with ReLU',
    bilinear: 'bilinear interpolation, for Deconvolution that enlarges',
  },
  'SolverParameter.lr_policy': {
    fixed: 'always `base_lr`',
    step: 'times `gamma` every `stepsize` steps',
    exp: '`base_lr` * `gamma`^step',
    inv: '`base_lr` * (1 + `gamma` * step)^-`power`',
    multistep: 'times `gamma` at each `stepvalue`',
    poly: 'down to 0 at `max_iter`: `base_lr` * (1 - step / `max_iter`)^`power`',
    sigmoid: '`base_lr` / (1 + exp(-`gamma` * (step - `stepsize`)))',
  },
  'SolverParameter.type': {
    SGD: 'stochastic gradient descent with momentum',
    Nesterov: "Nesterov's accelerated gradient",
    AdaGrad: 'steps shrink where gradients were large',
    RMSProp: 'steps shrink where gradients were large lately',
    AdaDelta: 'like RMSProp, with steps of a size of their own',
    Adam: 'mean and variance of the gradients set the step',
  },
  'SolverParameter.regularization_type': {
    L2: 'in proportion to the weight',
    L1: 'by a constant amount',
  },
  'WindowDataParameter.crop_mode': {
    warp: 'stretches a region to the square',
    square: 'cuts the tightest square around a region',
  },
};
