import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { quietSettings } from '../rig/server';
import { ScratchWorkspace } from '../rig/workspace';
import { repositoryRoot } from '../support/shared';
import { buildSuites } from './buildSuites';
import { launches, type Launch } from './launches';
import { reportRuns } from './reportRuns';
import { readResults, type InnerResult } from './results';

async function runInElectron(launch: Launch): Promise<InnerResult[]> {
  const bundle = await buildSuites(launch.suites);
  const workspace = new ScratchWorkspace();
  const profile = mkdtempSync(path.join(tmpdir(), 'vscode-'));
  mkdirSync(path.join(profile, 'User'));
  writeFileSync(
    path.join(profile, 'User/settings.json'),
    JSON.stringify({ ...quietSettings, ...launch.settings }),
  );
  try {
    // It throws for a failed test too, and then there are results.
    const failure = await runTests({
      vscodeExecutablePath: process.env['RISTRETTO_VSCODE'],
      extensionDevelopmentPath: repositoryRoot,
      extensionTestsPath: path.join(bundle, 'index.js'),
      extensionTestsEnv: { NODE_OPTIONS: undefined, ELECTRON_RUN_AS_NODE: undefined },
      launchArgs: [
        workspace.folder,
        '--disable-extensions',
        `--user-data-dir=${profile}`,
        `--extensions-dir=${path.join(profile, 'extensions')}`,
      ],
    }).then(
      () => undefined,
      (error: unknown) => error,
    );
    const results = readResults(bundle);
    if (results === undefined)
      throw new Error('VS Code ended before the tests did', { cause: failure });
    return results;
  } finally {
    workspace.remove();
    rmSync(profile, { recursive: true, force: true });
    rmSync(bundle, { recursive: true, force: true });
  }
}

// `@vscode/test-electron` always starts VS Code with workspace trust switched off.
await reportRuns(
  launches.filter(({ trusted }) => trusted),
  runInElectron,
);
