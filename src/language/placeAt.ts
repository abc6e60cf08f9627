import { caffeSchema } from '../caffe/caffeSchema';
import { MessageType, type FieldType } from '../prototxt/schema';
import type { SourceRange } from '../prototxt/source';
import type { FieldNode, MessageNode, ValueNode } from '../prototxt/tree';
import type { Analysis } from './analysis';
import { rootTypes } from '../caffe/documentKind';

/** What stands at an offset of a document, with the types that the schema gives it. */
export interface Place {
  /** The innermost message around the offset. */
  readonly message: MessageNode;
  /** Undefined where the schema does not know the message. */
  readonly type: MessageType | undefined;
  /** The field of that message at the offset: on its name, in its value, or touching them. */
  readonly field: FieldNode | undefined;
  readonly fieldType: FieldType | undefined;
  /** The value of the field at the offset. */
  readonly value: ValueNode | undefined;
  readonly isOnName: boolean;
  /** The messages around that one, the whole document first. */
  readonly parents: readonly { readonly node: MessageNode; readonly field: FieldNode }[];
}

/** Finds what stands at an offset. */
export function placeAt(analysis: Analysis, offset: number): Place {
  const parents: { node: MessageNode; field: FieldNode }[] = [];
  let message = analysis.root;
  let type = rootType(analysis);
  for (;;) {
    const field = fieldAt(message, offset);
    const fieldType = field === undefined ? undefined : type?.fields.get(field.name);
    const value =
      field?.values.find(({ range }) => touches(range, offset)) ?? unclosedValue(field, offset);
    const isInside = value?.kind === 'message' && isBetweenBrackets(value, offset);
    if (field === undefined || value === undefined || !isInside) {
      const isOnName = field !== undefined && touches(field.nameRange, offset);
      return { message, type, field, fieldType, value, isOnName, parents };
    }
    parents.push({ node: message, field });
    message = value;
    type = fieldType?.type instanceof MessageType ? fieldType.type : undefined;
  }
}

/** The message type of the whole document; that of a net where it is too early to tell. */
export function rootType({ kind }: Analysis): MessageType | undefined {
  return kind === 'other' ? undefined : caffeSchema.message(rootTypes[kind]);
}

/** The last field that begins before an offset; fields are in file order, and a net has thousands. */
function fieldBefore({ fields }: MessageNode, offset: number): FieldNode | undefined {
  let low = 0;
  let high = fields.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((fields[middle]?.range.start ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return fields[low - 1];
}

function fieldAt(message: MessageNode, offset: number): FieldNode | undefined {
  const field = fieldBefore(message, offset);
  const isAt = field !== undefined && offset <= field.range.end;
  return isAt || unclosedValue(field, offset) !== undefined ? field : undefined;
}

/** A message that is never closed goes on to what comes next. */
function unclosedValue(field: FieldNode | undefined, offset: number): MessageNode | undefined {
  const value = field?.values.at(-1);
  const isUnclosed = value?.kind === 'message' && value.close === undefined;
  return isUnclosed && offset > value.range.end ? value : undefined;
}

function isBetweenBrackets({ open, close, range }: MessageNode, offset: number): boolean {
  if (offset <= (open ?? range.start)) return false;
  return close === undefined || offset <= close;
}

function touches({ start, end }: SourceRange, offset: number): boolean {
  return start <= offset && offset <= end;
}
