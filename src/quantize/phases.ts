import type { Group } from './groups';

/** What a run is at, in words for everyone: one table for both searches, all jobs and all views. */
export const phaseNames = {
  reading: 'Reading the net, its weights and its data',
  floatNet: 'Scoring the float net',
  score: 'Scoring the net',
  checkScore: 'Checking that the score can tell nets apart',
  ranges: 'Measuring value ranges',
  samples: 'Collecting values to choose formats by',
  formats: 'Choosing formats to try',
  widest: 'Trying the most bits',
  layers: 'Checking how much each layer can bear',
  together: 'Trying fewer bits in all layers',
  comparison: 'Scoring more nets to compare with',
  narrowing: 'Narrowing down',
  between: 'Trying nets in between',
  finalNet: 'Scoring the final net',
  convert: 'Converting the net',
  files: 'Writing the files',
} as const;

/** Phases of the best search, in order; `narrowing` comes several times. */
export type BestPhase = 'widest' | 'layers' | 'together' | 'comparison' | 'narrowing' | 'between';

/**
 * What the best search is at.
 *
 * @param round of narrowing down, from 1
 */
export function bestPhaseName(phase: BestPhase, round: number): string {
  return phase === 'narrowing' ? `${phaseNames.narrowing}, round ${round}` : phaseNames[phase];
}

/** What the original's search scores: a group at a bit-width, or the net that it delivers. */
export type SweepStep = { readonly group: Group; readonly bits: number } | 'final';

/** `Trying 8 bits: weights of conv layers`. */
export function sweepPhaseName(step: SweepStep): string {
  if (step === 'final') return phaseNames.finalNet;
  const { group, bits } = step;
  return `Trying ${bits} ${bits === 1 ? 'bit' : 'bits'}: ${sweptParts[group]}`;
}

const sweptParts: Readonly<Record<Group, string>> = {
  conv_params: 'weights of conv layers',
  fc_params: 'weights of FC layers',
  activations: 'activations of all layers',
  net: 'the whole net',
};
