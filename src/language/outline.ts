import type { SourceRange } from '../prototxt/source';
import type { FieldNode, MessageNode } from '../prototxt/tree';
import type { Analysis } from './analysis';
import type { NetLayer, NetPart } from './netParts';

/** An entry of the outline, and a step of the breadcrumbs. */
export interface OutlineItem {
  /** Never empty. */
  readonly name: string;
  /** A layer's type, a field's value, the number of layers in a group; may be empty. */
  readonly detail: string;
  readonly kind: 'net' | 'group' | 'layer' | 'message' | 'field';
  /** Covers the children. */
  readonly range: SourceRange;
  /** What is selected on going there; within the range. */
  readonly selection: SourceRange;
  readonly children: readonly OutlineItem[];
}

/**
 * The document as a tree: nets where there are several, layers and inputs; of what is no net, its
 * fields. *Go to Symbol* lists the whole tree, so that what a layer holds would stand between the layers.
 * Neighbouring layers whose names begin alike (`conv1/relu`, `conv1_bn`) are one group.
 */
export function outline(analysis: Analysis): readonly OutlineItem[] {
  const { root, nets, text } = analysis;
  if (nets.length > 1 && nets.every((net) => net.root.open === undefined)) {
    return nets.map((net) => netItem(net, text));
  }
  const layers = new Map(nets.flatMap((net) => net.layers.map((layer) => [layer.node, layer])));
  return messageItems(root, text, layers);
}

type LayersByNode = ReadonlyMap<MessageNode, NetLayer>;

function netItem({ root, message, layers }: NetPart, text: string): OutlineItem {
  const byNode = new Map(layers.map((layer) => [layer.node, layer]));
  const first = root.fields.find(({ name }) => name === 'name') ?? root.fields[0];
  return {
    name: message.name || 'net',
    detail: countOf(layers.filter(({ isHeader }) => !isHeader).length),
    kind: 'net',
    range: root.range,
    selection: first?.range ?? root.range,
    children: messageItems(root, text, byNode),
  };
}

function messageItems(message: MessageNode, text: string, layers: LayersByNode): OutlineItem[] {
  const { fields } = message;
  const isNet = fields.some(({ values }) =>
    values.some((value) => value.kind === 'message' && layers.has(value)),
  );
  const items = fields.flatMap((field) => {
    if (!isNet) return fieldItems(field, text, layers);
    if (field.name === 'input') return inputItems(field);
    return fieldItems(field, text, layers).filter(({ kind }) => kind === 'layer');
  });
  return groupByPrefix(items);
}

/** An `input:` line stands for an Input layer. */
function inputItems({ values }: FieldNode): OutlineItem[] {
  return values.flatMap((value): OutlineItem[] => {
    if (value.kind !== 'scalar' || value.value === '') return [];
    const { value: name, range } = value;
    return [{ name, detail: 'Input', kind: 'layer', range, selection: range, children: [] }];
  });
}

function fieldItems(field: FieldNode, text: string, layers: LayersByNode): OutlineItem[] {
  const messages = field.values.filter((value) => value.kind === 'message');
  if (messages.length === 0) {
    const { range, nameRange: selection, name, valueRange } = field;
    const detail = shorten(text.slice(valueRange.start, valueRange.end));
    return [{ name, detail, kind: 'field', range, selection, children: [] }];
  }
  return messages.map((message, index) => {
    // Each message of a list has its own place; the name stands before the first.
    const range = field.isList
      ? message.range
      : { start: field.range.start, end: message.range.end };
    const layer = layers.get(message);
    if (layer !== undefined && !layer.isHeader) return layerItem(layer, range);
    const children = messageItems(message, text, layers);
    const selection = field.isList ? message.range : field.nameRange;
    const name = field.isList ? `${field.name}[${index}]` : field.name;
    return { name, detail: '', kind: 'message', range, selection, children };
  });
}

function layerItem(layer: NetLayer, range: SourceRange): OutlineItem {
  return {
    name: layer.name || layer.type || 'layer',
    detail: layer.name === '' ? '' : layer.type,
    kind: 'layer',
    range,
    selection: layer.nameNode?.range ?? { start: range.start, end: layer.node.range.start + 1 },
    children: [],
  };
}

/** Puts runs of two layers or more with the same prefix under one item. */
function groupByPrefix(items: readonly OutlineItem[]): OutlineItem[] {
  const grouped: OutlineItem[] = [];
  let run: OutlineItem[] = [];
  let prefix: string | undefined;
  const flush = (): void => {
    const [first] = run;
    if (first === undefined || prefix === undefined || run.length < 2) grouped.push(...run);
    else grouped.push(groupItem(prefix, run, first));
    run = [];
  };
  for (const item of items) {
    const own = item.kind === 'layer' ? prefixOf(item.name) : undefined;
    if (own === undefined || own !== prefix) flush();
    prefix = own;
    run.push(item);
  }
  flush();
  return grouped;
}

function groupItem(
  name: string,
  children: readonly OutlineItem[],
  first: OutlineItem,
): OutlineItem {
  const range = { start: first.range.start, end: children.at(-1)?.range.end ?? first.range.end };
  const detail = countOf(children.length);
  return { name, detail, kind: 'group', range, selection: first.selection, children };
}

/** `inception_3a` of `inception_3a/1x1`, `conv1` of `conv1_bn`; a name alone is its own prefix. */
function prefixOf(name: string): string {
  const slash = name.indexOf('/');
  if (slash > 0) return name.slice(0, slash);
  return /^(.+?)[_.-]/.exec(name)?.[1] ?? name;
}

function countOf(layers: number): string {
  return layers === 1 ? '1 layer' : `${layers} layers`;
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
}
