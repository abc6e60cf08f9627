import { isSet } from '../prototxt/bind';
import type { NetStateRule, Phase } from './schema';

/** The state a net is built in, as on Caffe's own command line. */
export interface NetState {
  readonly phase: Phase;
  readonly level: number;
  readonly stages: readonly string[];
}

/** What a user may say of the state besides the phase. */
export interface StateChoice {
  /** 0 where it is not given. */
  readonly level?: number | undefined;
  /** Stages besides those that the file names itself. */
  readonly stages?: readonly string[] | undefined;
}

/** TEST or TRAIN, at level 0 without stages where nothing else is said. */
export function netState(phase: Phase, { level, stages }: StateChoice = {}): NetState {
  return { phase, level: level ?? 0, stages: stages ?? [] };
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
