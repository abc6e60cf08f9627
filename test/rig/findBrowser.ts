import { existsSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';

const programNames = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const macPrograms = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** The Chromium or Chrome to test in, which the global setup has seen to. */
export function findBrowser(): string {
  const found = installedBrowser();
  if (found === undefined) {
    throw new Error('There is no browser: the global setup of these tests installs one.');
  }
  return found;
}

/** A Chromium or Chrome of this machine; throws where RISTRETTO_BROWSER names none. */
export function installedBrowser(): string | undefined {
  const { RISTRETTO_BROWSER } = process.env;
  if (RISTRETTO_BROWSER) {
    if (existsSync(RISTRETTO_BROWSER)) return RISTRETTO_BROWSER;
    throw new Error(`RISTRETTO_BROWSER names a program that does not exist: ${RISTRETTO_BROWSER}`);
  }
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  const onPath = programNames.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  return [...onPath, ...macPrograms, chromium.executablePath()].find((file) => existsSync(file));
}
