import { isSet } from '../prototxt/bind';
import type { NetStateRule, Phase } from './schema';

/** The state a net is built in, as on Caffe's own command line. */
export interface NetState {
  readonly phase: Phase;
  readonly level: number;
  readonly stages: readonly string[];
}

/** TEST or TRAIN at level 0 without stages. */
export function netState(phase: Phase): NetState {
  return { phase, level: 0, stages: [] };
}

/**
 * Whether a layer takes part in a net of the given state: with `include` rules one must hold,
 * with `exclude` rules none may.
 */
export function takesPart(
  rules: { readonly include: readonly NetStateRule[]; readonly exclude: readonly NetStateRule[] },
  state: NetState,
): boolean {
  if (rules.include.length > 0) return rules.include.some((rule) => holds(rule, state));
  return !rules.exclude.some((rule) => holds(rule, state));
}

function holds(rule: NetStateRule, state: NetState): boolean {
  const isGiven = (field: keyof NetStateRule): boolean => isSet(rule, field);
  if (isGiven('phase') && rule.phase !== state.phase) return false;
  if (isGiven('min_level') && state.level < rule.min_level) return false;
  if (isGiven('max_level') && state.level > rule.max_level) return false;
  if (!rule.stage.every((stage) => state.stages.includes(stage))) return false;
  return !rule.not_stage.some((stage) => state.stages.includes(stage));
}
