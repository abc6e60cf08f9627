import { ifOffered, option, words, type Words } from '../../base/words';
import type { SearchKind } from '../../quantize/report';
import type { GivenData } from './dataOptions';
import type { NetData } from './netData';

/** Batches that the original scores where nobody says how many. */
const originalIterations = 50;

/** From so many records on, a search that needs some to rank candidates on leaves them unscored. */
const enoughToSplit = 4000;
/** Records that it leaves. */
const mostHeldOut = 1000;

/** What the number of batches follows from. */
export interface CoverageOptions extends GivenData {
  readonly iterations?: number | undefined;
  readonly search?: SearchKind | undefined;
}

/**
 * Batches to score on: as many as are asked for; else every record of what is given for a net without
 * data of its own (less a thousand of 4,000 and more where the best search ranks candidates on them),
 * and the original's 50 of data that the net names.
 */
export function iterationsOf(
  options: CoverageOptions,
  { records, batchSize }: Pick<NetData, 'records' | 'batchSize'>,
): number {
  if (options.iterations !== undefined) return options.iterations;
  if (!hasGivenData(options)) return originalIterations;
  const heldOut = options.search === 'best' && records >= enoughToSplit ? mostHeldOut : 0;
  return Math.max(1, Math.ceil((records - heldOut) / batchSize));
}

/**
 * What to tell where a run takes some records twice, or leaves some out that nobody left out knowingly;
 * undefined where it does neither.
 */
export function describeCoverage(
  options: CoverageOptions,
  iterations: number,
  { records, batchSize }: Pick<NetData, 'records' | 'batchSize'>,
): Words | undefined {
  const read = iterations * batchSize;
  if (read === records) return undefined;
  const all = Math.ceil(records / batchSize);
  if (read < records) {
    if (options.iterations !== undefined && !hasGivenData(options)) return undefined;
    const advice = ifOffered(
      'flags',
      words`${option('iterations', all)} takes them all`,
      `${all} iterations take them all`,
    );
    return words`${String(read)} of ${String(records)} records are scored: ${advice}`;
  }
  if (iterations === all) {
    return (
      `${records} records are no whole number of batches of ${batchSize}: the last batch is filled ` +
      `up with the first ${read - records}, which count twice`
    );
  }
  return (
    `${iterations} iterations of ${batchSize} read more than the ${records} records there are: ` +
    'some are scored more than once, as Caffe does'
  );
}

/** Whether files are given for the inputs of the net. */
export function hasGivenData({ images, inputs }: GivenData): boolean {
  return images !== undefined || Object.keys(inputs ?? {}).length > 0;
}
