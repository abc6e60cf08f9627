/**
 * Fields that well-known forks of Caffe add to messages of Caffe, by message and fork: names alone. They
 * are no mistakes in a prototxt; whether a layer with one of them converts is another question.
 */
const fields: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  NetParameter: {
    NVIDIA:
      'default_forward_type default_backward_type default_forward_math default_backward_math ' +
      'default_conv_algos_override default_cudnn_math_override global_grad_scale ' +
      'global_grad_scale_adaptive reduce_buckets eltwise_mem_sharing quantize_param',
    Intel: 'engine compile_net_state bn_stats_batch_size multinode',
    'PSPNet and TSN': 'mem_param optimize_mem',
  },
  LayerParameter: {
    SSD:
      'annotated_data_param detection_evaluate_param multibox_loss_param video_data_param ' +
      'permute_param norm_param prior_box_param detection_output_param',
    NVIDIA:
      'forward_type backward_type forward_math backward_math debug cudnn_math_override ' +
      'detectnet_groundtruth_param detectnet_augmentation_param',
    Intel:
      'engine multinode mn_activation_param mn_grad_compress_param split_param ' +
      'spatial_dropout_param continuation_indicator_param',
    'Faster R-CNN': 'smooth_l1_loss_param proposal_param roi_pooling_param',
    'R-FCN': 'box_annotator_ohem_param psroi_pooling_param',
    TSN: 'batch_reduction_param seg_data_param color_conv_param reverse_axis_param copy_param',
    'MobileNet-YOLO':
      'region_loss_param yolov3_param yolo_seg_param yolo_detection_output_param ' +
      'yolov3_detection_output_param segmentation_evaluate_param relu6_param ' +
      'box_data_param eval_detection_param reorg_param ' +
      'depthwise_param segmentation_loss_param conv_norm_param',
    C3D: 'convolution3d_param pooling3d_param volume_data_param',
    TextBoxes: 'recurrent_layer_param crnn_data_param ctc_loss_param transpose_param reverse_param',
    DeepLab:
      'interp_param domain_transform_param densecrf_param mat_read_param mat_write_param unique_label_param ' +
      'seg_accuracy_param adaptive_bias_channel_param bias_channel_param',
    SegNet: 'dense_image_data_param upsample_param bn_param',
    'CRF-RNN': 'multi_stage_meanfield_param',
    SqueezeDet: 'bbox_data_param squeezedet_param',
    OpenPose: 'cpm_transform_param imresize_param nms_param',
    FlowNet:
      'augmentation_param coeff_schedule_param correlation_param flow_warp_param l1_loss_param ' +
      'lpq_loss_param mean_param writer_param resample_param custom_data_param downsample_param ' +
      'accum_param image_writer_param black_augmentation_param flow_augmentation_param',
    'face recognition':
      'center_loss_param triplet_loss_param margin_inner_product_param label_specific_add_param ' +
      'label_specific_margin_param cosin_add_m_param noise_param normalize_param',
    others:
      'shuffle_channel_param focal_loss_param deformable_convolution_param deformable_psroi_pooling_param ' +
      'transformer_param spatial_transformer_param st_param st_loss_param lstm_param gru_param ' +
      'ctc_param warp_ctc_loss_param rank_hard_loss_param local_param bilinear_param ' +
      'compact_bilinear_param selu_param swish_param axpy_param gather_param scatter_param ' +
      'squeeze_excite_param mil_param mil_data_param warp_param attention_param ' +
      'concat_stages_param matmul_param expand_dims_param pad_param mirror_param ' +
      'l1_loss_weight_param log_loss_param ordinal_regression_loss_param',
  },
  TransformationParameter: {
    SSD: 'resize_param noise_param distort_param expand_param emit_constraint crop_h crop_w',
    NVIDIA:
      'img_rand_resize_lower img_rand_resize_upper rand_resize_ratio_lower rand_resize_ratio_upper ' +
      'vertical_stretch_lower vertical_stretch_upper horizontal_stretch_lower ' +
      'horizontal_stretch_upper interpolation_algo_up interpolation_algo_down allow_upscale ' +
      'use_gpu_transform random_seed forward_type',
    Intel: 'random_resize_param random_aspect_ratio_param flow min_side resize_size',
    TSN:
      'fix_crop more_fix_crop multi_scale scale_ratios max_distort is_flow original_image ' +
      'stride upper_size upper_height upper_width multi_crop org_size_proc stretch_to',
    others:
      'min_side_min min_side_max max_rotation_angle contrast_brightness_adjustment contrast_adjustment ' +
      'smooth_filtering jpeg_compression apply_probability apply_prob max_smooth max_contrast ' +
      'max_brightness_shift max_color_shift min_contrast debug_params bgr2rgb resize min_scale ' +
      'max_scale short_side color_shift scale_jitter rotate rotation_angle',
  },
  DataParameter: {
    NVIDIA: 'threads parser_threads cache num_threads',
    'Intel and TSN': 'shuffle',
    'MobileNet-YOLO': 'side label_map',
    others: 'mirror preprocess_threads source_mean',
  },
  ImageDataParameter: {
    DeepLab: 'label_type',
    Intel: 'min_height min_width',
    C3D: 'use_image use_temporal_jitter use_multiple_label num_of_labels new_length show_data',
    others:
      'label_num num_labels label_size multi_label balance rotate key_source cache shuffle_by_class',
  },
  MemoryDataParameter: { others: 'source mean_file' },
  ConvolutionParameter: {
    NVIDIA: 'cudnn_convolution_algo_seeker conv_algos_override cudnn_math_override workspace_limit',
    Intel: 'relu negative_slope fusion_type bn_disable conv_algorithm coeff fuse',
    DeepLab: 'hole hole_h hole_w',
    C3D: 'kernel_depth temporal_pad temporal_stride pad_depth stride_depth kernel_l pad_l stride_l',
    others:
      'pad_top pad_bottom pad_left pad_right filter_stride use_winograd deformable_group ' +
      'dilation_h dilation_w weight_filler_sparse',
    // In C3D pad_l is that of the length; one setting is told of one fork.
    Synopsys: 'pad_type pad_l pad_r pad_t pad_b input_scale output_scale signed_saturate',
  },
  PoolingParameter: {
    C3D: 'kernel_depth temporal_stride temporal_pad kernel_l stride_l pad_l',
    Intel: 'avg_include_pad axis',
    others:
      'pad_top pad_bottom pad_left pad_right output_h output_w output_size dilation yolo_pad switches',
    TensorRT: 'torch_pooling',
    Synopsys: 'pad_type pad_l pad_r pad_t pad_b',
  },
  BatchNormParameter: {
    NVIDIA: 'scale_bias scale_filler slope_filler eps_bias',
    Intel: 'use_weight_bias bias_term filler stats_batch_size relu',
    'NVIDIA and Intel': 'engine bias_filler',
    others: 'channel_shared slope_bias update_global_stats frozen icn momentum use_scale use_bias',
  },
  BNParameter: { TSN: 'momentum frozen engine', others: 'var_eps std_epsilon moving_average' },
  EltwiseParameter: {
    Intel: 'engine',
    others: 'negative_slope relu fuse coeff_blob out_of_place broadcast shape_mode',
  },
  ReLUParameter: { Intel: 'fuse', others: 'max_value threshold' },
  ScaleParameter: { others: 'min_value max_value per_image' },
  DropoutParameter: {
    'R-FCN': 'scale_train',
    others: 'sample_weights_test random_mode ignore_scale',
  },
  ConcatParameter: { Intel: 'engine' },
  InnerProductParameter: {
    Intel: 'engine',
    others: 'normalize sign fuse relu negative_slope bias_value sparse_term normalized',
  },
  SoftmaxParameter: { SegNet: 'class_weighting weight_by_label_freqs', others: 'temperature' },
  LossParameter: {
    'R-FCN and Intel': 'pre_fixed_normalizer',
    Intel: 'label_smoothing',
    SegNet: 'class_weighting weight_by_label_freqs',
    others: 'alpha gamma ignore_labels hard_ratio hard_mining_label prob_threshold pos_weight',
  },
  AccuracyParameter: { others: 'type num_class label_offset ignore_labels reduced' },
  FillerParameter: { Intel: 'scale', others: 'diag_val file diagonal orthogonal seed' },
  ParamSpec: { others: 'diff_mult clip_value regularization_type sparse_mult lasso' },
  InterpParameter: { others: 'align_corners mode upsample' },
  PriorBoxParameter: {
    TextBoxes: 'offset_h offset_w',
    OpenCV: 'width height',
    others: 'density fixed_size fixed_ratio fixed_ratios densities',
  },
  DetectionOutputParameter: {
    'MobileNet-YOLO': 'objectness_score biases classes nms_threshold mask anchors_scale',
    Intel: 'visualize visualize_threshold save_file objectness_score',
    OpenCV: 'normalized_bbox clip',
    others: 'detection_threshold',
  },
  ReductionParameter: { TSN: 'k' },
  ROIPoolingParameter: { Intel: 'pooled_size', others: 'pad_ratio' },
  V1LayerParameter: { 'MobileNet-YOLO': 'relu6_param', C3D: 'volume_data_param' },
  ArgMaxParameter: { others: 'keep_dims' },
  SliceParameter: { others: 'slice_ratio' },
  SolverParameter: {
    SSD: 'eval_type ap_version show_per_class_result plateau_winsize',
    'MobileNet-YOLO': 'stagelr stageiter',
    NVIDIA:
      'min_lr solver_data_type rampup_interval rampup_lr local_lr_auto local_gw_ratio ' +
      'momentum_policy max_momentum momentum_power weight_decay_policy weight_decay_power larc ' +
      'larc_policy larc_turbo test_epoch_size test_interval_epoch max_epoch epoch_size per_parameter_reduce store_blobs_in_old_format global_grad_scale test_and_snapshot_start_epoch',
    Intel: 'disabled_update engine warmup_iter warmup_start_lr',
    TSN: 'richness device_id_list snapshot_after_test',
    others:
      'warmup_step warm_up_iter stage_lr stage_iter eval_iter test_gpu loss_display ' +
      'average_loss_window visdom cls_evaluation detection_evaluation clip_type lr_mult_policy ' +
      'begin_lr end_lr warmup_base_lr restart_interval cosine_period',
  },
};

