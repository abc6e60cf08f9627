// Generated from proto/caffe.proto and proto/forks.proto by `npm run generate`: edit those files,
// not this one.
//
// Fields have their prototxt names. A scalar that a file leaves out reads as its default, an absent
// message as undefined, an absent repeated field as an empty array.

export interface BlobShape {
  readonly dim: readonly number[];
}

export interface BlobProto {
  readonly shape?: BlobShape;
  readonly data: readonly number[];
  readonly diff: readonly number[];
  readonly double_data: readonly number[];
  readonly double_diff: readonly number[];
  readonly num: number;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

export interface BlobProtoVector {
  readonly blobs: readonly BlobProto[];
}

export interface Datum {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly data: Uint8Array;
  readonly label: number;
  readonly float_data: readonly number[];
  readonly encoded: boolean;
}

export type Phase = 'TRAIN' | 'TEST';

export interface NetParameter {
  readonly name: string;
  readonly input: readonly string[];
  readonly input_shape: readonly BlobShape[];
  readonly input_dim: readonly number[];
  readonly force_backward: boolean;
  readonly state?: NetState;
  readonly debug_info: boolean;
  readonly layer: readonly LayerParameter[];
  readonly layers: readonly V1LayerParameter[];
}

export interface NetState {
  readonly phase: Phase;
  readonly level: number;
  readonly stage: readonly string[];
}

export interface NetStateRule {
  readonly phase: Phase;
  readonly min_level: number;
  readonly max_level: number;
  readonly stage: readonly string[];
  readonly not_stage: readonly string[];
}

export type SolverParameter_SnapshotFormat = 'HDF5' | 'BINARYPROTO';

export type SolverParameter_SolverMode = 'CPU' | 'GPU';

export type SolverParameter_SolverType =
  'SGD' | 'NESTEROV' | 'ADAGRAD' | 'RMSPROP' | 'ADADELTA' | 'ADAM';

export interface SolverParameter {
  readonly net: string;
  readonly net_param?: NetParameter;
  readonly train_net: string;
  readonly test_net: readonly string[];
  readonly train_net_param?: NetParameter;
  readonly test_net_param: readonly NetParameter[];
  readonly train_state?: NetState;
  readonly test_state: readonly NetState[];
  readonly test_iter: readonly number[];
  readonly test_interval: number;
  readonly test_compute_loss: boolean;
  readonly test_initialization: boolean;
  readonly base_lr: number;
  readonly display: number;
  readonly average_loss: number;
  readonly max_iter: number;
  readonly iter_size: number;
  readonly lr_policy: string;
  readonly gamma: number;
  readonly power: number;
  readonly momentum: number;
  readonly weight_decay: number;
  readonly regularization_type: string;
  readonly stepsize: number;
  readonly stepvalue: readonly number[];
  readonly clip_gradients: number;
  readonly snapshot: number;
  readonly snapshot_prefix: string;
  readonly snapshot_diff: boolean;
  readonly snapshot_format: SolverParameter_SnapshotFormat;
  readonly solver_mode: SolverParameter_SolverMode;
  readonly device_id: number;
  readonly random_seed: number;
  readonly type: string;
  readonly delta: number;
  readonly momentum2: number;
  readonly rms_decay: number;
  readonly debug_info: boolean;
  readonly snapshot_after_train: boolean;
  readonly solver_type: SolverParameter_SolverType;
  readonly layer_wise_reduce: boolean;
  readonly weights: readonly string[];
}

export interface SolverState {
  readonly iter: number;
  readonly learned_net: string;
  readonly history: readonly BlobProto[];
  readonly current_step: number;
}

export interface LayerParameter {
  readonly name: string;
  readonly type: string;
  readonly bottom: readonly string[];
  readonly top: readonly string[];
  readonly phase: Phase;
  readonly loss_weight: readonly number[];
  readonly param: readonly ParamSpec[];
  readonly blobs: readonly BlobProto[];
  readonly propagate_down: readonly boolean[];
  readonly include: readonly NetStateRule[];
  readonly exclude: readonly NetStateRule[];
  readonly transform_param?: TransformationParameter;
  readonly loss_param?: LossParameter;
  readonly accuracy_param?: AccuracyParameter;
  readonly argmax_param?: ArgMaxParameter;
  readonly batch_norm_param?: BatchNormParameter;
  readonly bias_param?: BiasParameter;
  readonly clip_param?: ClipParameter;
  readonly concat_param?: ConcatParameter;
  readonly contrastive_loss_param?: ContrastiveLossParameter;
  readonly convolution_param?: ConvolutionParameter;
  readonly crop_param?: CropParameter;
  readonly data_param?: DataParameter;
  readonly dropout_param?: DropoutParameter;
  readonly dummy_data_param?: DummyDataParameter;
  readonly eltwise_param?: EltwiseParameter;
  readonly elu_param?: ELUParameter;
  readonly embed_param?: EmbedParameter;
  readonly exp_param?: ExpParameter;
  readonly flatten_param?: FlattenParameter;
  readonly hdf5_data_param?: HDF5DataParameter;
  readonly hdf5_output_param?: HDF5OutputParameter;
  readonly hinge_loss_param?: HingeLossParameter;
  readonly image_data_param?: ImageDataParameter;
  readonly infogain_loss_param?: InfogainLossParameter;
  readonly inner_product_param?: InnerProductParameter;
  readonly input_param?: InputParameter;
  readonly log_param?: LogParameter;
  readonly lrn_param?: LRNParameter;
  readonly memory_data_param?: MemoryDataParameter;
  readonly mvn_param?: MVNParameter;
  readonly parameter_param?: ParameterParameter;
  readonly pooling_param?: PoolingParameter;
  readonly power_param?: PowerParameter;
  readonly prelu_param?: PReLUParameter;
  readonly python_param?: PythonParameter;
  readonly recurrent_param?: RecurrentParameter;
  readonly reduction_param?: ReductionParameter;
  readonly relu_param?: ReLUParameter;
  readonly reshape_param?: ReshapeParameter;
  readonly scale_param?: ScaleParameter;
  readonly sigmoid_param?: SigmoidParameter;
  readonly softmax_param?: SoftmaxParameter;
  readonly spp_param?: SPPParameter;
  readonly slice_param?: SliceParameter;
  readonly swish_param?: SwishParameter;
  readonly tanh_param?: TanHParameter;
  readonly threshold_param?: ThresholdParameter;
  readonly tile_param?: TileParameter;
  readonly window_data_param?: WindowDataParameter;
  readonly quantization_param?: QuantizationParameter;
  readonly permute_param?: PermuteParameter;
  readonly norm_param?: NormalizeParameter;
  readonly prior_box_param?: PriorBoxParameter;
  readonly detection_output_param?: DetectionOutputParameter;
  readonly interp_param?: InterpParameter;
  readonly upsample_param?: UpsampleParameter;
  readonly shuffle_channel_param?: ShuffleChannelParameter;
  readonly bn_param?: BNParameter;
  readonly roi_pooling_param?: ROIPoolingParameter;
  readonly psroi_pooling_param?: PSROIPoolingParameter;
  readonly reorg_param?: ReorgParameter;
}

export type ParamSpec_DimCheckMode = 'STRICT' | 'PERMISSIVE';

export interface ParamSpec {
  readonly name: string;
  readonly share_mode: ParamSpec_DimCheckMode;
  readonly lr_mult: number;
  readonly decay_mult: number;
}

export type FillerParameter_VarianceNorm = 'FAN_IN' | 'FAN_OUT' | 'AVERAGE';

export interface FillerParameter {
  readonly type: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly std: number;
  readonly sparse: number;
  readonly variance_norm: FillerParameter_VarianceNorm;
}

export interface AccuracyParameter {
  readonly top_k: number;
  readonly axis: number;
  readonly ignore_label: number;
}

export interface ArgMaxParameter {
  readonly out_max_val: boolean;
  readonly top_k: number;
  readonly axis: number;
}

export interface BatchNormParameter {
  readonly use_global_stats: boolean;
  readonly moving_average_fraction: number;
  readonly eps: number;
}

export interface BiasParameter {
  readonly axis: number;
  readonly num_axes: number;
  readonly filler?: FillerParameter;
}

export interface ClipParameter {
  readonly min: number;
  readonly max: number;
}

export interface ConcatParameter {
  readonly axis: number;
  readonly concat_dim: number;
}

export interface ContrastiveLossParameter {
  readonly margin: number;
  readonly legacy_version: boolean;
}

export type ConvolutionParameter_Engine = 'DEFAULT' | 'CAFFE' | 'CUDNN';

export interface ConvolutionParameter {
  readonly num_output: number;
  readonly bias_term: boolean;
  readonly pad: readonly number[];
  readonly kernel_size: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
  readonly pad_h: number;
  readonly pad_w: number;
  readonly kernel_h: number;
  readonly kernel_w: number;
  readonly stride_h: number;
  readonly stride_w: number;
  readonly group: number;
  readonly weight_filler?: FillerParameter;
  readonly bias_filler?: FillerParameter;
  readonly engine: ConvolutionParameter_Engine;
  readonly axis: number;
  readonly force_nd_im2col: boolean;
}

export interface CropParameter {
  readonly axis: number;
  readonly offset: readonly number[];
}

export type DataParameter_DB = 'LEVELDB' | 'LMDB';

export interface DataParameter {
  readonly source: string;
  readonly batch_size: number;
  readonly rand_skip: number;
  readonly backend: DataParameter_DB;
  readonly scale: number;
  readonly mean_file: string;
  readonly crop_size: number;
  readonly mirror: boolean;
  readonly force_encoded_color: boolean;
  readonly prefetch: number;
}

export interface DropoutParameter {
  readonly dropout_ratio: number;
}

export interface DummyDataParameter {
  readonly data_filler: readonly FillerParameter[];
  readonly shape: readonly BlobShape[];
  readonly num: readonly number[];
  readonly channels: readonly number[];
  readonly height: readonly number[];
  readonly width: readonly number[];
}

export type EltwiseParameter_EltwiseOp = 'PROD' | 'SUM' | 'MAX';

export interface EltwiseParameter {
  readonly operation: EltwiseParameter_EltwiseOp;
  readonly coeff: readonly number[];
  readonly stable_prod_grad: boolean;
}

export interface ELUParameter {
  readonly alpha: number;
}

export interface EmbedParameter {
  readonly num_output: number;
  readonly input_dim: number;
  readonly bias_term: boolean;
  readonly weight_filler?: FillerParameter;
  readonly bias_filler?: FillerParameter;
}

export interface ExpParameter {
  readonly base: number;
  readonly scale: number;
  readonly shift: number;
}

export interface FlattenParameter {
  readonly axis: number;
  readonly end_axis: number;
}

export interface HDF5DataParameter {
  readonly source: string;
  readonly batch_size: number;
  readonly shuffle: boolean;
}

export interface HDF5OutputParameter {
  readonly file_name: string;
}

export type HingeLossParameter_Norm = 'L1' | 'L2';

export interface HingeLossParameter {
  readonly norm: HingeLossParameter_Norm;
}

export interface ImageDataParameter {
  readonly source: string;
  readonly batch_size: number;
  readonly rand_skip: number;
  readonly shuffle: boolean;
  readonly new_height: number;
  readonly new_width: number;
  readonly is_color: boolean;
  readonly scale: number;
  readonly mean_file: string;
  readonly crop_size: number;
  readonly mirror: boolean;
  readonly root_folder: string;
}

export interface InfogainLossParameter {
  readonly source: string;
  readonly axis: number;
}

export interface InnerProductParameter {
  readonly num_output: number;
  readonly bias_term: boolean;
  readonly weight_filler?: FillerParameter;
  readonly bias_filler?: FillerParameter;
  readonly axis: number;
  readonly transpose: boolean;
}

export interface InputParameter {
  readonly shape: readonly BlobShape[];
}

export interface LogParameter {
  readonly base: number;
  readonly scale: number;
  readonly shift: number;
}

export type LossParameter_NormalizationMode = 'FULL' | 'VALID' | 'BATCH_SIZE' | 'NONE';

export interface LossParameter {
  readonly ignore_label: number;
  readonly normalization: LossParameter_NormalizationMode;
  readonly normalize: boolean;
}

export type LRNParameter_NormRegion = 'ACROSS_CHANNELS' | 'WITHIN_CHANNEL';

export type LRNParameter_Engine = 'DEFAULT' | 'CAFFE' | 'CUDNN';

export interface LRNParameter {
  readonly local_size: number;
  readonly alpha: number;
  readonly beta: number;
  readonly norm_region: LRNParameter_NormRegion;
  readonly k: number;
  readonly engine: LRNParameter_Engine;
}

export interface MemoryDataParameter {
  readonly batch_size: number;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

export interface MVNParameter {
  readonly normalize_variance: boolean;
  readonly across_channels: boolean;
  readonly eps: number;
}

export interface ParameterParameter {
  readonly shape?: BlobShape;
}

export type PoolingParameter_PoolMethod = 'MAX' | 'AVE' | 'STOCHASTIC';

export type PoolingParameter_Engine = 'DEFAULT' | 'CAFFE' | 'CUDNN';

export type PoolingParameter_RoundMode = 'CEIL' | 'FLOOR';

export interface PoolingParameter {
  readonly pool: PoolingParameter_PoolMethod;
  readonly pad: number;
  readonly pad_h: number;
  readonly pad_w: number;
  readonly kernel_size: number;
  readonly kernel_h: number;
  readonly kernel_w: number;
  readonly stride: number;
  readonly stride_h: number;
  readonly stride_w: number;
  readonly engine: PoolingParameter_Engine;
  readonly global_pooling: boolean;
  readonly round_mode: PoolingParameter_RoundMode;
  readonly ceil_mode: boolean;
  readonly round_below: boolean;
}

export interface PowerParameter {
  readonly power: number;
  readonly scale: number;
  readonly shift: number;
}

export interface PReLUParameter {
  readonly filler?: FillerParameter;
  readonly channel_shared: boolean;
}

export interface PythonParameter {
  readonly module: string;
  readonly layer: string;
  readonly param_str: string;
  readonly share_in_parallel: boolean;
}

export interface RecurrentParameter {
  readonly num_output: number;
  readonly weight_filler?: FillerParameter;
  readonly bias_filler?: FillerParameter;
  readonly debug_info: boolean;
  readonly expose_hidden: boolean;
}

export type ReductionParameter_ReductionOp = 'SUM' | 'ASUM' | 'SUMSQ' | 'MEAN';

export interface ReductionParameter {
  readonly operation: ReductionParameter_ReductionOp;
  readonly axis: number;
  readonly coeff: number;
}

export type ReLUParameter_Engine = 'DEFAULT' | 'CAFFE' | 'CUDNN';

export interface ReLUParameter {
  readonly negative_slope: number;
  readonly engine: ReLUParameter_Engine;
  readonly relu6: boolean;
}

export interface ReshapeParameter {
  readonly shape?: BlobShape;
  readonly axis: number;
  readonly num_axes: number;
}

export interface ScaleParameter {
  readonly axis: number;
  readonly num_axes: number;
  readonly filler?: FillerParameter;
  readonly bias_term: boolean;
  readonly bias_filler?: FillerParameter;
}

export type SigmoidParameter_Engine = 'DEFAULT' | 'CAFFE' | 'CUDNN';

export interface SigmoidParameter {
  readonly engine: SigmoidParameter_Engine;
}

export interface SliceParameter {
  readonly axis: number;
  readonly slice_point: readonly number[];
  readonly slice_dim: number;
}

export type SoftmaxParameter_Engine = 'DEFAULT' | 'CAFFE' | 'CUDNN';

export interface SoftmaxParameter {
  readonly engine: SoftmaxParameter_Engine;
  readonly axis: number;
}

export type SPPParameter_PoolMethod = 'MAX' | 'AVE' | 'STOCHASTIC';

export type SPPParameter_Engine = 'DEFAULT' | 'CAFFE' | 'CUDNN';

export interface SPPParameter {
  readonly pyramid_height: number;
  readonly pool: SPPParameter_PoolMethod;
  readonly engine: SPPParameter_Engine;
}

export interface SwishParameter {
  readonly beta: number;
}

export type TanHParameter_Engine = 'DEFAULT' | 'CAFFE' | 'CUDNN';

export interface TanHParameter {
  readonly engine: TanHParameter_Engine;
}

export interface ThresholdParameter {
  readonly threshold: number;
}

export interface TileParameter {
  readonly axis: number;
  readonly tiles: number;
}

export interface TransformationParameter {
  readonly scale: number;
  readonly mirror: boolean;
  readonly crop_size: number;
  readonly mean_file: string;
  readonly mean_value: readonly number[];
  readonly force_color: boolean;
  readonly force_gray: boolean;
}

export interface WindowDataParameter {
  readonly source: string;
  readonly scale: number;
  readonly mean_file: string;
  readonly batch_size: number;
  readonly crop_size: number;
  readonly mirror: boolean;
  readonly fg_threshold: number;
  readonly bg_threshold: number;
  readonly fg_fraction: number;
  readonly context_pad: number;
  readonly crop_mode: string;
  readonly cache_images: boolean;
  readonly root_folder: string;
}

export type QuantizationParameter_Precision =
  'DYNAMIC_FIXED_POINT' | 'MINIFLOAT' | 'INTEGER_POWER_OF_2_WEIGHTS';

export type QuantizationParameter_Rounding = 'NEAREST' | 'STOCHASTIC';

export interface QuantizationParameter {
  readonly precision: QuantizationParameter_Precision;
  readonly rounding_scheme: QuantizationParameter_Rounding;
  readonly bw_layer_in: number;
  readonly bw_layer_out: number;
  readonly bw_params: number;
  readonly fl_layer_in: number;
  readonly fl_layer_out: number;
  readonly fl_params: number;
  readonly mant_bits: number;
  readonly exp_bits: number;
  readonly exp_min: number;
  readonly exp_max: number;
}

export type V1LayerParameter_LayerType =
  | 'NONE'
  | 'ABSVAL'
  | 'ACCURACY'
  | 'ARGMAX'
  | 'BNLL'
  | 'CONCAT'
  | 'CONTRASTIVE_LOSS'
  | 'CONVOLUTION'
  | 'DATA'
  | 'DECONVOLUTION'
  | 'DROPOUT'
  | 'DUMMY_DATA'
  | 'EUCLIDEAN_LOSS'
  | 'ELTWISE'
  | 'EXP'
  | 'FLATTEN'
  | 'HDF5_DATA'
  | 'HDF5_OUTPUT'
  | 'HINGE_LOSS'
  | 'IM2COL'
  | 'IMAGE_DATA'
  | 'INFOGAIN_LOSS'
  | 'INNER_PRODUCT'
  | 'LRN'
  | 'MEMORY_DATA'
  | 'MULTINOMIAL_LOGISTIC_LOSS'
  | 'MVN'
  | 'POOLING'
  | 'POWER'
  | 'RELU'
  | 'SIGMOID'
  | 'SIGMOID_CROSS_ENTROPY_LOSS'
  | 'SILENCE'
  | 'SOFTMAX'
  | 'SOFTMAX_LOSS'
  | 'SPLIT'
  | 'SLICE'
  | 'TANH'
  | 'WINDOW_DATA'
  | 'THRESHOLD';

export type V1LayerParameter_DimCheckMode = 'STRICT' | 'PERMISSIVE';

export interface V1LayerParameter {
  readonly bottom: readonly string[];
  readonly top: readonly string[];
  readonly name: string;
  readonly include: readonly NetStateRule[];
  readonly exclude: readonly NetStateRule[];
  readonly type: V1LayerParameter_LayerType;
  readonly blobs: readonly BlobProto[];
  readonly param: readonly string[];
  readonly blob_share_mode: readonly V1LayerParameter_DimCheckMode[];
  readonly blobs_lr: readonly number[];
  readonly weight_decay: readonly number[];
  readonly loss_weight: readonly number[];
  readonly accuracy_param?: AccuracyParameter;
  readonly argmax_param?: ArgMaxParameter;
  readonly concat_param?: ConcatParameter;
  readonly contrastive_loss_param?: ContrastiveLossParameter;
  readonly convolution_param?: ConvolutionParameter;
  readonly data_param?: DataParameter;
  readonly dropout_param?: DropoutParameter;
  readonly dummy_data_param?: DummyDataParameter;
  readonly eltwise_param?: EltwiseParameter;
  readonly exp_param?: ExpParameter;
  readonly hdf5_data_param?: HDF5DataParameter;
  readonly hdf5_output_param?: HDF5OutputParameter;
  readonly hinge_loss_param?: HingeLossParameter;
  readonly image_data_param?: ImageDataParameter;
  readonly infogain_loss_param?: InfogainLossParameter;
  readonly inner_product_param?: InnerProductParameter;
  readonly lrn_param?: LRNParameter;
  readonly memory_data_param?: MemoryDataParameter;
  readonly mvn_param?: MVNParameter;
  readonly pooling_param?: PoolingParameter;
  readonly power_param?: PowerParameter;
  readonly relu_param?: ReLUParameter;
  readonly sigmoid_param?: SigmoidParameter;
  readonly softmax_param?: SoftmaxParameter;
  readonly slice_param?: SliceParameter;
  readonly tanh_param?: TanHParameter;
  readonly threshold_param?: ThresholdParameter;
  readonly window_data_param?: WindowDataParameter;
  readonly transform_param?: TransformationParameter;
  readonly loss_param?: LossParameter;
  readonly layer?: V0LayerParameter;
}

export type V0LayerParameter_PoolMethod = 'MAX' | 'AVE' | 'STOCHASTIC';

export interface V0LayerParameter {
  readonly name: string;
  readonly type: string;
  readonly num_output: number;
  readonly biasterm: boolean;
  readonly weight_filler?: FillerParameter;
  readonly bias_filler?: FillerParameter;
  readonly pad: number;
  readonly kernelsize: number;
  readonly group: number;
  readonly stride: number;
  readonly pool: V0LayerParameter_PoolMethod;
  readonly dropout_ratio: number;
  readonly local_size: number;
  readonly alpha: number;
  readonly beta: number;
  readonly k: number;
  readonly source: string;
  readonly scale: number;
  readonly meanfile: string;
  readonly batchsize: number;
  readonly cropsize: number;
  readonly mirror: boolean;
  readonly blobs: readonly BlobProto[];
  readonly blobs_lr: readonly number[];
  readonly weight_decay: readonly number[];
  readonly rand_skip: number;
  readonly det_fg_threshold: number;
  readonly det_bg_threshold: number;
  readonly det_fg_fraction: number;
  readonly det_context_pad: number;
  readonly det_crop_mode: string;
  readonly new_num: number;
  readonly new_channels: number;
  readonly new_height: number;
  readonly new_width: number;
  readonly shuffle_images: boolean;
  readonly concat_dim: number;
  readonly hdf5_output_param?: HDF5OutputParameter;
}

export interface PermuteParameter {
  readonly order: readonly number[];
}

export interface NormalizeParameter {
  readonly across_spatial: boolean;
  readonly scale_filler?: FillerParameter;
  readonly channel_shared: boolean;
  readonly eps: number;
}

export type PriorBoxParameter_CodeType = 'CORNER' | 'CENTER_SIZE' | 'CORNER_SIZE';

export interface PriorBoxParameter {
  readonly min_size: readonly number[];
  readonly max_size: readonly number[];
  readonly aspect_ratio: readonly number[];
  readonly flip: boolean;
  readonly clip: boolean;
  readonly variance: readonly number[];
  readonly img_size: number;
  readonly img_h: number;
  readonly img_w: number;
  readonly step: number;
  readonly step_h: number;
  readonly step_w: number;
  readonly offset: number;
}

export interface NonMaximumSuppressionParameter {
  readonly nms_threshold: number;
  readonly top_k: number;
  readonly eta: number;
}

export type ResizeParameter_Resize_mode = 'WARP' | 'FIT_SMALL_SIZE' | 'FIT_LARGE_SIZE_AND_PAD';

export type ResizeParameter_Pad_mode = 'CONSTANT' | 'MIRRORED' | 'REPEAT_NEAREST';

export type ResizeParameter_Interp_mode = 'LINEAR' | 'AREA' | 'NEAREST' | 'CUBIC' | 'LANCZOS4';

export interface ResizeParameter {
  readonly prob: number;
  readonly resize_mode: ResizeParameter_Resize_mode;
  readonly height: number;
  readonly width: number;
  readonly pad_mode: ResizeParameter_Pad_mode;
  readonly pad_value: readonly number[];
  readonly interp_mode: readonly ResizeParameter_Interp_mode[];
  readonly height_scale: number;
  readonly width_scale: number;
}

export interface SaveOutputParameter {
  readonly output_directory: string;
  readonly output_name_prefix: string;
  readonly output_format: string;
  readonly label_map_file: string;
  readonly name_size_file: string;
  readonly num_test_image: number;
  readonly resize_param?: ResizeParameter;
}

export interface DetectionOutputParameter {
  readonly num_classes: number;
  readonly share_location: boolean;
  readonly background_label_id: number;
  readonly nms_param?: NonMaximumSuppressionParameter;
  readonly save_output_param?: SaveOutputParameter;
  readonly code_type: PriorBoxParameter_CodeType;
  readonly variance_encoded_in_target: boolean;
  readonly keep_top_k: number;
  readonly confidence_threshold: number;
  readonly visualize: boolean;
  readonly visualize_threshold: number;
  readonly save_file: string;
}

export interface InterpParameter {
  readonly height: number;
  readonly width: number;
  readonly zoom_factor: number;
  readonly shrink_factor: number;
  readonly pad_beg: number;
  readonly pad_end: number;
}

export interface UpsampleParameter {
  readonly scale: number;
  readonly scale_h: number;
  readonly scale_w: number;
  readonly pad_out_h: boolean;
  readonly pad_out_w: boolean;
  readonly upsample_h: number;
  readonly upsample_w: number;
}

export interface ShuffleChannelParameter {
  readonly group: number;
}

export type BNParameter_BNMode = 'LEARN' | 'INFERENCE';

export type BNParameter_Engine = 'DEFAULT' | 'CAFFE' | 'CUDNN';

export interface BNParameter {
  readonly slope_filler?: FillerParameter;
  readonly bias_filler?: FillerParameter;
  readonly scale_filler?: FillerParameter;
  readonly shift_filler?: FillerParameter;
  readonly momentum: number;
  readonly eps: number;
  readonly frozen: boolean;
  readonly bn_mode: BNParameter_BNMode;
  readonly bn_eps: number;
  readonly engine: BNParameter_Engine;
}

export interface ROIPoolingParameter {
  readonly pooled_h: number;
  readonly pooled_w: number;
  readonly spatial_scale: number;
}

export interface PSROIPoolingParameter {
  readonly spatial_scale: number;
  readonly output_dim: number;
  readonly group_size: number;
}

export interface ReorgParameter {
  readonly stride: number;
  readonly reverse: boolean;
}
