import { caffeSchema } from '../caffe/caffeSchema';
import { quantizedTypes } from '../caffe/layerTypes';
import type { ConverterDescription, ParamField } from './layerConverter';
import { registeredConverters } from './registry';

/** What is known of one layer type. */
export interface LayerTypeEntry {
  readonly type: string;
  /** What it computes, in a few words. */
  readonly summary: string;
  /** Names of the settings that count, by the message that holds them. */
  readonly settings: ReadonlyMap<string, readonly string[]>;
  /** What is refused, or done otherwise than in Caffe; empty where nothing is. */
  readonly limits: string;
}

/** Settings of how a net is trained or on what it runs: they change no result. */
const withoutEffect: readonly RegExp[] = [
  /filler$/,
  /^engine$/,
  /^force_nd_im2col$/,
  /^stable_prod_grad$/,
  /^moving_average_fraction$/,
  /^prefetch$/,
  /^rand_skip$/,
  /^debug_info$/,
];

/** Messages in which fillers are what the layer is about. */
const fillersCount: readonly ParamField[] = ['dummy_data_param'];

/** Every layer type that can be converted, in alphabetical order. */
export function layerTable(): readonly LayerTypeEntry[] {
  const entries = registeredConverters().flatMap((converter) =>
    converter.types.map((type) => entryOf(type, converter)),
  );
  const quantized = [...quantizedTypes].map(([type, floatType]) => {
    const entry = entries.find((other) => other.type === floatType);
    if (entry === undefined) throw new Error(`${floatType} has no converter`);
    const settings = new Map([
      ...entry.settings,
      ['quantization_param', settingsOf('quantization_param')] as const,
    ]);
    return { ...entry, type, summary: `${floatType}, with rounded numbers`, settings };
  });
  return [...entries, ...quantized].sort((a, b) => a.type.localeCompare(b.type, 'en'));
}

function entryOf(type: string, { summary, params, limits }: ConverterDescription): LayerTypeEntry {
  const settings = new Map(params.map((param) => [param, settingsOf(param)] as const));
  return { type, summary, settings, limits: limits ?? '' };
}

function settingsOf(param: ParamField): readonly string[] {
  const type = caffeSchema.message('LayerParameter').fields.get(param)?.type;
  if (typeof type !== 'object' || type.kind !== 'message') {
    throw new Error(`LayerParameter has no message ${param}`);
  }
  const all = [...type.fields.keys()];
  if (fillersCount.includes(param)) return all;
  return all.filter((name) => !withoutEffect.some((pattern) => pattern.test(name)));
}
