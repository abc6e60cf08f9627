import type { Flags, FlagSpec } from './flags';

/** How much of the TEST data is scored. */
export const iterationsFlag: FlagSpec = {
  argument: 'N',
  help: 'batches of TEST data to score on (default 50; all of --images and --input)',
};

/** Undefined where it is left to what the data are. */
export function readIterations(flags: Flags): number | undefined {
  return flags.optional('iterations') === undefined
    ? undefined
    : flags.positiveInteger('iterations');
}
