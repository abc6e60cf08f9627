import { float32, type Candidate, type LayerFormats } from '../../caffe/numberFormat';
import type { LayerReport } from '../report';
import type { TrimmingMode } from '../search';
import {
  fixedPointFormats,
  minifloatFormats,
  powerOfTwoFormats,
  sampleOf,
  type PartFormats,
} from './contenders';

/** A layer to quantize with the numbers that choose its formats. */
export interface SearchLayer extends LayerReport {
  readonly weightValues: Float32Array;
  /** Values of the float net on calibration data: the input blob, and the output blob. */
  readonly inputValues: Float32Array;
  readonly outputValues: Float32Array;
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
}

/** Widths that the best search tries unless told otherwise. */
export const bestWidths: readonly number[] = [16, 12, 10, 8, 7, 6, 5, 4, 3, 2, 1];

/** Most bits of a power-of-two weight: more exponents than 2^4 hold nothing that matters. */
const mostPowerOfTwoBits = 5;

/** Everything that the search may turn, in the order of the layers. */
export function knobsOf(layers: readonly SearchLayer[], options: KnobOptions): readonly Knob[] {
  return layers.flatMap((layer) => {
    const kept = options.keep?.[layer.name];
    return options.mode === 'minifloat'
      ? [minifloatKnob(layer, kept, options)]
      : [
          weightKnob(layer, kept?.weights, options),
          activationKnob(layer, 'input', kept?.input ?? kept?.activations, options),
          activationKnob(layer, 'output', kept?.output ?? kept?.activations, options),
        ];
  });
}

function widthsOf(kept: number | undefined, { widths }: KnobOptions): readonly number[] {
  return kept === undefined ? [...widths].sort((a, b) => b - a) : [kept];
}

function weightKnob(layer: SearchLayer, kept: number | undefined, options: KnobOptions): Knob {
  const data = sampleOf(layer.weightValues);
  const { mode } = options;
  const choices = widthsOf(kept, options).flatMap((bits): Choice[] => {
    const fixed = mode === 'integer_power_of_2_weights' ? [] : fixedPointFormats(data, bits);
    const powers =
      mode === 'dynamic_fixed_point' || bits > mostPowerOfTwoBits
        ? []
        : powerOfTwoFormats(data, bits);
    const contenders = [0, 1, 2].flatMap((rank) => [
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
  const data = sampleOf(part === 'input' ? layer.inputValues : layer.outputValues);
  const choices = widthsOf(kept, options).map((bits) => ({
    bits,
    contenders: fixedPointFormats(data, bits)
      .slice(0, 3)
      .map((format): PartFormats => ({ [part]: format })),
  }));
  return { layer, part, choices };
}

function minifloatKnob(layer: SearchLayer, kept: KeptBits | undefined, options: KnobOptions): Knob {
  const parts = [layer.weightValues, layer.inputValues, layer.outputValues].map(sampleOf);
  const choices = widthsOf(kept?.weights ?? kept?.activations, options)
    // A sign and an exponent at least.
    .filter((bits) => bits >= 2)
    .map((bits) => ({
      bits,
      contenders: minifloatFormats(parts, bits)
        .slice(0, 3)
        .map((format): PartFormats => ({
          weights: format,
          bias: format,
          input: format,
          output: format,
        })),
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
  const float = { input: float32, output: float32, weights: float32, bias: float32 };
  return parts.reduce<LayerFormats>((formats, part) => ({ ...formats, ...part }), float);
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
