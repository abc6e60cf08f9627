import { option, words } from '../base/words';
import { oneOf, wholeFromOne } from './kinds';
import type { Answer, Flag, GivenFlags, Option } from './option';
import { OptionError } from './optionError';

/** What runs the nets: the processor, a CUDA device by its number, or (experimental) WebGPU. */
export type ExecutionProvider =
  | {
      readonly kind: 'cpu';
      /** Of the processor; the runtime takes one a core if absent. Numbers do not depend on it. */
      readonly threads?: number | undefined;
    }
  | { readonly kind: 'cuda'; readonly deviceId: number }
  | { readonly kind: 'webgpu' };

/** What a user may ask for; `auto` takes CUDA where it works, and the CPU otherwise. */
export type ProviderChoice =
  ExecutionProvider | { readonly kind: 'auto'; readonly deviceId: number };

const kinds = { auto: 'auto', cpu: 'cpu', cuda: 'cuda', webgpu: 'webgpu' } as const;

const flags = {
  gpu: {
    name: 'gpu',
    argument: 'ID',
    help: 'run on this CUDA device; a list uses its first, `all` uses 0; without it: CPU',
  },
  kind: {
    name: 'provider',
    argument: 'NAME',
    help: '`cpu`, `cuda`, `webgpu` (experimental), or `auto`: cuda where it works',
    absent: 'cpu',
  },
  threads: {
    name: 'threads',
    argument: 'N',
    help: 'threads of the CPU to use',
    absent: 'one a core',
  },
} satisfies Record<string, Flag>;

/**
 * `--provider`, and `--gpu` as the original has it: a device id, a list of which the first is used, or
 * `all`; it implies CUDA.
 */
function read(given: GivenFlags): ProviderChoice {
  const provider = readKind(given);
  const threads = given.text(flags.threads.name);
  if (threads === undefined) return provider;
  if (provider.kind !== 'cpu') {
    throw new OptionError(words`${option('provider.threads')} is for the CPU`);
  }
  return { ...provider, threads: wholeFromOne(threads, 'provider.threads') };
}

function readKind(given: GivenFlags): ProviderChoice {
  const device = readDevice(given.text(flags.gpu.name));
  const name = given.text(flags.kind.name);
  if (name === undefined) {
    return device === undefined ? { kind: 'cpu' } : { kind: 'cuda', deviceId: device };
  }
  const kind = oneOf(kinds)(name, 'provider.kind');
  if (kind === 'cuda' || kind === 'auto') return { kind, deviceId: device ?? 0 };
  if (device === undefined) return { kind };
  throw new OptionError(
    words`${option('provider.gpu')} asks for CUDA and ${option(
      'provider.kind',
      kind,
    )} does not: leave one of them out`,
  );
}

function readDevice(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  if (given === 'all') return 0;
  if (!/^\d+(,\d+)*$/.test(given)) {
    throw new OptionError(
      words`${option('provider.gpu', given)}: give a device id, a list of ids, or "all"`,
    );
  }
  return Number(given.split(',')[0]);
}

function fromName(name: unknown, deviceId: number): ProviderChoice {
  switch (name) {
    case 'cpu':
    case 'webgpu':
      return { kind: name };
    case 'cuda':
      return { kind: name, deviceId };
    default:
      return { kind: 'auto', deviceId };
  }
}

function deviceOf(choice: ProviderChoice | undefined): number | undefined {
  return choice !== undefined && 'deviceId' in choice ? choice.deviceId : undefined;
}

const provider = {
  commands: ['quantize', 'score'],
  title: 'what runs the nets',
  flags,
  read,
  // Devices of a kind give the same numbers, and so do threads.
  scored: ({ kind }) => kind,
  settings: [
    {
      name: 'executionProvider',
      type: 'string',
      scope: 'machine-overridable',
      default: 'auto',
      values: [
        {
          value: 'auto',
          description:
            'CUDA where its provider is installed and a device answers, else the CPU. The results page ' +
            'says which one it was.',
        },
        { value: 'cpu', description: 'The processor.' },
        {
          value: 'cuda',
          description: 'An NVIDIA device. When it cannot be used you are told what is missing.',
        },
        {
          value: 'webgpu',
          description: 'Experimental: a graphics card of any vendor through WebGPU.',
        },
      ],
      description: 'What runs the nets.',
    },
    {
      name: 'cudaDevice',
      type: 'integer',
      scope: 'machine-overridable',
      default: 0,
      limits: { minimum: 0 },
      description: 'Number of the CUDA device, as `nvidia-smi` lists them.',
    },
  ],
  fromSettings: (setting) =>
    fromName(setting('executionProvider'), setting('cudaDevice') as number),
  question: {
    kind: 'pick',
    prompt: 'What runs the net',
    isSame: (a, b) => a.kind === b.kind && deviceOf(a) === deviceOf(b),
    answers: (facts, present) => {
      const devices = new Set([...facts.cudaDevices(), deviceOf(present) ?? 0]);
      const description = facts.lacksCuda() ? 'its provider is not installed' : '';
      return [
        {
          label: 'Automatic',
          description: 'CUDA where it works, else the CPU',
          value: { kind: 'auto', deviceId: deviceOf(present) ?? 0 },
        },
        { label: 'CPU', value: { kind: 'cpu' } },
        ...[...devices].map((deviceId): Answer<ProviderChoice> => ({
          label: `CUDA device ${deviceId}`,
          description,
          value: { kind: 'cuda', deviceId },
        })),
        { label: 'WebGPU', description: 'experimental', value: { kind: 'webgpu' } },
      ];
    },
  },
  isRemembered: true,
} as const satisfies Option<ProviderChoice>;

export const providerOptions = { provider };
