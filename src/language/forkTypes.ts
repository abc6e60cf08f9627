/** Layer types of well-known forks that cannot be converted, but are no mistakes; by fork. */
const types: Readonly<Record<string, string>> = {
  SSD:
    'AnnotatedData MultiBoxLoss DetectionEvaluate VideoData Permute Normalize PriorBox ' +
    'DetectionOutput',
  'MobileNet-YOLO':
    'RegionLoss Yolov3 YoloSeg YoloDetectionOutput Yolov3DetectionOutput SegmentationEvaluate ' +
    'BoxData EvalDetection DetectionLoss YoloLoss Reorg',
  'Faster R-CNN': 'SmoothL1Loss Proposal ROIPooling ROIAlign',
  'R-FCN':
    'BoxAnnotatorOHEM SoftmaxWithLossOHEM SmoothL1LossOHEM PSROIPooling PSROIAlign ' +
    'DeformableConvolution DeformablePSROIPooling',
  NVIDIA: 'DetectNetTransformation L1Loss',
  Intel: 'MnActivation MnParamGrad SplitBatch SpatialDropout ContinuationIndicator',
  TSN: 'BatchReduction SegData ColorConv ReverseAxis CopyLayer',
  C3D: 'Convolution3D Pooling3D Deconvolution3D NdConvolution NdPooling VolumeData',
  DeepLab:
    'DomainTransform DenseCRF MatRead MatWrite UniqueLabel SegAccuracy ImageSegData ' +
    'AdaptiveBiasChannel BiasChannel Interp',
  SegNet: 'DenseImageData Upsample BN',
  'CRF-RNN': 'MultiStageMeanfield',
  SqueezeDet: 'BboxToTransDelta SqueezeDet SqueezeDetLoss BBoxData BboxData',
  OpenPose: 'CPMData ImResize Nms ConcatStages',
  FlowNet:
    'Correlation Correlation1D FlowWarp Resample Downsample ChannelNorm LpqLoss DataAugmentation ' +
    'GenerateAugmentationParameters FlowAugmentation CustomData ImgWriter FLOWriter Mean Accum ' +
    'BlackAugmentation',
  'text recognition':
    'Lstm LstmUnit Gru Transpose Reverse CTCLoss CtcLoss WarpCTCLoss SequenceAccuracy',
  'face recognition':
    'CenterLoss TripletLoss MarginInnerProduct LabelSpecificAdd LabelSpecificMargin CosinAddm ' +
    'Normalization NormalizationL2 NormalizeLayer FocalLoss OrdinalRegressionLoss',
  Synopsys:
    'ResizeNearestNeighbor ResizeBilinear DepthToSpace SpaceToDepth GatherNd TopkGather NMSGather ' +
    'CropAndResize PyramidRoiAlign Stack Unstack ReduceSum ReduceMax ReduceMin ReduceProd ReduceMean ' +
    'BatchToSpaceND SpaceToBatchND MirrorPad TileND ExpandDimsND BroadcastTo StridedSlice Piece ' +
    'SqueezeConvolution SqueezeInnerProduct',
  MyCaffe:
    'MemoryLoss LstmAttention TokenizedData TransformerBlock LayerNorm DataSequence Decode AccuracyDecode',
  'caffe-windows': 'InnerDistance Flip Covariance MultiLabelImageData SubRegion Hotspot Insanity',
  DHN: 'MultiLabelData PairwiseLoss QuantizationLoss',
  'TI Jacinto': 'ImageLabelData',
  'Spatial Transformer': 'SpatialTransformer STLoss',
  others:
    'Gather Scatter MatMul ExpandDims Pad Warp Attention Bilinear CompactBilinear ' +
    'LocalConvolution Local RankLoss MILData MIL Remap Noise GaussianNoise Cast Where Sort TopK ' +
    'ShuffleChannel CReLU RReLU TReLU SReLU Unpooling UnPooling BatchNormalization Swish Mish HSwish HSigmoid ' +
    'ConvLSTM OutputDecay MultiBoxFocalLoss Truncation Duplicate MinReLU SVRLoss',
};

const forkByType: ReadonlyMap<string, string> = new Map(
  Object.entries(types).flatMap(([fork, names]) =>
    names.split(' ').map((name) => [name, fork] as const),
  ),
);

/** Layer types of well-known forks that cannot be converted, but are no mistakes. */
export const forkLayerTypes: readonly string[] = [...forkByType.keys()];

/** The fork that has a layer type which Caffe has not; undefined for one that none is known to have. */
export function forkOfType(type: string): string | undefined {
  return forkByType.get(type);
}

/** `the SSD fork of Caffe`, as sentences name it. */
export function forkWords(fork: string): string {
  return fork === 'others' ? 'forks of Caffe' : `the ${fork} fork of Caffe`;
}
