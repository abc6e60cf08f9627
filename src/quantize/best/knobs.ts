import { float32 } from '../../formats/float32';
import { floatFormats, type Candidate, type LayerFormats } from '../../formats/layerFormats';
import type { LayerReport } from '../report';
import type { TrimmingMode } from '../original/search';
import { bitsOf } from '../../formats/formats';
import {
  activationPopulation,
  contendersOf,
  rankedFormats,
  weightPopulation,
  wholePopulation,
  type ActivationSample,
  type PartFormats,
  type Population,
} from './contenders';

/** A layer to quantize with the numbers that choose its formats. */
export interface SearchLayer extends LayerReport {
  readonly weightValues: Float32Array;
  /** Empty for a layer without one. */
  readonly biasValues: Float32Array;
  /** Of the float net on calibration data: what the layer reads, and what it puts out. */
  readonly inputSample: ActivationSample;
  readonly outputSample: ActivationSample;
}

/** Bit-widths that are given, 32 for float; a part left out is searched for. */
export interface KeptBits {
  /** Of weights and bias; in minifloat mode of everything. */
  readonly weights?: number | undefined;
  /** Of input and output, where these are not given by themselves. */
  readonly activations?: number | undefined;
  readonly input?: number | undefined;
  readonly output?: number | undefined;
}

/** A bit-width that a knob may take, with its formats, the most promising first. */
export interface Choice {
  readonly bits: number;
  readonly contenders: readonly PartFormats[];
}

/** One thing of a layer that the search turns: the format of its weights, its input, its output. */
export interface Knob {
  readonly layer: SearchLayer;
  readonly part: 'weights' | 'input' | 'output' | 'layer';
  /** From the most bits to the fewest. */
  readonly choices: readonly Choice[];
}

export interface KnobOptions {
  readonly mode: TrimmingMode;
  /** Bit-widths that may be tried. */
  readonly widths: readonly number[];
  readonly keep?: Readonly<Record<string, KeptBits>> | undefined;
  /** Formats by layer: a part that is kept at the bits it has there keeps that very format. */
  readonly base?: Readonly<Record<string, LayerFormats>> | undefined;
}

/** Widths that the best search tries unless told otherwise. */
export const bestWidths: readonly number[] = [16, 14, 12, 10, 8, 7, 6, 5, 4, 3, 2, 1];

/** Most bits of a power-of-two weight: more exponents than 2^4 hold nothing that matters. */
const mostPowerOfTwoBits = 5;

/** Everything that the search may turn, in the order of the layers. */
export function knobsOf(layers: readonly SearchLayer[], options: KnobOptions): readonly Knob[] {
  return layers.flatMap((layer) => {
    const kept = options.keep?.[layer.name];
    const base = options.base?.[layer.name];
    return options.mode === 'minifloat'
      ? [
          frozenKnob(layer, 'layer', kept?.weights ?? kept?.activations, base) ??
            minifloatKnob(layer, kept, options),
        ]
      : [
          frozenKnob(layer, 'weights', kept?.weights, base) ??
            weightKnob(layer, kept?.weights, options),
          ...(['input', 'output'] as const).map((part) => {
            const bits = kept?.[part] ?? kept?.activations;
            return (
              frozenKnob(layer, part, bits, base) ?? activationKnob(layer, part, bits, options)
            );
          }),
        ];
  });
}

/** A knob that cannot be turned: its part stays as it is; undefined where its bits are others now. */
function frozenKnob(
  layer: SearchLayer,
  part: Knob['part'],
  bits: number | undefined,
  base: LayerFormats | undefined,
): Knob | undefined {
  if (base === undefined || bits === undefined) return undefined;
  const { input, output, weights, bias } = base;
  const formats: Readonly<Record<Knob['part'], PartFormats>> = {
    input: { input },
    output: { output },
    weights: { weights, bias },
    layer: base,
  };
  const present = part === 'input' ? input : part === 'output' ? output : weights;
  if (bitsOf(present) !== bits) return undefined;
  return { layer, part, choices: [{ bits, contenders: [formats[part]] }] };
}

function widthsOf(kept: number | undefined, { widths }: KnobOptions): readonly number[] {
  return kept === undefined ? [...widths].sort((a, b) => b - a) : [kept];
}

