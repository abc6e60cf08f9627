import type { Flags, FlagSpec } from './flags';

export const netFlag: FlagSpec = {
  argument: 'N',
  help: 'which net of a model file that defines several, from 1',
};

/**
 * Which net of the model file to take, from 0; undefined where nothing is said.
 *
 * @throws UsageError unless the value is a whole number above 0
 */
export function readNetFlag(flags: Flags): number | undefined {
  return flags.optional('net') === undefined ? undefined : flags.positiveInteger('net') - 1;
}
