/** Names for a new layer to start from. */
export interface SnippetNames {
  readonly name: string;
  /** The blob that the layer most likely reads. */
  readonly bottom: string;
}

interface LayerShape {
  /** How many bottoms; 0 for sources. */
  readonly bottoms: number;
  /** Names of further tops, or of all of a source. */
  readonly tops?: readonly string[];
  /** Whether it writes over its bottom. */
  readonly inPlace?: boolean;
  /** The settings in the syntax of snippets; places count from 10. */
  readonly settings?: readonly string[];
}

const convolution = [
  'convolution_param {',
  '\tnum_output: ${10:32}',
  '\tkernel_size: ${11:3}',
  '\tpad: ${12:1}',
  '\tstride: ${13:1}',
  '\tweight_filler { type: "${14|xavier,msra,gaussian|}" }',
  '}',
];
const labelled = { bottoms: 2 };

const shapes: Readonly<Record<string, LayerShape>> = {
  Input: {
    bottoms: 0,
    tops: ['data'],
    settings: ['input_param { shape { dim: ${10:1} dim: ${11:3} dim: ${12:224} dim: ${13:224} } }'],
  },
  Data: {
    bottoms: 0,
    tops: ['data', 'label'],
    settings: [
      'include { phase: ${10|TRAIN,TEST|} }',
      'transform_param {',
      '\tscale: ${11:0.00390625}',
      '}',
      'data_param {',
      '\tsource: "${12:train_lmdb}"',
      '\tbatch_size: ${13:64}',
      '\tbackend: ${14|LMDB,LEVELDB|}',
      '}',
    ],
  },
  ImageData: {
    bottoms: 0,
    tops: ['data', 'label'],
    settings: [
      'image_data_param {',
      '\tsource: "${10:images.txt}"',
      '\tbatch_size: ${11:64}',
      '\tnew_height: ${12:256}',
      '\tnew_width: ${13:256}',
      '}',
    ],
  },
  HDF5Data: {
    bottoms: 0,
    tops: ['data', 'label'],
    settings: ['hdf5_data_param { source: "${10:files.txt}" batch_size: ${11:64} }'],
  },
  MemoryData: {
    bottoms: 0,
    tops: ['data', 'label'],
    settings: [
      'memory_data_param {',
      '\tbatch_size: ${10:64}',
      '\tchannels: ${11:3}',
      '\theight: ${12:224}',
      '\twidth: ${13:224}',
      '}',
    ],
  },
  DummyData: {
    bottoms: 0,
    tops: ['data'],
    settings: ['dummy_data_param { shape { dim: ${10:1} dim: ${11:10} } }'],
  },
  Parameter: {
    bottoms: 0,
    tops: ['weights'],
    settings: ['parameter_param { shape { dim: ${10:10} } }'],
  },
  Convolution: { bottoms: 1, settings: convolution },
  Deconvolution: { bottoms: 1, settings: convolution },
  InnerProduct: {
    bottoms: 1,
    settings: [
      'inner_product_param {',
      '\tnum_output: ${10:10}',
      '\tweight_filler { type: "${11|xavier,msra,gaussian|}" }',
      '}',
    ],
  },
  Pooling: {
    bottoms: 1,
    settings: [
      'pooling_param {',
      '\tpool: ${10|MAX,AVE|}',
      '\tkernel_size: ${11:2}',
      '\tstride: ${12:2}',
      '}',
    ],
  },
  ReLU: { bottoms: 1, inPlace: true },
  PReLU: { bottoms: 1, inPlace: true },
  ELU: { bottoms: 1, inPlace: true },
  Dropout: { bottoms: 1, inPlace: true, settings: ['dropout_param { dropout_ratio: ${10:0.5} }'] },
  BatchNorm: { bottoms: 1, inPlace: true },
  Scale: { bottoms: 1, inPlace: true, settings: ['scale_param { bias_term: ${10|true,false|} }'] },
  Bias: { bottoms: 1, inPlace: true },
  LRN: {
    bottoms: 1,
    settings: ['lrn_param { local_size: ${10:5} alpha: ${11:0.0001} beta: ${12:0.75} }'],
  },
  Concat: { bottoms: 2, settings: ['concat_param { axis: ${10:1} }'] },
  Eltwise: { bottoms: 2, settings: ['eltwise_param { operation: ${10|SUM,PROD,MAX|} }'] },
  Slice: {
    bottoms: 1,
    tops: ['rest'],
    settings: ['slice_param { axis: ${10:1} slice_point: ${11:1} }'],
  },
  Reshape: { bottoms: 1, settings: ['reshape_param { shape { dim: ${10:0} dim: ${11:-1} } }'] },
  Crop: { bottoms: 2, settings: ['crop_param { axis: ${10:2} offset: ${11:0} }'] },
  Tile: { bottoms: 1, settings: ['tile_param { axis: ${10:1} tiles: ${11:2} }'] },
  Clip: { bottoms: 1, settings: ['clip_param { min: ${10:0} max: ${11:6} }'] },
  Embed: { bottoms: 1, settings: ['embed_param { num_output: ${10:100} input_dim: ${11:1000} }'] },
  LSTM: { bottoms: 2, settings: ['recurrent_param { num_output: ${10:256} }'] },
  RNN: { bottoms: 2, settings: ['recurrent_param { num_output: ${10:256} }'] },
  SPP: { bottoms: 1, settings: ['spp_param { pyramid_height: ${10:3} }'] },
  Accuracy: { ...labelled, settings: ['include { phase: TEST }'] },
  SoftmaxWithLoss: labelled,
  EuclideanLoss: labelled,
  HingeLoss: labelled,
  SigmoidCrossEntropyLoss: labelled,
  MultinomialLogisticLoss: labelled,
  InfogainLoss: { bottoms: 3 },
  ContrastiveLoss: { bottoms: 3 },
  Python: {
    bottoms: 1,
    settings: ['python_param { module: "${10:module}" layer: "${11:Layer}" }'],
  },
};

