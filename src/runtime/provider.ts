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
  const folder = runtimeFolder();
  const missing = cudaLibraries().filter((name) => !existsSync(path.join(folder, name)));
  if (missing.length === 0) return;
  throw new UserError(
    'runtime/no-cuda',
    `CUDA was asked for (--gpu=${provider.deviceId}) but ONNX Runtime's CUDA provider is not ` +
      `installed: ${missing.join(', ')} not found in ${folder}; install it (see "CUDA" in the ` +
      'README) or leave out --gpu to use the CPU',
  );
}

function cudaLibraries(): readonly string[] {
  const names = ['onnxruntime_providers_cuda', 'onnxruntime_providers_shared'];
  return process.platform === 'win32'
    ? names.map((name) => `${name}.dll`)
    : names.map((name) => `lib${name}.so`);
}

/** Folder of ONNX Runtime's native libraries for this platform. */
function runtimeFolder(): string {
  const entry = createRequire(__filename).resolve('onnxruntime-node');
  const bin = path.join(path.dirname(entry), '..', 'bin');
  const abi = existsSync(bin)
    ? readdirSync(bin).find((name) => name.startsWith('napi-'))
    : undefined;
  return path.join(bin, abi ?? '', process.platform, process.arch);
}
