import { caffeSchema } from '../caffe/caffeSchema';
import type { Layer } from '../caffe/net';
import { inputLayer } from '../caffe/buildNet';
import { definitionsIn } from '../caffe/netDefinitions';
import type { LayerParameter, NetParameter, NetStateRule, V1LayerParameter } from '../caffe/schema';
import { presentType } from '../caffe/upgrade/oldTypes';
import { isOldNet, upgradeNet } from '../caffe/upgrade/upgradeNet';
import { bindMessage, isSet, type Bound, type NodeMap } from '../prototxt/bind';
import type { Diagnostic } from '../prototxt/diagnostic';
import { parsePrototxt } from '../prototxt/parse';
import { SourceText, type SourceRange } from '../prototxt/source';
import type { MessageNode, ScalarNode } from '../prototxt/tree';
import { UserError } from '../base/userError';

/** A blob's name as a layer writes it. */
export interface WrittenBlob {
  readonly name: string;
  /** With its quotes. */
  readonly range: SourceRange;
}

/** A layer as it stands in the text, in any form of file. */
export interface NetLayer {
  readonly name: string;
  /** In the present form: `Convolution`, also where the file says `CONVOLUTION` or `conv`. */
  readonly type: string;
  /** Its message; for an `input:` of the header the whole net's. */
  readonly node: MessageNode;
  readonly nameNode: ScalarNode | undefined;
  readonly typeNode: ScalarNode | undefined;
  readonly bottoms: readonly WrittenBlob[];
  readonly tops: readonly WrittenBlob[];
  readonly rules: {
    readonly include: readonly NetStateRule[];
    readonly exclude: readonly NetStateRule[];
  };
  /** What the shapes follow from; undefined where the layer cannot be read so far. */
  readonly layer: Layer | undefined;
  /** Whether it stands for an `input:` line of the net's header. */
  readonly isHeader: boolean;
}

/** One net of a document. */
export interface NetPart {
  /** The message that holds the layers. */
  readonly root: MessageNode;
  readonly message: NetParameter;
  readonly nodes: NodeMap;
  /** Header inputs and layers, in file order. */
  readonly layers: readonly NetLayer[];
  /** V0 and V1 are the forms of 2013 and 2014. */
  readonly form: 'present' | 'V1' | 'V0';
  /** Why a net of an old form cannot be read as the present one. */
  readonly upgradeFault: UserError | undefined;
}

/** The nets at the top level of a text and what its schema says of them. */
export function bindNets(
  text: string,
  root: MessageNode,
  hasSyntaxError: boolean,
): { readonly nets: readonly NetPart[]; readonly diagnostics: readonly Diagnostic[] } {
  const bounds = sectionsOf(text, root).map((section) => ({
    section,
    bound: bindMessage<NetParameter>(section, caffeSchema, 'NetParameter'),
  }));
  const nets = bounds.map(({ section, bound }) => {
    const isSound = !hasSyntaxError && !hasError(bound);
    return netPart(text, section, bound.message, bound.nodes, isSound);
  });
  return { nets, diagnostics: bounds.flatMap(({ bound }) => bound.diagnostics) };
}

/** A net whose message is bound already. */
export function netPart(
  text: string,
  root: MessageNode,
  message: NetParameter,
  nodes: NodeMap,
  isSound: boolean,
): NetPart {
  const header = headerInputs(root, message);
  if (!isOldNet(root)) {
    const layers = message.layer.map((param) => presentLayer(param, nodes));
    const form = 'present';
    return { root, message, nodes, layers: [...header, ...layers], form, upgradeFault: undefined };
  }
  const form = message.layers.some(({ layer }) => layer !== undefined) ? 'V0' : 'V1';
  const { params, fault } = isSound ? upgradedLayers(text, root) : { params: [], fault: undefined };
  let next = 0;
  const layers = message.layers.map((old) => {
    const isKept = old.layer?.type !== 'padding';
    return oldLayer(old, nodes, isKept ? params[next++] : undefined);
  });
  return { root, message, nodes, layers: [...header, ...layers], form, upgradeFault: fault };
}

/** A second `name:` begins a second net. */
function sectionsOf(text: string, root: MessageNode): MessageNode[] {
  const names = root.fields.filter(({ name }) => name === 'name');
  if (names.length < 2) return [root];
  const definitions = definitionsIn(text, root);
  if (definitions.length < 2) return [root];
  return definitions.map(({ range }) => ({
    kind: 'message',
    range,
    fields: root.fields.filter(
      (field) => field.range.start >= range.start && field.range.start < range.end,
    ),
  }));
}

function hasError({ diagnostics }: Bound<NetParameter>): boolean {
  return diagnostics.some(({ severity }) => severity === 'error');
}

