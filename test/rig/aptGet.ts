import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { progress, runCommand } from './command';

const patience = 15 * 60_000;
const pollInterval = 5_000;

/** Only root may install packages, and only Debian's and Ubuntu's manager is known here. */
export function mayUseApt(): boolean {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version');
}

/** Installs packages of the system, from fresh lists, after any other package manager has ended. */
export async function aptInstall(packages: readonly string[]): Promise<void> {
  await whenUnlocked('updating the package lists', ['update', '-q']);
  const install = ['install', '-y', '-q', '--no-install-recommends', ...packages];
  await whenUnlocked(`installing ${packages.join(' and ')}`, install);
}

async function whenUnlocked(what: string, args: readonly string[]): Promise<void> {
  const end = Date.now() + patience;
  for (let waited = false; ; waited = true) {
    try {
      // Apt waits for some of its locks by itself, but not for that of the lists.
      const command = ['DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args];
      await runCommand(what, 'env', command);
      return;
    } catch (error) {
      const isLocked = /could not get lock|unable to (acquire|lock)/i.test(String(error));
      if (!isLocked || Date.now() > end) throw error;
    }
    if (!waited) progress(`${what}: waiting until another package manager has ended`);
    await sleep(pollInterval);
  }
}
