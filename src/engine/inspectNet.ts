import { buildNet, type Net } from '../caffe/net';
import { readNetFile } from '../caffe/netFile';
import { netState, type StateChoice } from '../caffe/phase';
import { UserError } from '../prototxt/userError';
import { NetData } from './netData';

export interface InspectOptions extends StateChoice {
  readonly model: string;
  /** Which net of a file that defines several, from 0. */
  readonly netIndex?: number | undefined;
  /** Folder that relative paths in the prototxt start at, where it is not the prototxt's own. */
  readonly modelFolder?: string | undefined;
  readonly caffeRoot?: string | undefined;
  readonly cwd: string;
}

/** What can be known of a net before a run, to ask the right questions. */
export interface NetInspection {
  /** Images in the TEST data, and in a batch of them. */
  readonly records: number;
  readonly batchSize: number;
  /** Why ranges cannot be measured on TRAIN data; undefined where they can. */
  readonly trainProblem: { readonly code: string; readonly message: string } | undefined;
}

/**
 * Opens a net and its data without running anything.
 *
 * @throws UserError where the net cannot be read or has no TEST data
 */
export function inspectNet(options: InspectOptions): NetInspection {
  const file = readNetFile(options.model, options);
  const test = open(buildNet(file, netState('TEST', options)), options);
  return {
    ...test,
    trainProblem: problemOf(() => open(buildNet(file, netState('TRAIN', options)), options)),
  };
}

function open(net: Net, options: InspectOptions): { records: number; batchSize: number } {
  const data = NetData.open(net, options);
  try {
    return { records: data.records, batchSize: data.batchSize };
  } finally {
    data.close();
  }
}

function problemOf(action: () => unknown): NetInspection['trainProblem'] {
  try {
    action();
    return undefined;
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause;
    return { code: cause.code, message: cause.message };
  }
}
