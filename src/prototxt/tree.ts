import type { SourceRange } from './source';

/** A message: the whole file, or what stands between `{ }` or `< >`. */
export interface MessageNode {
  readonly kind: 'message';
  /** Includes the brackets. */
  readonly range: SourceRange;
  readonly fields: readonly FieldNode[];
  /** Offset of the opening bracket; undefined for the file itself. */
  readonly open?: number;
  /** Offset of the closing bracket; undefined for the file itself and where it is missing. */
  readonly close?: number;
}

/** A field as written; a repeated field has one node each time its name is written. */
export interface FieldNode {
  readonly kind: 'field';
  /** As written; an extension keeps its brackets: `[some.extension]`. */
  readonly name: string;
  readonly nameRange: SourceRange;
  /** From the name to the end of the value; a separator after it is not included. */
  readonly range: SourceRange;
  /** Offset of the colon; undefined where it is left out. */
  readonly colon?: number | undefined;
  /** From the first value to the end of the last, with the brackets of a list. */
  readonly valueRange: SourceRange;
  /** One value, any number in a list, none where the value is missing (a syntax error). */
  readonly values: readonly ValueNode[];
  /** Whether the value is written as `[a, b]`. */
  readonly isList: boolean;
}

/** What a field holds. */
export type ValueNode = MessageNode | ScalarNode;

/** A single value. */
export interface ScalarNode {
  readonly kind: 'scalar';
  /** `inf` and `nan` are identifiers; anything that starts with a minus sign is a number. */
  readonly form: 'string' | 'number' | 'identifier';
  /** As written. */
  readonly text: string;
  /** The decoded string; for other forms the text, without blanks after a minus sign. */
  readonly value: string;
  readonly range: SourceRange;
  /** Set for a number that a syntax error was reported for. */
  readonly malformed?: true | undefined;
}
