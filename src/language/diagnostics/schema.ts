import { presentType } from '../../caffe/upgrade/oldTypes';
import { ignoredTransformations } from '../../caffe/upgrade/ignoredTransformations';
import type { Diagnostic, DiagnosticSubject } from '../../prototxt/diagnostic';
import { EnumType, MessageType, type FieldType } from '../../prototxt/schema';
import { quote } from '../../prototxt/strings';
import type { SourceRange } from '../../prototxt/source';
import { plain } from '../../base/words';
import { suggestWord } from '../../base/suggest';
import type { FieldNode, ScalarNode } from '../../prototxt/tree';
import type { Analysis } from '../analysis';
import { forkOfField, forkOfValue, forkThatRepeats } from '../../caffe/forkFields';
import { hasManyAxes } from '../foreignSettings';
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
    return [{ family: 'schema', code, severity: 'error', message: plain(detail), range }];
  });
  const bound = onceEach([...analysis.schemaDiagnostics, ...ignored]).flatMap((diagnostic) => {
    const severity = severityOf(analysis, diagnostic);
    if (severity === undefined) return [];
    const { code, message, range } = diagnostic;
    const fixes = (): readonly QuickFix[] => fixesOf(analysis, diagnostic);
    return [{ family: 'schema', code, severity, message, range, fixes } satisfies Finding];
  });
  return [...bound, ...upgrades];
}

/** More places than these with the same unknown field are told at the first of them. */
const toldPlaces = 10;

/** The same unknown field in thousands of layers is one thing to tell, not thousands. */
function onceEach(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const groups = new Map<string, Diagnostic[]>();
  for (const diagnostic of diagnostics) {
    const unknown = unknownField(diagnostic);
    if (unknown === undefined) continue;
    const key = `${unknown.message} ${unknown.field}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [diagnostic]);
    else group.push(diagnostic);
  }
  const many = [...groups.values()].filter(({ length }) => length > toldPlaces);
  const firsts = new Map(many.map((group) => [group[0], group.length]));
  const others = new Set(many.flatMap((group) => group.slice(1)));
  return diagnostics
    .filter((diagnostic) => !others.has(diagnostic))
    .map((diagnostic) => {
      const count = firsts.get(diagnostic);
      if (count === undefined) return diagnostic;
      return { ...diagnostic, message: `${diagnostic.message} (in ${count} places of this file)` };
    });
}

function unknownField({ code, subject }: Diagnostic): DiagnosticSubject | undefined {
  return code === 'schema/unknown-field' ? subject : undefined;
}

/**
 * What is known of forks is no mistake, and has no severity. Caffe has thousands of forks: what looks
 * like nothing that Caffe has is most likely of one of them, and worth no more than an information.
 */
function severityOf(analysis: Analysis, diagnostic: Diagnostic): Finding['severity'] | undefined {
  const { code, severity, subject, range } = diagnostic;
  const isNear = subject?.nearest !== undefined;
  const unknown = unknownField(diagnostic);
  if (unknown !== undefined) {
    const isForksOwn = isForks(analysis, unknown, range);
    // A fork's way to quantize is not read here: who opens such a net had better know that.
    if (isForksOwn && unknown.message === 'QuantizationParameter') return 'information';
    if (isForksOwn) return undefined;
    return isNear ? severity : 'information';
  }
  if (code === 'schema/unknown-enum-value') {
    const { type, field, value } = placeAt(analysis, range.start);
    const word = value?.kind === 'scalar' ? value.value : '';
    if (type === undefined || field === undefined) return severity;
    if (forkOfValue(type.name, field.name, word) !== undefined) return undefined;
    // Whatever the engine is, it computes the same; and forks have layers of their own in V1 files.
    const isV1Type = `${type.name}.${field.name}` === v1Type;
    // `PRELU`: forks of 2014 gave the layers that followed a word of their own, which is no slip.
    if (isV1Type && isLaterType(word)) return undefined;
    return (isV1Type || field.name === 'engine') && !isNear ? 'information' : severity;
  }
  if (code === 'schema/duplicate-field' || code === 'schema/not-repeated') {
    const { type, field, message: node } = placeAt(analysis, range.start);
    const isForks =
      type !== undefined &&
      field !== undefined &&
      forkThatRepeats(type.name, field.name) !== undefined;
    if (isForks || (type?.name === 'PoolingParameter' && hasManyAxes(node))) return undefined;
  }
  return severity;
}

const v1Type = 'V1LayerParameter.type';

/** Whether a word of V1 files is a layer type of today, in capitals. */
function isLaterType(word: string): boolean {
  const bare = word.replaceAll('_', '').toLowerCase();
  return /^[A-Z0-9_]+$/.test(word) && [...knownLayerTypes()].some((t) => t.toLowerCase() === bare);
}

/** A field of a well-known fork is no mistake, nor are the settings of a layer of an unknown one. */
function isForks(
  analysis: Analysis,
  { field, message = '' }: DiagnosticSubject,
  range: SourceRange,
): boolean {
  if (forkOfField(message, field) !== undefined) return true;
  if (message !== 'LayerParameter' || !field.endsWith('_param')) return false;
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
      return unknownFixes(analysis.text, place, field);
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

/** For all fields of a message with the same name, as they are one finding. */
function unknownFixes(text: string, { type, message }: Place, { name }: FieldNode): QuickFix[] {
  const alike = message.fields.filter((field) => field.name === name);
  const nearest = suggestWord(name, type?.fields.keys() ?? []);
  const title = nearest === undefined ? undefined : `Change to '${nearest}'`;
  const renames = alike.map(({ nameRange: range }) => ({ range, newText: nearest ?? name }));
  const removals = alike.flatMap(({ range }) => removeFix(text, '', range).edits);
  return [
    ...(title === undefined ? [] : [{ title, edits: renames, isPreferred: true }]),
    { title: `Remove '${name}'`, edits: removals, isPreferred: false },
  ];
}

function enumFixes({ fieldType, value }: Place): QuickFix[] {
  const type = fieldType?.type;
  if (!(type instanceof EnumType) || value?.kind !== 'scalar') return [];
  const names = [...type.numbers.keys()];
  const nearest = suggestWord(value.value, names);
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
    return type.numbers.has(upper) ? upper : suggestWord(value, type.numbers.keys());
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
