import type {
  ClipParameter,
  DropoutParameter,
  ELUParameter,
  EltwiseParameter,
  ExpParameter,
  LRNParameter,
  LogParameter,
  MVNParameter,
  PoolingParameter,
  PowerParameter,
  ReLUParameter,
  ReductionParameter,
  SPPParameter,
  SigmoidParameter,
  SoftmaxParameter,
  SwishParameter,
  TanHParameter,
  ThresholdParameter,
} from '../../caffe/schema';
import { shared, type MessageText } from './texts';

const pooling: MessageText<PoolingParameter> = {
  summary: 'The maximum or the average of a window that moves over the image.',
  fields: {
    pool: 'MAX takes the largest value of each window, AVE the average.',
    pad: 'Border added at each side. Zeros of it count for AVE and not for MAX.',
    pad_h: 'Border above and below. Not together with `pad`.',
    pad_w: 'Border left and right. Not together with `pad`.',
    kernel_size:
      'Side of the window. Required unless `kernel_h` and `kernel_w` are given or `global_pooling` is on.',
    kernel_h: 'Height of the window. Not together with `kernel_size`.',
    kernel_w: 'Width of the window. Not together with `kernel_size`.',
    stride: 'Steps that the window moves by.',
    stride_h: 'Steps downwards. Not together with `stride`.',
    stride_w: 'Steps to the right. Not together with `stride`.',
    engine: shared.engine,
    global_pooling: 'Whether the window is the whole image, so that one value a channel is left.',
    round_mode:
      'Whether a window that does not fit completely at the end counts (CEIL) or not (FLOOR).',
    ceil_mode: 'What forks have instead of `round_mode`: true is CEIL, false is FLOOR.',
    round_below: 'What forks have instead of `round_mode`: true is FLOOR.',
  },
};

const spp: MessageText<SPPParameter> = {
  summary: 'Spatial pyramid pooling: 1, 4, 16, ... windows over the image, all in one row.',
  fields: {
    pyramid_height: 'Number of levels. Required.',
    pool: 'MAX takes the largest value of each window, AVE the average.',
    engine: shared.engine,
  },
};

const lrn: MessageText<LRNParameter> = {
  summary: 'Divides each value by (k + alpha / n * sum of the squares of its neighbours)^beta.',
  fields: {
    local_size: 'Number of neighbours along an axis, an odd number.',
    alpha: 'Factor on the mean of the squares.',
    beta: 'Exponent.',
    norm_region:
      'Whether neighbours are other channels at the same place or other places of the same channel.',
    k: 'Number that is added first.',
    engine: shared.engine,
  },
};

const mvn: MessageText<MVNParameter> = {
  summary: 'Subtracts the mean of each image, and divides by its standard deviation.',
  fields: {
    normalize_variance: 'Whether it divides, or only subtracts the mean.',
    across_channels: 'Whether mean and deviation are those of the whole image or of each channel.',
    eps: 'Small number added to the deviation, so that nothing is divided by 0.',
  },
};

const relu: MessageText<ReLUParameter> = {
  summary: 'Negative numbers become 0.',
  fields: {
    negative_slope: 'Factor that negative numbers are multiplied with instead.',
    engine: shared.engine,
    relu6: 'Whether numbers above 6 become 6, as in a `ReLU6`; a setting of forks.',
  },
};

const elu: MessageText<ELUParameter> = {
  summary: 'Negative numbers x become alpha * (exp(x) - 1).',
  fields: { alpha: 'What very negative numbers come close to, with a minus sign.' },
};

const sigmoid: MessageText<SigmoidParameter> = {
  summary: '1 / (1 + exp(-x)).',
  fields: { engine: shared.engine },
};

const tanh: MessageText<TanHParameter> = {
  summary: 'Hyperbolic tangent.',
  fields: { engine: shared.engine },
};

const swish: MessageText<SwishParameter> = {
  summary: 'x / (1 + exp(-beta x)).',
  fields: { beta: 'Factor in the exponent.' },
};

const clip: MessageText<ClipParameter> = {
  summary: 'Keeps numbers between two limits.',
  fields: { min: 'Lower limit. Required.', max: 'Upper limit. Required.' },
};

const threshold: MessageText<ThresholdParameter> = {
  summary: '1 for numbers above the threshold, 0 for the others.',
  fields: { threshold: 'The threshold.' },
};

const power: MessageText<PowerParameter> = {
  summary: '(shift + scale * x)^power.',
  fields: { power: 'Exponent.', scale: 'Factor.', shift: 'Number that is added.' },
};

const exp: MessageText<ExpParameter> = {
  summary: 'base^(shift + scale * x).',
  fields: { base: 'The base; -1 stands for e.', scale: 'Factor.', shift: 'Number that is added.' },
};

const log: MessageText<LogParameter> = {
  summary: 'Logarithm of shift + scale * x.',
  fields: { base: 'The base; -1 stands for e.', scale: 'Factor.', shift: 'Number that is added.' },
};

const dropout: MessageText<DropoutParameter> = {
  summary: 'In TRAIN, sets numbers to 0 at random and makes the rest larger. In TEST, nothing.',
  fields: { dropout_ratio: 'Share of the numbers that is set to 0.' },
};

const eltwise: MessageText<EltwiseParameter> = {
  summary: 'Puts bottoms of one shape together, number by number.',
  fields: {
    operation: 'Product, sum or maximum.',
    coeff: 'With SUM: a factor for each bottom; 1 where they are left out.',
    stable_prod_grad: 'How the gradient of PROD is computed. Training only.',
  },
};

const reduction: MessageText<ReductionParameter> = {
  summary: 'One number of everything from an axis on.',
  fields: {
    operation: 'Sum, sum of absolute values, sum of squares, or mean.',
    axis: 'First axis that is put together; 0 gives a single number.',
    coeff: 'Factor on the result.',
  },
};

const softmax: MessageText<SoftmaxParameter> = {
  summary: 'Turns scores into probabilities that add up to 1.',
  fields: { engine: shared.engine, axis: 'Axis of the classes.' },
};

/** Layers that compute without learning. */
export const functionTexts = {
  PoolingParameter: pooling,
  SPPParameter: spp,
  LRNParameter: lrn,
  MVNParameter: mvn,
  ReLUParameter: relu,
  ELUParameter: elu,
  SigmoidParameter: sigmoid,
  TanHParameter: tanh,
  SwishParameter: swish,
  ClipParameter: clip,
  ThresholdParameter: threshold,
  PowerParameter: power,
  ExpParameter: exp,
  LogParameter: log,
  DropoutParameter: dropout,
  EltwiseParameter: eltwise,
  ReductionParameter: reduction,
  SoftmaxParameter: softmax,
};
