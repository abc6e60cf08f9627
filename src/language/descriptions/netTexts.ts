import type {
  BlobProto,
  BlobProtoVector,
  BlobShape,
  Datum,
  FillerParameter,
  LayerParameter,
  NetParameter,
  NetState,
  NetStateRule,
  ParamSpec,
} from '../../caffe/schema';
import type { MessageText } from './texts';

const blobShape: MessageText<BlobShape> = {
  summary: 'The shape of a blob, for images N x C x H x W.',
  fields: { dim: 'One size for each axis, the outermost first.' },
};

const blobProto: MessageText<BlobProto> = {
  summary: 'A blob with its numbers: weights, or a mean image.',
  fields: {
    shape: 'Shape of the blob.',
    data: 'The numbers, row by row, in single precision.',
    diff: 'Their gradients, in single precision.',
    double_data: 'The numbers in double precision.',
    double_diff: 'Their gradients in double precision.',
    num: 'Size of the first axis, in files from before there was `shape`.',
    channels: 'Size of the second axis, in files from before there was `shape`.',
    height: 'Size of the third axis, in files from before there was `shape`.',
    width: 'Size of the fourth axis, in files from before there was `shape`.',
  },
};

const blobProtoVector: MessageText<BlobProtoVector> = {
  summary: 'Several blobs.',
  fields: { blobs: 'The blobs.' },
};

const datum: MessageText<Datum> = {
  summary: 'One labelled image of a database.',
  fields: {
    channels: 'Number of channels.',
    height: 'Rows of pixels.',
    width: 'Columns of pixels.',
    data: 'The pixels as bytes, channel by channel, or a whole JPEG or PNG file.',
    label: 'The class of the image.',
    float_data: 'The pixels as real numbers, where there is no `data`.',
    encoded: 'Whether `data` is a JPEG or PNG file.',
  },
};

const netParameter: MessageText<NetParameter> = {
  summary: 'A network: its layers in the order they are computed.',
  fields: {
    name: 'Name of the net, for people.',
    input: 'A blob that comes from outside. An `Input` layer is the newer way to say so.',
    input_shape: 'Shape of the `input` at the same place.',
    input_dim: 'Sizes of the `input` blobs, four for each. Older than `input_shape`.',
    force_backward:
      'Whether gradients are computed for all layers, also where no weight is learned. Training only.',
    state:
      'Phase, level and stages of the net; layers join by their `include` and `exclude` rules.',
    debug_info: 'Whether Caffe logs the mean size of all values while it runs.',
    layer: 'A layer: what it reads (`bottom`), what it makes (`top`) and how.',
    layers: 'A layer in the form of 2013 or 2014. It is read as a `layer` of today.',
  },
};

const netState: MessageText<NetState> = {
  summary: 'The state a net is built in; rules of layers ask for it.',
  fields: {
    phase: 'TRAIN or TEST.',
    level: 'A number that `min_level` and `max_level` of rules are compared with.',
    stage: 'A word that `stage` and `not_stage` of rules ask for. There may be several.',
  },
};

const netStateRule: MessageText<NetStateRule> = {
  summary: 'A condition for a layer to take part: everything it says must hold.',
  fields: {
    phase: 'The phase must be this one.',
    min_level: 'The level must be this or higher.',
    max_level: 'The level must be this or lower.',
    stage: 'The net must have this stage; with several, all of them.',
    not_stage: 'The net must not have this stage; with several, none of them.',
  },
};

const paramSpec: MessageText<ParamSpec> = {
  summary:
    'How one weight blob is learned: the first `param` is for the weights, the second for the biases.',
  fields: {
    name: 'Weights of layers that give the same name here are shared: they are the same numbers.',
    share_mode:
      'Whether shared weights must have the same shape or only the same number of values.',
    lr_mult: 'Factor on the learning rate of the solver. 0 keeps the weights as they are.',
    decay_mult: 'Factor on the weight decay of the solver.',
  },
};

const fillerParameter: MessageText<FillerParameter> = {
  summary: 'How weights start before training.',
  fields: {
    type: 'Kind of numbers: `constant`, `uniform`, `gaussian`, `positive_unitball`, `xavier`, `msra` or `bilinear`.',
    value: 'The number that `constant` fills in.',
    min: 'Smallest number of `uniform`.',
    max: 'Largest number of `uniform`.',
    mean: 'Mean of `gaussian`.',
    std: 'Standard deviation of `gaussian`.',
    sparse: 'With `gaussian`: about how many weights of each output are not zero; -1 is all.',
    variance_norm: 'What `xavier` and `msra` divide by: inputs, outputs or the mean of both.',
  },
};

