import { describe, expect, it } from 'vitest';
import { findingsIn, fixesIn, hoverIn } from './support';

const input =
  'layer { name: "in" type: "Input" top: "in" input_param { shape { dim: 1 dim: 4 dim: 6 dim: 6 } } }\n';

function layer(type: string, more: string): string {
  return `${input}layer { name: "k" type: "${type}" bottom: "in" top: "k" ${more} }`;
}

function convolution(more: string): string {
  return layer('Convolution', `convolution_param { num_output: 2 kernel_size: 3 ${more} }`);
}

/** Nets and solvers of our own, with what the schemas of well-known forks add. */
const files: readonly (readonly [fork: string, text: string])[] = [
  [
    'SSD',
    `layer { name: "d" type: "AnnotatedData" top: "in" top: "label" include { phase: TRAIN }
       transform_param { mirror: true mean_value: 104 resize_param { prob: 1 resize_mode: WARP height: 6 width: 6 interp_mode: LINEAR interp_mode: AREA }
         emit_constraint { emit_type: CENTER } distort_param { brightness_prob: 0.5 } expand_param { prob: 0.5 max_expand_ratio: 4 } }
       data_param { source: "x" batch_size: 1 backend: LMDB }
       annotated_data_param { batch_sampler { max_sample: 1 max_trials: 1 sampler { min_scale: 0.3 } sample_constraint { min_jaccard_overlap: 0.1 } } label_map_file: "y" } }
     layer { name: "k" type: "Convolution" bottom: "in" top: "k" convolution_param { num_output: 2 kernel_size: 3 } }
     layer { name: "m" type: "MultiBoxLoss" bottom: "k" bottom: "k" bottom: "k" bottom: "label" top: "m" include { phase: TRAIN }
       propagate_down: true propagate_down: true propagate_down: false propagate_down: false
       loss_param { normalization: VALID } multibox_loss_param { loc_loss_type: SMOOTH_L1 num_classes: 2 mining_type: MAX_NEGATIVE } }`,
  ],
  [
    'SSD, solver',
    'train_net: "a"\ntest_net: "b"\neval_type: "detection"\nap_version: "11point"\nshow_per_class_result: true\nplateau_winsize: 100',
  ],
  [
    'TextBoxes',
    `${input}layer { name: "p" type: "PriorBox" bottom: "in" bottom: "in" top: "p"
       prior_box_param { min_size: 3 aspect_ratio: 2 flip: false offset_h: 0.5 offset_h: 0 offset_w: 0.5 offset_w: 0.5 } }`,
  ],
  [
    'NVIDIA',
    `name: "n" default_forward_type: FLOAT16 default_backward_math: FLOAT global_grad_scale: 1000.
     ${layer('BatchNorm', 'forward_type: FLOAT batch_norm_param { scale_filler { value: 1 } bias_filler { value: 0 } engine: CUDNN scale_bias: true }')}
     layer { name: "c" type: "Convolution" bottom: "k" top: "c" convolution_param { num_output: 2 kernel_size: 3 cudnn_convolution_algo_seeker: GET conv_algos_override: "1,1,1" } }`,
  ],
  [
    'NVIDIA, data and DetectNet',
    `layer { name: "d" type: "Data" top: "in" top: "label" data_param { source: "x" batch_size: 2 threads: 2 parser_threads: 4 cache: true shuffle: true }
       transform_param { use_gpu_transform: true img_rand_resize_lower: 256 img_rand_resize_upper: 480 crop_size: 224 } }
     layer { name: "t" type: "DetectNetTransformation" bottom: "in" bottom: "label" top: "t" top: "u"
       detectnet_groundtruth_param { stride: 16 object_class: { src: 1 dst: 0 } } detectnet_augmentation_param { crop_prob: 1 } }`,
  ],
  [
    'NVIDIA, solver',
    'net: "n"\nmax_epoch: 3\ntest_epoch_size: 10\ntest_interval_epoch: 0.5\nmin_lr: 0.001\nlarc: true\nrampup_interval: 100',
  ],
  [
    'Intel',
    `name: "n" engine: "MKLDNN" bn_stats_batch_size: 32
     ${convolution('engine: MKL2017 relu: true negative_slope: 0.1 conv_algorithm: "winograd"')}
     layer { name: "r" type: "ReLU" bottom: "k" top: "r" engine: "CAFFE" relu_param { engine: MKLDNN fuse: true } }
     layer { name: "e" type: "Eltwise" bottom: "r" bottom: "k" top: "e" eltwise_param { engine: MKLDNN } }
     layer { name: "b" type: "BatchNorm" bottom: "e" top: "b" batch_norm_param { engine: MKLDNN use_weight_bias: false stats_batch_size: 4 } }
     layer { name: "p" type: "Pooling" bottom: "b" top: "p" pooling_param { pool: AVE kernel_size: 2 engine: MKL2017 avg_include_pad: false } }`,
  ],
  [
    'Intel, pooling in three dimensions',
    `${input.replace('dim: 6 dim: 6', 'dim: 8 dim: 6 dim: 6')}layer { name: "p" type: "Pooling" bottom: "in" top: "p"
       pooling_param { pool: MAX kernel_size: 1 kernel_size: 2 kernel_size: 2 stride: 1 stride: 2 stride: 2 } }`,
  ],
  [
    'Intel, solver',
    'net: "n"\nwarmup_iter: 100\nwarmup_start_lr: 0.1\nlocal_lr_auto: true\nlocal_gw_ratio: 0.001\ndisabled_update: false',
  ],
  [
    'Faster R-CNN and R-FCN',
    `${layer('SmoothL1Loss', 'smooth_l1_loss_param { sigma: 3 }').replace('bottom: "in"', 'bottom: "in" bottom: "in"')}
     layer { name: "o" type: "BoxAnnotatorOHEM" bottom: "in" top: "o" box_annotator_ohem_param { roi_per_img: 128 ignore_label: -1 } }
     layer { name: "d" type: "Dropout" bottom: "in" top: "d" dropout_param { dropout_ratio: 0.5 scale_train: false } }
     layer { name: "l" type: "SoftmaxWithLossOHEM" bottom: "in" bottom: "o" top: "l" loss_param { normalization: PRE_FIXED pre_fixed_normalizer: 128 } }`,
  ],
  [
    'TSN',
    `layer { name: "d" type: "VideoData" top: "in" top: "label" include { phase: TRAIN }
       video_data_param { source: "x" batch_size: 2 new_length: 5 num_segments: 3 modality: FLOW name_pattern: "flow_%c_%05d.jpg" }
       transform_param { crop_size: 224 mirror: true fix_crop: true more_fix_crop: true multi_scale: true scale_ratios: [1, .875] max_distort: 1 is_flow: true } }
     layer { name: "c" type: "Convolution" bottom: "in" top: "c" convolution_param { num_output: 2 kernel_size: 3 dilation_h: 2 dilation_w: 2 } }
     layer { name: "e" type: "Eltwise" bottom: "c" bottom: "c" top: "e" eltwise_param { operation: STOCHASTIC_SUM } }
     layer { name: "r" type: "BatchReduction" bottom: "e" top: "r" batch_reduction_param { level: 3 reduction_param { operation: TOPK k: 3 axis: 0 } } }`,
  ],
  [
    'MobileNet-YOLO',
    `${layer('ReLU6', 'relu6_param { negative_slope: 0 }')}
     layer { name: "y" type: "Yolov3" bottom: "k" bottom: "in" top: "y" yolov3_param { num_class: 20 num: 3 biases: 10 biases: 14 mask: 0 anchors_scale: 32 } }
     layer { name: "o" type: "Yolov3DetectionOutput" bottom: "k" top: "o" yolov3_detection_output_param { confidence_threshold: 0.3 nms_threshold: 0.45 } }`,
  ],
  [
    'C3D',
    `layers { name: "d" type: VIDEO_DATA top: "data" top: "label" image_data_param { source: "x" use_image: false use_temporal_jitter: true batch_size: 2 crop_size: 112 new_length: 16 show_data: 0 } }
     layers { name: "c" type: CONVOLUTION3D bottom: "data" top: "c" blobs_lr: 1 blobs_lr: 2 convolution_param { num_output: 64 kernel_size: 3 kernel_depth: 3 pad: 1 temporal_pad: 1 } }
     layers { name: "p" type: POOLING3D bottom: "c" top: "p" pooling_param { pool: MAX kernel_size: 2 kernel_depth: 1 stride: 2 temporal_stride: 1 } }`,
  ],
  [
    'FlowNet, one bottom of an Eltwise scaled',
    `${input}layer { name: "k" type: "Eltwise" bottom: "in" top: "k" eltwise_param { operation: SUM coeff: 0.004 } }
     layer { name: "g" type: "DataAugmentation" bottom: "k" top: "g" propagate_down: false augmentation_param { crop_width: 8 } }`,
  ],
  ['TSN, solver on four devices', 'net: "n"\ndevice_id: [0, 1, 2, 3]\nrichness: 200\ngroup_id: 1'],
  ['TSN, solver with a line for each device', 'net: "n"\ndevice_id: 0\ndevice_id: 1'],
  [
    'Intel, net of int8',
    `${convolution('relu: true')}
     layer { name: "s" type: "Split" bottom: "k" top: "s" top: "t" split_param { engine: MKLDNN } }
     layer { name: "q" type: "Convolution" bottom: "s" top: "q" convolution_param { num_output: 1 kernel_size: 1 }
       quantization_param { bw_layer_in: 8 fl_layer_in: 3 fl_layer_in: 4 fl_params: 1 fl_params: 2 scale_in: 1.5 scale_out: 3 scale_params: 1 } }`,
  ],
  [
    'MyCaffe, a phase of its own',
    `layer { name: "d" type: "Data" top: "in" include { phase: TRAIN } data_param { source: "x" batch_size: 2 backend: IMAGEDB } }
     layer { name: "i" type: "Input" top: "in" include { phase: RUN } input_param { shape { dim: 1 dim: 1 } } }
     layer { name: "j" type: "Input" top: "in" include { phase: TEST } input_param { shape { dim: 1 dim: 1 } } }
     layer { name: "p" type: "InnerProduct" bottom: "in" top: "p" inner_product_param { num_output: 2 } }`,
  ],
  [
    'Synopsys, a Parameter whose shape is that of its weights',
    `layer { name: "a" type: "Parameter" top: "a" parameter_param { shape { dim: 256 } } }
     layer { name: "b" type: "Parameter" top: "b" }
     layer { name: "s" type: "Eltwise" bottom: "a" bottom: "b" top: "s" }
     layer { name: "r" type: "ResizeNearestNeighbor" bottom: "s" top: "r" resize_nearest_neighbor_param { output_height: 2 } }`,
  ],
  [
    'layers after 2014 in a V1 file',
    `input: "d" input_dim: 1 input_dim: 4 input_dim: 6 input_dim: 6
     layers { name: "x" type: PRELU bottom: "d" top: "x" }
     layers { name: "r" type: ROI_POOLING bottom: "x" bottom: "x" top: "r" roi_pooling_param { pooled_w: 7 } }`,
  ],
  [
    'caffe-windows',
    `${layer('Accuracy', 'accuracy_param { min_is_better: true }').replace('bottom: "in" top', 'bottom: "in" bottom: "in" top').replace('dim: 6 dim: 6', 'dim: 1 dim: 1')}
     layer { name: "t" type: "TripletLoss" bottom: "k" top: "t" general_triplet_loss_param { margin: 1 } }`,
  ],
  [
    'Fast R-CNN, a loss with weights',
    `${input}layer { name: "e" type: "EuclideanLoss" bottom: "in" bottom: "in" bottom: "in" top: "e" }`,
  ],
  [
    'a convolution that takes its dilation from a second bottom',
    `${input}layer { name: "t" type: "Truncation" bottom: "in" top: "t" truncation_param { truncation_min: 4 } }
     layer { name: "c" type: "Convolution" bottom: "in" bottom: "in" top: "c" convolution_param { num_output: 2 kernel_size: 3 } }`,
  ],
  [
    'TI Jacinto',
    `quantize: true
     layer { name: "d" type: "ImageLabelData" top: "in" top: "label" image_label_data_param { image_list_path: "x" batch_size: 2 } }
     layer { name: "b" type: "BatchNorm" bottom: "in" top: "b" param { lr_mult: 1 } param { lr_mult: 1 } param { lr_mult: 0 } param { lr_mult: 0 }
       batch_norm_param { scale_filler { type: "constant" value: 1 } bias_filler { type: "constant" value: 0 } } }`,
  ],
  [
    'TI Jacinto, solver',
    'net: "n"\ndisplay_sparsity: 1000\nsparse_mode: SPARSE_UPDATE\nsparsity_target: 0.8',
  ],
  [
    'a fork that reads a layer of Caffe by settings of its own',
    layer('LSTM', 'lstm_param { num_output: 3 }'),
  ],
  [
    'text recognition',
    `${input}layer { name: "p" type: "Permute" bottom: "in" top: "p" permute_param { order: 3 order: 0 order: 1 order: 2 } }
     layer { name: "i" type: "ContinuationIndicator" top: "i" continuation_indicator_param { time_step: 6 batch_size: 1 } }
     layer { name: "l" type: "LSTM" bottom: "p" bottom: "i" top: "l" recurrent_param { num_output: 5 } }
     layer { name: "a" type: "SequenceAccuracy" bottom: "l" bottom: "in" top: "a" Sequence_accuracy_param { blank_label: 10 } }`,
  ],
  ['one side of the padding', convolution('pad_l: 1 pad_r: 2 pad_t: 0 pad_b: 1')],
  ['a fork that nobody knows', layer('Poolling', 'poolling_param { sise: 3 }')],
  ['a field that nobody knows', convolution('gaussian_window: 3')],
  ['an engine that nobody knows', convolution('engine: FPGA')],
  [
    'a V1 layer that nobody knows',
    `input: "d" input_dim: 1 input_dim: 1 input_dim: 2 input_dim: 2 layers { name: "x" type: WAVELET bottom: "d" top: "x" }`,
  ],
];

