import {
  type FieldSpec,
  printBodyOnLines,
  printBodyOnOneLine,
  printOnLines,
  printOnOneLine,
} from './fieldSpec';
import {
  detectLayout,
  fieldIndent,
  isBlankText,
  isOneLine,
  type Layout,
  lineIndent,
  lineStart,
  separatorBetween,
  trimEnd,
} from './layout';
import type { SourceRange, SourceText } from './source';
import { applyEdits, keepApart, sortEdits, type TextEdit } from './textEdit';
import type { FieldNode, MessageNode } from './tree';

/**
 * Changes to a prototxt that leave every other byte as it is. Later changes to the same field of
 * the same message replace earlier ones. The tree must be of this text and free of syntax errors.
 */
export class PrototxtEdit {
  private readonly changes = new Map<MessageNode, Map<string, FieldSpec>>();
  private readonly text: string;
  private readonly layout: Layout;

  constructor(source: SourceText, root: MessageNode) {
    this.text = source.text;
    this.layout = detectLayout(source.text, root);
  }

  /**
   * Changes the value of a field, or adds it at the end of the message. `text` is the value as it
   * is to be written: strings with their quotes. Where a field is written several times, its last
   * value is changed; a list is replaced as a whole.
   */
  setScalar(message: MessageNode, field: string, text: string): this {
    return this.note(message, field, { name: field, value: text });
  }

  /** Replaces a message field, comments within it included, or adds it at the end. */
  setMessage(message: MessageNode, field: string, body: readonly FieldSpec[]): this {
    return this.note(message, field, { name: field, value: body });
  }

  /**
   * The edits, in file order.
   * @throws Error where a message to add to has no closing bracket.
   */
  toTextEdits(): TextEdit[] {
    const edits = [...this.changes].flatMap(([message, fields]) =>
      this.editMessage(message, fields),
    );
    return keepApart(this.text, sortEdits(edits));
  }

  /**
   * The text after all changes.
   * @throws Error where a changed field lies within a replaced one.
   */
  apply(): string {
    return applyEdits(this.text, this.toTextEdits());
  }

  private note(message: MessageNode, field: string, spec: FieldSpec): this {
    const fields = this.changes.get(message) ?? new Map<string, FieldSpec>();
    this.changes.set(message, fields.set(field, spec));
    return this;
  }

  private editMessage(message: MessageNode, changes: ReadonlyMap<string, FieldSpec>): TextEdit[] {
    const edits: TextEdit[] = [];
    const added: FieldSpec[] = [];
    for (const [name, spec] of changes) {
      const last = message.fields.findLast((field) => field.name === name);
      if (last === undefined) added.push(spec);
      else edits.push(this.replace(message, last, spec));
    }
    if (added.length > 0) edits.push(this.add(message, added));
    return edits;
  }

  private replace(host: MessageNode, node: FieldNode, { value }: FieldSpec): TextEdit {
    const [old] = node.values;
    if (typeof value === 'string') {
      const isScalar = old?.kind === 'scalar' && node.colon !== undefined;
      const range = isScalar ? node.valueRange : restOf(node);
      return { range, newText: isScalar ? value : `: ${value}` };
    }
    if (old?.kind === 'message' && !node.isList && old.close !== undefined) {
      const open = this.text[node.valueRange.start] ?? '{';
      const close = this.text[old.close] ?? '}';
      const newText = this.printBody(value, isOneLine(this.text, old), node, open, close);
      return { range: old.range, newText };
    }
    const newText = this.printBody(value, isOneLine(this.text, host), node, '{', '}');
    return { range: restOf(node), newText: ` ${newText}` };
  }

  private printBody(
    body: readonly FieldSpec[],
    oneLine: boolean,
    node: FieldNode,
    open: string,
    close: string,
  ): string {
    if (oneLine) return printBodyOnOneLine(body, open, close);
    const indent = lineIndent(this.text, node.range.start);
    return printBodyOnLines(body, open, close, indent, this.layout);
  }

  private add(message: MessageNode, fields: readonly FieldSpec[]): TextEdit {
    if (message.open === undefined) return this.addToFile(message, fields);
    if (message.close === undefined) throw new Error('A message without end cannot be added to');
    const { close } = message;
    if (isOneLine(this.text, message)) return this.addOnLine(message, close, fields);

    const indent = fieldIndent(this.text, message, this.layout);
    const start = lineStart(this.text, close);
    if (isBlankText(this.text.slice(start, close))) {
      return insert(start, this.printLines(fields, indent, 'after'));
    }
    const end = trimEnd(this.text, close);
    return insert(end, this.printLines(fields, indent, 'before'));
  }

  private addToFile(root: MessageNode, fields: readonly FieldSpec[]): TextEdit {
    const indent = fieldIndent(this.text, root, this.layout);
    const start = lineStart(this.text, this.text.length);
    if (isBlankText(this.text.slice(start).replace(/^\uFEFF/, ''))) {
      const at = start === 0 ? this.text.length : start;
      return insert(at, this.printLines(fields, start === 0 ? '' : indent, 'after'));
    }
    return insert(this.text.length, this.printLines(fields, indent, 'before'));
  }

  private addOnLine(message: MessageNode, close: number, fields: readonly FieldSpec[]): TextEdit {
    const printed = fields.map(printOnOneLine);
    const last = message.fields.at(-1);
    if (last === undefined) {
      const range = { start: trimEnd(this.text, close), end: close };
      return { range, newText: ` ${printed.join(' ')} ` };
    }
    const separator = separatorBetween(this.text, message.fields);
    const end = trimEnd(this.text, close);
    const isSeparated = /[,;]/.test(this.text[end - 1] ?? '');
    const lead = isSeparated ? '' : separator;
    return insert(end, `${lead} ${printed.join(`${separator} `)}`);
  }

  /** Whole lines, their line ends after them or before. */
  private printLines(
    fields: readonly FieldSpec[],
    indent: string,
    lineEnds: 'before' | 'after',
  ): string {
    const { lineEnd } = this.layout;
    const lines = fields.map((field) => indent + printOnLines(field, indent, this.layout));
    return lines.map((l) => (lineEnds === 'after' ? l + lineEnd : lineEnd + l)).join('');
  }
}

function insert(at: number, newText: string): TextEdit {
  return { range: { start: at, end: at }, newText };
}

function restOf(node: FieldNode): SourceRange {
  return { start: node.nameRange.end, end: node.range.end };
}
