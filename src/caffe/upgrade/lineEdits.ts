import { DiagnosticList } from '../../prototxt/diagnostic';
import type { SourceRange } from '../../prototxt/source';
import { quote } from '../../prototxt/strings';
import { applyEdits, keepApart, sortEdits, type TextEdit } from '../../prototxt/textEdit';
import { skipBlanks, tokenize } from '../../prototxt/tokens';
import type { FieldNode, ScalarNode, ValueNode } from '../../prototxt/tree';

/** Changes to a text that leave every line where it is: comments and line ends always stay. */
export class LineEdits {
  private readonly edits: TextEdit[] = [];

  constructor(private readonly text: string) {}

  /** Puts a text of one line in the place of what begins and ends with a token. */
  replace(range: SourceRange, newText: string): void {
    this.edits.push({ range, newText: newText + this.skeleton(range) });
  }

  /** Adds a text of one line where a token begins or ends. */
  insert(at: number, newText: string): void {
    this.edits.push({ range: { start: at, end: at }, newText });
  }

  /** Takes a field out, and the separator after it. */
  removeField({ range }: FieldNode): void {
    const after = skipBlanks(this.text, range.end);
    const isSeparated = this.text[after] === ',' || this.text[after] === ';';
    this.remove({ start: range.start, end: isSeparated ? after + 1 : range.end });
  }

  /** Takes out what begins and ends with a token, and blanks that would be left over. */
  remove(range: SourceRange): void {
    let { start, end } = range;
    let newText = this.skeleton(range);
    while (isBlank(this.text[end])) end++;
    const endsLine = end === this.text.length || /[\r\n]/.test(this.text[end] ?? '');
    if (endsLine) newText = newText.replace(/[ \t]+$/, '');
    if (newText === '' ? endsLine : isBlank(newText[0])) {
      while (isBlank(this.text[start - 1])) start--;
    }
    this.edits.push({ range: { start, end }, newText });
  }

  /** The text after all changes. */
  apply(): string {
    let at = 0;
    const apart = sortEdits(this.edits).map(({ range, newText }): TextEdit => {
      // Two removals may both have taken the blanks between them.
      const start = Math.max(at, range.start);
      at = Math.max(at, range.end);
      return { range: { start, end: Math.max(start, range.end) }, newText };
    });
    const before = this.text.split('\n');
    const after = applyEdits(this.text, keepApart(this.text, apart)).split('\n');
    const isEmptied = (line: string, index: number): boolean =>
      /^[ \t]+\r?$/.test(line) && before[index]?.trim() !== '';
    return after
      .map((line, i) => (isEmptied(line, i) ? line.replace(/^[ \t]+/, '') : line))
      .join('\n');
  }

  /** Comments and line ends between the tokens of a part of the text. */
  private skeleton({ start, end }: SourceRange): string {
    const part = this.text.slice(start, end);
    if (!part.includes('\n')) return '';
    let kept = '';
    let at = 0;
    for (const token of tokenize(part, new DiagnosticList())) {
      const gap = part.slice(at, token.start);
      if (gap.includes('\n')) kept += gap;
      at = token.end;
    }
    return kept;
  }
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}

/** A field on one line, comments left out, under its own or another name. */
export function printField(field: FieldNode, name = field.name): string {
  const values = field.values.map(printValue);
  if (field.isList) return `${name}: [${values.join(', ')}]`;
  const colon = field.values[0]?.kind === 'message' ? '' : ':';
  return `${name}${colon} ${values.join('')}`;
}

function printValue(value: ValueNode): string {
  if (value.kind === 'scalar') return printScalar(value);
  return `{ ${value.fields.map((field) => printField(field)).join(' ')} }`;
}

/** A value as written, on one line. */
export function printScalar({ form, text, value }: ScalarNode): string {
  if (!text.includes('\n')) return text;
  return form === 'string' ? quote(value) : value;
}
