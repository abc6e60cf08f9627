import { EnumType, type FieldType, type FieldValue, type ScalarType } from './schema';
import { decodeBytes } from './strings';
import { suggestWord } from '../base/suggest';
import type { ScalarNode } from './tree';

/** Why a value does not fit its field. */
export interface ScalarFault {
  readonly code: string;
  readonly message: string;
  /** Of a value that an enum does not have, the one that it may be meant for. */
  readonly nearest?: string | undefined;
}

/** The value of a field that is no message, or why it has none. */
export type ScalarResult = { readonly value: FieldValue } | { readonly fault: ScalarFault };

const trueWords = new Set(['true', 'True', 't']);
const falseWords = new Set(['false', 'False', 'f']);
const integerPattern = /^-?(?:0[xX][0-9a-fA-F]+|[0-9]+)$/;

/** Reads a value as protobuf reads it for a field of type `type`. */
export function readScalar(
  field: FieldType,
  type: ScalarType | EnumType,
  node: ScalarNode,
): ScalarResult {
  if (type instanceof EnumType) return readEnum(field, type, node);
  switch (type) {
    case 'string':
      return node.form === 'string' ? { value: node.value } : wrongType(field, type, node);
    case 'bytes':
      return node.form === 'string'
        ? { value: decodeBytes(node.text) }
        : wrongType(field, type, node);
    case 'bool':
      return readBool(field, type, node);
    case 'float':
    case 'double':
      return readFloat(field, type, node);
    default:
      return readInteger(field, type, node);
  }
}

function readEnum(field: FieldType, type: EnumType, node: ScalarNode): ScalarResult {
  const { value: text } = node;
  if (node.form === 'identifier') {
    if (type.numbers.has(text)) return { value: text };
    return unknownEnumValue(field, text, [...type.numbers.keys()]);
  }
  if (node.form !== 'number' || !integerPattern.test(text)) return wrongType(field, type, node);
  const name = type.names.get(Number(parseInteger(text)));
  if (name !== undefined) return { value: name };
  const known = [...type.names].map(([number, key]) => `${number} (${key})`);
  return unknownEnumValue(field, text, known);
}

function unknownEnumValue(field: FieldType, text: string, known: string[]): ScalarResult {
  const nearest = suggestWord(text, known);
  const list = known.length > 8 ? [...known.slice(0, 8), '...'] : known;
  const hint = nearest === undefined ? `expected ${list.join(', ')}` : `did you mean '${nearest}'?`;
  const message = `Unknown value '${text}' for '${field.name}': ${hint}`;
  return { fault: { code: 'schema/unknown-enum-value', message, nearest } };
}

function readBool(field: FieldType, type: ScalarType, node: ScalarNode): ScalarResult {
  if (node.form === 'identifier') {
    if (trueWords.has(node.value)) return { value: true };
    if (falseWords.has(node.value)) return { value: false };
  } else if (node.form === 'number' && /^(?:0[xX]?)?0*[01]$/.test(node.value)) {
    return { value: node.value.endsWith('1') };
  }
  return wrongType(field, type, node);
}

function readFloat(field: FieldType, type: 'float' | 'double', node: ScalarNode): ScalarResult {
  const number = node.form === 'string' ? undefined : parseFloatText(node.value);
  if (number === undefined) return wrongType(field, type, node);
  return { value: type === 'float' ? Math.fround(number) : number };
}

/** The number a text stands for; undefined where it is not a number. */
function parseFloatText(text: string): number | undefined {
  const word = /^(-?)(?:(inf(?:inity)?)|nan)$/i.exec(text);
  if (word !== null) return word[2] === undefined ? NaN : word[1] === '-' ? -Infinity : Infinity;
  if (/^-?0[xX0-7]/.test(text) && integerPattern.test(text)) return Number(parseInteger(text));
  const number = Number(text.replace(/[fF]$/, ''));
  return Number.isNaN(number) ? undefined : number;
}

function readInteger(field: FieldType, type: ScalarType, node: ScalarNode): ScalarResult {
  const { value: text } = node;
  if (node.form !== 'number' || !integerPattern.test(text)) return wrongType(field, type, node);
  const [low, high] = limitsOf(type);
  const number = text.length < 10 ? Number(parseInteger(text)) : parseInteger(text);
  if (number >= low && number <= high) return { value: Number(number) };
  const message = `'${field.name}' must be from ${low} to ${high}, found ${text}`;
  return { fault: { code: 'schema/out-of-range', message } };
}

function parseInteger(text: string): number | bigint {
  const negative = text.startsWith('-');
  const digits = negative ? text.slice(1) : text;
  const literal = /^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits;
  if (literal.length < 10) return negative ? -Number(literal) : Number(literal);
  return negative ? -BigInt(literal) : BigInt(literal);
}

function limitsOf(type: ScalarType): readonly [bigint, bigint] {
  const bits = type.endsWith('64') ? 64n : 32n;
  const unsigned = type.startsWith('uint') || type.startsWith('fixed');
  if (unsigned) return [0n, (1n << bits) - 1n];
  return [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n];
}

function wrongType(field: FieldType, type: ScalarType | EnumType, node: ScalarNode): ScalarResult {
  const found = node.text.length > 40 ? `${node.text.slice(0, 40)}...` : node.text;
  const message = `Expected ${describeType(type)} for '${field.name}', found ${found}`;
  return { fault: { code: 'schema/wrong-type', message: message.replace(/\s+/g, ' ') } };
}

/** What a user is told to write for a type, e.g. `an integer`. */
export function describeType(type: ScalarType | EnumType): string {
  if (type instanceof EnumType) {
    const names = [...type.numbers.keys()];
    return names.length > 8 ? `a name such as ${names[1] ?? ''}` : `one of ${names.join(', ')}`;
  }
  if (type === 'string' || type === 'bytes') return 'a string in quotes';
  if (type === 'bool') return 'true or false';
  return type === 'float' || type === 'double' ? 'a number' : 'an integer';
}
