import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { ExecutionProvider } from '../options/providerOption';

export type { ExecutionProvider, ProviderChoice } from '../options/providerOption';

/** As shown to users and written to reports: `cpu`, `cuda:0`, `webgpu`. */
export function describeProvider(provider: ExecutionProvider): string {
  return provider.kind === 'cuda' ? `cuda:${provider.deviceId}` : provider.kind;
}

/** Whether ONNX Runtime for Node has a CUDA provider for this system. */
export const hasCudaProvider = process.platform === 'linux' && process.arch === 'x64';

/** Not part of the npm package: ONNX Runtime's own installer fetches them. */
const cudaLibraries: readonly string[] = [
  'libonnxruntime_providers_cuda.so',
  'libonnxruntime_providers_shared.so',
];

/** Libraries of the CUDA provider that are not installed. */
export function missingCudaLibraries(): readonly string[] {
  const folder = runtimeLibraryFolder();
  return cudaLibraries.filter((name) => !existsSync(path.join(folder, name)));
}

/** Whether anything of CUDA is on this machine: a part of the provider, or a device. */
export function hasTraceOfCuda(): boolean {
  if (!hasCudaProvider) return false;
  return missingCudaLibraries().length < cudaLibraries.length || existsSync('/dev/nvidia0');
}

/** Libraries of CUDA itself that an installed provider looks for in vain. */
export function missingCudaDependencies(): readonly string[] {
  // Loading it would tell on stderr only. Where there is no ldd, the names stay unknown.
  const provider = path.join(runtimeLibraryFolder(), 'libonnxruntime_providers_cuda.so');
  return missingLibraryNames(spawnSync('ldd', [provider], { encoding: 'utf8' }).stdout ?? '');
}

/** Names of libraries that `ldd` or the dynamic loader said were missing. */
export function missingLibraryNames(text: string): string[] {
  const found = text.matchAll(
    /([^\s/:]+\.so[.\w]*)(?: => not found|: cannot open shared object file)/g,
  );
  return [...new Set([...found].map(([, name]) => name ?? ''))];
}

/** Folder of the `onnxruntime-node` package, which has its installer in `script/install.js`. */
export function runtimePackageFolder(): string {
  const entry = createRequire(__filename).resolve('onnxruntime-node');
  return path.resolve(path.dirname(entry), '..');
}

/** Folder of ONNX Runtime's native libraries for this platform. */
export function runtimeLibraryFolder(): string {
  const bin = path.join(runtimePackageFolder(), 'bin');
  const abi = existsSync(bin)
    ? readdirSync(bin).find((name) => name.startsWith('napi-'))
    : undefined;
  return path.join(bin, abi ?? '', process.platform, process.arch);
}
