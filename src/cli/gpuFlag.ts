import type { ExecutionProvider } from '../runtime/provider';
import { UsageError, type Flags, type FlagSpec } from './flags';

export const gpuFlag: FlagSpec = {
  argument: 'ID',
  help: 'run on this CUDA device; a list uses its first, "all" uses 0; without it: CPU',
};

/**
 * Reads `--gpu` as the original does: a device id, a list of which the first is used, or `all`.
 *
 * @throws UsageError for anything else
 */
export function readGpuFlag(flags: Flags): ExecutionProvider {
  const text = flags.optional('gpu');
  if (text === undefined) return { kind: 'cpu' };
  if (text === 'all') return { kind: 'cuda', deviceId: 0 };
  if (!/^\d+(,\d+)*$/.test(text)) {
    throw new UsageError(`--gpu=${text}: give a device id, a list of ids, or "all"`);
  }
  return { kind: 'cuda', deviceId: Number(text.split(',')[0]) };
}
