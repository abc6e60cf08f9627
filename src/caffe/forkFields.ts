import { forkFields } from './forkFieldTable';

let forkByField: ReadonlyMap<string, string> | undefined;

/** The fork that has a field in a message of Caffe; undefined for one that none is known to have. */
export function forkOfField(message: string, field: string): string | undefined {
  forkByField ??= flatten(forkFields);
  const fork = forkByField.get(`${message} ${field}`);
  // What a fork adds to a layer, it adds to the layers of its time: files of 2014 have it as well.
  return fork === undefined && message === 'V1LayerParameter'
    ? forkByField.get(`LayerParameter ${field}`)
    : fork;
}

/** Fields of which Caffe takes one value and a fork several, by message and fork. */
const repeated: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  SolverParameter: { TSN: 'device_id' },
  QuantizationParameter: { Intel: 'fl_layer_in fl_layer_out fl_params' },
  LayerParameter: { 'caffe-augmentation': 'transform_param' },
};

let forkByRepeated: ReadonlyMap<string, string> | undefined;

/** The fork that takes several values of a field of which Caffe takes one; undefined where none does. */
export function forkThatRepeats(message: string, field: string): string | undefined {
  forkByRepeated ??= flatten(repeated);
  return forkByRepeated.get(`${message} ${field}`);
}

/** Values that well-known forks add to enums of Caffe, by message and field. */
const values: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'LossParameter.normalization': { 'R-FCN and Intel': 'PRE_FIXED' },
  'EltwiseParameter.operation': { TSN: 'STOCHASTIC_SUM', Synopsys: 'DIV MIN' },
  'PoolingParameter.pool': { Synopsys: 'AVE_EXC_PAD AVE_TF', others: 'MIN' },
  'DataParameter.backend': { MyCaffe: 'IMAGEDB' },
  'NetStateRule.phase': { MyCaffe: 'RUN' },
  'NetState.phase': { MyCaffe: 'RUN' },
  'ReductionParameter.operation': { TSN: 'TOPK' },
  'V1LayerParameter.type': {
    C3D: 'CONVOLUTION3D DECONVOLUTION3D POOLING3D VIDEO_DATA VOLUME_DATA VIDEO_WITH_VOXEL_TRUTH_DATA',
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
