import type { Words } from '../../base/words';
import type { Net } from '../../caffe/net';
import { buildNet } from '../../caffe/buildNet';
import { readNetFile } from '../../caffe/netFile';
import { netState } from '../../caffe/phase';
import { UserError } from '../../base/userError';
import type { OptionsOf } from '../../options/table';
import { NetData } from '../inputs/netData';

export interface InspectOptions extends OptionsOf<'inspect'> {
  /** Folder that relative paths in the prototxt start at, where it is not the prototxt's own. */
  readonly modelFolder?: string | undefined;
  readonly cwd: string;
}

/** What can be known of a net before a run, to ask the right questions. */
export interface NetInspection {
  /** Images in the TEST data, and in a batch of them. */
  readonly records: number;
  readonly batchSize: number;
  /** Why ranges cannot be measured on TRAIN data; undefined where they can. */
  readonly trainProblem: Words | undefined;
}

/**
 * Opens a net and its data without running anything.
 *
 * @throws UserError where the net cannot be read or has no TEST data
 */
export async function inspectNet(options: InspectOptions): Promise<NetInspection> {
  const file = readNetFile(options.model, options);
  const test = await open(buildNet(file, netState('TEST', options)), options);
  return {
    ...test,
    trainProblem: await problemOf(() => open(buildNet(file, netState('TRAIN', options)), options)),
  };
}

async function open(
  net: Net,
  options: InspectOptions,
): Promise<{ records: number; batchSize: number }> {
  const data = await NetData.open(net, options);
  try {
    return { records: data.records, batchSize: data.batchSize };
  } finally {
    await data.close();
  }
}

async function problemOf(action: () => Promise<unknown>): Promise<NetInspection['trainProblem']> {
  try {
    await action();
    return undefined;
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause;
    return cause.said;
  }
}
