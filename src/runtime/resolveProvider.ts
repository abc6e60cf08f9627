import { GraphBuilder } from '../onnx/graph';
import { writeModel } from '../onnx/model';
import { reasonOf } from '../base/reason';
import { UserError } from '../base/userError';
import { ifOffered, option, words, type Words } from '../base/words';
import {
  describeProvider,
  hasCudaProvider,
  hasTraceOfCuda,
  missingCudaDependencies,
  missingCudaLibraries,
  runtimeLibraryFolder,
  type ExecutionProvider,
  type ProviderChoice,
} from './provider';
import { Session } from './session';

/** What a choice comes to on this machine. */
export interface ResolvedProvider {
  readonly provider: ExecutionProvider;
  /** What to tell where something CUDA-like is there and still the CPU is used. */
  readonly note?: Words;
}

/** What {@link resolveProvider} asks of the machine; a parameter for tests' sake. */
export interface Machine {
  readonly hasCudaProvider: boolean;
  hasTraceOfCuda(): boolean;
  missingCudaLibraries(): readonly string[];
  missingCudaDependencies(): readonly string[];
  /** Makes and releases a session; rejects with the runtime's own error. */
  open(provider: ExecutionProvider): Promise<void>;
}

const thisMachine: Machine = {
  hasCudaProvider,
  hasTraceOfCuda,
  missingCudaLibraries,
  missingCudaDependencies,
  async open(provider) {
    const session = await Session.open(tinyModel(), provider);
    await session.release();
  },
};

/**
 * Finds out what will run the nets, and that it does. The installed files are looked for before
 * anything is loaded: a failed load tells its reason on stderr only.
 *
 * @throws UserError `runtime/no-cuda` or `runtime/no-webgpu` where what was asked for does not work,
 * with what is missing and what to do; never a silent fallback
 */
export async function resolveProvider(
  choice: ProviderChoice,
  machine: Machine = thisMachine,
): Promise<ResolvedProvider> {
  switch (choice.kind) {
    case 'cpu':
      return { provider: choice };
    case 'webgpu':
      await openWebGpu(choice, machine);
      return { provider: choice };
    case 'cuda': {
      const problem = await cudaProblem(choice, machine);
      if (problem === undefined) return { provider: choice };
      throw new UserError(
        'runtime/no-cuda',
        [
          ifOffered(
            remedy,
            problem.short,
            words`CUDA was asked for (${option('provider.gpu', choice.deviceId)}) but ${
              problem.detail
            }, or leave out ${option('provider.gpu')} to use the CPU`,
          ),
        ],
        {},
        { cause: problem.cause },
      );
    }
    case 'auto': {
      if (!machine.hasTraceOfCuda()) return { provider: { kind: 'cpu' } };
      const provider = { kind: 'cuda', deviceId: choice.deviceId } as const;
      const problem = await cudaProblem(provider, machine);
      if (problem === undefined) return { provider };
      return {
        provider: { kind: 'cpu' },
        note: [
          ifOffered(
            remedy,
            `This runs on the CPU. ${problem.short}`,
            `this runs on the CPU: ${problem.detail} to use CUDA`,
          ),
        ],
      };
    }
  }
}

/** Where there is a button for it, texts need not say what to do. */
const remedy = { action: 'installCuda' } as const;

interface CudaProblem {
  /** What is wrong and what to do. */
  readonly detail: string;
  /** What is wrong, in a sentence. */
  readonly short: string;
  readonly cause?: unknown;
}

/** Why CUDA does not work; undefined where it does. */
async function cudaProblem(
  provider: Extract<ExecutionProvider, { kind: 'cuda' }>,
  machine: Machine,
): Promise<CudaProblem | undefined> {
  if (!machine.hasCudaProvider) {
    const system = `${process.platform} ${process.arch}`;
    return {
      detail:
        `ONNX Runtime for Node has no CUDA provider for ${system}: ` +
        'use a machine with Linux on x64',
      short: `CUDA does not run on this system (${system}).`,
    };
  }
  const files = machine.missingCudaLibraries();
  if (files.length > 0) {
    return {
      detail:
        `ONNX Runtime's CUDA provider is not installed (${files.join(', ')} not found in ` +
        `${runtimeLibraryFolder()}): install it (see "CUDA" in the README)`,
      short: 'CUDA cannot be used: its provider is not installed.',
    };
  }
  try {
    await machine.open(provider);
    return undefined;
  } catch (cause) {
    const missing = machine.missingCudaDependencies();
    const why =
      missing.length > 0
        ? `these libraries are not found: ${missing.join(', ')}`
        : firstLine(cause);
    const short =
      missing.length > 0 ? `these libraries are missing: ${missing.join(', ')}.` : firstLine(cause);
    return {
      detail:
        `${describeProvider(provider)} could not be used (${why}): install the NVIDIA driver, ` +
        'CUDA 13 and cuDNN 9 on the library path',
      short: `CUDA cannot be used: ${short}`,
      cause,
    };
  }
}

async function openWebGpu(
  provider: Extract<ExecutionProvider, { kind: 'webgpu' }>,
  machine: Machine,
): Promise<void> {
  try {
    await machine.open(provider);
  } catch (cause) {
    const text = firstLine(cause);
    // The runtime's message begins with a source line of its own.
    const why = /Failed to get .*$/.exec(text)?.[0] ?? text;
    throw new UserError(
      'runtime/no-webgpu',
      `WebGPU was asked for but could not be used (${why}): it needs a GPU and its Vulkan, Metal ` +
        'or Direct3D 12 driver; choose the CPU instead',
      {},
      { cause },
    );
  }
}

/** One node on one number: enough for a provider to load all its libraries. */
function tinyModel(): Uint8Array {
  const builder = new GraphBuilder('probe');
  builder.reserve('y');
  const input = builder.input('x', [1]);
  builder.output('y', builder.node('Relu', [input], { name: 'y', shape: [1] }));
  return writeModel(builder.build());
}

function firstLine(cause: unknown): string {
  const text = reasonOf(cause).trim();
  return text.split('\n')[0] ?? text;
}
