import { parsePrototxt } from '../prototxt/parse';
import type { SourceRange, SourceText } from '../prototxt/source';
import type { FieldNode, MessageNode } from '../prototxt/tree';
import { isRistrettoType, parameterGroup } from './layerTypes';
import { presentType } from './upgrade/oldTypes';

/** One of the nets that a text defines at its top level. */
export interface NetDefinition {
  /** From 0, in the order of the text. */
  readonly index: number;
  /** Empty where the net has none. */
  readonly name: string;
  /** The whole definition, in whole lines, with the comments that stand before it. */
  readonly range: SourceRange;
  /** Offset of its `name:` field, or of its first layer. */
  readonly anchor: number;
  /** Number of layers, of all phases. */
  readonly layers: number;
  /** Whether a layer is of a type that can be quantized. */
  readonly quantizable: boolean;
  /** Whether a layer is quantized already. */
  readonly quantized: boolean;
}

/**
 * The nets that a text defines: none in a solver, a fragment or an empty file, several where people
 * keep them in one file: a second `name:` begins a second net. Never throws: of a text with syntax
 * errors, as it is while one types, what can be understood counts.
 */
export function netDefinitions(source: SourceText): readonly NetDefinition[] {
  return definitionsIn(source.text, parsePrototxt(source).root);
}

/** Like {@link netDefinitions}, for a text that is parsed already. */
export function definitionsIn(text: string, root: MessageNode): readonly NetDefinition[] {
  const sections = splitAtNames(root.fields);
  const starts = sections.map((fields, at) => {
    const before = sections[at - 1];
    return before === undefined ? 0 : startOf(text, before, fields);
  });
  return sections
    .map((fields, at) => {
      const next = sections[at + 1];
      const end = next === undefined ? text.length : endOf(text, fields, next);
      return { fields, range: { start: starts[at] ?? 0, end } };
    })
    .filter(({ fields }) => fields.some(isLayer))
    .map(({ fields, range }, index) => describe(fields, range, index));
}

function describe(fields: readonly FieldNode[], range: SourceRange, index: number): NetDefinition {
  const layers = fields.filter(isLayer).flatMap(messagesOf);
  const types = layers.map((layer) => typeOf(layer));
  const name = fields.find((field) => field.name === 'name');
  return {
    index,
    name: scalar(fields, 'name') ?? '',
    range,
    anchor: (name ?? fields.find(isLayer))?.range.start ?? range.start,
    layers: layers.length,
    quantizable: types.some((type) => parameterGroup(presentType(type)) !== undefined),
    quantized: types.some(isRistrettoType),
  };
}

/** What stands before the first `name:` belongs to the first net. */
function splitAtNames(fields: readonly FieldNode[]): FieldNode[][] {
  const sections: FieldNode[][] = [[]];
  let hasName = false;
  for (const field of fields) {
    if (field.name === 'name') {
      if (hasName) sections.push([]);
      hasName = true;
    }
    sections.at(-1)?.push(field);
  }
  return sections;
}

/** After the line that the net before ends in, and after blank lines. */
function startOf(text: string, before: readonly FieldNode[], fields: readonly FieldNode[]): number {
  const end = endOf(text, before, fields);
  const between = text.slice(end, fields[0]?.range.start);
  return end + (/^(?:[^\S\n]*\n)*/.exec(between)?.[0].length ?? 0);
}

/** The end of the line of a net's last field, but not behind what comes next. */
function endOf(text: string, fields: readonly FieldNode[], next: readonly FieldNode[]): number {
  const lineEnd = text.indexOf('\n', fields.at(-1)?.range.end ?? 0);
  const end = lineEnd < 0 ? text.length : lineEnd + 1;
  return Math.min(end, next[0]?.range.start ?? end);
}

/** `layers` is what old files (V0 and V1) call them. */
function isLayer({ name, values }: FieldNode): boolean {
  return (name === 'layer' || name === 'layers') && values.some(({ kind }) => kind === 'message');
}

function messagesOf({ values }: FieldNode): MessageNode[] {
  return values.filter((value) => value.kind === 'message');
}

/** A V0 layer holds its type one level deeper: `layers { layer { type: "conv" } }`. */
function typeOf({ fields }: MessageNode): string {
  const [inner] = fields.filter(({ name }) => name === 'layer').flatMap(messagesOf);
  return scalar(fields, 'type') ?? scalar(inner?.fields ?? [], 'type') ?? '';
}

function scalar(fields: readonly FieldNode[], name: string): string | undefined {
  const value = fields.find((field) => field.name === name)?.values[0];
  return value?.kind === 'scalar' ? value.value : undefined;
}
