import { floatType } from '../caffe/layerTypes';
import { presentType, v0Types } from '../caffe/upgrade/oldTypes';
import { EnumType, MessageType, type FieldType } from '../prototxt/schema';
import type { SourceRange } from '../prototxt/source';
import { quote } from '../prototxt/strings';
import { caffeSchema } from '../caffe/caffeSchema';
import type { Analysis } from './analysis';
import { blobNames, namesIn } from './blobNames';
import { completionPlace, type CompletionPlace } from './completionPlace';
import { describeField, describeFieldType, describeValues } from './descriptions/describe';
import { isFileField } from './fileReferences';
import { findLayer, findNet } from './findLayer';
import { describeLayerType, layerTypeEntry } from './layerDescription';
import { layerSnippet } from './layerSnippets';
import { knownLayerTypes } from './layerTypeNames';
import { code } from './markdown';

/** Something to offer while one types. */
export interface CompletionItem {
  readonly label: string;
  readonly kind: 'field' | 'message' | 'value' | 'blob' | 'type' | 'snippet';
  /** A few words beside the label. */
  readonly detail: string;
  /** Markdown. */
  readonly documentation: string;
  readonly insertText: string;
  /** Whether `insertText` is in the syntax of snippets. */
  readonly isSnippet: boolean;
  readonly sortText: string;
  /** Whether values are to be offered right after it. */
  readonly leadsOn: boolean;
}

export interface Completions {
  /** What an item takes the place of. */
  readonly range: SourceRange;
  /** Whether a value is to be typed, and not the name of a field. */
  readonly isValue: boolean;
  readonly items: readonly CompletionItem[];
  /** A path that is being typed: files are offered by who can see them. */
  readonly path:
    { readonly typed: string; readonly field: string; readonly inString: boolean } | undefined;
}

type FieldPlace = Extract<CompletionPlace, { kind: 'field' }>;
type ValuePlace = Extract<CompletionPlace, { kind: 'value' }>;

/** What may be typed at an offset; undefined where nothing can be said. */
export function completionsAt(analysis: Analysis, offset: number): Completions | undefined {
  const place = completionPlace(analysis, offset);
  if (place === undefined) return undefined;
  if (place.kind === 'field') {
    const items = fieldItems(analysis, place, offset);
    return { range: place.range, isValue: false, items, path: undefined };
  }
  const { range, field, typed, inString } = place;
  const isRoot = place.place.parents.length === 0;
  const isPath = isFileField(field, isRoot && analysis.kind === 'solver');
  const path = isPath ? { typed, field, inString } : undefined;
  return { range, isValue: true, items: valueItems(analysis, place, offset), path };
}

function fieldItems(analysis: Analysis, place: FieldPlace, offset: number): CompletionItem[] {
  const { message, type, parents } = place.place;
  if (parents.length === 0) return rootItems(analysis, place, offset);
  if (type === undefined) return [];
  const items = typeItems(type, message.fields, place);
  const layer = type.name === 'LayerParameter' ? findLayer(analysis, offset) : undefined;
  const settings = layerTypeEntry(layer?.layer.type ?? '')?.settings;
  return settings === undefined
    ? items
    : items.map((item) =>
        settings.has(item.label) ? { ...item, sortText: `0${item.sortText}` } : item,
      );
}

/** Of a document that is no net and no solver yet, both. */
function rootItems(analysis: Analysis, place: FieldPlace, offset: number): CompletionItem[] {
  const { kind, root } = analysis;
  const types = (
    kind === 'other'
      ? ['NetParameter', 'SolverParameter']
      : [kind === 'net' ? 'NetParameter' : 'SolverParameter']
  ).map((name) => caffeSchema.message(name));
  const fields = types.flatMap((type) => typeItems(type, root.fields, place));
  const isOld = analysis.nets.some(({ form }) => form !== 'present');
  const mayAdd = kind !== 'solver' && !isOld && !place.hasValue;
  return mayAdd ? [...fields, ...layerItems(analysis, offset)] : fields;
}