function presentLayer(param: LayerParameter, nodes: NodeMap): NetLayer {
  const node = nodeOf(param, nodes);
  const { name, type } = param;
  return {
    name,
    type,
    node,
    nameNode: scalarOf(node, 'name'),
    typeNode: scalarOf(node, 'type'),
    bottoms: blobsOf(node, 'bottom'),
    tops: blobsOf(node, 'top'),
    rules: rulesOf(param, nodes),
    layer: asLayer(param),
    isHeader: false,
  };
}

function oldLayer(
  old: V1LayerParameter,
  nodes: NodeMap,
  upgraded: LayerParameter | undefined,
): NetLayer {
  const node = nodeOf(old, nodes);
  const inner = old.layer === undefined ? node : nodeOf(old.layer, nodes);
  return {
    name: old.layer?.name ?? old.name,
    type: presentType(old.layer?.type ?? old.type),
    node,
    nameNode: scalarOf(inner, 'name'),
    typeNode: scalarOf(inner, 'type'),
    bottoms: blobsOf(node, 'bottom'),
    tops: blobsOf(node, 'top'),
    rules: rulesOf(old, nodes),
    layer: upgraded === undefined ? undefined : asLayer(upgraded),
    isHeader: false,
  };
}

/**
 * A rule for a phase that only a fork has (MyCaffe's RUN) holds in none of Caffe's; read without its
 * phase it would hold in all of them.
 */
function rulesOf({ include, exclude }: NetLayer['rules'], nodes: NodeMap): NetLayer['rules'] {
  const readable = (rule: NetStateRule): NetStateRule => {
    const word = scalarOf(nodeOf(rule, nodes), 'phase')?.value;
    if (word === undefined || isSet(rule, 'phase')) return rule;
    return Object.create(rule, { phase: { value: word, enumerable: true } }) as NetStateRule;
  };
  return { include: include.map(readable), exclude: exclude.map(readable) };
}

/** `input:` lines, each as an Input layer. */
function headerInputs(root: MessageNode, message: NetParameter): NetLayer[] {
  const { input_shape: shapes, input_dim: dims } = message;
  return blobsOf(root, 'input').map((top, index) => {
    const fourDims = dims.slice(index * 4, index * 4 + 4);
    const shape = shapes.length > 0 ? shapes[index]?.dim : fourDims;
    const isKnown = shape !== undefined && (shapes.length > 0 || shape.length === 4);
    return {
      name: top.name,
      type: 'Input',
      node: root,
      nameNode: undefined,
      typeNode: undefined,
      bottoms: [],
      tops: [top],
      rules: { include: [], exclude: [] },
      layer: inputLayer([top.name], {}, isKnown ? [shape] : []),
      isHeader: true,
    };
  });
}

/** The layers of an old net in the present form: all but its padding layers, in their order. */
function upgradedLayers(
  text: string,
  root: MessageNode,
): { params: readonly LayerParameter[]; fault: UserError | undefined } {
  // A net within a solver, or one of several, is upgraded as if it stood alone; as lines keep their
  // place only within it, the rest of the text before it becomes blank lines.
  const start = root.open === undefined ? root.range.start : root.open + 1;
  const end = root.close ?? root.range.end;
  const before = text.slice(0, start).replace(/[^\r\n]/g, ' ');
  const source = new SourceText('', before + text.slice(start, end));
  const tree = parsePrototxt(source).root;
  const { message, nodes } = bindMessage<NetParameter>(tree, caffeSchema, 'NetParameter');
  try {
    const upgraded = upgradeNet({ source, root: tree, message, nodes }).source;
    const present = bindMessage<NetParameter>(
      parsePrototxt(upgraded).root,
      caffeSchema,
      'NetParameter',
    );
    return { params: present.message.layer, fault: undefined };
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause;
    return { params: [], fault: cause };
  }
}

function asLayer(param: LayerParameter): Layer {
  const { name, type, bottom: bottoms, top: tops } = param;
  return { name, type, bottoms, tops, param, place: {} };
}

function nodeOf(message: object, nodes: NodeMap): MessageNode {
  const node = nodes.messageNode(message);
  if (node === undefined) throw new Error('a bound message has its place');
  return node;
}

function scalarOf(node: MessageNode, name: string): ScalarNode | undefined {
  const value = node.fields.findLast((field) => field.name === name)?.values[0];
  return value?.kind === 'scalar' ? value : undefined;
}

function blobsOf(node: MessageNode, name: string): WrittenBlob[] {
  const blobs: WrittenBlob[] = [];
  for (const field of node.fields) {
    if (field.name !== name) continue;
    for (const value of field.values) {
      if (value.kind !== 'scalar' || value.form !== 'string') continue;
      blobs.push({ name: value.value, range: value.range });
    }
  }
  return blobs;
}