describe('what a fork accepts', () => {
  it.each(files)('%s: no warning and no error', (_, text) => {
    expect(findingsIn(text).filter((line) => /^\d+ (error|warning) /.test(line))).toEqual([]);
  });

  it('and a layer type of a known fork is not called unknown', () => {
    const known = files.filter(([fork]) => !fork.includes('nobody knows'));
    const told = known.flatMap(([, text]) => findingsIn(text));
    expect(told.filter((line) => line.includes('layer/unknown-type'))).toEqual([]);
  });
});

describe('what is a mistake stays one', () => {
  const cases: readonly (readonly [string, string])[] = [
    [convolution('strid: 2'), "did you mean 'stride'"],
    [convolution('engine: CUDN'), "did you mean 'CUDNN'"],
    [layer('Poolling', 'pooling_param { kernel_size: 2 }'), 'did you mean "Pooling"'],
    [layer('Permut', 'permute_param { order: 0 }'), 'did you mean "Permute"'],
    [layer('Pooling', 'pooling_param { pool: AVG kernel_size: 2 }'), "did you mean 'AVE'"],
    [layer('Pooling', 'pooling_param { kernel_size: 2 stride: 2 stride: 1 }'), 'more than once'],
  ];
  it.each(cases)('%s', (text, words) => {
    expect(findingsIn(text).join('\n')).toContain(words);
  });

  it('a second bottom is an error in a net without layers of a fork', () => {
    const text = convolution('').replace('bottom: "in"', 'bottom: "in" bottom: "in"');
    expect(findingsIn(text).join('\n')).toMatch(/error shape\//);
  });

  it('a V1 type that no layer of today has', () => {
    const text = 'layers { name: "x" type: CONVOLUTON bottom: "d" top: "x" }';
    expect(findingsIn(text).join('\n')).toContain("did you mean 'CONVOLUTION'");
  });
});

describe('a type or field of one fork is not taken for that of another one', () => {
  it.each(['Lstm', 'CReLU', 'RReLU', 'UnPooling', 'Convolution3D', 'PSROIPool'])('%s', (type) =>
    expect(findingsIn(layer(type, '')).join()).not.toContain('did you mean'),
  );

  it.each(['pad_l: 1', 'kernel_d: 1', 'stride_l: 1', 'group2: 1', 'axis_2: 1'])('%s', (field) =>
    expect(findingsIn(convolution(field)).join()).not.toContain('did you mean'),
  );
});

it('the same unknown field all over a file is told once, with its count', () => {
  const many = Array.from(
    { length: 500 },
    (_, index) =>
      `layer { name: "r${index}" type: "ReLU" bottom: "in" top: "in" relu_param { odd: 1 odd: 2 } }`,
  );
  const told = findingsIn(input + many.join('\n')).filter((line) => line.includes("'odd'"));
  expect(told).toHaveLength(1);
  expect(told[0]).toContain('in 500 places of this file');
});

it('shapes are not told where a setting of a fork may change them', () => {
  const after = (more: string): string =>
    `${convolution(more)}\nlayer { name: "e" type: "Eltwise" bottom: "in" bottom: "k" top: "e" }`;
  expect(findingsIn(after('pad_l: 2')).join()).not.toContain('shape/');
  expect(findingsIn(after('engine: MKLDNN')).join()).toContain('shape/');
});

describe('hover names the fork', () => {
  it.each([
    ['layer { type: "Multi|BoxLoss" }', 'the SSD fork of Caffe'],
    ['layer { type: "Per|mute" }', 'the SSD fork of Caffe'],
    ['layer { multibox_|loss_param { } }', 'the SSD fork of Caffe'],
    ['layer { permute_|param { } }', 'the SSD fork of Caffe'],
    ['layer { convolution_param { cudnn_|convolution_algo_seeker: GET } }', 'the NVIDIA fork'],
    ['layer { convolution_param { engine: MKL|DNN } }', 'the Intel fork'],
    ['layer { loss_param { normalization: PRE_|FIXED } }', 'the R-FCN and Intel fork'],
    ['layer { transform_param { fix_|crop: true } }', 'the TSN fork'],
  ])('%s', (text, words) => expect(hoverIn(text)).toContain(words));

  it('and says that a layer which cannot be converted cannot be', () => {
    expect(hoverIn('layer { type: "Multi|BoxLoss" }')).toContain('cannot be converted');
    expect(hoverIn('layer { type: "Per|mute" }')).not.toContain('cannot be converted');
  });

  it('of a value like what every object has, nothing', () => {
    for (const word of ['constructor', '__proto__', 'toString']) {
      expect(hoverIn(`layer { pooling_param { pool: |${word} } }`)).toBeUndefined();
      expect(hoverIn(`layer { |${word} { } }`)).toBeUndefined();
    }
  });
});

it('removing a repeated unknown field takes it away everywhere in its message', () => {
  const text = convolution('odd: 1 odd: 2');
  const fix = fixesIn(text, 'schema/unknown-field').find(({ title }) => title.includes('Remove'));
  expect(fix?.after).toBe(convolution('').replace('3  }', '3 }'));
});