function typeItems(
  type: MessageType,
  present: readonly { readonly name: string; readonly range: SourceRange }[],
  { range, hasValue }: FieldPlace,
): CompletionItem[] {
  const set = new Set(
    present.filter((field) => field.range.start !== range.start).map(({ name }) => name),
  );
  return [...type.fields.values()]
    .filter(({ name, repeated }) => repeated || !set.has(name))
    .map((field, index) => fieldItem(type, field, index, hasValue));
}

/** Names that newer ones took the place of. */
const outdated: ReadonlySet<string> = new Set([
  'ConcatParameter.concat_dim',
  'SliceParameter.slice_dim',
  'LossParameter.normalize',
  'SolverParameter.solver_type',
  'NetParameter.layers',
  'NetParameter.input',
  'NetParameter.input_dim',
  'NetParameter.input_shape',
  'LayerParameter.blobs',
  'LayerParameter.phase',
  ...['num', 'channels', 'height', 'width'].map((name) => `DummyDataParameter.${name}`),
  ...['DataParameter', 'ImageDataParameter', 'WindowDataParameter'].flatMap((message) =>
    ['scale', 'mean_file', 'crop_size', 'mirror'].map((name) => `${message}.${name}`),
  ),
]);

function fieldItem(
  type: MessageType,
  field: FieldType,
  index: number,
  hasValue: boolean,
): CompletionItem {
  const { name } = field;
  const isMessage = field.type instanceof MessageType;
  const rank = outdated.has(`${type.name}.${name}`) ? '9' : field.required ? '1' : '2';
  return {
    label: name,
    kind: isMessage ? 'message' : 'field',
    detail: describeFieldType(field),
    documentation: describeField(type, name) ?? '',
    insertText: hasValue ? name : fieldText(field),
    isSnippet: !hasValue,
    sortText: `${rank}${String(index).padStart(3, '0')}`,
    leadsOn: !hasValue && !isMessage && leadsOn(type, field),
  };
}

function fieldText(field: FieldType): string {
  const { name } = field;
  if (field.type instanceof MessageType) return `${name} {\n\t$0\n}`;
  if (field.type === 'string') return `${name}: "$0"`;
  return `${name}: $0`;
}

/** Whether there is something to choose from for the value. */
function leadsOn(type: MessageType, field: FieldType): boolean {
  if (field.type instanceof EnumType || field.type === 'bool') return true;
  const names = ['bottom', 'top', 'source', 'mean_file', 'net', 'train_net', 'test_net'];
  const isLayerType = field.name === 'type' && /LayerParameter$/.test(type.name);
  return (
    names.includes(field.name) || isLayerType || Object.keys(describeValues(type, field)).length > 0
  );
}

/** A whole layer for each type. */
function layerItems(analysis: Analysis, offset: number): CompletionItem[] {
  const net = findNet(analysis, offset);
  const before =
    net?.layers.filter(({ node, isHeader }) => isHeader || node.range.end <= offset) ?? [];
  const bottom = before.at(-1)?.tops[0]?.name ?? 'data';
  const taken = new Set(net?.layers.map(({ name }) => name));
  return [...knownLayerTypes()].map((type) => {
    const plain = floatType(type);
    return {
      label: `layer ${type}`,
      kind: 'snippet',
      detail: layerTypeEntry(type)?.summary ?? '',
      documentation: describeLayerType(type),
      insertText: layerSnippet(type, plain, { name: freeName(plain, taken), bottom }),
      isSnippet: true,
      sortText: `5${type}`,
      leadsOn: false,
    };
  });
}

const shortNames: Readonly<Record<string, string>> = {
  Convolution: 'conv',
  Deconvolution: 'deconv',
  InnerProduct: 'ip',
  Pooling: 'pool',
  LRN: 'norm',
  Dropout: 'drop',
  SoftmaxWithLoss: 'loss',
  Softmax: 'prob',
  BatchNorm: 'bn',
};

