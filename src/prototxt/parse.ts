import { type Diagnostic, DiagnosticList } from './diagnostic';
import type { SourceRange, SourceText } from './source';
import { decodeLiterals } from './strings';
import { type Token, type TokenKind, tokenize } from './tokens';
import type { FieldNode, MessageNode, ScalarNode, ValueNode } from './tree';

/** A text as far as it could be understood, and what is wrong with it, in file order. */
export interface ParseResult {
  readonly root: MessageNode;
  readonly diagnostics: readonly Diagnostic[];
}

/** Deeper messages are reported and passed over: real files nest to about 5 levels. */
export const maximumDepth = 200;

/** Reads the protobuf text format. Never throws: faults become diagnostics, the rest is read on. */
export function parsePrototxt(source: SourceText): ParseResult {
  const result = new Parser(source.text, false).parse();
  if (!result.diagnostics.some(({ code }) => code === 'syntax/unclosed-message')) return result;
  // Where a bracket is missing, the rest of the file would belong to one message. That a message
  // begins at the start of a line tells more, unless the file is not indented at all.
  const other = new Parser(source.text, true).parse();
  return other.diagnostics.length <= result.diagnostics.length ? other : result;
}

const closers = new Map<TokenKind, TokenKind>([
  ['{', '}'],
  ['<', '>'],
  ['[', ']'],
]);

interface Value {
  readonly values: readonly ValueNode[];
  readonly range: SourceRange;
  readonly isList: boolean;
}

class Parser {
  private readonly diagnostics = new DiagnosticList();
  private readonly tokens: readonly Token[];
  private at = 0;

  constructor(
    private readonly text: string,
    /** Whether a message that begins at the start of a line ends all that are open. */
    private readonly trustsLayout: boolean,
  ) {
    this.tokens = tokenize(text, this.diagnostics);
  }

  parse(): ParseResult {
    const fields: FieldNode[] = [];
    for (;;) {
      this.parseFields(0, fields);
      if (this.peek().kind === 'end') break;
      const stray = this.next();
      this.error('unexpected-close', `'${this.show(stray)}' closes nothing`, stray);
    }
    const root: MessageNode = {
      kind: 'message',
      range: { start: 0, end: this.text.length },
      fields,
    };
    const diagnostics = this.diagnostics.items.sort((a, b) => a.range.start - b.range.start);
    return { root, diagnostics };
  }

  /** Adds the fields up to a closing bracket or the end, which is left for the caller. */
  private parseFields(depth: number, fields: FieldNode[]): void {
    for (;;) {
      const token = this.peek();
      if (token.kind === 'end' || isMessageClose(token.kind)) return;
      if (depth > 0 && this.trustsLayout && this.startsTopMessage()) return;
      const name = token.kind === '[' ? this.parseExtensionName() : undefined;
      if (name !== undefined) {
        fields.push(this.parseField(name, depth));
      } else if (token.kind === 'identifier') {
        this.at++;
        fields.push(this.parseField(token, depth));
      } else {
        this.skipJunk();
      }
    }
  }

  private parseField(nameRange: SourceRange, depth: number): FieldNode {
    const name = this.show(nameRange);
    const colon = this.take(':')?.start;
    const value = this.parseFieldValue(name, colon !== undefined, depth);
    if (!this.take(',')) this.take(';');
    const valueRange = value.range;
    return {
      kind: 'field',
      name,
      nameRange: { start: nameRange.start, end: nameRange.end },
      range: { start: nameRange.start, end: valueRange.end },
      // Spreading it in only where it is set made a parse take twice as long.
      colon,
      valueRange,
      values: value.values,
      isList: value.isList,
    };
  }

  private parseFieldValue(name: string, hasColon: boolean, depth: number): Value {
    const token = this.peek();
    if (token.kind === '[') return this.parseList(name, hasColon, depth);
    if (isMessageOpen(token.kind)) {
      const message = this.parseMessage(depth);
      return { values: [message], range: message.range, isList: false };
    }
    if (!isScalarStart(token.kind) || this.startsField()) {
      const expected = hasColon ? `a value for '${name}'` : `':' or '{' after '${name}'`;
      this.errorAtMissing('expected-value', `Expected ${expected}`);
      const end = this.previousEnd();
      return { values: [], range: { start: end, end }, isList: false };
    }
    if (!hasColon) this.errorAtMissing('expected-colon', `Expected ':' after '${name}'`);
    const scalar = this.parseScalar();
    return { values: [scalar], range: scalar.range, isList: false };
  }

