import { isSet } from '../prototxt/bind';
import type { NetState } from './phase';
import type { LayerParameter, NetStateRule } from './schema';

/**
 * Why a layer takes no part in a state, and how it would: `takes part in the TRAIN phase only
 * (--phase=TRAIN)`, `asks for stage "deploy" (--stage=deploy)`.
 *
 * @param isPhaseOpen whether another phase may be asked for; its flag is not named otherwise
 */
export function describeRule(
  { include, exclude }: LayerParameter,
  state: NetState,
  isPhaseOpen = true,
): string {
  const reasons = include
    .map((rule) => missing(rule, state, isPhaseOpen))
    .filter((text) => text !== '');
  if (reasons.length > 0) return reasons.join(', or ');
  const left = exclude.map(ruleText).join(', or ');
  return `is left out by its exclude rule (${left})`;
}

/** What a rule asks for that a state has not. */
function missing(rule: NetStateRule, state: NetState, isPhaseOpen: boolean): string {
  const parts: string[] = [];
  const flags: string[] = [];
  if (isSet(rule, 'phase') && rule.phase !== state.phase) {
    parts.push(`takes part in the ${rule.phase} phase only`);
    if (isPhaseOpen) flags.push(`--phase=${rule.phase}`);
  }
  const stages = rule.stage.filter((stage) => !state.stages.includes(stage));
  if (stages.length > 0) {
    parts.push(`asks for stage ${stages.map((stage) => `"${stage}"`).join(' and ')}`);
    flags.push(`--stage=${[...state.stages, ...stages].join(',')}`);
  }
  const unwanted = rule.not_stage.filter((stage) => state.stages.includes(stage));
  if (unwanted.length > 0) {
    parts.push(`is left out at stage ${unwanted.map((stage) => `"${stage}"`).join(' and ')}`);
  }
  if (isSet(rule, 'min_level') && state.level < rule.min_level) {
    parts.push(`asks for level ${rule.min_level} or more`);
    flags.push(`--level=${rule.min_level}`);
  }
  if (isSet(rule, 'max_level') && state.level > rule.max_level) {
    parts.push(`asks for level ${rule.max_level} or less`);
    flags.push(`--level=${rule.max_level}`);
  }
  return parts.join(' and ') + (flags.length > 0 ? ` (${flags.join(' ')})` : '');
}

function ruleText(rule: NetStateRule): string {
  return [
    ...(isSet(rule, 'phase') ? [`${rule.phase} phase`] : []),
    ...rule.stage.map((stage) => `stage "${stage}"`),
    ...rule.not_stage.map((stage) => `without stage "${stage}"`),
    ...(isSet(rule, 'min_level') ? [`level ${rule.min_level} and more`] : []),
    ...(isSet(rule, 'max_level') ? [`level ${rule.max_level} and less`] : []),
  ].join(', ');
}