function weightKnob(layer: SearchLayer, kept: number | undefined, options: KnobOptions): Knob {
  const { weightValues, biasValues, inputSample } = layer;
  const { mode } = options;
  const both = weightPopulation(weightValues, biasValues, inputSample.values);
  // With weights that are powers of two the bias stays float.
  const alone = weightPopulation(weightValues, new Float32Array(), inputSample.values);
  const choices = widthsOf(kept, options).flatMap((bits): Choice[] => {
    const hasPowers = mode !== 'dynamic_fixed_point' && bits <= mostPowerOfTwoBits;
    // Of two kinds of formats three each are as many as are ever tried.
    const most = hasPowers ? 3 : undefined;
    const fixed =
      mode === 'integer_power_of_2_weights'
        ? []
        : contendersOf(rankedFormats('fixedPoint', both, bits), bits, most);
    const powers = hasPowers
      ? contendersOf(rankedFormats('powerOfTwo', alone, bits), bits, most)
      : [];
    const ranks = Array.from({ length: Math.max(fixed.length, powers.length) }, (_, i) => i);
    const contenders = ranks.flatMap((rank) => [
      ...powers.slice(rank, rank + 1).map((weights) => ({ weights, bias: float32 })),
      ...fixed.slice(rank, rank + 1).map((weights) => ({ weights, bias: weights })),
    ]);
    return contenders.length === 0 ? [] : [{ bits, contenders }];
  });
  return { layer, part: 'weights', choices };
}

function activationKnob(
  layer: SearchLayer,
  part: 'input' | 'output',
  kept: number | undefined,
  options: KnobOptions,
): Knob {
  const population = activations(layer)[part];
  const choices = widthsOf(kept, options).map((bits) => ({
    bits,
    contenders: contendersOf(rankedFormats('fixedPoint', population, bits), bits).map(
      (format): PartFormats => ({ [part]: format }),
    ),
  }));
  return { layer, part, choices };
}

/** The ranges of the report count too: they were measured in another phase, or on other images. */
function activations(layer: SearchLayer): Record<'input' | 'output', Population> {
  const { inputSample, outputSample, maxIn, maxOut } = layer;
  return {
    input: activationPopulation(inputSample, maxIn),
    output: activationPopulation(outputSample, maxOut),
  };
}

function minifloatKnob(layer: SearchLayer, kept: KeptBits | undefined, options: KnobOptions): Knob {
  const { weightValues, biasValues, inputSample } = layer;
  const { input, output } = activations(layer);
  const weights = weightPopulation(weightValues, biasValues, inputSample.values);
  const all = wholePopulation([weights, input, output]);
  const choices = widthsOf(kept?.weights ?? kept?.activations, options)
    // A sign and an exponent at least.
    .filter((bits) => bits >= 2)
    .map((bits) => ({
      bits,
      contenders: contendersOf(rankedFormats('minifloat', all, bits), bits).map(
        (format): PartFormats => ({
          weights: format,
          bias: format,
          input: format,
          output: format,
        }),
      ),
    }));
  return { layer, part: 'layer', choices };
}

/** What every knob is set to, in the knobs' order. */
export type Settings = readonly PartFormats[];

/** The same settings but for one knob. */
export function withSetting(settings: Settings, knob: number, formats: PartFormats): Settings {
  return settings.map((old, i) => (i === knob ? formats : old));
}

/** Places of each layer's knobs among all. */
export function knobsByLayer(knobs: readonly Knob[]): ReadonlyMap<SearchLayer, readonly number[]> {
  const places = new Map<SearchLayer, number[]>();
  knobs.forEach(({ layer }, i) => {
    const list = places.get(layer) ?? [];
    list.push(i);
    places.set(layer, list);
  });
  return places;
}

/** The formats that a layer's knobs give it together; what none of them sets is float. */
export function mergeFormats(parts: readonly (PartFormats | undefined)[]): LayerFormats {
  return parts.reduce<LayerFormats>((formats, part) => ({ ...formats, ...part }), floatFormats);
}

/** Settings as a candidate. */
export function candidateOf(knobs: readonly Knob[], settings: Settings): Candidate {
  return new Map(
    [...knobsByLayer(knobs)].map(([layer, places]) => [
      layer.name,
      mergeFormats(places.map((i) => settings[i])),
    ]),
  );
}
