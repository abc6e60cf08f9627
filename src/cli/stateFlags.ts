import type { StateChoice } from '../caffe/phase';
import type { Phase } from '../caffe/schema';
import { UsageError, type Flags, type FlagSpec, type FlagSpecs } from './flags';

/** Which layers take part, as on Caffe's own command line. */
export const stateFlags: FlagSpecs = {
  level: { argument: 'N', help: 'network level: layers with min_level or max_level go by it' },
  stage: { argument: 'A,B', help: 'network stages: layers with stage or not_stage go by them' },
};

/** `--phase`, for a command that can do with either. */
export function phaseFlag(use: string): FlagSpec {
  return { argument: 'PHASE', default: 'TEST', help: `phase to ${use}: TEST or TRAIN` };
}

const phases: Readonly<Record<string, Phase>> = {
  TEST: 'TEST',
  TRAIN: 'TRAIN',
  test: 'TEST',
  train: 'TRAIN',
};

/** @throws UsageError for another word than TEST or TRAIN */
export function readPhaseFlag(flags: Flags): Phase {
  return flags.choice('phase', phases);
}

/**
 * Reads `--level`, a whole number, and `--stage`, a list of names.
 *
 * @throws UsageError for anything else
 */
export function readStateFlags(flags: Flags): StateChoice {
  const level = flags.optional('level');
  const stages = flags.optional('stage');
  return {
    level: level === undefined ? undefined : readLevel(level),
    stages: stages?.split(',').filter((stage) => stage !== ''),
  };
}

function readLevel(text: string): number {
  const level = Number(text);
  if (/^-?\d+$/.test(text) && level >= -(2 ** 31) && level < 2 ** 31) return level;
  throw new UsageError(`--level=${text}: give a whole number, such as 1 or -1`);
}
