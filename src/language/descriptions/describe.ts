import { EnumType, type MessageType, type FieldType } from '../../prototxt/schema';
import { dataTexts } from './dataTexts';
import { forkTexts } from './forkTexts';
import { functionTexts } from './functionTexts';
import { netTexts } from './netTexts';
import { oldTexts } from './oldTexts';
import { quantizationTexts } from './quantizationTexts';
import { shapeTexts } from './shapeTexts';
import { solverTexts } from './solverTexts';
import type { ValueTexts } from './texts';
import { enumTexts, wordTexts } from './valueTexts';
import { weightTexts } from './weightTexts';

interface AnyMessageText {
  readonly summary: string;
  readonly fields: Readonly<Record<string, string>>;
}

const messages: Readonly<Record<string, AnyMessageText>> = {
  ...netTexts,
  ...dataTexts,
  ...weightTexts,
  ...functionTexts,
  ...shapeTexts,
  ...quantizationTexts,
  ...solverTexts,
  ...forkTexts,
  ...oldTexts,
};

/** What a message is for; undefined for one without a text. */
export function describeMessage(type: MessageType): string | undefined {
  return Object.hasOwn(messages, type.name) ? messages[type.name]?.summary : undefined;
}

/** What a field means, in Markdown; undefined for one without a text. */
export function describeField(type: MessageType, field: string): string | undefined {
  const fields = Object.hasOwn(messages, type.name) ? messages[type.name]?.fields : undefined;
  return fields !== undefined && Object.hasOwn(fields, field) ? fields[field] : undefined;
}

/** What the words mean that a field takes, by word: those of its enum, or of its string. */
export function describeValues(type: MessageType, field: FieldType): ValueTexts {
  if (field.type instanceof EnumType) return enumTexts[field.type.name] ?? {};
  return wordTexts[`${type.name}.${field.name}`] ?? {};
}

/** The type and the default of a field: `uint32, default 1`, `list of string`, `enum Phase`. */
export function describeFieldType(field: FieldType): string {
  const { type, repeated, required, defaultValue, namesDefault } = field;
  const name = typeof type === 'string' ? type : type instanceof EnumType ? words(type) : type.name;
  const parts = [repeated ? `list of ${name}` : name];
  if (required) parts.push('required');
  const isShown = namesDefault && defaultValue !== undefined && defaultValue !== '';
  if (isShown && !repeated && !(defaultValue instanceof Uint8Array)) {
    parts.push(`default ${formatDefault(defaultValue)}`);
  }
  return parts.join(', ');
}

/** The values of a short enum, else its name. */
function words({ name, numbers }: EnumType): string {
  return numbers.size > 6 ? `enum ${name}` : [...numbers.keys()].join(' | ');
}

/** Floats are held in 32 bits: the shortest digits that give the same float read better. */
function formatDefault(value: string | number | boolean): string {
  if (typeof value !== 'number' || Number.isInteger(value)) return String(value);
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === Math.fround(value)) return String(short);
  }
  return String(value);
}
