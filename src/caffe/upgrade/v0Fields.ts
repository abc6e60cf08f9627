/** Where a field of a V0 layer stands in the present form: which message, under which name. */
export interface NewPlace {
  readonly group: string;
  readonly name: string;
}

type Places = Readonly<Record<string, NewPlace>>;

const at = (group: string, name: string): NewPlace => ({ group, name });

function inGroup(group: string, names: Readonly<Record<string, string>>): Places {
  return Object.fromEntries(Object.entries(names).map(([old, name]) => [old, at(group, name)]));
}

const weights = {
  num_output: 'num_output',
  biasterm: 'bias_term',
  weight_filler: 'weight_filler',
  bias_filler: 'bias_filler',
};
const window = { pad: 'pad', kernelsize: 'kernel_size', stride: 'stride' };
const records = { source: 'source', batchsize: 'batch_size' };

/** Fields by layer type; from Caffe's UpgradeV0LayerParameter. */
const placesByType: ReadonlyMap<string, Places> = new Map([
  ['conv', inGroup('convolution_param', { ...weights, ...window, group: 'group' })],
  ['innerproduct', inGroup('inner_product_param', weights)],
  ['pool', inGroup('pooling_param', { ...window, pool: 'pool' })],
  ['dropout', inGroup('dropout_param', { dropout_ratio: 'dropout_ratio' })],
  ['lrn', inGroup('lrn_param', { local_size: 'local_size', alpha: 'alpha', beta: 'beta', k: 'k' })],
  ['concat', inGroup('concat_param', { concat_dim: 'concat_dim' })],
  ['infogain_loss', inGroup('infogain_loss_param', { source: 'source' })],
  ['data', inGroup('data_param', { ...records, rand_skip: 'rand_skip' })],
  ['hdf5_data', inGroup('hdf5_data_param', records)],
  [
    'images',
    inGroup('image_data_param', {
      ...records,
      rand_skip: 'rand_skip',
      shuffle_images: 'shuffle',
      new_height: 'new_height',
      new_width: 'new_width',
    }),
  ],
  [
    'window_data',
    inGroup('window_data_param', {
      ...records,
      det_fg_threshold: 'fg_threshold',
      det_bg_threshold: 'bg_threshold',
      det_fg_fraction: 'fg_fraction',
      det_context_pad: 'context_pad',
      det_crop_mode: 'crop_mode',
    }),
  ],
]);

/** Fields that layers of every type may have. */
const anyType = inGroup('transform_param', {
  scale: 'scale',
  meanfile: 'mean_file',
  cropsize: 'crop_size',
  mirror: 'mirror',
});

/** Where a field of a V0 layer of some type belongs; undefined for a field that it cannot have. */
export function placeOfV0Field(type: string, field: string): NewPlace | undefined {
  const places = { ...anyType, ...placesByType.get(type) };
  return Object.hasOwn(places, field) ? places[field] : undefined;
}

/** The types that have a field, for messages. */
export function typesWithV0Field(field: string): string[] {
  if (field === 'hdf5_output_param') return ['hdf5_output'];
  return [...placesByType].filter(([, places]) => Object.hasOwn(places, field)).map(([t]) => t);
}

/** Message that a `pad` taken over from a padding layer goes into; undefined for other types. */
export function padGroup(type: string): string | undefined {
  return placeOfV0Field(type, 'pad')?.group;
}
