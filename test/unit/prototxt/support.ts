import { caffeSchema } from '../../../src/caffe/caffeSchema';
import { type Bound, bindMessage } from '../../../src/prototxt/bind';
import type { Diagnostic } from '../../../src/prototxt/diagnostic';
import { parsePrototxt, type ParseResult } from '../../../src/prototxt/parse';
import { SourceText } from '../../../src/prototxt/source';
import type { FieldNode, MessageNode, ValueNode } from '../../../src/prototxt/tree';

/** Where the reference data lies; tests that read it are skipped without it. */
export const shared = new URL('../../../../shared/', import.meta.url);

export function parseText(text: string): ParseResult {
  return parsePrototxt(new SourceText('test.prototxt', text));
}

export function bindText<T extends object>(text: string, typeName: string): Bound<T> {
  return bindMessage<T>(parseText(text).root, caffeSchema, typeName);
}

/** `line:column code`, the way tables list what they expect. */
export function places(text: string, diagnostics: readonly Diagnostic[]): string[] {
  const source = new SourceText('test.prototxt', text);
  return diagnostics.map(({ code, range }) => {
    const { line, column } = source.positionAt(range.start);
    return `${line}:${column} ${code}`;
  });
}

/** A tree without its places: what a text means, whatever its layout. */
export type Plain = readonly PlainField[];

export interface PlainField {
  readonly name: string;
  readonly isList: boolean;
  readonly values: readonly (string | Plain)[];
}

export function toPlain(message: MessageNode): Plain {
  return message.fields.map(toPlainField);
}

export function toPlainField(field: FieldNode): PlainField {
  return { name: field.name, isList: field.isList, values: field.values.map(toPlainValue) };
}

function toPlainValue(value: ValueNode): string | Plain {
  return value.kind === 'message' ? toPlain(value) : `${value.form} ${value.value}`;
}

/** Every node, the file itself first. */
export function* walk(
  node: MessageNode | FieldNode | ValueNode,
): Generator<MessageNode | FieldNode | ValueNode> {
  yield node;
  const children = node.kind === 'message' ? node.fields : node.kind === 'field' ? node.values : [];
  for (const child of children) yield* walk(child);
}

export function messagesOf(root: MessageNode): MessageNode[] {
  return [...walk(root)].filter((node): node is MessageNode => node.kind === 'message');
}

/** Repeatable random numbers (mulberry32). */
export class Random {
  constructor(private state: number) {}

  /** From 0 up to, not including, `limit`. */
  below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let bits = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return Math.floor((((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }
}
