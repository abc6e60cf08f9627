import { existsSync, readdirSync } from 'node:fs';
import { repositoryRoot } from '../support/shared';
import { aptInstall, mayUseApt } from './aptGet';
import { progress, runCommand } from './command';
import { installedBrowser } from './findBrowser';
import { installAlone } from './installLock';

/**
 * Installs a browser, and a font for its pages, where there is none. Only global setups call this:
 * tests run side by side, and a hook's time is short.
 */
export async function installBrowser(): Promise<void> {
  if (isComplete()) return;
  await installAlone(async () => {
    if (isComplete()) return;
    try {
      await install();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(
        `No Chromium or Chrome was found, and none could be installed. Install one, or set RISTRETTO_BROWSER to its program.\n${reason}`,
      );
    }
    if (installedBrowser() === undefined) {
      throw new Error('The browser that was installed cannot be found.');
    }
  });
}

function isComplete(): boolean {
  return installedBrowser() !== undefined && (hasFonts() || !mayUseApt());
}

/** Without a font a page has no text, and what is measured on it means nothing. */
function hasFonts(): boolean {
  if (process.platform !== 'linux') return true;
  return ['/usr/share/fonts', '/usr/local/share/fonts'].some(
    (folder) =>
      existsSync(folder) &&
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).some((name) =>
        /\.(ttf|otf|ttc)$/.test(name),
      ),
  );
}

async function install(): Promise<void> {
  if (mayUseApt()) {
    const packages = hasFonts() ? [] : ['fonts-dejavu-core'];
    if (installedBrowser() === undefined) packages.push('chromium');
    progress(`installing the system's ${packages.join(' and ')} (about a minute)`);
    await aptInstall(packages);
    // On some systems the package is a stub without a program.
    if (installedBrowser() !== undefined) return;
  }
  progress("downloading Playwright's chromium");
  await runCommand('downloading chromium', 'npx', ['playwright-core', 'install', 'chromium'], {
    cwd: repositoryRoot,
  });
}
