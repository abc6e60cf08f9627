import { parameterGroup } from '../../caffe/layerTypes';
import type { Candidate } from '../../formats/layerFormats';
import { partKnobs, type WeightKind } from '../best/layerKnobs';
import type { Group, SweepRow } from '../groups';
import { dynamicFixedPointCandidate } from '../original/candidates';
import {
  expectedRows,
  fallbackBits,
  finalNet,
  originalWidths,
  sweepGroup,
  type ExpectedSweep,
  type SearchContext,
  type SearchResult,
} from '../original/sweep';
import type { OriginalTrimming } from './mode';

/** Groups of the search, in order. */
const sweptGroups = ['conv_params', 'fc_params', 'activations'] as const;

export const fixedPointWeights: WeightKind = { kind: 'fixedPoint' };

export const dynamicFixedPoint: OriginalTrimming = {
  name: 'dynamic fixed point',
  label: 'Dynamic fixed point',
  question: 'integers with a fractional length per layer: the usual choice',
  setting:
    'Integers with a fractional length for the weights, inputs and outputs of every layer: the usual ' +
    'choice for FPGAs and microcontrollers.',
  earlySpellings: ['fixed_point'],
  isOneFormat: false,

  original: {
    sweeps: (widths) => sweptGroups.map((group) => ({ group, widths })),
    scoresLastNet: true,
    takesAnyScore: false,
    search,
    reportLines: ({ baseline, rows, chosen, score }) => [
      'Network accuracy analysis for',
      'Convolutional (CONV) and fully',
      'connected (FC) layers.',
      baseline,
      'Dynamic fixed point CONV',
      'weights: ',
      ...rows('conv_params'),
      'Dynamic fixed point FC',
      'weights: ',
      ...rows('fc_params'),
      'Dynamic fixed point layer',
      'activations:',
      ...rows('activations'),
      'Dynamic fixed point net:',
      `${chosen.conv_params}bit CONV weights,`,
      `${chosen.fc_params}bit FC weights,`,
      `${chosen.activations}bit layer activations:`,
      `Accuracy: ${score}`,
    ],
  },

  best: {
    knobsOf: (layer, kept, options) => partKnobs(layer, kept, options, [fixedPointWeights]),
    wideFormats,
  },
};

/** 16 bits for everything. */
export function wideFormats(layers: Parameters<typeof dynamicFixedPointCandidate>[0]): Candidate {
  return dynamicFixedPointCandidate(layers, { conv_params: 16, fc_params: 16, activations: 16 });
}

async function search(context: SearchContext): Promise<SearchResult> {
  const rows: SweepRow[] = [];
  const chosen = { conv_params: fallbackBits, fc_params: fallbackBits, activations: fallbackBits };
  const widths = context.widths ?? originalWidths;
  const groups = new Set<Group | undefined>(context.layers.map(({ type }) => parameterGroup(type)));
  for (const [i, group] of sweptGroups.entries()) {
    const candidateOf = (bits: number): Candidate =>
      dynamicFixedPointCandidate(context.layers, { [group]: bits });
    const later = sweptGroups
      .slice(i + 1)
      .filter((other) => other === 'activations' || groups.has(other));
    const after: readonly ExpectedSweep[] = [
      ...later.map((other) => ({ group: other, candidates: expectedRows(widths) })),
      finalNet,
    ];
    const sweep = await sweepGroup(context, { group, widths, candidateOf, after });
    rows.push(...sweep.rows);
    chosen[group] = sweep.chosen;
  }
  const candidate = dynamicFixedPointCandidate(context.layers, chosen);
  context.onExpected?.([]);
  const final = await context.score(candidate, 'final');
  return { rows, chosen, candidate, final };
}
