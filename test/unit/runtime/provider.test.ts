import { said } from '../../support/said';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/base/userError';
import { describeProvider, missingLibraryNames } from '../../../src/runtime/provider';
import { resolveProvider, type Machine } from '../../../src/runtime/resolveProvider';

const fails = (message: string) => (): Promise<void> => Promise.reject(new Error(message));

/** A machine on which everything works, unless told otherwise. */
function machine(change: Partial<Machine> = {}): Machine {
  return {
    hasCudaProvider: true,
    hasTraceOfCuda: () => true,
    missingCudaLibraries: () => [],
    missingCudaDependencies: () => [],
    open: () => Promise.resolve(),
    ...change,
  };
}

const notInstalled = machine({ missingCudaLibraries: () => ['libprovider.so'] });
const noCublas = machine({
  open: fails('Failed to load shared library'),
  missingCudaDependencies: () => ['libcublasLt.so.13', 'libcudart.so.13'],
});
const noDevice = machine({ open: fails('no CUDA-capable device is detected\nmore') });
const cuda = { kind: 'cuda', deviceId: 1 } as const;
const auto = { kind: 'auto', deviceId: 1 } as const;

async function errorOf(promise: Promise<unknown>): Promise<UserError> {
  const cause: unknown = await promise.catch((reason: unknown) => reason);
  if (cause instanceof UserError) return cause;
  throw new Error('no UserError was thrown');
}

describe('cuda', () => {
  it('is taken where it works', async () => {
    expect(await resolveProvider(cuda, machine())).toEqual({ provider: cuda });
  });

  it.each([
    ['not installed', notInstalled, /provider is not installed \(libprovider\.so not found/],
    [
      'without CUDA',
      noCublas,
      /not found: libcublasLt\.so\.13, libcudart\.so\.13\): install the NVIDIA driver/,
    ],
    [
      'without a device',
      noDevice,
      /cuda:1 could not be used \(no CUDA-capable device is detected\)/,
    ],
    ['on another system', machine({ hasCudaProvider: false }), /has no CUDA provider for /],
  ])('%s: an error and never another provider', async (_, on, message) => {
    const error = await errorOf(resolveProvider(cuda, on));
    expect(error.code).toBe('runtime/no-cuda');
    expect(said(error.said)).toMatch(message);
    expect(said(error.said)).toMatch(/^CUDA was asked for \(--gpu=1\) but .* leave out --gpu/);
  });
});

describe('auto', () => {
  it('takes CUDA where it works', async () => {
    expect(await resolveProvider(auto, machine())).toEqual({ provider: cuda });
  });

  it('takes the CPU silently where there is nothing of CUDA', async () => {
    const nothing = machine({ hasTraceOfCuda: () => false, missingCudaLibraries: () => ['x.so'] });
    expect(await resolveProvider(auto, nothing)).toEqual({ provider: { kind: 'cpu' } });
  });

  it.each([
    ['not installed', notInstalled, 'libprovider.so'],
    ['without CUDA', noCublas, 'libcublasLt.so.13'],
    ['without a device', noDevice, 'no CUDA-capable device'],
  ])('%s: the CPU, and says why', async (_, on, reason) => {
    const { provider, note } = await resolveProvider(auto, on);
    expect(provider).toEqual({ kind: 'cpu' });
    expect(said(note)).toMatch(/^this runs on the CPU: .* to use CUDA$/);
    expect(said(note)).toContain(reason);
  });
});

describe('webgpu', () => {
  it('is taken where it works', async () => {
    const provider = { kind: 'webgpu' } as const;
    expect(await resolveProvider(provider, machine())).toEqual({ provider });
  });

  it('without an adapter is one clear error', async () => {
    const on = machine({
      open: fails(
        '/src/webgpu_context.cc:100 Initialize() was false. Failed to get a WebGPU adapter: none\n',
      ),
    });
    const error = await errorOf(resolveProvider({ kind: 'webgpu' }, on));
    expect(error.code).toBe('runtime/no-webgpu');
    expect(said(error.said)).toMatch(
      /^WebGPU was asked for but could not be used \(Failed to get a WebGPU adapter: none\)/,
    );
  });
});

it('the CPU needs no looking', async () => {
  const broken = machine({ hasTraceOfCuda: () => expect.unreachable() });
  expect(await resolveProvider({ kind: 'cpu' }, broken)).toEqual({ provider: { kind: 'cpu' } });
});

it('a provider has a short name', () => {
  expect(
    [{ kind: 'cpu' } as const, cuda, { kind: 'webgpu' } as const].map(describeProvider),
  ).toEqual(['cpu', 'cuda:1', 'webgpu']);
});

it.each([
  [
    'ldd',
    '\tlinux-vdso.so.1 (0x0)\n\tlibcublasLt.so.13 => not found\n\tlibc.so.6 => /lib/libc.so.6 (0x0)\n' +
      '\tlibcudart.so.13 => not found\n\tlibcudart.so.13 => not found\n',
    ['libcublasLt.so.13', 'libcudart.so.13'],
  ],
  [
    'the runtime',
    'FAIL : Failed to load library /o/libonnxruntime_providers_cuda.so with error: ' +
      'libcublasLt.so.13: cannot open shared object file: No such file or directory',
    ['libcublasLt.so.13'],
  ],
  [
    'a path',
    'error: /o/lib_shared.so: cannot open shared object file: No such file',
    ['lib_shared.so'],
  ],
  ['nothing', 'all is well', []],
])('missing libraries are read from what %s says', (_, text, names) => {
  expect(missingLibraryNames(text)).toEqual(names);
});
