import { float32 } from '../../formats/float32';
import { bitsOf, kindNamed, type NumberFormat } from '../../formats/formats';
import type { LayerFormats } from '../../formats/layerFormats';
import {
  activationPopulation,
  contendersOf,
  rankedFormats,
  weightPopulation,
  wholePopulation,
  type Contender,
  type PartFormats,
  type Population,
} from './contenders';
import type { Choice, KeptBits, Knob, KnobOptions, SearchLayer } from './knobs';

type KindName = NumberFormat['kind'];

/** A kind of formats that weights may take. */
export interface WeightKind {
  readonly kind: KindName;
  /** Widths above it are not worth a try; any is where it is absent. */
  readonly mostBits?: number;
  /** Formats of a width that are tried, where another number than usual. */
  readonly mostContenders?: number;
}

/** The knobs of a layer whose weights, input and output have formats of their own. */
export function partKnobs(
  layer: SearchLayer,
  kept: KeptBits | undefined,
  options: KnobOptions,
  kinds: readonly WeightKind[],
): readonly Knob[] {
  const base = options.base?.[layer.name];
  return [
    frozenKnob(layer, 'weights', kept?.weights, base) ??
      weightKnob(layer, kept?.weights, options, kinds),
    ...(['input', 'output'] as const).map((part) => {
      const bits = kept?.[part] ?? kept?.activations;
      return frozenKnob(layer, part, bits, base) ?? activationKnob(layer, part, bits, options);
    }),
  ];
}

/** The knob of a layer whose numbers all have one format. */
export function wholeKnob(
  layer: SearchLayer,
  kept: KeptBits | undefined,
  options: KnobOptions,
  kind: KindName,
  fewestBits: number,
): Knob {
  const bits = kept?.weights ?? kept?.activations;
  const frozen = frozenKnob(layer, 'layer', bits, options.base?.[layer.name]);
  if (frozen !== undefined) return frozen;
  const { weightValues, biasValues, inputSample } = layer;
  const { input, output } = activations(layer);
  const weights = weightPopulation(weightValues, biasValues, inputSample.values);
  const all = wholePopulation([weights, input, output]);
  const choices = widthsOf(bits, options)
    .filter((width) => width >= fewestBits)
    .map((width) =>
      choiceOf(width, contendersOf(rankedFormats(kind, all, width), width), (format) => ({
        weights: format,
        bias: format,
        input: format,
        output: format,
      })),
    );
  return { layer, part: 'layer', choices };
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
  return { layer, part, choices: [{ bits, contenders: [formats[part]], noises: [0] }] };
}

function choiceOf(
  bits: number,
  contenders: readonly Contender[],
  partOf: (format: NumberFormat) => PartFormats,
): Choice {
  return {
    bits,
    contenders: contenders.map(({ format }) => partOf(format)),
    noises: contenders.map(({ noise }) => noise),
  };
}

function widthsOf(kept: number | undefined, { widths }: KnobOptions): readonly number[] {
  return kept === undefined ? [...widths].sort((a, b) => b - a) : [kept];
}

function weightKnob(
  layer: SearchLayer,
  kept: number | undefined,
  options: KnobOptions,
  kinds: readonly WeightKind[],
): Knob {
  const { weightValues, biasValues, inputSample } = layer;
  const populations = kinds.map(({ kind }) => {
    const bias = sharesBias(kind) ? biasValues : new Float32Array();
    return weightPopulation(weightValues, bias, inputSample.values);
  });
  const choices = widthsOf(kept, options).flatMap((bits): Choice[] => {
    const usable = kinds.filter(({ mostBits = Infinity }) => bits <= mostBits);
    const most = usable.find(({ mostContenders }) => mostContenders !== undefined)?.mostContenders;
    const ranked = kinds.map(({ kind, mostBits = Infinity }, at) => {
      const population = populations[at];
      if (bits > mostBits || population === undefined) return [];
      return contendersOf(rankedFormats(kind, population, bits), bits, most);
    });
    // The most promising of each kind first, then the next of each.
    const ranks = Array.from({ length: Math.max(...ranked.map(({ length }) => length)) });
    const contenders = ranks.flatMap((_, rank) =>
      ranked.flatMap((formats) => formats.slice(rank, rank + 1)),
    );
    if (contenders.length === 0) return [];
    return [
      choiceOf(bits, contenders, (weights) => ({
        weights,
        bias: sharesBias(weights.kind) ? weights : float32,
      })),
    ];
  });
  return { layer, part: 'weights', choices };
}

/** Whether the bias has the format of the weights; else it stays float. */
function sharesBias(kind: KindName): boolean {
  return kindNamed(kind).weights?.alsoOf !== 'nothing else';
}

function activationKnob(
  layer: SearchLayer,
  part: 'input' | 'output',
  kept: number | undefined,
  options: KnobOptions,
): Knob {
  const population = activations(layer)[part];
  const choices = widthsOf(kept, options).map((bits) =>
    choiceOf(bits, contendersOf(rankedFormats('fixedPoint', population, bits), bits), (format) => ({
      [part]: format,
    })),
  );
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
