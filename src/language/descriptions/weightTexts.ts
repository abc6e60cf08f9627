import type {
  BatchNormParameter,
  BiasParameter,
  ConvolutionParameter,
  EmbedParameter,
  InnerProductParameter,
  PReLUParameter,
  RecurrentParameter,
  ScaleParameter,
} from '../../caffe/schema';
import { shared, type MessageText } from './texts';

const convolution: MessageText<ConvolutionParameter> = {
  summary: 'A window that moves over the image; at each place it is multiplied with each filter.',
  fields: {
    num_output: 'Number of filters: the channels of the top. Required.',
    bias_term: shared.biasTerm,
    pad: 'Zeros added at each side: one number for all axes, or one for each.',
    kernel_size:
      'Size of the filters: one number for all axes, or one for each. Required unless `kernel_h` and `kernel_w` are given.',
    stride:
      'Steps that the window moves by: one number for all axes, or one for each. 1 where it is left out.',
    dilation:
      'Distance between neighbouring inputs of a filter: 1, the default, is an ordinary filter.',
    pad_h: 'Zeros added above and below. Not together with `pad`.',
    pad_w: 'Zeros added left and right. Not together with `pad`.',
    kernel_h: 'Height of the filters. Not together with `kernel_size`.',
    kernel_w: 'Width of the filters. Not together with `kernel_size`.',
    stride_h: 'Steps downwards. Not together with `stride`.',
    stride_w: 'Steps to the right. Not together with `stride`.',
    group:
      'Splits the channels into so many groups, each with filters of its own. As many groups as channels make a depthwise convolution.',
    weight_filler: shared.weightFiller,
    bias_filler: shared.biasFiller,
    engine: shared.engine,
    axis: 'Axis of the channels; those after it are the image.',
    force_nd_im2col: 'Takes the general code of Caffe also for plain images. It changes no result.',
  },
};

const innerProduct: MessageText<InnerProductParameter> = {
  summary: 'Fully connected: every output is a weighted sum of all inputs.',
  fields: {
    num_output: 'Number of outputs. Required.',
    bias_term: shared.biasTerm,
    weight_filler: shared.weightFiller,
    bias_filler: shared.biasFiller,
    axis: 'Everything from this axis on is one row of inputs; axes before it stay.',
    transpose: 'Whether the weights are stored the other way round, inputs x outputs.',
  },
};

const embed: MessageText<EmbedParameter> = {
  summary: 'A table with a row of numbers for each word: the bottom says which row.',
  fields: {
    num_output: 'Numbers in a row. Required.',
    input_dim: 'Rows of the table: bottoms are below this. Required.',
    bias_term: shared.biasTerm,
    weight_filler: shared.weightFiller,
    bias_filler: shared.biasFiller,
  },
};

const recurrent: MessageText<RecurrentParameter> = {
  summary: 'A layer that goes through its first axis step by step and remembers.',
  fields: {
    num_output: 'Numbers that it remembers and puts out. Required.',
    weight_filler: shared.weightFiller,
    bias_filler: shared.biasFiller,
    debug_info: 'Whether Caffe logs the net inside of the layer.',
    expose_hidden: 'Whether what it remembers comes in and goes out as further bottoms and tops.',
  },
};

const batchNorm: MessageText<BatchNormParameter> = {
  summary:
    'Subtracts the mean of each channel and divides by its standard deviation. Mostly a `Scale` layer follows.',
  fields: {
    use_global_stats:
      'Whether the learned mean and variance are used, or those of the batch. Left out: learned in TEST, batch in TRAIN.',
    moving_average_fraction: 'How much of the old average stays at each training step.',
    eps: 'Small number added to the variance, so that nothing is divided by 0.',
    scale_bias: 'NVIDIA Caffe: whether the layer also learns a factor and a shift a channel.',
  },
};

const scale: MessageText<ScaleParameter> = {
  summary: 'Multiplies with learned factors, or with a second bottom.',
  fields: {
    axis: 'First axis of the bottom that the factors belong to.',
    num_axes: 'How many axes the factors have; -1 is all from `axis` on, 0 a single factor.',
    filler: 'How the factors start before training; 1 where it is left out.',
    bias_term: 'Whether a learned bias is added as well.',
    bias_filler: shared.biasFiller,
  },
};

const bias: MessageText<BiasParameter> = {
  summary: 'Adds learned numbers, or a second bottom.',
  fields: {
    axis: 'First axis of the bottom that the numbers belong to.',
    num_axes: 'How many axes the numbers have; -1 is all from `axis` on, 0 a single number.',
    filler: 'How the numbers start before training; 0 where it is left out.',
  },
};

const prelu: MessageText<PReLUParameter> = {
  summary: 'A ReLU whose slope for negative numbers is learned.',
  fields: {
    filler: 'How the slopes start before training; 0.25 where it is left out.',
    channel_shared: 'Whether all channels share one slope.',
  },
};

/** Layers that learn weights. */
export const weightTexts = {
  ConvolutionParameter: convolution,
  InnerProductParameter: innerProduct,
  EmbedParameter: embed,
  RecurrentParameter: recurrent,
  BatchNormParameter: batchNorm,
  ScaleParameter: scale,
  BiasParameter: bias,
  PReLUParameter: prelu,
};
