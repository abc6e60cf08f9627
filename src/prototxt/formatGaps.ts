import type { SourceRange } from './source';
import type { Token } from './tokens';
import type { FieldNode, MessageNode, ScalarNode, ValueNode } from './tree';

/** Messages that were written on one line stay there if the line is no longer. */
export const maximumColumns = 100;

/** What one level of nesting adds in front of a line. */
export const indentUnit = '  ';

/** How the blanks in front of one token are to be. */
export interface Gap {
  /** `keep` begins a line where the author did; `asIs` leaves every byte. */
  line: 'same' | 'new' | 'keep' | 'asIs';
  /** What stands there if no line begins. */
  space: '' | ' ';
  /** Levels of indentation if a line begins. */
  depth: number;
  /** The same for comments on lines of their own before the token. */
  commentDepth: number;
}

/**
 * The blanks before each token of a text, by the layout of the tree. Tokens of broken top-level
 * fields are left as they are.
 */
export function planGaps(
  text: string,
  root: MessageNode,
  tokens: readonly Token[],
  broken: readonly SourceRange[],
): readonly Gap[] {
  return new GapPlanner(text, tokens).plan(root, broken);
}

class GapPlanner {
  private readonly gaps: Gap[];

  constructor(
    private readonly text: string,
    private readonly tokens: readonly Token[],
  ) {
    this.gaps = tokens.map(() => ({ line: 'same', space: '', depth: 0, commentDepth: 0 }));
  }

  plan(root: MessageNode, broken: readonly SourceRange[]): readonly Gap[] {
    for (const field of root.fields) {
      this.set(this.indexOf(field.range.start), 'new', '', 0);
      this.planField(field, 0, false);
    }
    for (const { start, end } of broken) {
      // The blanks behind the last token of a broken part belong to it as well.
      for (let index = this.indexOf(start); index < this.gaps.length; index++) {
        this.set(index, 'asIs', '', 0);
        if ((this.tokens[index]?.start ?? 0) >= end) break;
      }
    }
    return this.gaps;
  }

  private planField(field: FieldNode, depth: number, isOneLine: boolean): void {
    const first = this.indexOf(field.range.start);
    const nameEnd = this.indexOf(field.nameRange.end);
    for (let index = first + 1; index < nameEnd; index++) this.set(index, 'asIs', '', depth);
    if (field.colon !== undefined) this.set(nameEnd, 'same', '', depth);
    if (field.isList) this.planList(field, depth, isOneLine);
    else if (field.values[0] !== undefined) {
      this.planValue(field.values[0], first, depth, isOneLine);
    }
    const separator = this.indexOf(field.range.end);
    const kind = this.tokens[separator]?.kind;
    if (kind === ',' || kind === ';') this.set(separator, 'same', '', depth);
  }

  private planValue(value: ValueNode, first: number, depth: number, isOneLine: boolean): void {
    const index = this.indexOf(value.range.start);
    const isMessage = value.kind === 'message';
    this.set(index, 'same', ' ', isMessage ? depth : depth + 1);
    if (isMessage) this.planMessage(value, first, depth, isOneLine);
    else this.planScalar(value, depth);
  }

  private planScalar(value: ScalarNode, depth: number): void {
    const first = this.indexOf(value.range.start);
    const end = this.indexOf(value.range.end);
    for (let index = first + 1; index < end; index++) {
      if (value.form === 'string') this.set(index, 'keep', ' ', depth + 1);
      else this.set(index, 'same', '', depth + 1);
    }
  }

  private planList(field: FieldNode, depth: number, isOneLine: boolean): void {
    const open = this.indexOf(field.valueRange.start);
    const close = this.indexOf(field.valueRange.end) - 1;
    this.set(open, 'same', ' ', depth);
    const isBroken = this.startsLine(open + 1);
    let index = open + 1;
    for (const value of field.values) {
      const start = this.indexOf(value.range.start);
      for (; index < start; index++) this.set(index, 'same', '', depth + 1);
      const isMessage = value.kind === 'message';
      const valueDepth = isMessage && !isBroken ? depth : depth + 1;
      this.set(start, 'keep', start === open + 1 ? '' : ' ', valueDepth);
      if (isMessage) this.planMessage(value, start, valueDepth, isOneLine);
      else this.planScalar(value, depth);
      index = this.indexOf(value.range.end);
    }
    for (; index < close; index++) this.set(index, 'same', '', depth + 1);
    this.set(close, isBroken ? 'new' : 'keep', '', depth, depth + 1);
  }

  /** `first` is the token that the message's line begins with. */
  private planMessage(
    message: MessageNode,
    first: number,
    depth: number,
    inOneLine: boolean,
  ): void {
    const { range, fields } = message;
    const close = this.indexOf(range.end) - 1;
    const wasOneLine = !this.text.slice(range.start, range.end).includes('\n');
    if (inOneLine || wasOneLine) {
      for (const field of fields) {
        this.set(this.indexOf(field.range.start), 'same', ' ', depth + 1);
        this.planField(field, depth + 1, true);
      }
      this.set(close, 'same', fields.length === 0 ? '' : ' ', depth, depth + 1);
      if (inOneLine || this.width(first, close, depth) <= maximumColumns) return;
    }
    for (const field of fields) {
      this.set(this.indexOf(field.range.start), 'new', '', depth + 1);
      this.planField(field, depth + 1, false);
    }
    this.set(close, 'new', '', depth, depth + 1);
  }

  /** Columns that tokens take on one line. */
  private width(first: number, last: number, depth: number): number {
    let width = depth * indentUnit.length;
    for (let index = first; index <= last; index++) {
      const { start, end } = this.tokens[index] as Token;
      const gap = this.gaps[index] as Gap;
      const before = this.tokens[index - 1]?.end ?? start;
      if (index > first) width += gap.line === 'asIs' ? start - before : gap.space.length;
      width += end - start;
    }
    return width;
  }

  private startsLine(index: number): boolean {
    const start = this.tokens[index]?.start ?? this.text.length;
    return this.text.slice(this.tokens[index - 1]?.end ?? 0, start).includes('\n');
  }

  private set(
    index: number,
    line: Gap['line'],
    space: Gap['space'],
    depth: number,
    commentDepth = depth,
  ): void {
    this.gaps[index] = { line, space, depth, commentDepth };
  }

  /** The first token at or after an offset. */
  private indexOf(offset: number): number {
    let low = 0;
    let high = this.tokens.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.tokens[middle]?.start ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
