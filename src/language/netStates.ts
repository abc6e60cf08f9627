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
    .map((state) => ({ ...state, stages: [...always, ...state.stages] }))
    .map((state) => ({ state, layers: layers.filter((layer) => takesPart(layer.rules, state)) }))
    .filter((one) => one.layers.some(isSource))
    .filter(({ state, layers: live }) => {
      const isMeant = only === undefined || state.phase === only;
      return isMeant || isWired(live);
    });
  // What has no source anywhere is a fragment: it is looked at as a whole.
  return live.length > 0 ? live : [{ state: netState('TEST'), layers }];
}

/**
 * The phase that a file is for, where its rules name no other one and some of its data are for that
 * phase alone; undefined where it is for both. A net of the other phase that is whole is looked at, too.
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
  return layers.some((layer) => isSource(layer) && phasesOf(layer).length > 0) ? phase : undefined;
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

/** Whether every bottom is made before. */
function isWired(layers: readonly NetLayer[]): boolean {
  const made = new Set<string>();
  return layers.every(({ bottoms, tops }) => {
    const isWhole = bottoms.every(({ name }) => made.has(name));
    for (const { name } of tops) made.add(name);
    return isWhole;
  });
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
