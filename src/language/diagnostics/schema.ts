import { presentType } from '../../caffe/upgrade/oldTypes';
import { ignoredTransformations } from '../../caffe/upgrade/ignoredTransformations';
import type { Diagnostic } from '../../prototxt/diagnostic';
import { EnumType, MessageType, type FieldType } from '../../prototxt/schema';
import { quote } from '../../prototxt/strings';
import { suggest } from '../../prototxt/suggest';
import type { FieldNode, ScalarNode } from '../../prototxt/tree';
import type { Analysis } from '../analysis';
import { forkOfField } from '../forkFields';
import { knownLayerTypes } from '../layerTypeNames';
import { placeAt, type Place } from '../placeAt';
import { insertField } from './insertField';
import { removeFix, replaceFix, type Finding, type QuickFix } from './finding';

/** What does not fit the messages of Caffe: unknown fields, wrong types, repeated and missing ones. */
export function schemaFindings(analysis: Analysis): Finding[] {
  const ignored = analysis.nets
    .filter(({ form }) => form === 'present')
    .flatMap(({ message, nodes }) => ignoredTransformations({ message, nodes, diagnostics: [] }));
  const upgrades = analysis.nets.flatMap(({ upgradeFault, root }): Finding[] => {
    if (upgradeFault === undefined) return [];
    const { code, detail, place } = upgradeFault;
    const start = analysis.source.offsetAt(place.line ?? 1, place.column ?? 1);
    const end = endOfWord(analysis.text, start);
    const range = place.line === undefined ? root.range : { start, end };
    return [{ family: 'schema', code, severity: 'error', message: detail, range }];
  });
  const bound = [...analysis.schemaDiagnostics, ...ignored]
    .filter((diagnostic) => !isForks(analysis, diagnostic))
    .map((diagnostic): Finding => ({
      ...diagnostic,
      family: 'schema',
      fixes: () => fixesOf(analysis, diagnostic),
    }));
  return [...bound, ...upgrades];
}

/** A field of a well-known fork is no mistake, nor are the settings of a layer of an unknown one. */
function isForks(analysis: Analysis, { code, message, range }: Diagnostic): boolean {
  if (code !== 'schema/unknown-field') return false;
  const [, field = '', type = ''] = /^Unknown field '([^']*)' in (\w+)/.exec(message) ?? [];
  if (forkOfField(type, field) !== undefined) return true;
  if (type !== 'LayerParameter' || !field.endsWith('_param')) return false;
  const layer = analysis.nets
    .flatMap(({ layers }) => layers)
    .find(({ node }) => node.range.start <= range.start && range.end <= node.range.end);
  return layer !== undefined && layer.type !== '' && !knownLayerTypes().has(layer.type);
}

function endOfWord(text: string, start: number): number {
  const word = /^(?:"[^"\n]*"|\w+|.)/.exec(text.slice(start, start + 100))?.[0] ?? '';
  return start + word.length;
}

function fixesOf(analysis: Analysis, { code, range }: Diagnostic): QuickFix[] {
  const place = placeAt(analysis, range.start);
  if (code === 'schema/missing-required') return missingFixes(analysis, range.start);
  const { field } = place;
  if (field === undefined) return [];
  const remove = removeFix(analysis.text, `Remove '${field.name}'`, field.range);
  switch (code) {
    case 'schema/unknown-field':
      return [...renameFixes(place, field), remove];
    case 'schema/duplicate-field':
      return [remove];
    case 'schema/unknown-enum-value':
      return enumFixes(place);
    case 'schema/wrong-type':
      return typeFixes(place, field);
    case 'schema/not-repeated':
      return listFixes(analysis.text, field);
    case 'net/ignored-field':
      return [remove];
    default:
      return [];
  }
}

function renameFixes({ type }: Place, field: FieldNode): QuickFix[] {
  const nearest = suggest(field.name, type?.fields.keys() ?? []);
  if (nearest === undefined) return [];
  return [replaceFix(`Change to '${nearest}'`, field.nameRange, nearest)];
}

function enumFixes({ fieldType, value }: Place): QuickFix[] {
  const type = fieldType?.type;
  if (!(type instanceof EnumType) || value?.kind !== 'scalar') return [];
  const names = [...type.numbers.keys()];
  const nearest = suggest(value.value, names);
  const offered = nearest === undefined ? names.slice(0, 6) : [nearest];
  return offered.map((name) =>
    replaceFix(`Change to ${name}`, value.range, name, offered.length === 1),
  );
}

/** Quotes too many or too few, and brackets that are missing. */
function typeFixes({ fieldType, type: holder }: Place, { values }: FieldNode): QuickFix[] {
  const [value] = values;
  if (fieldType === undefined || value?.kind !== 'scalar') return [];
  const { type } = fieldType;
  if (type instanceof MessageType) return [];
  if (value.form === 'string') {
    const bare = unquoted(fieldType, value);
    return bare === undefined
      ? []
      : [replaceFix(`Take the quotes away: ${bare}`, value.range, bare)];
  }
  if (type === 'string' || type === 'bytes') {
    const isLayerType = holder?.name === 'LayerParameter' && fieldType.name === 'type';
    // Types were words without quotes in V1 files, and other ones.
    const quoted = quote(isLayerType ? presentType(value.value) : value.value);
    return [replaceFix(`Change to ${quoted}`, value.range, quoted)];
  }
  if (type === 'bool') {
    const isTrue = /^(yes|on|true)$/i.test(value.value) || Number(value.value) > 0;
    const word = String(isTrue);
    return [replaceFix(`Change to ${word}`, value.range, word)];
  }
  if (typeof type === 'string' && /int|fixed/.test(type) && Number.isFinite(Number(value.value))) {
    const whole = String(Math.round(Number(value.value)));
    return [replaceFix(`Round to ${whole}`, value.range, whole, false)];
  }
  return [];
}

function unquoted({ type }: FieldType, { value }: ScalarNode): string | undefined {
  if (type instanceof EnumType) {
    if (type.numbers.has(value)) return value;
    const upper = value.toUpperCase();
    return type.numbers.has(upper) ? upper : suggest(value, type.numbers.keys());
  }
  if (type === 'bool') return /^(true|false)$/i.test(value) ? value.toLowerCase() : undefined;
  return /^-?[\d.]+(e[+-]?\d+)?$/i.test(value) ? value : undefined;
}

function listFixes(text: string, { values, valueRange }: FieldNode): QuickFix[] {
  return values.slice(0, 4).map((value) => {
    const written = text.slice(value.range.start, value.range.end);
    return replaceFix(`Keep only ${written}`, valueRange, written, values.length === 1);
  });
}

function missingFixes(analysis: Analysis, offset: number): QuickFix[] {
  const { message, type } = placeAt(analysis, offset + 1);
  if (type === undefined) return [];
  return [...type.fields.values()]
    .filter(({ name, required }) => required && !message.fields.some((f) => f.name === name))
    .map((field) => ({
      title: `Add '${field.name}'`,
      edits: insertField(analysis, message, field.name, String(field.defaultValue ?? 0)),
      isPreferred: true,
    }));
}
