import type { QuantizationParameter } from '../caffe/schema';
import { MessageType } from '../prototxt/schema';
import type { SourceRange } from '../prototxt/source';
import type { Analysis } from './analysis';
import { findLayer, type FoundLayer } from './findLayer';
import { forkOfField, forkOfValue } from '../caffe/forkFields';
import { forkOfType, forkWords } from './forkTypes';
import { describeQuantization } from './quantizationWords';
import { describeLayer, describeLayerType, formatCount, topShapeText } from './layerDescription';
import {
  describeField,
  describeFieldType,
  describeMessage,
  describeValues,
} from './descriptions/describe';
import { bold, code } from './markdown';
import { placeAt, type Place } from './placeAt';

/** What to show over a place of a document. */
export interface Hover {
  readonly range: SourceRange;
  /** Markdown. */
  readonly text: string;
}

/** What stands at an offset, in words: a field, a value, a layer, a blob; undefined for nothing. */
export function hoverAt(analysis: Analysis, offset: number): Hover | undefined {
  const place = placeAt(analysis, offset);
  const { field, type, value } = place;
  if (field === undefined || type === undefined) return undefined;
  if (place.isOnName) return overName(analysis, place);
  if (value?.kind !== 'scalar') return undefined;
  const text = overValue(analysis, place, value.value);
  return text === undefined ? undefined : { range: value.range, text };
}

function overName(analysis: Analysis, place: Place): Hover | undefined {
  const { field, fieldType, type } = place;
  if (field === undefined || type === undefined) return undefined;
  const fork = forkOfField(type.name, field.name);
  if (fieldType === undefined) {
    if (fork === undefined) return undefined;
    const text = `**${field.name}**: a field of ${forkWords(fork)}. Nothing here reads it.`;
    return { range: field.nameRange, text };
  }
  const [value] = field.values;
  const parts = [`**${field.name}**: ${describeFieldType(fieldType)}`];
  const about = describeField(type, field.name);
  if (about !== undefined) parts.push(about);
  if (fork !== undefined) parts.push(`A field of ${forkWords(fork)}.`);
  if (fieldType.type instanceof MessageType) {
    const summary = describeMessage(fieldType.type);
    const isLayer = field.name === 'layer' || field.name === 'layers';
    if (summary !== undefined && !isLayer) parts.push(summary);
    const layer =
      isLayer && value !== undefined ? findLayer(analysis, value.range.start + 1) : undefined;
    if (layer !== undefined) return { range: field.nameRange, text: layerText(analysis, layer) };
  }
  if (field.name === 'quantization_param') parts.push(...quantizationLines(analysis, place));
  return { range: field.nameRange, text: parts.join('\n\n') };
}

function overValue(analysis: Analysis, place: Place, value: string): string | undefined {
  const { field, fieldType, type } = place;
  if (field === undefined || type === undefined || fieldType === undefined) return undefined;
  const found = findLayer(analysis, field.range.start);
  const isOwn = found?.layer.node === place.message || type.name === 'V0LayerParameter';
  if (found !== undefined && isOwn) {
    if (field.name === 'bottom' || field.name === 'top') return blobText(analysis, found, value);
    if (field.name === 'name') return layerText(analysis, found);
    if (field.name === 'type') {
      return typeText(found.layer.type);
    }
  }
  if (type.name === 'QuantizationParameter') {
    const lines = quantizationLines(analysis, place);
    const about = describeField(type, field.name) ?? '';
    return [about, ...lines].join('\n\n');
  }
  const fork = forkOfValue(type.name, field.name, value);
  if (fork !== undefined) return `**${value}**: a value of ${forkWords(fork)}.`;
  const meanings = describeValues(type, fieldType);
  // A value may be called like what every object has: `constructor`.
  const meaning = Object.hasOwn(meanings, value) ? meanings[value] : undefined;
  return meaning === undefined ? undefined : `**${value}**: ${meaning}`;
}

/** What a layer type computes, and which fork it is from. */
function typeText(type: string): string {
  const fork = forkOfType(type);
  const about = describeLayerType(type);
  const parts = [bold(type), about];
  if (fork !== undefined) parts.push(`A layer of ${forkWords(fork)}.`);
  if (fork !== undefined && about === '') parts.push('It cannot be converted here.');
  return parts.filter((part) => part !== '').join('\n\n');
}

function layerText(analysis: Analysis, { net, layer }: FoundLayer): string {
  return describeLayer(analysis, net, layer);
}

/** Who makes a blob, its shape, who reads it. */
function blobText(analysis: Analysis, { net }: FoundLayer, blob: string): string {
  const makers = net.layers.filter(({ tops }) => tops.some(({ name }) => name === blob));
  const readers = net.layers.filter(
    ({ bottoms, tops }) =>
      bottoms.some(({ name }) => name === blob) && !tops.some(({ name }) => name === blob),
  );
  const lines = [bold(blob)];
  const shapes = new Set(
    analysis.states(net).flatMap(({ shapes }) =>
      makers.flatMap((maker) => {
        const known = shapes.get(maker);
        const index = maker.tops.findIndex(({ name }) => name === blob);
        return known === undefined ? [] : [topShapeText(maker, known, index)];
      }),
    ),
  );
  if (shapes.size > 0) lines.push(`- shape: ${[...shapes].join(' or ')}`);
  const names = (layers: typeof makers): string =>
    [...new Set(layers.map(({ name }) => code(name)))].slice(0, 8).join(', ');
  lines.push(`- made by ${makers.length === 0 ? 'no layer' : names(makers)}`);
  const more = readers.length > 8 ? ` and ${formatCount(readers.length - 8)} more` : '';
  lines.push(`- read by ${readers.length === 0 ? 'no layer' : names(readers) + more}`);
  return `${lines[0] ?? ''}\n\n${lines.slice(1).join('\n')}`;
}

/** The formats in words, once for the whole block. */
function quantizationLines(analysis: Analysis, { message, field }: Place): string[] {
  const node = field?.name === 'quantization_param' ? field.values[0] : message;
  const found = findLayer(analysis, node?.range.start ?? 0);
  const param: QuantizationParameter | undefined = found?.layer.layer?.param.quantization_param;
  if (param === undefined) return [];
  return [
    describeQuantization(param)
      .map((line) => `- ${line}`)
      .join('\n'),
  ];
}