  private parseMessage(depth: number): MessageNode {
    const open = this.next();
    const fields: FieldNode[] = [];
    if (depth >= maximumDepth) {
      const message = `Messages are nested more than ${maximumDepth} deep: this one is not read`;
      this.error('too-deep', message, open);
      this.skipToClose();
    } else {
      this.parseFields(depth + 1, fields);
    }
    const close = this.peek();
    if (!isMessageClose(close.kind)) {
      this.error('unclosed-message', `'${this.show(open)}' is never closed`, open);
      const range = { start: open.start, end: this.previousEnd() };
      return { kind: 'message', range, fields, open: open.start };
    }
    this.at++;
    const expected = closers.get(open.kind) ?? '';
    if (close.kind !== expected) {
      const message = `Expected '${expected}', found '${this.show(close)}'`;
      this.error('mismatched-close', message, close);
    }
    const range = { start: open.start, end: close.end };
    return { kind: 'message', range, fields, open: open.start, close: close.start };
  }

  private parseList(name: string, hasColon: boolean, depth: number): Value {
    const open = this.next();
    if (!hasColon && !isMessageOpen(this.peek().kind)) {
      this.error('expected-colon', `Expected ':' after '${name}', found '['`, open);
    }
    const values: ValueNode[] = [];
    let needsValue = false;
    for (;;) {
      const token = this.peek();
      if (token.kind === ']') {
        if (needsValue) this.errorAtMissing('expected-value', `Expected a value after ','`);
        this.at++;
        break;
      }
      if (this.endsUnclosedList(token.kind)) {
        this.error('unclosed-list', `'[' is never closed`, open);
        break;
      }
      if (values.length > 0 && !needsValue && token.kind !== ',') {
        this.errorAtMissing('expected-comma', `Expected ',' or ']' in the list`);
      }
      const value = this.parseListValue(depth);
      if (value !== undefined) values.push(value);
      needsValue = this.take(',') !== undefined;
    }
    return { values, range: { start: open.start, end: this.previousEnd() }, isList: true };
  }

  private parseListValue(depth: number): ValueNode | undefined {
    const { kind } = this.peek();
    if (isMessageOpen(kind)) return this.parseMessage(depth);
    if (isScalarStart(kind)) return this.parseScalar();
    this.errorAtMissing('expected-value', 'Expected a value in the list');
    if (closers.has(kind)) this.skipBalanced();
    else if (kind !== ',') this.at++;
    return undefined;
  }

  private endsUnclosedList(kind: TokenKind): boolean {
    if (kind === 'end' || kind === ';' || isMessageClose(kind)) return true;
    return this.startsField();
  }

  private parseScalar(): ScalarNode {
    const first = this.next();
    if (first.kind === 'string') return this.parseString(first);
    if (first.kind !== '-') return this.scalar(first, first, '');
    const { kind } = this.peek();
    if ((kind === 'number' || kind === 'identifier') && !this.startsField()) {
      return this.scalar(first, this.next(), '-');
    }
    this.errorAtMissing('expected-value', `Expected a number after '-'`);
    return { ...this.scalar(first, first, ''), form: 'number', malformed: true };
  }

  private scalar(first: Token, last: Token, sign: string): ScalarNode {
    const range = { start: first.start, end: last.end };
    return {
      kind: 'scalar',
      form: sign === '' && last.kind === 'identifier' ? 'identifier' : 'number',
      text: this.show(range),
      value: sign + this.show(last),
      range,
      malformed: last.malformed,
    };
  }

  private parseString(first: Token): ScalarNode {
    const literals = [first];
    while (this.peek().kind === 'string') literals.push(this.next());
    const range = { start: first.start, end: this.previousEnd() };
    const value = decodeLiterals(this.text, literals, this.diagnostics);
    return { kind: 'scalar', form: 'string', text: this.show(range), value, range };
  }

