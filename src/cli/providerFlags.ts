import type { ProviderChoice } from '../runtime/provider';
import { UsageError, type Flags, type FlagSpecs } from './flags';

export const providerFlags: FlagSpecs = {
  gpu: {
    argument: 'ID',
    help: 'run on this CUDA device; a list uses its first, "all" uses 0; without it: CPU',
  },
  provider: {
    argument: 'NAME',
    help: 'cpu, cuda, webgpu (experimental), or auto: cuda where it works (default cpu)',
  },
  threads: { argument: 'N', help: 'threads of the CPU to use (default one a core)' },
};

const kinds = { auto: 'auto', cpu: 'cpu', cuda: 'cuda', webgpu: 'webgpu' } as const;

/**
 * Reads `--provider`, and `--gpu` as the original does: a device id, a list of which the first is
 * used, or `all`; it implies CUDA.
 *
 * @throws UsageError for anything else, and where the two contradict each other
 */
export function readProviderFlags(flags: Flags): ProviderChoice {
  const provider = readProvider(flags);
  if (flags.optional('threads') === undefined) return provider;
  if (provider.kind !== 'cpu') throw new UsageError('--threads is for the CPU');
  return { ...provider, threads: flags.positiveInteger('threads') };
}

function readProvider(flags: Flags): ProviderChoice {
  const device = readDevice(flags.optional('gpu'));
  if (flags.optional('provider') === undefined) {
    return device === undefined ? { kind: 'cpu' } : { kind: 'cuda', deviceId: device };
  }
  const kind = flags.choice('provider', kinds);
  if (kind === 'cuda' || kind === 'auto') return { kind, deviceId: device ?? 0 };
  if (device === undefined) return { kind };
  throw new UsageError(
    `--gpu asks for CUDA and --provider=${kind} does not: leave one of them out`,
  );
}

function readDevice(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (text === 'all') return 0;
  if (!/^\d+(,\d+)*$/.test(text)) {
    throw new UsageError(`--gpu=${text}: give a device id, a list of ids, or "all"`);
  }
  return Number(text.split(',')[0]);
}