const quantizationParam: readonly string[] = [
  'quantization_param {',
  '\tbw_params: ${20:8}',
  '\tbw_layer_in: ${21:8}',
  '\tbw_layer_out: ${22:8}',
  '\tfl_params: ${23:7}',
  '\tfl_layer_in: ${24:4}',
  '\tfl_layer_out: ${25:4}',
  '}',
];

/**
 * A whole layer of a type, in the syntax of VS Code's snippets: fields that one fills in are places
 * to jump to, and a top that is called as its layer follows the name.
 *
 * @param floatType the type without quantization; a quantized type gets number formats, too
 */
export function layerSnippet(type: string, floatType: string, names: SnippetNames): string {
  const shape = shapes[floatType] ?? { bottoms: 1 };
  const bottom = escapeSnippet(names.bottom);
  const bottoms = Array.from(
    { length: shape.bottoms },
    (_, index) =>
      `bottom: "\${${index + 2}:${index === 0 ? bottom : index === 1 ? 'label' : 'other'}}"`,
  );
  const ownTop = shape.inPlace ? '$2' : '$1';
  const tops =
    shape.bottoms === 0
      ? (shape.tops ?? []).map((top, index) => `"\${${index + 6}:${top}}"`)
      : [`"${ownTop}"`, ...(shape.tops ?? []).map((top, index) => `"\${${index + 6}:${top}}"`)];
  const isQuantized = type !== floatType;
  const fields = [
    `name: "\${1:${escapeSnippet(names.name)}}"`,
    `type: "${type}"`,
    ...bottoms,
    ...(floatType === 'Silence' ? [] : tops.map((top) => `top: ${top}`)),
    ...(shape.settings ?? []),
    ...(isQuantized ? quantizationParam : []),
  ];
  return ['layer {', ...fields.map((field) => `\t${field}`), '}'].join('\n');
}

/** A text as it is to stand in a snippet. */
export function escapeSnippet(text: string): string {
  return text.replace(/[\\$}|,]/g, '\\$&');
}
