import type {
  BNParameter,
  DetectionOutputParameter,
  InterpParameter,
  NonMaximumSuppressionParameter,
  NormalizeParameter,
  PSROIPoolingParameter,
  PermuteParameter,
  PriorBoxParameter,
  ROIPoolingParameter,
  ReorgParameter,
  ResizeParameter,
  SaveOutputParameter,
  ShuffleChannelParameter,
  UpsampleParameter,
} from '../../caffe/schema';
import { shared, type MessageText } from './texts';

const permute: MessageText<PermuteParameter> = {
  summary: 'Puts the axes of a blob in another order.',
  fields: { order: 'The axes of the bottom in their new order; those left out follow.' },
};

const normalize: MessageText<NormalizeParameter> = {
  summary: 'Divides by the length (L2 norm) and multiplies with learned factors.',
  fields: {
    across_spatial:
      'Whether the length is that of the whole image or of the channels at each place.',
    scale_filler: 'How the factors start before training.',
    channel_shared: 'Whether all channels share one factor.',
    eps: 'Small number that keeps it from dividing by 0.',
  },
};

const priorBox: MessageText<PriorBoxParameter> = {
  summary: 'Boxes to start from at each place of a feature map.',
  fields: {
    min_size: 'Side of the small square box, in pixels of the image.',
    max_size: 'With `min_size`: a second square box, of the geometric mean of both.',
    aspect_ratio: 'Width to height of further boxes.',
    flip: 'Whether each ratio is used the other way round, too.',
    clip: 'Whether boxes are cut at the border of the image.',
    variance: 'What box regression is divided by: one number for all, or four.',
    img_size: 'Side of the image; left out, that of the second bottom.',
    img_h: 'Height of the image.',
    img_w: 'Width of the image.',
    step: 'Distance of the places in pixels; left out, image size by feature map size.',
    step_h: 'Distance of the places downwards.',
    step_w: 'Distance of the places to the right.',
    offset: 'Where in its cell a place is; 0.5 is the middle.',
  },
};

const suppression: MessageText<NonMaximumSuppressionParameter> = {
  summary: 'Which of overlapping boxes are dropped.',
  fields: {
    nms_threshold: 'Boxes that overlap a better one by more than this are dropped.',
    top_k: 'Boxes of each class that are looked at, the best first.',
    eta: 'Factor that lowers the threshold as boxes are kept; 1 keeps it.',
  },
};

const resize: MessageText<ResizeParameter> = {
  summary: 'How images are resized.',
  fields: {
    prob: 'How often it is done.',
    resize_mode: 'Stretch, fit the smaller side, or fit the larger side and pad.',
    height: 'Height to resize to.',
    width: 'Width to resize to.',
    pad_mode: 'What the padding is filled with.',
    pad_value: 'Value of each channel that CONSTANT pads with.',
    interp_mode: 'Kind of interpolation; one of several is taken at random.',
    height_scale: 'Height that other sizes are relative to.',
    width_scale: 'Width that other sizes are relative to.',
  },
};

const saveOutput: MessageText<SaveOutputParameter> = {
  summary: 'Files that detections are written to. Nothing is written here.',
  fields: {
    output_directory: 'Folder of the files.',
    output_name_prefix: 'Start of their names.',
    output_format: 'Their form: VOC, COCO or ILSVRC.',
    label_map_file: 'File with the names of the classes.',
    name_size_file: 'File with the names and sizes of the images.',
    num_test_image: 'Number of images.',
    resize_param: 'How the images were resized, to turn boxes back.',
  },
};

