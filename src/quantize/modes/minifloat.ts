import type { Candidate } from '../../formats/layerFormats';
import { wholeKnob } from '../best/layerKnobs';
import { minifloatCandidate } from '../original/candidates';
import {
  originalWidths,
  sweepGroup,
  type SearchContext,
  type SearchResult,
} from '../original/sweep';
import { fewestExponentBits, minifloatExponentBits } from '../ranges';
import type { OriginalTrimming } from './mode';

/** A sign and an exponent at least. */
const fewestBits = 2;

export const minifloat: OriginalTrimming = {
  name: 'minifloat',
  label: 'Minifloat',
  question: 'small floating point numbers, one format for the whole net',
  setting: 'Small floating point numbers with one format for the whole net.',
  earlySpellings: ['mini_floating_point'],
  isOneFormat: true,

  original: {
    sweeps: (widths) => [{ group: 'net', widths: withMantissa(widths, fewestExponentBits) }],
    scoresLastNet: false,
    takesAnyScore: false,
    search,
    reportLines: ({ baseline, rows }) => [
      'Network accuracy analysis for',
      'Convolutional (CONV) and fully',
      'connected (FC) layers.',
      baseline,
      'Minifloat net:',
      ...rows('net'),
    ],
  },

  best: {
    knobsOf: (layer, kept, options) => [wholeKnob(layer, kept, options, 'minifloat', fewestBits)],
    wideFormats: (layers, all) => minifloatCandidate(layers, 16, minifloatExponentBits(all)),
  },
};

function withMantissa(widths: readonly number[], exponentBits: number): number[] {
  return widths.filter((bits) => bits - 1 - exponentBits > 0);
}

async function search(context: SearchContext): Promise<SearchResult> {
  const exponentBits = minifloatExponentBits(context.layers);
  const candidateOf = (bits: number): Candidate =>
    minifloatCandidate(context.layers, bits, exponentBits);
  const widths = withMantissa(context.widths ?? originalWidths, exponentBits);
  const sweep = { group: 'net', widths, candidateOf, after: [] } as const;
  const { rows, chosen } = await sweepGroup(context, sweep);
  const candidate = candidateOf(chosen);
  const known = rows.find((row) => row.bits === chosen);
  context.onExpected?.([]);
  const final = known ?? (await context.score(candidate, 'final'));
  return {
    rows,
    chosen: { conv_params: chosen, fc_params: chosen, activations: chosen },
    candidate,
    final,
  };
}