let forkByField: ReadonlyMap<string, string> | undefined;

/** The fork that has a field in a message of Caffe; undefined for one that none is known to have. */
export function forkOfField(message: string, field: string): string | undefined {
  forkByField ??= flatten(fields);
  return forkByField.get(`${message} ${field}`);
}

/** Values that well-known forks add to enums of Caffe, by message and field. */
const values: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'LossParameter.normalization': { 'R-FCN and Intel': 'PRE_FIXED' },
  'EltwiseParameter.operation': { TSN: 'STOCHASTIC_SUM' },
  'ReductionParameter.operation': { TSN: 'TOPK' },
  'V1LayerParameter.type': {
    C3D: 'CONVOLUTION3D DECONVOLUTION3D POOLING3D VIDEO_DATA VOLUME_DATA',
    'MobileNet-YOLO': 'RELU6',
    'SegNet and TSN': 'BN UPSAMPLE',
  },
};

let forkByValue: ReadonlyMap<string, string> | undefined;

/** The fork that has a value of an enum; undefined for one that none is known to have. */
export function forkOfValue(message: string, field: string, value: string): string | undefined {
  // An engine computes the same in another way: forks that are not known here have some, too.
  const intel = new Set(['MKL2017', 'MKLDNN', 'DLA']);
  if (field === 'engine') return intel.has(value) ? 'Intel' : undefined;
  forkByValue ??= flatten(values);
  return forkByValue.get(`${message}.${field} ${value}`);
}

/** From `outer name` to the fork whose words, in one text, have the name. */
function flatten(
  table: Readonly<Record<string, Readonly<Record<string, string>>>>,
): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(table).flatMap(([outer, byFork]) =>
      Object.entries(byFork).flatMap(([fork, names]) =>
        names.split(' ').map((name) => [`${outer} ${name}`, fork] as const),
      ),
    ),
  );
}
