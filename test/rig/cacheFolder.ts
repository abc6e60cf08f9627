import { homedir } from 'node:os';
import path from 'node:path';

/** Where what the tests install is kept, for all clones on this machine. */
export function cacheFolder(): string {
  const { RISTRETTO_RIG, XDG_CACHE_HOME } = process.env;
  if (RISTRETTO_RIG) return path.resolve(RISTRETTO_RIG);
  return path.join(XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'ristretto-rig');
}
