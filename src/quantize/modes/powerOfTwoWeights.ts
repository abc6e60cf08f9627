import { partKnobs, type WeightKind } from '../best/layerKnobs';
import type { SweepRow } from '../groups';
import { powerOfTwoActivationBits, powerOfTwoCandidate } from '../original/candidates';
import type { SearchContext, SearchResult } from '../original/sweep';
import { wideFormats } from './dynamicFixedPoint';
import type { OriginalTrimming } from './mode';

/** Bits of a power-of-two weight: sign and 3 bits of exponent. */
const weightBits = 4;

/** More exponents than 2^4 hold nothing that matters. */
export const powersOfTwo: WeightKind = {
  kind: 'powerOfTwo',
  mostBits: 5,
  // Of two kinds of formats three each are as many as are ever tried.
  mostContenders: 3,
};

export const powerOfTwoWeights: OriginalTrimming = {
  name: 'integer power of two weights',
  label: 'Integer power of two weights',
  question: '4-bit weights that multiply by shifting, 8-bit activations',
  setting:
    '4-bit weights that are powers of two, so that multiplying is shifting, with 8-bit activations.',
  earlySpellings: ['power_of_2_weights'],
  isOneFormat: false,

  original: {
    sweeps: () => [{ group: 'net', widths: [weightBits] }],
    scoresLastNet: false,
    takesAnyScore: true,
    search,
    reportLines: ({ baseline, rows }) => [
      'Network accuracy analysis for',
      'Integer-power-of-two weights',
      'in Convolutional (CONV) and',
      'fully connected (FC) layers.',
      baseline,
      'Quantized net:',
      ...rows('net'),
    ],
  },

  best: {
    knobsOf: (layer, kept, options) => partKnobs(layer, kept, options, [powersOfTwo]),
    wideFormats,
  },
};

async function search(context: SearchContext): Promise<SearchResult> {
  const candidate = powerOfTwoCandidate(context.layers);
  context.onExpected?.([]);
  const final = await context.score(candidate, { group: 'net', bits: weightBits });
  const row: SweepRow = { group: 'net', bits: weightBits, ...final };
  context.onRow(row, candidate);
  return {
    rows: [row],
    chosen: {
      conv_params: weightBits,
      fc_params: weightBits,
      activations: powerOfTwoActivationBits,
    },
    candidate,
    final,
  };
}
