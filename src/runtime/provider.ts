import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { UserError } from '../prototxt/userError';

/** What runs the nets: the processor, or a CUDA device by its number. */
export type ExecutionProvider =
  { readonly kind: 'cpu' } | { readonly kind: 'cuda'; readonly deviceId: number };

/** As shown to users and written to reports: `cpu`, `cuda:0`. */
export function describeProvider(provider: ExecutionProvider): string {
  return provider.kind === 'cpu' ? 'cpu' : `cuda:${provider.deviceId}`;
}

/**
 * Makes sure that a provider's libraries are installed before anything is loaded: a failed load
 * tells its reason on stderr only.
 *
 * @throws UserError naming the missing library and what to do.
 */
export function checkProvider(provider: ExecutionProvider): void {
  if (provider.kind === 'cpu') return;
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new UserError(
      'runtime/no-cuda',
      `CUDA was asked for (--gpu=${provider.deviceId}) but ONNX Runtime for Node has no CUDA ` +
        `provider for ${process.platform} ${process.arch}; leave out --gpu to use the CPU`,
    );
  }
  const folder = runtimeFolder();
  const missing = cudaLibraries.filter((name) => !existsSync(path.join(folder, name)));
  if (missing.length === 0) return;
  throw new UserError(
    'runtime/no-cuda',
    `CUDA was asked for (--gpu=${provider.deviceId}) but ONNX Runtime's CUDA provider is not ` +
      `installed: ${missing.join(', ')} not found in ${folder}; install it (see "CUDA" in the ` +
      'README) or leave out --gpu to use the CPU',
  );
}

/** Not part of the npm package: ONNX Runtime's own installer fetches them. */
const cudaLibraries = ['libonnxruntime_providers_cuda.so', 'libonnxruntime_providers_shared.so'];

/** Folder of ONNX Runtime's native libraries for this platform. */
function runtimeFolder(): string {
  const entry = createRequire(__filename).resolve('onnxruntime-node');
  const bin = path.join(path.dirname(entry), '..', 'bin');
  const abi = existsSync(bin)
    ? readdirSync(bin).find((name) => name.startsWith('napi-'))
    : undefined;
  return path.join(bin, abi ?? '', process.platform, process.arch);
}
