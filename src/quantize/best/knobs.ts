import { floatFormats, type Candidate, type LayerFormats } from '../../formats/layerFormats';
import { modes, type TrimmingMode } from '../modes/modes';
import type { LayerReport } from '../report';
import type { ActivationSample, PartFormats } from './contenders';

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
  /** Squared error that each contender makes of the numbers themselves: comparable within a knob. */
  readonly noises: readonly number[];
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

/** Everything that the search may turn, in the order of the layers. */
export function knobsOf(layers: readonly SearchLayer[], options: KnobOptions): readonly Knob[] {
  const { best } = modes[options.mode];
  return layers.flatMap((layer) => best.knobsOf(layer, options.keep?.[layer.name], options));
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
