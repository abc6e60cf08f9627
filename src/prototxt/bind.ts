import { type Diagnostic, DiagnosticList } from './diagnostic';
import { describeType, readScalar } from './scalars';
import { type FieldType, MessageType, type Schema } from './schema';
import type { SourceRange } from './source';
import { suggestWord } from '../base/suggest';
import type { FieldNode, MessageNode, ScalarNode, ValueNode } from './tree';

/** A text as messages of the schema, what is wrong with it, and where everything stands. */
export interface Bound<T extends object> {
  /**
   * Own properties are the fields that are set; the others read as their defaults through the
   * prototype, so a copy by spreading loses the defaults.
   */
  readonly message: T;
  readonly diagnostics: readonly Diagnostic[];
  readonly nodes: NodeMap;
}

/** Where bound messages stand in the text. */
export class NodeMap {
  private readonly nodes = new WeakMap<object, MessageNode[]>();

  /** Notes that `message` is (also) written at `node`. */
  add(message: object, node: MessageNode): void {
    const known = this.nodes.get(message);
    if (known === undefined) this.nodes.set(message, [node]);
    else known.push(node);
  }

  /** The node of a message: the last one where it is written in parts. */
  messageNode(message: object): MessageNode | undefined {
    return this.nodes.get(message)?.at(-1);
  }

  /** The last node that gives a field of a message; undefined where it is not set. */
  fieldNode(message: object, field: string): FieldNode | undefined {
    return this.fieldNodes(message, field).at(-1);
  }

  /** Every node that gives a field of a message, in file order. */
  fieldNodes(message: object, field: string): FieldNode[] {
    const nodes = this.nodes.get(message) ?? [];
    return nodes.flatMap((node) => node.fields.filter(({ name }) => name === field));
  }

  /** The node of one value of a repeated field, e.g. of the second `bottom`. */
  valueNode(message: object, field: string, index: number): ValueNode | undefined {
    return this.fieldNodes(message, field).flatMap(({ values }) => values)[index];
  }
}

/**
 * Reads a tree as a message of the schema. `T` is the type that `schema.ts` has for `typeName`.
 * Faults become diagnostics, in file order; a field whose value does not fit stays unset.
 * @throws Error where the schema has no `typeName`.
 */
export function bindMessage<T extends object>(
  node: MessageNode,
  schema: Schema,
  typeName: string,
): Bound<T> {
  const binder = new Binder();
  const message = binder.bind(node, schema.message(typeName));
  return { message: message as T, diagnostics: binder.finish(), nodes: binder.nodes };
}

/** Whether the file gives a value for a field, even if it is the default. */
export function isSet<T extends object>(message: T, field: keyof T & string): boolean {
  return Object.hasOwn(message, field);
}

type Message = Record<string, unknown>;

interface WithRequired {
  readonly message: Message;
  readonly type: MessageType;
  readonly node: MessageNode;
}

class Binder {
  readonly nodes = new NodeMap();
  private readonly diagnostics = new DiagnosticList();
  private readonly withRequired: WithRequired[] = [];
  private readonly nearest = new Map<string, string | undefined>();

  bind(node: MessageNode, type: MessageType): Message {
    const message = type.create();
    this.fill(message, node, type);
    return message;
  }

  /** Diagnostics in file order, with those that need the whole file. */
  finish(): Diagnostic[] {
    for (const { message, type, node } of this.withRequired) {
      this.checkRequired(message, type, node);
    }
    return this.diagnostics.items.sort((a, b) => a.range.start - b.range.start);
  }

  private fill(message: Message, node: MessageNode, type: MessageType): void {
    this.nodes.add(message, node);
    if (type.hasRequired) this.withRequired.push({ message, type, node });
    const unknown = new Map<string, number>();
    for (const { name } of node.fields) {
      if (!type.fields.has(name)) unknown.set(name, (unknown.get(name) ?? 0) + 1);
    }
    for (const fieldNode of node.fields) {
      const field = type.fields.get(fieldNode.name);
      const count = unknown.get(fieldNode.name) ?? 0;
      // A field that is repeated is told once: files of forks repeat some thousands of times.
      unknown.delete(fieldNode.name);
      if (field !== undefined) this.bindField(message, field, fieldNode);
      else if (count > 0) this.reportUnknown(fieldNode, type, count);
    }
  }

