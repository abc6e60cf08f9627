import { isSet } from '../prototxt/bind';
import { floatType } from './layerTypes';
import type { Layer } from './net';
import type { LayerParameter } from './schema';
import { weightSlots } from './weightFillers';

/** Something that Caffe refuses when it sets a layer up. */
export interface SetupFault {
  readonly code: string;
  /** Without the layer, which the place names. */
  readonly detail: string;
  /** The field it is about, from the layer's message on. */
  readonly field: readonly string[];
}

/** Caffe's types that learn nothing; of others nobody knows here how many blobs they have. */
const withoutBlobs: ReadonlySet<string> = new Set([
  ...['AbsVal', 'Accuracy', 'ArgMax', 'BNLL', 'BatchReindex', 'Clip', 'Concat', 'ContrastiveLoss'],
  ...['Crop', 'Data', 'Dropout', 'DummyData', 'ELU', 'Eltwise', 'EuclideanLoss', 'Exp', 'Filter'],
  ...['Flatten', 'HDF5Data', 'HDF5Output', 'HingeLoss', 'Im2col', 'ImageData', 'InfogainLoss'],
  ...['Input', 'LRN', 'Log', 'MVN', 'MemoryData', 'MultinomialLogisticLoss', 'Pooling', 'Power'],
  ...['ReLU', 'Reduction', 'Reshape', 'SPP', 'Sigmoid', 'SigmoidCrossEntropyLoss', 'Silence'],
  ...['Slice', 'Softmax', 'SoftmaxWithLoss', 'Split', 'Swish', 'TanH', 'Threshold', 'Tile'],
  'WindowData',
]);

/** Layers that may be without a top, as Caffe makes the top of a loss by itself. */
function mayLackTop(type: string): boolean {
  return type.endsWith('Loss') || type === 'Silence' || type === 'HDF5Output';
}

/**
 * What Caffe refuses of one layer by its own settings, whatever its bottoms are: the CHECKs of
 * Net::Init and of the layers' LayerSetUp (BVLC/caffe). Settings of forks are not judged.
 */
export function setupFaults(layer: Layer): readonly SetupFault[] {
  return [
    ...ruleFaults(layer.param),
    ...countFaults(layer),
    ...poolingFaults(layer),
    ...otherFaults(layer),
  ];
}

/** Of a layer that takes no part in a net either: Caffe looks at the rules of all. */
export function ruleFaults({
  include,
  exclude,
}: Pick<LayerParameter, 'include' | 'exclude'>): readonly SetupFault[] {
  if (include.length === 0 || exclude.length === 0) return [];
  return [
    fault(
      'layer/rules',
      'has both include and exclude rules, of which Caffe takes one kind only: keep include and ' +
        'say there what exclude says (not_stage, min_level, max_level)',
      'exclude',
    ),
  ];
}

function countFaults(layer: Layer): SetupFault[] {
  const { param, tops, bottoms } = layer;
  const type = floatType(layer.type);
  const faults: SetupFault[] = [];
  const slots = mostBlobs(layer);
  if (slots !== undefined && param.param.length > slots) {
    const has =
      slots === 0 ? 'learns nothing' : `has ${slots} ${slots === 1 ? 'blob' : 'blobs'} to learn`;
    faults.push(
      fault(
        'layer/param-count',
        `${param.param.length} param for a layer that ${has}: take away what is too many`,
        'param',
      ),
    );
  }
  const made = Math.max(tops.length, type.endsWith('Loss') ? 1 : 0);
  const isKnown = slots !== undefined;
  if (param.loss_weight.length > 0 && param.loss_weight.length !== made) {
    faults.push(
      fault(
        'layer/loss-weight-count',
        `${param.loss_weight.length} loss_weight for ${counted(made, 'top')}: give none, or one for each top`,
        'loss_weight',
      ),
    );
  }
  const { propagate_down: down } = param;
  if (down.length > 0 && down.length !== bottoms.length) {
    faults.push(
      fault(
        'layer/propagate-down-count',
        `${down.length} propagate_down for ${counted(bottoms.length, 'bottom')}: give none, or one for each bottom`,
        'propagate_down',
      ),
    );
  }
  if (isKnown && tops.length === 0 && !mayLackTop(type)) {
    faults.push(fault('layer/no-top', `has no top: add one, such as top: "${layer.name}"`, 'type'));
  }
  return faults;
}

