import { mkdirSync } from 'node:fs';
import { lock } from 'proper-lockfile';
import { cacheFolder } from './cacheFolder';
import { progress } from './command';

const patience = 20 * 60_000;
const pollInterval = 2_000;

/**
 * Runs an installation while no other test run on this machine installs anything; the lock of a run
 * that was killed lapses by itself.
 */
export async function installAlone<T>(work: () => Promise<T>): Promise<T> {
  const folder = cacheFolder();
  mkdirSync(folder, { recursive: true });
  const release = await waitForLock(folder);
  try {
    return await work();
  } finally {
    await release();
  }
}

async function waitForLock(folder: string): Promise<() => Promise<void>> {
  const options = { stale: 30_000, update: 5_000 };
  try {
    return await lock(folder, options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
  }
  progress('waiting for another test run that is installing');
  const retries = patience / pollInterval;
  return lock(folder, {
    ...options,
    retries: { retries, factor: 1, minTimeout: pollInterval, maxTimeout: pollInterval },
  });
}