  private bindField(message: Message, field: FieldType, node: FieldNode): void {
    if (field.repeated) {
      this.bindRepeated(message, field, node);
    } else if (node.isList) {
      const text = `'${field.name}' takes one value, found a list`;
      this.diagnostics.error('schema/not-repeated', text, node.valueRange);
    } else if (node.values[0] !== undefined) {
      this.bindSingle(message, field, node, node.values[0]);
    }
  }

  private bindRepeated(message: Message, field: FieldType, node: FieldNode): void {
    for (const valueNode of node.values) {
      const value = this.bindValue(field, valueNode);
      if (value === undefined) continue;
      if (!Object.hasOwn(message, field.name)) message[field.name] = [];
      (message[field.name] as unknown[]).push(value);
    }
  }

  private bindSingle(
    message: Message,
    field: FieldType,
    node: FieldNode,
    valueNode: ValueNode,
  ): void {
    const { name, type } = field;
    const earlier = Object.hasOwn(message, name) ? message[name] : undefined;
    if (earlier !== undefined && type instanceof MessageType && valueNode.kind === 'message') {
      const text = `'${name}' is given more than once: its fields are put together here, but Caffe itself refuses this`;
      this.diagnostics.warning('schema/duplicate-field', text, node.nameRange);
      this.fill(earlier as Message, valueNode, type);
      return;
    }
    if (earlier !== undefined) {
      const text = `'${name}' is given more than once`;
      this.diagnostics.error('schema/duplicate-field', text, node.nameRange);
    }
    const value = this.bindValue(field, valueNode);
    if (value !== undefined) message[name] = value;
  }

  private bindValue(field: FieldType, node: ValueNode): unknown {
    const { name, type } = field;
    if (type instanceof MessageType) {
      if (node.kind === 'message') return this.bind(node, type);
      const text = `Expected '{' for '${name}' (${type.name}), found ${node.text}`;
      return this.reportWrongType(text, node.range);
    }
    if (node.kind === 'message') {
      const text = `Expected ${describeType(type)} for '${name}', found a message`;
      return this.reportWrongType(text, node.range);
    }
    return this.bindScalar(field, type, node);
  }

  private bindScalar(
    field: FieldType,
    type: Exclude<FieldType['type'], MessageType>,
    node: ScalarNode,
  ): unknown {
    // The parser has reported a malformed number already.
    if (node.malformed) return undefined;
    const result = readScalar(field, type, node);
    if ('value' in result) return result.value;
    const { code, message, nearest } = result.fault;
    this.diagnostics.error(code, message, node.range, { field: field.name, nearest });
    return undefined;
  }

  private reportWrongType(message: string, range: SourceRange): undefined {
    this.diagnostics.error('schema/wrong-type', message, range);
  }

  private reportUnknown(node: FieldNode, type: MessageType, count: number): void {
    // Extensions have had their warning from the parser.
    if (node.name.startsWith('[')) return;
    const key = `${type.name} ${node.name}`;
    if (!this.nearest.has(key)) {
      this.nearest.set(key, suggestWord(node.name, type.fields.keys()));
    }
    const nearest = this.nearest.get(key);
    const hint = nearest === undefined ? '' : `; did you mean '${nearest}'?`;
    const times = count === 1 ? '' : ` (${count} times)`;
    const message = `Unknown field '${node.name}' in ${type.name}: ignored${times}${hint}`;
    const subject = { message: type.name, field: node.name, nearest };
    this.diagnostics.warning('schema/unknown-field', message, node.nameRange, subject);
  }

  private checkRequired(message: Message, type: MessageType, node: MessageNode): void {
    for (const { name, required } of type.fields.values()) {
      if (!required || Object.hasOwn(message, name)) continue;
      if (this.nodes.fieldNode(message, name) !== undefined) continue;
      const start = node.open ?? 0;
      const range = { start, end: node.open === undefined ? 0 : start + 1 };
      const text = `${type.name} needs a value for '${name}'`;
      this.diagnostics.error('schema/missing-required', text, range);
    }
  }
}