const layerParameter: MessageText<LayerParameter> = {
  summary: 'One layer of a net.',
  fields: {
    name: 'Name of the layer. Trained weights are found by it.',
    type: 'What the layer computes, e.g. `Convolution`. In quotes, with capitals as Caffe has them.',
    bottom: 'A blob that the layer reads. An earlier layer must have made it.',
    top: 'A blob that the layer makes. Some layers may write over their bottom: then both have the same name.',
    phase:
      'The phase of the net; Caffe sets it itself. Use `include` to say when a layer takes part.',
    loss_weight:
      'Share of a top in the total loss, one for each top. Loss layers have 1 for their first top.',
    param: 'Learning rate, decay and sharing of one weight blob, in the order of the blobs.',
    blobs: 'The weights themselves: in caffemodel files, hardly ever in a prototxt.',
    propagate_down: 'For each bottom, whether gradients go through to it. Training only.',
    include: 'The layer takes part only if one of these rules holds.',
    exclude: 'The layer takes part unless one of these rules holds. Not together with `include`.',
    transform_param: 'What is done with images on the way in: scale, mean, crop, mirror.',
    loss_param: 'Of loss layers: which labels are left out, and what the loss is divided by.',
    accuracy_param: 'Settings of `Accuracy`.',
    argmax_param: 'Settings of `ArgMax`.',
    batch_norm_param: 'Settings of `BatchNorm`.',
    bias_param: 'Settings of `Bias`.',
    clip_param: 'Settings of `Clip`.',
    concat_param: 'Settings of `Concat`.',
    contrastive_loss_param: 'Settings of `ContrastiveLoss`.',
    convolution_param: 'Settings of `Convolution`, `Deconvolution` and `Im2col`.',
    crop_param: 'Settings of `Crop`.',
    data_param: 'Settings of `Data`: which database, how many images at once.',
    dropout_param: 'Settings of `Dropout`.',
    dummy_data_param: 'Settings of `DummyData`.',
    eltwise_param: 'Settings of `Eltwise`.',
    elu_param: 'Settings of `ELU`.',
    embed_param: 'Settings of `Embed`.',
    exp_param: 'Settings of `Exp`.',
    flatten_param: 'Settings of `Flatten`.',
    hdf5_data_param: 'Settings of `HDF5Data`.',
    hdf5_output_param: 'Settings of `HDF5Output`.',
    hinge_loss_param: 'Settings of `HingeLoss`.',
    image_data_param: 'Settings of `ImageData`: a list of image files.',
    infogain_loss_param: 'Settings of `InfogainLoss`.',
    inner_product_param: 'Settings of `InnerProduct`, the fully connected layer.',
    input_param: 'Settings of `Input`: the shapes of its tops.',
    log_param: 'Settings of `Log`.',
    lrn_param: 'Settings of `LRN`.',
    memory_data_param: 'Settings of `MemoryData`.',
    mvn_param: 'Settings of `MVN`.',
    parameter_param: 'Settings of `Parameter`.',
    pooling_param: 'Settings of `Pooling`.',
    power_param: 'Settings of `Power`.',
    prelu_param: 'Settings of `PReLU`.',
    python_param: 'Settings of `Python`: whose code it runs.',
    recurrent_param: 'Settings of `RNN` and `LSTM`.',
    reduction_param: 'Settings of `Reduction`.',
    relu_param: 'Settings of `ReLU`.',
    reshape_param: 'Settings of `Reshape`.',
    scale_param: 'Settings of `Scale`.',
    sigmoid_param: 'Settings of `Sigmoid`: only which code computes it.',
    softmax_param: 'Settings of `Softmax` and `SoftmaxWithLoss`.',
    spp_param: 'Settings of `SPP`.',
    slice_param: 'Settings of `Slice`.',
    swish_param: 'Settings of `Swish`.',
    tanh_param: 'Settings of `TanH`: only which code computes it.',
    threshold_param: 'Settings of `Threshold`.',
    tile_param: 'Settings of `Tile`.',
    window_data_param: 'Settings of `WindowData`.',
    quantization_param:
      'Number formats of a quantized layer. Only layers of a Ristretto type, such as `ConvolutionRistretto`, read it.',
    permute_param: 'Settings of `Permute` (SSD).',
    norm_param: 'Settings of `Normalize` (SSD).',
    prior_box_param: 'Settings of `PriorBox` (SSD).',
    detection_output_param: 'Settings of `DetectionOutput` (SSD).',
    interp_param: 'Settings of `Interp` (DeepLab, PSPNet).',
    upsample_param: 'Settings of `Upsample` (SegNet, nets from Darknet).',
    shuffle_channel_param: 'Settings of `ShuffleChannel` (ShuffleNet).',
    bn_param: 'Settings of `BN` (SegNet, PSPNet).',
    roi_pooling_param: 'Settings of `ROIPooling` (Fast R-CNN).',
    psroi_pooling_param: 'Settings of `PSROIPooling` (R-FCN).',
    reorg_param: 'Settings of `Reorg` (YOLOv2).',
  },
};

/** Nets and what all layers have. */
export const netTexts = {
  BlobShape: blobShape,
  BlobProto: blobProto,
  BlobProtoVector: blobProtoVector,
  Datum: datum,
  NetParameter: netParameter,
  NetState: netState,
  NetStateRule: netStateRule,
  ParamSpec: paramSpec,
  FillerParameter: fillerParameter,
  LayerParameter: layerParameter,
};
