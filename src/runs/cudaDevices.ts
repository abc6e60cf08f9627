import { existsSync, readdirSync } from 'node:fs';

/** Numbers of this machine's NVIDIA devices, as Linux lists them; empty where it lists none. */
export function cudaDevices(deviceFolder = '/dev'): number[] {
  if (process.platform !== 'linux' || !existsSync(deviceFolder)) return [];
  return readdirSync(deviceFolder)
    .flatMap((name) => /^nvidia(\d+)$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}
