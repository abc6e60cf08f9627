import type { NodeMap } from '../../prototxt/bind';
import type { Diagnostic } from '../../prototxt/diagnostic';
import { SourceText, type SourceRange } from '../../prototxt/source';
import { quote } from '../../prototxt/strings';
import type { FieldNode, MessageNode, ValueNode } from '../../prototxt/tree';
import { UserError } from '../../base/userError';
import type { NetParameter, V1LayerParameter } from '../schema';
import { LineEdits } from './lineEdits';
import { padGroup } from './v0Fields';
import { upgradeV0Layer, type Fail, type Padding } from './upgradeV0Layer';
import { upgradeV1Layer } from './upgradeV1Layer';

/** A net of an old form as it came out of the binder, without errors. */
export interface OldNet {
  readonly source: SourceText;
  readonly root: MessageNode;
  readonly message: NetParameter;
  readonly nodes: NodeMap;
}

/** The same net in the present form. */
export interface UpgradedNet {
  /** Every line is where it was. */
  readonly source: SourceText;
  /** That the file was upgraded, at a place of the old text. */
  readonly note: Diagnostic;
}

/** Whether a net is of a form that {@link upgradeNet} knows. */
export function isOldNet(root: MessageNode): boolean {
  return root.fields.some(({ name }) => name === 'layers');
}

/**
 * Brings a net of the V1 form, `layers { type: CONVOLUTION ... }`, or of the V0 form before it,
 * `layers { layer { type: "conv" ... } }`, into the present form as Caffe does on reading. Only the
 * text changes, line by line: comments, layout and line numbers stay.
 *
 * @throws UserError where forms are mixed and for what Caffe's upgrade does not understand
 */
export function upgradeNet({ source, root, message, nodes }: OldNet): UpgradedNet {
  const fail: Fail = (code, text, range) => {
    throw new UserError(code, text, { file: source.path, ...source.positionAt(range.start) });
  };
  const fields = root.fields.filter(({ name }) => name === 'layers');
  refuseMixture(root, fields, message.layers, fail);
  const isV0 = message.layers.some(({ layer }) => layer !== undefined);
  const edits = new LineEdits(source.text);
  const dropped = new Set<MessageNode>();
  const paddings = isV0 ? findPaddings(message.layers, nodes, fail) : undefined;
  for (const layer of message.layers) {
    const node = nodes.messageNode(layer);
    if (node === undefined) throw new Error('a layer of a file has a place in it');
    if (layer.layer === undefined) upgradeV1Layer(layer, node, source.text, edits);
    else if (layer.layer.type === 'padding') dropped.add(node);
    else upgradeV0Layer(layer.layer, node, paddings?.get(layer), edits, fail);
  }
  fields.forEach((field) => writeField(field, dropped, edits));
  const upgraded = new SourceText(source.path, edits.apply());
  const first = fields[0]?.nameRange ?? root.range;
  return { source: upgraded, note: describe(isV0, first) };
}

/** Where ranges of the old text are in the upgraded one: on the same line, as near as can be. */
export function rangeMover(from: SourceText, to: SourceText): (range: SourceRange) => SourceRange {
  const lines = to.text.split('\n');
  const starts: number[] = [];
  let at = 0;
  for (const line of lines) {
    starts.push(at);
    at += line.length + 1;
  }
  return ({ start, end }) => {
    const { line, column } = from.positionAt(start);
    const lineStart = starts[line - 1] ?? 0;
    const lineEnd = lineStart + (lines[line - 1]?.length ?? 0);
    const moved = Math.min(lineStart + column - 1, lineEnd);
    return { start: moved, end: Math.min(moved + (end - start), lineEnd) };
  };
}

function describe(isV0: boolean, range: SourceRange): Diagnostic {
  const form = isV0
    ? "V0 form of 2013 ('layers { layer { ... } }')"
    : "V1 form of 2014 ('layers { type: CONVOLUTION ... }')";
  const message = `This file uses the ${form}: it was read as the present form, 'layer { ... }'`;
  return { severity: 'warning', code: 'net/old-version', message, range };
}

