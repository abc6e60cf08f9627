import { existsSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { repositoryRoot } from '../support/shared';
import { progress, runCommand } from './command';

const programNames = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const macPrograms = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** A Chromium or Chrome; where there is none, one is installed. */
export async function findBrowser(): Promise<string> {
  const found = installedBrowser();
  if (found !== undefined) return found;
  try {
    await installBrowser();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `No Chromium or Chrome was found, and none could be installed. Install one, or set RISTRETTO_BROWSER to its program.\n${reason}`,
    );
  }
  const installed = installedBrowser();
  if (installed === undefined) throw new Error('The browser that was installed cannot be found.');
  return installed;
}

function installedBrowser(): string | undefined {
  const { RISTRETTO_BROWSER } = process.env;
  if (RISTRETTO_BROWSER) {
    if (existsSync(RISTRETTO_BROWSER)) return RISTRETTO_BROWSER;
    throw new Error(`RISTRETTO_BROWSER names a program that does not exist: ${RISTRETTO_BROWSER}`);
  }
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  const onPath = programNames.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  return [...onPath, ...macPrograms, chromium.executablePath()].find((file) => existsSync(file));
}

async function installBrowser(): Promise<void> {
  // Only root may install packages, and only Debian's and Ubuntu's manager is known here.
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    progress("installing the system's chromium (about a minute)");
    await runCommand('updating the package lists', 'apt-get', ['update', '-q']);
    const install = ['DEBIAN_FRONTEND=noninteractive', 'apt-get', 'install', '-y', '-q'];
    const packages = ['--no-install-recommends', 'chromium', 'fonts-dejavu-core'];
    await runCommand('installing chromium', 'env', [...install, ...packages]);
    // On some systems the package is a stub without a program.
    if (installedBrowser() !== undefined) return;
  }
  progress("downloading Playwright's chromium");
  await runCommand('downloading chromium', 'npx', ['playwright-core', 'install', 'chromium'], {
    cwd: repositoryRoot,
  });
}
