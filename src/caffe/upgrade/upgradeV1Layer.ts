import { quote } from '../../prototxt/strings';
import type { FieldNode, MessageNode } from '../../prototxt/tree';
import { caffeSchema } from '../caffeSchema';
import type { V1LayerParameter } from '../schema';
import { printField, printScalar, type LineEdits } from './lineEdits';
import { v1Types } from './oldTypes';
import { isParamField, upgradeParams } from './upgradeParams';

/** Changes a layer of the V1 form, `layers { type: CONVOLUTION ... }`, into one of the present form. */
export function upgradeV1Layer(
  layer: V1LayerParameter,
  node: MessageNode,
  text: string,
  edits: LineEdits,
): void {
  const known = caffeSchema.message('V1LayerParameter').fields;
  for (const field of node.fields) {
    // Else a field that the old form does not have would count all of a sudden.
    if (!known.has(field.name)) edits.removeField(field);
    if (field.name === 'type') edits.replace(field.valueRange, quote(v1Types[layer.type]));
  }
  upgradeParams(node.fields.filter(isParamField), edits);
  moveTransformation(layer, node, text, edits);
}

const transformFields: ReadonlySet<string> = new Set(['scale', 'mean_file', 'crop_size', 'mirror']);

/** Data layers held these fields themselves before there was a `transform_param`. */
function moveTransformation(
  { type }: V1LayerParameter,
  node: MessageNode,
  text: string,
  edits: LineEdits,
): void {
  const holderName = dataParams[type];
  if (holderName === undefined) return;
  const holders = node.fields.filter(({ name }) => name === holderName);
  const moved = holders.flatMap(fieldsOf).filter(({ name }) => transformFields.has(name));
  const last = holders.at(-1);
  if (moved.length === 0 || last === undefined) return;
  moved.forEach((field) => edits.removeField(field));

  const transforms = node.fields.filter(({ name }) => name === 'transform_param');
  const added = moved.filter((field) => {
    const [value] = field.values;
    const given = transforms.flatMap(fieldsOf).find(({ name }) => name === field.name);
    if (given === undefined || value?.kind !== 'scalar') return true;
    edits.replace(given.valueRange, printScalar(value));
    return false;
  });
  if (added.length === 0) return;
  const printed = added.map((field) => printField(field)).join(' ');
  const close = transforms.at(-1)?.values.find((value) => value.kind === 'message')?.close;
  if (close === undefined) edits.insert(last.range.end, ` transform_param { ${printed} }`);
  else edits.insert(close, `${/\s/.test(text[close - 1] ?? '') ? '' : ' '}${printed} `);
}

const dataParams: Partial<Record<V1LayerParameter['type'], string>> = {
  DATA: 'data_param',
  IMAGE_DATA: 'image_data_param',
  WINDOW_DATA: 'window_data_param',
};

function fieldsOf({ values }: FieldNode): readonly FieldNode[] {
  return values.flatMap((value) => (value.kind === 'message' ? value.fields : []));
}