/** `conv1`, or the next number that is free. */
function freeName(type: string, taken: ReadonlySet<string>): string {
  const base = shortNames[type] ?? type.toLowerCase();
  const isOne = ['loss', 'prob', 'accuracy', 'data', 'input'].includes(base);
  if (isOne && !taken.has(base)) return base;
  let number = 1;
  while (taken.has(`${base}${number}`)) number++;
  return `${base}${number}`;
}

function valueItems(analysis: Analysis, place: ValuePlace, offset: number): CompletionItem[] {
  const { type, message } = place.place;
  const field = type?.fields.get(place.field);
  if (type === undefined || field === undefined) return [];
  const isLayer = type.name === 'LayerParameter' || type.name === 'V1LayerParameter';
  if (isLayer && (field.name === 'bottom' || field.name === 'top')) {
    return blobItems(analysis, place, offset);
  }
  if (type.name === 'LayerParameter' && field.name === 'type') return layerTypeItems(place);
  if (type.name === 'V0LayerParameter' && field.name === 'type') {
    return [...v0Types.keys()].map((name) => typeItem(name, presentType(name), place));
  }
  if (field.type instanceof EnumType) return enumItems(type, field);
  if (field.type === 'bool' && !place.inString) {
    const words = field.defaultValue === true ? ['false', 'true'] : ['true', 'false'];
    return words.map((word, index) => valueItem(word, '', word, String(index)));
  }
  const words = Object.entries(describeValues(type, field));
  if (words.length > 0) {
    return words.map(([word, meaning], index) =>
      valueItem(word, meaning, written(word, place), String(index).padStart(2, '0')),
    );
  }
  return namesIn(analysis, type.name, field.name, message).map((name) =>
    valueItem(name, '', written(name, place), name),
  );
}

function blobItems(analysis: Analysis, place: ValuePlace, offset: number): CompletionItem[] {
  const wantsTop = place.field === 'top';
  return blobNames(analysis, offset, wantsTop).map(({ name, shape, maker }, index) => ({
    label: name,
    kind: 'blob',
    detail: shape,
    documentation: maker === '' ? '' : `made by ${code(maker)}`,
    insertText: written(name, place),
    isSnippet: false,
    sortText: String(index).padStart(5, '0'),
    leadsOn: false,
  }));
}

function layerTypeItems(place: ValuePlace): CompletionItem[] {
  return [...knownLayerTypes()].map((type) => typeItem(type, type, place));
}

function typeItem(word: string, type: string, place: ValuePlace): CompletionItem {
  return {
    label: word,
    kind: 'type',
    detail: layerTypeEntry(type)?.summary ?? '',
    documentation: describeLayerType(type),
    insertText: written(word, place),
    isSnippet: false,
    sortText: word,
    leadsOn: false,
  };
}

function enumItems(type: MessageType, field: FieldType): CompletionItem[] {
  if (!(field.type instanceof EnumType)) return [];
  const meanings = describeValues(type, field);
  const isOldType = field.type.name === 'V1LayerParameter.LayerType';
  return [...field.type.numbers.keys()]
    .filter((name) => !(isOldType && name === 'NONE'))
    .map((name, index) => {
      const meaning = isOldType ? describeLayerType(presentType(name)) : (meanings[name] ?? '');
      return valueItem(name, meaning, name, String(index).padStart(2, '0'));
    });
}

function valueItem(
  label: string,
  meaning: string,
  insertText: string,
  sortText: string,
): CompletionItem {
  return {
    label,
    kind: 'value',
    detail: meaning.replaceAll('`', ''),
    documentation: meaning,
    insertText,
    isSnippet: false,
    sortText,
    leadsOn: false,
  };
}

/** A string as it is to stand there: with quotes, or with those that are there. */
function written(value: string, { inString }: ValuePlace): string {
  const quoted = quote(value);
  return inString ? quoted.slice(1, -1) : quoted;
}