function refuseMixture(
  root: MessageNode,
  fields: readonly FieldNode[],
  layers: readonly V1LayerParameter[],
  fail: Fail,
): void {
  const first = fields[0];
  if (first !== undefined && root.fields.some(({ name }) => name === 'layer')) {
    fail(
      'net/mixed-versions',
      "This file has layers of the present form ('layer { ... }') and of the old one " +
        "('layers { ... }'): write all of them as 'layer'",
      first.nameRange,
    );
  }
  const isV0 = ({ layer }: V1LayerParameter): boolean => layer !== undefined;
  const nodes = fields.flatMap(({ values }) => values);
  const at = layers.findIndex((layer) => isV0(layer) !== isV0(layers[0] as V1LayerParameter));
  if (at < 0) return;
  const which = isV0(layers[at] as V1LayerParameter);
  fail(
    'net/mixed-versions',
    `This layer has ${which ? 'an' : 'no'} inner 'layer { ... }' and those before it ` +
      `${which ? 'have none' : 'do'}: a file is of the V0 form or of the V1 form, not of both`,
    nodes[at]?.range ?? root.range,
  );
}

/** What each layer takes over from a padding layer that it reads, as Caffe's upgrade has it. */
function findPaddings(
  layers: readonly V1LayerParameter[],
  nodes: NodeMap,
  fail: Fail,
): ReadonlyMap<V1LayerParameter, Padding> {
  const makers = new Map<string, V1LayerParameter>();
  const paddings = new Map<V1LayerParameter, Padding>();
  for (const reader of layers) {
    reader.bottom.forEach((blob, index) => {
      const maker = makers.get(blob);
      if (maker?.layer?.type !== 'padding') return;
      const range = nodes.valueNode(reader, 'bottom', index)?.range ?? { start: 0, end: 0 };
      paddings.set(
        reader,
        paddingOf(maker, reader, (code, text) => fail(code, text, range)),
      );
    });
    reader.top.forEach((blob) => makers.set(blob, reader));
  }
  return paddings;
}

function paddingOf(
  maker: V1LayerParameter,
  reader: V1LayerParameter,
  fail: (code: string, text: string) => never,
): Padding {
  const { name, type } = reader.layer ?? { name: '', type: '' };
  const head = `Padding layer "${maker.layer?.name ?? ''}"`;
  if (padGroup(type) === undefined) {
    fail(
      'net/padding',
      `${head} can be read by conv and pool layers only, not by "${name}" (${type})`,
    );
  }
  const [bottom] = maker.bottom;
  if (bottom === undefined || maker.bottom.length > 1 || maker.top.length > 1) {
    return fail('net/padding', `${head} must have one bottom and one top`);
  }
  if (reader.bottom.length > 1) {
    fail('net/padding', `${head} is read by "${name}", which must have one bottom then`);
  }
  return { pad: String(maker.layer?.pad ?? 0), bottom: quote(bottom) };
}

/** `layers` becomes `layer`; padding layers go. */
function writeField(field: FieldNode, dropped: ReadonlySet<MessageNode>, edits: LineEdits): void {
  const { values, nameRange } = field;
  const isDropped = (value: ValueNode): boolean => value.kind === 'message' && dropped.has(value);
  const lastKept = values.findLastIndex((value) => !isDropped(value));
  const kept = values[lastKept];
  if (kept === undefined) {
    edits.removeField(field);
    return;
  }
  edits.replace(nameRange, 'layer');
  values.slice(0, lastKept).forEach((value, index) => {
    const next = values[index + 1];
    if (!isDropped(value) || next === undefined) return;
    edits.remove({ start: value.range.start, end: next.range.start });
  });
  const last = values.at(-1);
  if (last === undefined || last === kept) return;
  edits.remove({ start: kept.range.end, end: last.range.end });
}
