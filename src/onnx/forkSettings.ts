import { isRistrettoType } from '../caffe/layerTypes';
import { caffeSchema } from '../caffe/caffeSchema';
import { forkOfField } from '../caffe/forkFields';
import type { Layer, Net } from '../caffe/net';
import { placeOf } from '../caffe/netFile';
import { EnumType, MessageType } from '../prototxt/schema';
import { suggestWord } from '../base/suggest';
import type { FieldNode, MessageNode, ValueNode } from '../prototxt/tree';
import { UserError } from '../base/userError';
import { converterOf, sourceOf } from './registry';

/**
 * Names of settings that change no number of a trained net: how it is computed, how it learns, how
 * data are fetched, what is shown.
 */
const harmless: readonly RegExp[] = [
  /engine/,
  /filler/,
  /cudnn|mkl|workspace|_math$/,
  /cache|prefetch|thread|backend|memory|buffer|queue/,
  /^(shuffle|rand_skip|random_seed|seed)$/,
  /debug|verbose|visuali[sz]e|display|^print|^name$|^comment/,
  /lr_mult|decay|momentum|moving_average|^frozen$|grad|propagate|sparsity|prun/,
];

/** Settings of forks, by the value that they have where a file does not give them. */
const defaults: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ConvolutionParameter: {
    input_scale: '1',
    output_scale: '1',
    pad_type: '0',
    pad_l: '0',
    pad_r: '0',
    pad_t: '0',
    pad_b: '0',
    relu: 'false',
    signed_saturate: 'false',
  },
  DropoutParameter: { sample_weights_test: 'false', scale_train: 'true' },
  PoolingParameter: {
    pad_type: '0',
    pad_l: '0',
    pad_r: '0',
    pad_t: '0',
    pad_b: '0',
    torch_pooling: 'false',
  },
  ROIPoolingParameter: { pad_ratio: '0', ringpad: 'false' },
  TransformationParameter: { crop_h: '0', crop_w: '0', bgr2rgb: 'false', flow: 'false' },
};

/**
 * Refuses a net of which a layer has a setting that cannot be obeyed: a field that the schema does not
 * know, or a value that an enum does not have, in a message that the layer's type reads. Settings that
 * change no number pass, and those that have the value that they have anyway; so do fields in other
 * places, which the layer does not read.
 *
 * @throws UserError naming line, layer and field
 */
export function refuseUnobeyed(net: Net): void {
  const { nodes } = net.file.bound;
  for (const layer of net.layers) {
    const node = nodes.messageNode(layer.param);
    if (node !== undefined) checkLayer(net, layer, node);
  }
}

function checkLayer(net: Net, layer: Layer, node: MessageNode): void {
  const read = new Set<string>((converterOf(layer) ?? sourceOf(layer))?.params);
  if (isRistrettoType(layer.type)) read.add('quantization_param');
  const type = caffeSchema.message('LayerParameter');
  for (const field of node.fields) {
    const known = type.fields.get(field.name)?.type;
    if (read.has(field.name) && known instanceof MessageType) {
      for (const value of field.values) {
        if (value.kind === 'message') checkMessage({ net, layer, path: field.name }, value, known);
      }
    } else if (known === undefined && isMessage(field)) {
      // A message that is meant for the layer and has its name misspelt.
      const nearest = suggestWord(field.name, read);
      if (nearest !== undefined)
        throw unobeyed({ net, layer, path: '' }, type.name, field, nearest);
    }
  }
}

interface Reading {
  readonly net: Net;
  readonly layer: Layer;
  /** Fields from the layer to the message. */
  readonly path: string;
}

function checkMessage(reading: Reading, node: MessageNode, type: MessageType): void {
  for (const field of node.fields) {
    if (harmless.some((name) => name.test(field.name))) continue;
    const known = type.fields.get(field.name)?.type;
    if (known === undefined) {
      const isDefault = field.values.every((value) => hasDefault(type.name, field.name, value));
      if (isDefault && field.values.length > 0) continue;
      throw unobeyed(reading, type.name, field, suggestWord(field.name, type.fields.keys()));
    }
    for (const value of field.values) {
      if (known instanceof MessageType && value.kind === 'message') {
        checkMessage({ ...reading, path: `${reading.path}.${field.name}` }, value, known);
      }
      if (isUnknownValue(known, value)) throw unobeyed(reading, type.name, field, undefined);
    }
  }
}

/** Whether an enum has no such value. */
export function isUnknownValue(type: unknown, value: ValueNode): boolean {
  if (!(type instanceof EnumType) || value.kind !== 'scalar') return false;
  if (value.form === 'identifier') return !type.numbers.has(value.value);
  return ![...type.numbers.values()].includes(Number(value.value));
}

function hasDefault(message: string, field: string, value: ValueNode): boolean {
  const usual = defaults[message]?.[field];
  if (usual === undefined || value.kind !== 'scalar') return false;
  return (
    value.value === usual ||
    (usual !== 'true' && usual !== 'false' && Number(value.value) === Number(usual))
  );
}

function isMessage({ values }: FieldNode): boolean {
  return values.some(({ kind }) => kind === 'message');
}

function unobeyed(
  { net, layer, path }: Reading,
  message: string,
  field: FieldNode,
  near: string | undefined,
): UserError {
  const { source } = net.file;
  const [value] = field.values;
  const written = value?.kind === 'scalar' ? `${field.name}: ${value.text}` : field.name;
  const fork = forkOfField(message, field.name);
  const origin =
    fork === undefined || fork === 'others'
      ? 'no setting known here'
      : `a setting of ${fork} Caffe`;
  const hint = near === undefined ? '' : `; did you mean '${near}'?`;
  return new UserError(
    'layer/setting',
    `layer "${layer.name}" (${layer.type}): '${written}'${path === '' ? '' : ` in ${path}`} is ${origin} ` +
      `and cannot be obeyed, and without it the numbers may be others${
        hint ||
        '. Take the line out if ' +
          'it changes nothing in this net; else write the layer with settings of Caffe'
      }`,
    placeOf(source, field.nameRange),
  );
}
