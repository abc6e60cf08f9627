import { parameterGroup } from '../../caffe/layerTypes';
import { float32 } from '../../formats/float32';
import type { Candidate, LayerFormats } from '../../formats/layerFormats';
import type { FixedPointFormat } from '../../formats/fixedPoint';
import type { MinifloatFormat } from '../../formats/minifloat';
import type { GroupBits } from '../groups';
import { integerLengths, type LayerRange } from '../ranges';

/** A layer the search may quantize. */
export interface QuantizableLayer extends LayerRange {
  readonly type: string;
}

/** A part of a quantized layer for which nothing is said: 32 bits with 16 after the point. */
const unsaid: FixedPointFormat = { kind: 'fixedPoint', bits: 32, fractionalLength: 16 };

function fixedPoint(bits: number, integerLength: number): FixedPointFormat {
  return { kind: 'fixedPoint', bits, fractionalLength: bits - integerLength };
}

/**
 * Dynamic fixed point: every layer of the groups named gets the group's bit-width and a fractional
 * length of its own. As in the original, the other parts of a touched layer are not float but what
 * its file format says by default; layers that are in no named group stay float.
 */
export function dynamicFixedPointCandidate(
  layers: readonly QuantizableLayer[],
  bits: GroupBits,
): Candidate {
  const candidate = new Map<string, LayerFormats>();
  for (const layer of layers) {
    const group = parameterGroup(layer.type);
    const paramBits = group === undefined ? undefined : bits[group];
    if (paramBits === undefined && bits.activations === undefined) continue;
    const lengths = integerLengths(layer);
    const weights = paramBits === undefined ? unsaid : fixedPoint(paramBits, lengths.ilParams);
    const input =
      bits.activations === undefined ? unsaid : fixedPoint(bits.activations, lengths.ilIn);
    const output =
      bits.activations === undefined ? unsaid : fixedPoint(bits.activations, lengths.ilOut);
    candidate.set(layer.name, { input, output, weights, bias: weights });
  }
  return candidate;
}

/** Minifloat: one format for weights, biases, inputs and outputs of all layers. */
export function minifloatCandidate(
  layers: readonly QuantizableLayer[],
  bits: number,
  exponentBits: number,
): Candidate {
  const format: MinifloatFormat = {
    kind: 'minifloat',
    exponentBits,
    mantissaBits: bits - 1 - exponentBits,
  };
  const formats: LayerFormats = { input: format, output: format, weights: format, bias: format };
  return new Map(layers.map((layer) => [layer.name, formats]));
}

/** Exponents of the original's power-of-two weights: sign and 3 bits of exponent make 4 bits. */
const powerOfTwoWeights = { kind: 'powerOfTwo', minExponent: -8, maxExponent: -1 } as const;
/** Bit-width of the activations that go with power-of-two weights. */
export const powerOfTwoActivationBits = 8;

/** Power-of-two weights with float biases and 8-bit dynamic fixed point activations. */
export function powerOfTwoCandidate(layers: readonly QuantizableLayer[]): Candidate {
  return new Map(
    layers.map((layer) => {
      const { ilIn, ilOut } = integerLengths(layer);
      return [
        layer.name,
        {
          input: fixedPoint(powerOfTwoActivationBits, ilIn),
          output: fixedPoint(powerOfTwoActivationBits, ilOut),
          weights: powerOfTwoWeights,
          bias: float32,
        },
      ];
    }),
  );
}
