import type { Layout } from './layout';

/** A field to write; a scalar value is given as it is to stand in the text (see `quote`). */
export interface FieldSpec {
  readonly name: string;
  readonly value: string | readonly FieldSpec[];
}

/** `name: value` or `name { ... }` on one line. */
export function printOnOneLine({ name, value }: FieldSpec): string {
  if (typeof value === 'string') return `${name}: ${value}`;
  return `${name} ${printBodyOnOneLine(value, '{', '}')}`;
}

/** `{ a: 1 b: 2 }` */
export function printBodyOnOneLine(
  body: readonly FieldSpec[],
  open: string,
  close: string,
): string {
  return [open, ...body.map(printOnOneLine), close].join(' ');
}

/** The field with its first line not indented and its further lines at `indent` or deeper. */
export function printOnLines({ name, value }: FieldSpec, indent: string, layout: Layout): string {
  if (typeof value === 'string') return `${name}: ${value}`;
  return `${name} ${printBodyOnLines(value, '{', '}', indent, layout)}`;
}

/** The brackets and what they hold, a line a field; `indent` is that of the closing bracket. */
export function printBodyOnLines(
  body: readonly FieldSpec[],
  open: string,
  close: string,
  indent: string,
  layout: Layout,
): string {
  const inner = indent + layout.indentUnit;
  const lines = body.map((field) => inner + printOnLines(field, inner, layout));
  return [open, ...lines, indent + close].join(layout.lineEnd);
}
