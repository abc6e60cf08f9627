import { inFlags, joined, option, words, type Part, type Words } from '../base/words';
import { isSet } from '../prototxt/bind';
import type { NetState } from './phase';
import type { LayerParameter, NetStateRule } from './schema';

/**
 * Why a layer takes no part in a state, and by which options it would: `asks for stage "deploy"`, with
 * the option `stages` set to `deploy`.
 *
 * @param isPhaseOpen whether another phase may be asked for; its option is not named otherwise
 */
export function describeRule(
  { include, exclude }: LayerParameter,
  state: NetState,
  isPhaseOpen = true,
): Words {
  const reasons = include
    .map((rule) => missing(rule, state, isPhaseOpen))
    .filter((text) => text !== '');
  if (reasons.length > 0) return joined(reasons, ', or ');
  const left = exclude.map(ruleText).join(', or ');
  return `is left out by its exclude rule (${left})`;
}

/** What a rule asks for that a state has not. */
function missing(rule: NetStateRule, state: NetState, isPhaseOpen: boolean): Words {
  const parts: string[] = [];
  const remedies: Part[] = [];
  if (isSet(rule, 'phase') && rule.phase !== state.phase) {
    parts.push(`takes part in the ${rule.phase} phase only`);
    if (isPhaseOpen) remedies.push(option('phase', rule.phase));
  }
  const stages = rule.stage.filter((stage) => !state.stages.includes(stage));
  if (stages.length > 0) {
    parts.push(`asks for stage ${stages.map((stage) => `"${stage}"`).join(' and ')}`);
    remedies.push(option('stages', [...state.stages, ...stages].join(',')));
  }
  const unwanted = rule.not_stage.filter((stage) => state.stages.includes(stage));
  if (unwanted.length > 0) {
    parts.push(`is left out at stage ${unwanted.map((stage) => `"${stage}"`).join(' and ')}`);
  }
  if (isSet(rule, 'min_level') && state.level < rule.min_level) {
    parts.push(`asks for level ${rule.min_level} or more`);
    remedies.push(option('level', rule.min_level));
  }
  if (isSet(rule, 'max_level') && state.level > rule.max_level) {
    parts.push(`asks for level ${rule.max_level} or less`);
    remedies.push(option('level', rule.max_level));
  }
  const said = parts.join(' and ');
  return remedies.length === 0
    ? said
    : words`${said}${inFlags(words` (${joined(remedies, ' ')})`)}`;
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
