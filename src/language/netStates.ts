import { netState, takesPart, type NetState } from '../caffe/phase';
import type { NetStateRule, Phase } from '../caffe/schema';
import { isSet } from '../prototxt/bind';
import type { NetLayer, NetPart } from './netParts';

/** A state that a net can be built in, and the layers that take part then. */
export interface LiveState {
  readonly state: NetState;
  readonly layers: readonly NetLayer[];
}

/** More combinations of stages and levels than these are not looked at. */
const maximumStates = 24;

/**
 * The states in which a net has something to start from: a layer without bottoms. A train-only file
 * has none in TEST, so that nothing is missed there. TEST comes first, plain states before those
 * with stages or levels.
 */
export function liveStates({ message, layers }: NetPart): readonly LiveState[] {
  const always = message.state?.stage ?? [];
  const rules = layers.flatMap((layer) => [...layer.rules.include, ...layer.rules.exclude]);
  const only = onlyPhase(layers);
  const live = candidates(rules)
    .filter(({ phase }) => only === undefined || phase === only)
    .map((state) => ({ ...state, stages: [...always, ...state.stages] }))
    .map((state) => ({ state, layers: layers.filter((layer) => takesPart(layer.rules, state)) }))
    .filter((one) => one.layers.some(isSource));
  // What has no source anywhere is a fragment: it is looked at as a whole.
  return live.length > 0 ? live : [{ state: netState('TEST'), layers }];
}

/**
 * The phase that a file is for, where its rules name no other one, some of its data are for that phase
 * alone, and the other phase lacks them; undefined where it is for both.
 */
function onlyPhase(layers: readonly NetLayer[]): Phase | undefined {
  const phasesOf = ({ rules }: NetLayer): Phase[] =>
    rules.include.filter((rule) => isSet(rule, 'phase')).map(({ phase }) => phase);
  const named = new Set(
    layers.flatMap((layer) => [
      ...phasesOf(layer),
      ...layer.rules.exclude.filter((rule) => isSet(rule, 'phase')).map(({ phase }) => phase),
    ]),
  );
  const [phase, ...others] = named;
  if (phase === undefined || others.length > 0) return undefined;
  const isForOne = layers.some((layer) => isSource(layer) && phasesOf(layer).length > 0);
  const other = netState(phase === 'TEST' ? 'TRAIN' : 'TEST');
  return isForOne && !isWhole(layers.filter(({ rules }) => takesPart(rules, other)))
    ? phase
    : undefined;
}

/** Whether every bottom is made by an earlier layer. */
function isWhole(layers: readonly NetLayer[]): boolean {
  const made = new Set<string>();
  return layers.every(({ bottoms, tops }) => {
    const isFed = bottoms.every(({ name }) => made.has(name));
    tops.forEach(({ name }) => made.add(name));
    return isFed;
  });
}

/** TEST and TRAIN at level 0 first, then with each stage and at each level that a rule names. */
function candidates(rules: readonly NetStateRule[]): NetState[] {
  const stages = new Set(rules.flatMap(({ stage, not_stage }) => [...stage, ...not_stage]));
  const levels = new Set(
    rules.flatMap((rule) => [
      ...(isSet(rule, 'min_level') ? [rule.min_level] : []),
      ...(isSet(rule, 'max_level') ? [rule.max_level + 1] : []),
    ]),
  );
  levels.delete(0);
  const sets = [...[...stages].map((stage) => [stage]), ...(stages.size > 1 ? [[...stages]] : [])];
  const phases = ['TEST', 'TRAIN'] as const;
  return [
    ...phases.map((phase) => netState(phase)),
    ...phases.flatMap((phase) => sets.map((set) => netState(phase, { stages: set }))),
    ...phases.flatMap((phase) => [...levels].map((level) => netState(phase, { level }))),
  ].slice(0, maximumStates);
}

function isSource({ bottoms, tops }: NetLayer): boolean {
  return bottoms.length === 0 && tops.length > 0;
}

/** How a state is called in messages: `TEST phase`, `TRAIN phase with stage "a"`. */
export function describeState({ phase, level, stages }: NetState): string {
  const parts = [
    ...(stages.length > 0 ? [`stage ${stages.map((stage) => `"${stage}"`).join(', ')}`] : []),
    ...(level !== 0 ? [`level ${level}`] : []),
  ];
  return `${phase} phase${parts.length > 0 ? ` with ${parts.join(' and ')}` : ''}`;
}
