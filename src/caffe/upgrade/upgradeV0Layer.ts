import { quote } from '../../prototxt/strings';
import { suggest } from '../../base/suggest';
import type { SourceRange } from '../../prototxt/source';
import type { FieldNode, MessageNode } from '../../prototxt/tree';
import { caffeSchema } from '../caffeSchema';
import type { V0LayerParameter } from '../schema';
import { printField, type LineEdits } from './lineEdits';
import { v0Types } from './oldTypes';
import { isParamField, upgradeParams } from './upgradeParams';
import { padGroup, placeOfV0Field, typesWithV0Field, type NewPlace } from './v0Fields';

/** Throws the error that says what is wrong at a place of the file. */
export type Fail = (code: string, message: string, range: SourceRange) => never;

/** What a padding layer, which is no layer any more, leaves to the one that reads it. */
export interface Padding {
  /** As it is to be written. */
  readonly pad: string;
  /** The padding layer's own bottom, in quotes. */
  readonly bottom: string;
}

/** A field of the inner layer and where it goes. */
interface Moved {
  readonly field: FieldNode;
  readonly place: NewPlace;
}

/**
 * Changes a layer of the V0 form, `layers { layer { type: "conv" ... } bottom: ... }`, into one of
 * the present form. Fields that make up one message now become it where most of them stand.
 *
 * @param padding taken over from the padding layer that the layer reads
 * @throws UserError (through `fail`) for an unknown type, and for a field that its type cannot have
 */
export function upgradeV0Layer(
  layer: V0LayerParameter,
  node: MessageNode,
  padding: Padding | undefined,
  edits: LineEdits,
  fail: Fail,
): void {
  const inner = openInner(node, edits, fail);
  const type = inner.find(({ name }) => name === 'type');
  if (type !== undefined) edits.replace(type.valueRange, quote(typeOf(layer, type, fail)));

  const known = caffeSchema.message('V0LayerParameter').fields;
  const runs: Moved[][] = [];
  let run: Moved[] | undefined;
  for (const field of inner) {
    const isOverridden = field.name === 'pad' && padding !== undefined;
    if (!known.has(field.name) || ignored.has(field.name) || isOverridden) {
      edits.removeField(field);
      continue;
    }
    const place = placeOf(layer.type, field, fail);
    if (place === undefined || place.group !== run?.[0]?.place.group) run = undefined;
    if (place === undefined) continue;
    if (run === undefined) runs.push((run = []));
    run.push({ field, place });
  }
  upgradeParams(
    inner.filter((field) => known.has(field.name) && isParamField(field)),
    edits,
  );
  const group = padGroup(layer.type);
  const added = padding === undefined ? [] : takePadding(layer.type, node, padding, edits);
  const groups = new Set(runs.map(([first]) => first?.place.group));
  for (const name of groups) {
    const ofGroup = runs.filter(([first]) => first?.place.group === name);
    writeGroup(ofGroup, name === group ? added : [], edits);
  }
  if (added.length > 0 && group !== undefined && !groups.has(group)) {
    edits.insert(type?.range.end ?? node.range.end, ` ${group} { ${added.join(' ')} }`);
  }
}

/** Caffe never reads these. */
const ignored: ReadonlySet<string> = new Set(['new_num', 'new_channels']);

/** Takes the brackets of the inner layer away; returns its fields. */
function openInner(node: MessageNode, edits: LineEdits, fail: Fail): FieldNode[] {
  const known = caffeSchema.message('V1LayerParameter').fields;
  const inner: FieldNode[] = [];
  for (const field of node.fields) {
    const { name, nameRange, range, values } = field;
    if (name === 'bottom' || name === 'top') continue;
    if (name !== 'layer') {
      if (known.has(name)) {
        const where = "beside 'bottom', 'top' and the inner 'layer { ... }'";
        fail('net/old-field', `A layer of the V0 form cannot have '${name}' ${where}`, nameRange);
      }
      edits.removeField(field);
      continue;
    }
    for (const value of values) {
      if (value.kind !== 'message' || value.open === undefined || value.close === undefined) {
        continue;
      }
      edits.remove({ start: range.start, end: value.open + 1 });
      edits.removeField({ ...field, range: { start: value.close, end: value.close + 1 } });
      inner.push(...value.fields);
    }
  }
  return inner;
}

function typeOf({ type }: V0LayerParameter, field: FieldNode, fail: Fail): string {
  const known = v0Types.get(type);
  if (known !== undefined) return known;
  const nearest = suggest(type, v0Types.keys());
  const hint =
    nearest === undefined
      ? `the form has ${[...v0Types.keys()].join(', ')} and padding`
      : `did you mean "${nearest}"?`;
  return fail(
    'net/old-type',
    `Unknown layer type "${type}" in the V0 form: ${hint}`,
    field.valueRange,
  );
}

/** Undefined for a field that stays where it is, or that becomes a `param`. */
function placeOf(type: string, field: FieldNode, fail: Fail): NewPlace | undefined {
  const { name, nameRange } = field;
  if (name === 'name' || name === 'type' || name === 'blobs' || isParamField(field))
    return undefined;
  if (name === 'hdf5_output_param' && type === 'hdf5_output') return undefined;
  const place = placeOfV0Field(type, name);
  if (place !== undefined) return place;
  const types = typesWithV0Field(name).join(', ');
  return fail(
    'net/old-field',
    `'${name}' belongs to layers of type ${types} in the V0 form, not to "${type}"`,
    nameRange,
  );
}

/** Reads past the padding layer, and pads itself. */
function takePadding(
  type: string,
  node: MessageNode,
  { pad, bottom }: Padding,
  edits: LineEdits,
): string[] {
  for (const { name, valueRange, isList } of node.fields) {
    if (name === 'bottom') edits.replace(valueRange, isList ? `[${bottom}]` : bottom);
  }
  return padGroup(type) === undefined ? [] : [`pad: ${pad}`];
}

/** Makes one message of the fields of a group, where the longest run of them stands. */
function writeGroup(
  runs: readonly (readonly Moved[])[],
  added: readonly string[],
  edits: LineEdits,
): void {
  const home = runs.reduce((best, run) => (run.length > best.length ? run : best));
  const [first] = home;
  const last = home.at(-1);
  if (first === undefined || last === undefined) return;
  edits.insert(first.field.range.start, `${first.place.group} { `);
  const printed: string[] = [];
  for (const { field, place } of runs.flat()) {
    if (home.some((item) => item.field === field)) {
      if (place.name !== field.name) edits.replace(field.nameRange, place.name);
    } else {
      printed.push(printField(field, place.name));
      edits.removeField(field);
    }
  }
  edits.insert(last.field.range.end, ` ${[...printed, ...added, '}'].join(' ')}`);
}