const detectionOutput: MessageText<DetectionOutputParameter> = {
  summary: 'Boxes that were found: decoded, the best of each class, without those that overlap.',
  fields: {
    num_classes: 'Number of classes, the background included. Required.',
    share_location: 'Whether all classes share one set of boxes.',
    background_label_id: 'Class that is no object; -1 where there is none.',
    nms_param: 'Which of overlapping boxes are dropped.',
    save_output_param: 'Files that detections are written to. Nothing is written here.',
    code_type: 'How boxes are encoded relative to their prior boxes.',
    variance_encoded_in_target: 'Whether the boxes are multiplied with the variances already.',
    keep_top_k: 'Boxes of an image that are kept; -1 keeps all.',
    confidence_threshold: 'Boxes with a lower score are dropped.',
    visualize: 'Whether results are shown. They are not here.',
    visualize_threshold: 'Score from which on boxes are shown.',
    save_file: 'Film that results are written to. Nothing is written here.',
  },
};

const interp: MessageText<InterpParameter> = {
  summary: 'Resizes by bilinear interpolation, corner to corner.',
  fields: {
    height: 'New height.',
    width: 'New width.',
    zoom_factor: 'Enlarges by this factor, less the corners.',
    shrink_factor: 'Shrinks by this factor, less the corners.',
    pad_beg: 'Border added above and left; a negative one is cut away.',
    pad_end: 'Border added below and right; a negative one is cut away.',
  },
};

const upsample: MessageText<UpsampleParameter> = {
  summary: 'Enlarges: to the places of a pooling mask, or by repeating pixels.',
  fields: {
    scale: 'Factor of both sides.',
    scale_h: 'Factor of the height.',
    scale_w: 'Factor of the width.',
    pad_out_h: 'Whether the height is one more.',
    pad_out_w: 'Whether the width is one more.',
    upsample_h: 'New height, instead of a factor.',
    upsample_w: 'New width, instead of a factor.',
  },
};

const shuffleChannel: MessageText<ShuffleChannelParameter> = {
  summary: 'Mixes channels between groups.',
  fields: { group: 'Number of groups.' },
};

const bn: MessageText<BNParameter> = {
  summary: 'Normalization by mean and variance with learned scale and shift, in one layer.',
  fields: {
    slope_filler: 'How the scale starts before training (PSPNet).',
    bias_filler: 'How the shift starts before training (PSPNet).',
    scale_filler: 'How the scale starts before training (SegNet).',
    shift_filler: 'How the shift starts before training (SegNet).',
    momentum: 'How much of the old statistics stays at each training step.',
    eps: 'Small number added to the variance (PSPNet).',
    frozen: 'Whether statistics stay as they are in training.',
    bn_mode: 'Whether statistics are those of the batch or were folded into the weights (SegNet).',
    bn_eps: 'Small number added to the variance (SegNet).',
    engine: shared.engine,
  },
};

const roiPooling: MessageText<ROIPoolingParameter> = {
  summary: 'The maximum of each cell of a grid over regions of the image.',
  fields: {
    pooled_h: 'Rows of the grid. Required.',
    pooled_w: 'Columns of the grid. Required.',
    spatial_scale: 'Feature map size by image size: what turns regions into places of the map.',
  },
};

const psroiPooling: MessageText<PSROIPoolingParameter> = {
  summary: 'The average of each cell of a grid over regions, each cell from channels of its own.',
  fields: {
    spatial_scale: 'Feature map size by image size: what turns regions into places of the map.',
    output_dim: 'Channels of the top.',
    group_size: 'Rows and columns of the grid.',
  },
};

const reorg: MessageText<ReorgParameter> = {
  summary: 'Turns blocks of pixels into channels.',
  fields: {
    stride: 'Side of the blocks.',
    reverse: 'Whether it turns channels into blocks of pixels.',
  },
};

/** What forks add. */
export const forkTexts = {
  PermuteParameter: permute,
  NormalizeParameter: normalize,
  PriorBoxParameter: priorBox,
  NonMaximumSuppressionParameter: suppression,
  ResizeParameter: resize,
  SaveOutputParameter: saveOutput,
  DetectionOutputParameter: detectionOutput,
  InterpParameter: interp,
  UpsampleParameter: upsample,
  ShuffleChannelParameter: shuffleChannel,
  BNParameter: bn,
  ROIPoolingParameter: roiPooling,
  PSROIPoolingParameter: psroiPooling,
  ReorgParameter: reorg,
};
