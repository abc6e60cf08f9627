/**
 * Fields that well-known forks of Caffe add to messages of Caffe, by message and fork: names alone. They
 * are no mistakes in a prototxt; whether a layer with one of them converts is another question.
 */
export const forkFields: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  NetParameter: {
    'TI Jacinto': 'quantize',
    NVIDIA:
      'default_forward_type default_backward_type default_forward_math default_backward_math ' +
      'default_conv_algos_override default_cudnn_math_override global_grad_scale ' +
      'global_grad_scale_adaptive reduce_buckets eltwise_mem_sharing quantize_param',
    Intel: 'engine compile_net_state bn_stats_batch_size multinode',
    'PSPNet and TSN': 'mem_param optimize_mem',
  },
  LayerParameter: {
    DHN: 'multi_label_data_param',
    'TI Jacinto': 'image_label_data_param',
    ApolloCaffe: 'hungarian_loss_param py_param wordvec_param rp',
    MNC: 'roi_warping_param',
    'video-caffe': 'duplicate_param',
    Cambricon:
      'detection_out_param unpooling_param resize_crop_param addpad_param priorbox_params crelu_param detection_pose_output_param external_output yuvtorgb_param yuvtonormalizedgray_param image_detect_param resize_convert_param bottom_mlu_dtype blobs_dtype sparsity top_mlu_dtype debug_dtype',
    'YOLO v2': 'region_param',
    JADF: 'mmd_param jmmd_param gradient_scaler_param outer_product_param random_maclaurin_param',
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
    OpenPose:
      'op_transform_param cpmdata_param cocodata_param cpmbottomup_param cpm_transform_param imresize_param nms_param',
    FlowNet:
      'augmentation_param coeff_schedule_param correlation_param flow_warp_param l1_loss_param ' +
      'lpq_loss_param mean_param writer_param resample_param custom_data_param downsample_param ' +
      'accum_param image_writer_param black_augmentation_param flow_augmentation_param',
    'face recognition':
      'center_loss_param triplet_loss_param margin_inner_product_param label_specific_add_param ' +
      'label_specific_margin_param cosin_add_m_param noise_param normalize_param',
    Synopsys:
      'reshape_every_iter dense_crf_param gan_loss_param lstm_unit_param xlu_param roi_align_param ' +
      'squeeze_convolution_param squeeze_inner_product_param reader_param yolo_v2_loss_param ' +
      'yolo_v3_loss_param upsample_darknet_param depth_to_space_param resize_nearest_neighbor_param ' +
      'topk_gather_param nms_gather_param gather_nd_param where4_param where4_gathernd_param ' +
      'crop_and_resize_param where4_gathernd_crop_param pyramid_roi_align_param space_to_depth_param ' +
      'stack_param resize_bilinear_param reduce_sum_param reduce_max_param reduce_min_param ' +
      'reduce_prod_param reduce_mean_param selu_dropout_param unstack_param batch_to_space_nd_param ' +
      'space_to_batch_nd_param mirror_pad_param tile_nd_param expand_dims_nd_param squeeze_param ' +
      'broadcast_to_param strided_slice_param piece_param range_param sparse_to_dense_param ' +
      'embedding_lookup_param embedding_lookup_sparse_param gemm_param reduce_l1_param ' +
      'reduce_l2_param reduce_logsumexp_param reduce_all_param reduce_any_param ' +
      'reverse_sequence_param hard_sigmoid_param thresholded_relu_param',
    MyCaffe:
      'tokenized_data_param transformer_block_param lstm_attention_param data_sequence_param ' +
      'decode_param',
    'caffe-windows':
      'insanity_param eltwise_affine_param sub_region_param hotspot_param predict_box_param fcn_data_param general_contrastive_loss_param soft_contrastive_loss_param general_triplet_loss_param soft_truncation_param pairwise_param smoothl1_param batch_contrastive_loss_param truncation_param nca_param largemargin_inner_product_param label_specific_rescale_param infimum_loss_param resize_param feature_decay_loss_param confidence_penalty_loss_param channel_scale_param label_specific_affine_param label_specific_hard_margin_param inner_distance_param flip_param',
    SSTD: 'mask_param mask_resize_param',
    'text recognition': 'sequence_accuracy_param Sequence_accuracy_param',
    others:
      'lstm_conv_param lstm_debug_param output_decay_param shuffle_channel_param focal_loss_param deformable_convolution_param deformable_psroi_pooling_param ' +
      'transformer_param spatial_transformer_param st_param st_loss_param lstm_param gru_param ' +
      'ctc_param warp_ctc_loss_param rank_hard_loss_param local_param bilinear_param ' +
      'compact_bilinear_param selu_param swish_param axpy_param gather_param scatter_param ' +
      'squeeze_excite_param mil_param mil_data_param warp_param attention_param ' +
      'concat_stages_param matmul_param expand_dims_param pad_param mirror_param ' +
      'l1_loss_weight_param log_loss_param ordinal_regression_loss_param',
  },
  TransformationParameter: {
    'caffe-windows': 'center_crop erase_ratio aspect_min aspect_max',
    OpenPose:
      'max_cvg_len min_cvg_len opaque_coverage coverage flip_prob max_rotate_degree visualize crop_size_x crop_size_y scale_prob scale_min scale_max bbox_norm_factor img_header target_dist center_perterb_max sigma sigma_center clahe_tile_size clahe_clip_limit do_clahe num_parts num_total_augs aug_way gray np_in_lmdb transform_body_joint put_gaussian has_masks analysis use_segmentation_scale selective_scale per_part_scale',
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
    Synopsys: 'scale_factors crop_width crop_height caffe_yolo',
    MyCaffe: 'color_order use_imagedb_mean distortion_param mask_param label_mapping',
    'caffe-augmentation': 'min_alpha max_alpha min_scaling_factor max_scaling_factor',
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
    Synopsys:
      'disk_reader_threads huge_video_dataset limit_samples preselection_file preselection_label ' +
      'range_start range_end rand_permute rand_permute_order rand_permute_seed slice_point encoding ' +
      'verbose subtract permute_every_iter block_size random',
    MyCaffe: 'enable_random_selection',
    others: 'mirror preprocess_threads source_mean',
  },
  ImageDataParameter: {
    'caffe-windows':
      'face_transform max_shear_ratio max_aspect_ratio max_rotate_angle min_random_scale max_random_scale max_random_shift face_point_num',
    DeepLab: 'label_type ignore_label',
    Intel: 'min_height min_width',
    C3D:
      'use_image use_temporal_jitter use_multiple_label num_of_labels new_length show_data ' +
      'use_stream is_flow num_truth_channels truth_scale',
    others:
      'label label_num num_labels label_size multi_label balance rotate key_source cache shuffle_by_class',
  },
  MemoryDataParameter: {
    MyCaffe: 'label_channels label_height label_width label_type',
    others: 'source mean_file',
  },
  ConvolutionParameter: {
    'video-caffe': 'pad_shape kernel_shape stride_shape',
    NVIDIA: 'cudnn_convolution_algo_seeker conv_algos_override cudnn_math_override workspace_limit',
    Intel: 'relu negative_slope fusion_type bn_disable conv_algorithm coeff fuse',
    DeepLab: 'hole hole_h hole_w',
    C3D: 'kernel_depth temporal_pad temporal_stride pad_depth stride_depth kernel_l pad_l stride_l',
    others:
      'pad_top pad_bottom pad_left pad_right filter_stride use_winograd deformable_group ' +
      'dilation_h dilation_w weight_filler_sparse',
    // In C3D pad_l is that of the length; one setting is told of one fork.
    Synopsys:
      'pad_type pad_l pad_r pad_t pad_b input_scale output_scale signed_saturate saturate ' +
      'weight_fixed dis_mode gen_mode shape_offset',
  },
  PoolingParameter: {
    C3D: 'kernel_depth temporal_stride temporal_pad kernel_l stride_l pad_l',
    Intel: 'avg_include_pad axis',
    others:
      'pad_top pad_bottom pad_left pad_right output_h output_w output_size dilation yolo_pad switches',
    TensorRT: 'torch_pooling',
    Synopsys: 'pad_type pad_l pad_r pad_t pad_b output_shift_instead_division saturate',
  },
  BatchNormParameter: {
    'caffe-windows': 'disable_mean disable_variance',
    NVIDIA: 'scale_bias scale_filler slope_filler eps_bias',
    Intel: 'use_weight_bias bias_term filler stats_batch_size relu',
    'NVIDIA and Intel': 'engine bias_filler',
    Synopsys: 'add_eps_before_sqrt update_global_stats icnet',
    others: 'channel_shared slope_bias frozen icn momentum use_scale use_bias',
  },
  BNParameter: {
    TSN: 'momentum frozen engine',
    Synopsys: 'icnet',
    others: 'var_eps std_epsilon moving_average',
  },
  EltwiseParameter: {
    Intel: 'engine',
    Synopsys: 'output_scale saturate axis',
    others: 'negative_slope relu fuse coeff_blob out_of_place broadcast shape_mode',
  },
  ReLUParameter: {
    Intel: 'fuse',
    Synopsys: 'maximum minimum saturate',
    others: 'max_value threshold',
  },
  ScaleParameter: { Synopsys: 'dis_mode gen_mode', others: 'min_value max_value per_image' },
  DropoutParameter: {
    'R-FCN': 'scale_train',
    others: 'scale_test sample_weights_test random_mode ignore_scale',
  },
  ConcatParameter: { Intel: 'engine' },
  InnerProductParameter: {
    Intel: 'engine',
    Synopsys: 'weight_fixed dis_mode gen_mode output_scale',
    MyCaffe: 'min_top_axes',
    others: 'normalize sign fuse relu negative_slope bias_value sparse_term normalized',
  },
  SoftmaxParameter: {
    SegNet: 'class_weighting weight_by_label_freqs',
    Synopsys: 'input_scale output_scale',
    others: 'temperature',
  },
  LossParameter: {
    'R-FCN and Intel': 'pre_fixed_normalizer',
    Intel: 'label_smoothing',
    SegNet: 'class_weighting weight_by_label_freqs',
    others: 'alpha gamma ignore_labels hard_ratio hard_mining_label prob_threshold pos_weight',
  },
  AccuracyParameter: {
    'caffe-windows': 'min_is_better',
    others: 'type num_class label_offset ignore_labels reduced',
  },
  FillerParameter: {
    Intel: 'scale',
    'caffe-windows': 'alpha',
    others: 'diag_val file diagonal orthogonal seed',
  },
  ParamSpec: { others: 'diff_mult clip_value regularization_type sparse_mult lasso' },
  InterpParameter: { Synopsys: 'full_zoom_factor', others: 'align_corners mode upsample' },
  PriorBoxParameter: {
    Cambricon: 'p_type inner_scale engine',
    TextBoxes: 'offset_h offset_w',
    OpenCV: 'width height',
    Synopsys: 'faceboxes box_width box_height tf yx_order',
    others: 'density fixed_size fixed_ratio fixed_ratios densities',
  },
  DetectionOutputParameter: {
    'YOLO v2': 'side num_box coords confidence_threshold label_map_file',
    'MobileNet-YOLO': 'objectness_score biases classes nms_threshold mask anchors_scale',
    Intel: 'visualize visualize_threshold save_file objectness_score',
    OpenCV: 'normalized_bbox clip',
    others: 'detection_threshold',
  },
  ReductionParameter: { TSN: 'k' },
  ROIPoolingParameter: { Intel: 'pooled_size', others: 'pad_ratio' },
  V1LayerParameter: { 'MobileNet-YOLO': 'relu6_param', C3D: 'volume_data_param' },
  ArgMaxParameter: { Synopsys: 'min_first', others: 'keep_dims' },
  LRNParameter: { Synopsys: 'input_scale output_scale' },
  MVNParameter: { Synopsys: 'add_eps_before_sqrt' },
  NormalizeParameter: { Synopsys: 'add_eps_before_sqrt' },
  RecurrentParameter: { Synopsys: 'forget_bias tf_rnn' },
  ReshapeParameter: { Synopsys: 'pixelshuffler' },
  ResizeParameter: { Synopsys: 'jitter' },
  QuantizationParameter: { DHN: 'threshold', Intel: 'scale_in scale_out scale_params' },
  SliceParameter: { others: 'slice_ratio' },
  SolverParameter: {
    'TI Jacinto':
      'sparsity_threshold_maxratio sparsity_itr_increment_bfr_applying sparsity_threshold_value_max display_sparsity sparse_mode sparsity_target sparsity_step_factor sparsity_step_iter sparsity_start_iter sparsity_start_factor',
    SSD: 'eval_type ap_version show_per_class_result plateau_winsize',
    'MobileNet-YOLO': 'stagelr stageiter',
    NVIDIA:
      'min_lr solver_data_type rampup_interval rampup_lr local_lr_auto local_gw_ratio ' +
      'momentum_policy max_momentum momentum_power weight_decay_policy weight_decay_power larc ' +
      'larc_policy larc_turbo test_epoch_size test_interval_epoch max_epoch epoch_size per_parameter_reduce store_blobs_in_old_format global_grad_scale test_and_snapshot_start_epoch',
    Intel: 'multinode_param disabled_update engine warmup_iter warmup_start_lr',
    TSN: 'richness group_id device_id_list snapshot_after_test',
    MyCaffe:
      'custom_trainer custom_trainer_properties snapshot_include_weights snapshot_include_state ' +
      'enable_clip_gradient_status accuracy_average_window',
    others:
      'warmup_step warm_up_iter stage_lr stage_iter eval_iter test_gpu loss_display ' +
      'average_loss_window visdom cls_evaluation detection_evaluation clip_type lr_mult_policy ' +
      'begin_lr end_lr warmup_base_lr restart_interval cosine_period',
  },
  UpsampleParameter: { Cambricon: 'scale_h scale_w pad_out_W nearestneighbor_mode engine' },
  PSROIPoolingParameter: { Cambricon: 'no_pad_shift engine' },
};