  /** `[some.extension]`, or undefined, with nothing read, where that does not stand there. */
  private parseExtensionName(): SourceRange | undefined {
    let at = this.at + 1;
    while (isNamePart(this.tokens[at]?.kind)) at++;
    const open = this.peek();
    const close = this.tokens[at];
    if (close?.kind !== ']' || at === this.at + 1) return undefined;
    this.at = at + 1;
    const range = { start: open.start, end: close.end };
    const message = `'${this.show(range)}' is an extension, which is not known here: ignored`;
    this.diagnostics.warning('syntax/extension', message, range);
    return range;
  }

  /** One report for everything up to where the next field may start. */
  private skipJunk(): void {
    const { kind } = this.peek();
    // The tokenizer has reported an invalid character already.
    if (kind !== 'invalid') {
      this.error('expected-field', `Expected a field name, found ${this.found()}`, this.peek());
    }
    for (;;) {
      const next = this.peek().kind;
      if (next === 'identifier' || next === 'end' || isMessageClose(next)) return;
      if (closers.has(next)) this.skipBalanced();
      else this.at++;
    }
  }

  private skipBalanced(): void {
    this.at++;
    this.skipToClose();
    if (this.peek().kind !== 'end') this.at++;
  }

  /** Moves to the bracket that closes an already open one, whatever its shape. */
  private skipToClose(): void {
    for (let open = 0; ; this.at++) {
      const { kind } = this.peek();
      if (kind === 'end') return;
      if (closers.has(kind)) open++;
      else if (isMessageClose(kind) || kind === ']') {
        if (open === 0) return;
        open--;
      }
    }
  }

  /** Whether a name and what only follows names come next: then a value is missing before it. */
  private startsField(): boolean {
    const token = this.peek();
    const after = this.tokens[this.at + 1];
    if (token.kind !== 'identifier' || after === undefined) return false;
    if (after.kind === ':') return true;
    return isMessageOpen(after.kind) && this.isOnNewLine(token);
  }

  private startsTopMessage(): boolean {
    const token = this.peek();
    const after = this.tokens[this.at + 1];
    const isAtStart = token.start === 0 || this.text[token.start - 1] === '\n';
    return (
      isAtStart && token.kind === 'identifier' && after !== undefined && isMessageOpen(after.kind)
    );
  }

  private isOnNewLine(token: Token): boolean {
    return this.text.slice(this.previousEnd(), token.start).includes('\n');
  }

  private errorAtMissing(code: string, message: string): void {
    const token = this.peek();
    const previous = this.tokens[this.at - 1];
    // What is missing belongs to the line it is missing from, not to the next one.
    const place =
      previous !== undefined && (token.kind === 'end' || this.isOnNewLine(token))
        ? previous
        : token;
    this.error(code, `${message}, found ${this.found()}`, place);
  }

  private error(code: string, message: string, { start, end }: SourceRange): void {
    this.diagnostics.error(`syntax/${code}`, message, { start, end });
  }

  private found(): string {
    const token = this.peek();
    if (token.kind === 'end') return 'the end of the file';
    const text = this.show(token);
    return token.kind === 'string' ? text : `'${text}'`;
  }

  private show({ start, end }: SourceRange): string {
    return this.text.slice(start, end);
  }

  private peek(): Token {
    return this.tokens[Math.min(this.at, this.tokens.length - 1)] as Token;
  }

  private next(): Token {
    const token = this.peek();
    this.at++;
    return token;
  }

  private take(kind: TokenKind): Token | undefined {
    return this.peek().kind === kind ? this.next() : undefined;
  }

  private previousEnd(): number {
    return this.tokens[this.at - 1]?.end ?? 0;
  }
}

function isMessageOpen(kind: TokenKind): boolean {
  return kind === '{' || kind === '<';
}

function isMessageClose(kind: TokenKind): boolean {
  return kind === '}' || kind === '>';
}

function isScalarStart(kind: TokenKind): boolean {
  return kind === 'string' || kind === 'number' || kind === 'identifier' || kind === '-';
}

function isNamePart(kind: TokenKind | undefined): boolean {
  return kind === 'identifier' || kind === 'number' || kind === '.' || kind === '/' || kind === '-';
}
