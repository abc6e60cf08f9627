import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { type Browser, type Page } from 'playwright-core';
import { remoteUri, workbenchUrl } from '../rig/browser';
import { startServer, type Server } from '../rig/server';
import { ScratchWorkspace } from '../rig/workspace';
import { repositoryRoot } from '../support/shared';
import { buildSuites } from './buildSuites';
import { type Launch } from './launches';
import { mapStack } from './mapStack';
import { readResults, type InnerResult } from './results';

const runTimeout = 240_000;

/**
 * Runs a launch's tests inside the extension host of a fresh VS Code, with the extension as it is
 * built in this repository. Throws if the tests did not run; a failed test is a result.
 */
export async function runLaunch(browser: Browser, launch: Launch): Promise<InnerResult[]> {
  const bundle = await buildSuites(launch.suites);
  const workspace = new ScratchWorkspace();
  const server = await startServer({ settings: launch.settings });
  const page = await browser.newPage();
  try {
    const logs = await untilExit(page, server, workspace.folder, path.join(bundle, 'index.js'));
    const results = readResults(bundle);
    if (results === undefined) {
      throw new Error(`The extension host ended before the tests did.\n${logs}`);
    }
    return results.map((result) => ({ ...result, stack: result.stack && mapStack(result.stack) }));
  } catch (error) {
    const folder = path.join(repositoryRoot, 'build/screenshots');
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: path.join(folder, `failed ${launch.name}.png`) }).catch(() => {});
    throw error;
  } finally {
    await page.close();
    await server.stop();
    workspace.remove();
    rmSync(bundle, { recursive: true, force: true });
  }
}

/** Opens the workbench and waits until it says that the run is over; returns what it logged. */
async function untilExit(
  page: Page,
  server: Server,
  folder: string,
  testsPath: string,
): Promise<string> {
  const logs: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  const exit = new Promise<void>((resolve, reject) => {
    const fail = (what: string): void =>
      reject(new Error(`${what}\n${logs.slice(-40).join('\n')}\n${server.output().slice(-2000)}`));
    timer = setTimeout(() => fail(`No end after ${runTimeout / 1000} s`), runTimeout);
    page.on('crash', () => fail('The page crashed'));
    // VS Code calls these two by name.
    void page.exposeFunction('codeAutomationExit', () => resolve());
    void page.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) =>
      logs.push(`${type}: ${args.join(' ')}`),
    );
  });
  const payload: [string, string][] = [
    ['extensionDevelopmentPath', remoteUri(server, repositoryRoot)],
    ['extensionTestsPath', remoteUri(server, testsPath)],
    ['skipWelcome', 'true'],
    ['skipReleaseNotes', 'true'],
  ];
  try {
    await Promise.all([page.goto(workbenchUrl(server, folder, payload)), exit]);
  } finally {
    clearTimeout(timer);
  }
  return logs.join('\n');
}