/** The most blobs that a type can learn; undefined for types that are not Caffe's. */
function mostBlobs(layer: Layer): number | undefined {
  const type = floatType(layer.type);
  if (withoutBlobs.has(type)) return 0;
  // In NVIDIA's and Intel's forks it may have a scale and a bias of its own.
  if (type === 'BatchNorm') return 5;
  if (type === 'BN' || type === 'Parameter' || type === 'Normalize') return undefined;
  return weightSlots(layer)?.length;
}

function poolingFaults({ type, param: { pooling_param: param } }: Layer): SetupFault[] {
  if (type !== 'Pooling' || param === undefined) return [];
  const has = (field: keyof typeof param): boolean => isSet(param, field);
  const at = (code: string, detail: string, field: string): SetupFault =>
    fault(code, detail, 'pooling_param', field);
  const faults: SetupFault[] = [];
  const window = (['kernel_size', 'kernel_h', 'kernel_w'] as const).find(has);
  if (param.global_pooling && window !== undefined) {
    const detail = `global_pooling takes the whole bottom as its window: take ${window} away`;
    faults.push(at('layer/kernel', detail, window));
  }
  for (const [base, h, w] of [
    ['kernel_size', 'kernel_h', 'kernel_w'],
    ['stride', 'stride_h', 'stride_w'],
    ['pad', 'pad_h', 'pad_w'],
  ] as const) {
    const code = `layer/${base === 'kernel_size' ? 'kernel' : base}`;
    if (base === 'kernel_size' && param.global_pooling) continue;
    const sides = [h, w].filter((side) => has(side as typeof h));
    const [side] = sides;
    if (side === undefined) continue;
    if (has(base)) {
      faults.push(at(code, `${base} cannot go with ${side}: give ${base}, or ${h} and ${w}`, side));
    } else if (sides.length === 1) {
      faults.push(at(code, `${side} needs ${side === h ? w : h} beside it`, side));
    }
  }
  if (!param.global_pooling) return faults;
  const moving = (['stride', 'stride_h', 'stride_w'] as const).find(
    (f) => has(f) && param[f] !== 1,
  );
  const padded = (['pad', 'pad_h', 'pad_w'] as const).find((f) => has(f) && param[f] !== 0);
  for (const [field, only] of [
    [moving, 'a stride of 1'],
    [padded, 'a pad of 0'],
  ] as const) {
    if (field === undefined) continue;
    const code = `layer/${field.replace(/_.$/, '')}`;
    faults.push(at(code, `global_pooling goes only with ${only}: take ${field} away`, field));
  }
  return faults;
}

function otherFaults({ type, param }: Layer): SetupFault[] {
  const {
    concat_param: concat,
    slice_param: slice,
    lrn_param: lrn,
    image_data_param: images,
  } = param;
  const { transform_param: transform, dropout_param: dropout } = param;
  switch (floatType(type)) {
    case 'Concat':
      return concat !== undefined && isSet(concat, 'axis') && isSet(concat, 'concat_dim')
        ? [
            fault(
              'layer/axis',
              'axis cannot go with concat_dim: keep axis',
              'concat_param',
              'concat_dim',
            ),
          ]
        : [];
    case 'Slice':
      return slice !== undefined && isSet(slice, 'axis') && isSet(slice, 'slice_dim')
        ? [
            fault(
              'layer/axis',
              'axis cannot go with slice_dim: keep axis',
              'slice_param',
              'slice_dim',
            ),
          ]
        : [];
    case 'LRN':
      return lrn !== undefined && lrn.local_size % 2 === 0
        ? [
            fault(
              'layer/param',
              `local_size must be odd, is ${lrn.local_size}`,
              'lrn_param',
              'local_size',
            ),
          ]
        : [];
    case 'Dropout': {
      const ratio = dropout?.dropout_ratio ?? 0.5;
      const detail = `dropout_ratio must lie between 0 and 1, is ${ratio}`;
      return ratio > 0 && ratio < 1
        ? []
        : [fault('layer/param', detail, 'dropout_param', 'dropout_ratio')];
    }
    case 'ImageData':
      return images !== undefined && images.new_height > 0 !== images.new_width > 0
        ? [
            fault(
              'layer/param',
              'new_height and new_width must be given together',
              'image_data_param',
              images.new_height > 0 ? 'new_height' : 'new_width',
            ),
          ]
        : [];
    case 'Data':
      return transform !== undefined &&
        isSet(transform, 'mean_file') &&
        transform.mean_value.length > 0
        ? [
            fault(
              'layer/param',
              'mean_file cannot go with mean_value',
              'transform_param',
              'mean_value',
            ),
          ]
        : [];
    default:
      return [];
  }
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function fault(code: string, detail: string, ...field: readonly string[]): SetupFault {
  return { code, detail, field };
}
