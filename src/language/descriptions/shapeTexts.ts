import type {
  AccuracyParameter,
  ArgMaxParameter,
  ConcatParameter,
  ContrastiveLossParameter,
  CropParameter,
  FlattenParameter,
  HingeLossParameter,
  InfogainLossParameter,
  LossParameter,
  ReshapeParameter,
  SliceParameter,
  TileParameter,
} from '../../caffe/schema';
import type { MessageText } from './texts';

const concat: MessageText<ConcatParameter> = {
  summary: 'Puts bottoms one after the other along an axis.',
  fields: {
    axis: 'The axis; 1 is the channels. May count from the end: -1 is the last.',
    concat_dim: 'The older name of `axis`.',
  },
};

const slice: MessageText<SliceParameter> = {
  summary: 'Cuts its bottom along an axis, a piece for each top.',
  fields: {
    axis: 'The axis; 1 is the channels. May count from the end: -1 is the last.',
    slice_point: 'Where to cut: one less than there are tops. Left out, all pieces are alike.',
    slice_dim: 'The older name of `axis`.',
  },
};

const flatten: MessageText<FlattenParameter> = {
  summary: 'Joins axes into one.',
  fields: { axis: 'First axis to join.', end_axis: 'Last axis to join; -1 is the last there is.' },
};

const reshape: MessageText<ReshapeParameter> = {
  summary: 'Gives the same numbers another shape.',
  fields: {
    shape: 'The new sizes: 0 takes the size over from the bottom, -1 (once) takes what is left.',
    axis: 'First axis of the bottom that the new sizes replace.',
    num_axes: 'How many axes they replace; -1 is all from `axis` on.',
  },
};

const crop: MessageText<CropParameter> = {
  summary: 'Cuts the first bottom to the size of the second.',
  fields: {
    axis: 'First axis that is cut; 2 is the height.',
    offset: 'Where the cut starts: one number for all axes, or one for each.',
  },
};

const tile: MessageText<TileParameter> = {
  summary: 'Repeats its bottom along an axis.',
  fields: { axis: 'The axis.', tiles: 'How many times. Required.' },
};

const argMax: MessageText<ArgMaxParameter> = {
  summary: 'The places of the largest values.',
  fields: {
    out_max_val: 'Whether the values are put out, too (or, with `axis`, instead).',
    top_k: 'How many of the largest.',
    axis: 'The axis to look along; left out, each image is looked at as a whole.',
  },
};

const accuracy: MessageText<AccuracyParameter> = {
  summary: 'The share of images whose label is among the best scores.',
  fields: {
    top_k: 'A label counts as found among so many best scores.',
    axis: 'Axis of the classes.',
    ignore_label: 'Label whose images are not counted.',
  },
};

const loss: MessageText<LossParameter> = {
  summary: 'What all loss layers may be told.',
  fields: {
    ignore_label: 'Label whose values do not count.',
    normalization: 'What the sum of losses is divided by.',
    normalize: 'Older than `normalization`: true is VALID, false is BATCH_SIZE.',
  },
};

const hingeLoss: MessageText<HingeLossParameter> = {
  summary: 'Loss of a support vector machine, one class against all others.',
  fields: { norm: 'Whether the margins count as they are (L1) or squared (L2).' },
};

const contrastiveLoss: MessageText<ContrastiveLossParameter> = {
  summary:
    'Loss of siamese nets: alike pairs should be near, others further apart than the margin.',
  fields: {
    margin: 'Distance from which on unlike pairs cost nothing.',
    legacy_version:
      'Whether the squared distance is compared with the margin, as early versions did.',
  },
};

const infogainLoss: MessageText<InfogainLossParameter> = {
  summary: 'Logistic loss in which some mistakes count more than others.',
  fields: {
    source:
      'A `.binaryproto` file with the matrix of weights, classes x classes, where it is no bottom.',
    axis: 'Axis of the classes.',
  },
};

/** Layers that arrange blobs, and those that compare them with labels. */
export const shapeTexts = {
  ConcatParameter: concat,
  SliceParameter: slice,
  FlattenParameter: flatten,
  ReshapeParameter: reshape,
  CropParameter: crop,
  TileParameter: tile,
  ArgMaxParameter: argMax,
  AccuracyParameter: accuracy,
  LossParameter: loss,
  HingeLossParameter: hingeLoss,
  ContrastiveLossParameter: contrastiveLoss,
  InfogainLossParameter: infogainLoss,
};
