import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cleanEnvironment, runCommand } from './command';
import { findRig, type Rig } from './installRig';

export type Settings = Readonly<Record<string, unknown>>;

export interface ServerOptions {
  /** User settings on top of {@link quietSettings}. */
  readonly settings?: Settings;
  /** Extensions to install first. */
  readonly vsix?: readonly string[];
  /** Variables for the server and the extension host. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface Server {
  readonly url: string;
  readonly port: number;
  readonly userDataDir: string;
  readonly extensionsDir: string;
  /** Changes settings while the editor runs; not those that hold for all of VS Code. */
  changeSettings(settings: Settings): void;
  /** What the server has printed so far. */
  output(): string;
  /** Ends the server with everything it started and removes its folders. */
  stop(): Promise<void>;
}

/** Nothing that moves by itself, asks, or calls home. */
export const quietSettings: Settings = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  'chat.disableAIFeatures': true,
  'editor.cursorBlinking': 'solid',
  'security.workspace.trust.enabled': false,
};

const startTimeout = 60_000;
const noGallery = JSON.stringify({
  serviceUrl: '',
  itemUrl: '',
  resourceUrlTemplate: '',
  controlUrl: '',
  recommendationsUrl: '',
});

/** Starts a VS Code server on a free port with a profile of its own. */
export async function startServer(options: ServerOptions = {}): Promise<Server> {
  const rig = findRig();
  const folder = mkdtempSync(path.join(tmpdir(), 'ristretto-rig-'));
  const userDataDir = path.join(folder, 'user-data');
  const extensionsDir = path.join(folder, 'extensions');
  writeSettings(userDataDir, 'User', { ...quietSettings, ...options.settings });
  let changes: Settings = {};
  const changeSettings = (settings: Settings): void => {
    changes = { ...changes, ...settings };
    // The server does not see changes of the user's own file, but of the machine's.
    writeSettings(userDataDir, 'Machine', changes);
  };
  writeFileSync(path.join(folder, 'cs.yaml'), '');
  const profile = ['--user-data-dir', userDataDir, '--extensions-dir', extensionsDir];
  const env = serverEnvironment(folder, options.env);
  for (const vsix of options.vsix ?? []) {
    await installExtension(rig, profile, env, vsix);
  }

  const port = await freePort();
  const args = [
    rig.entry,
    ...profile,
    ...['--bind-addr', `127.0.0.1:${port}`, '--auth', 'none'],
    ...['--config', path.join(folder, 'cs.yaml'), '--ignore-last-opened', '--disable-proxy'],
    ...['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override'],
  ];
  // A process group of its own, so that the extension host and what it starts end with it.
  const child = spawn(rig.node, args, { cwd: folder, env, detached: true });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const removeFolder = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  const forget = whenInterrupted(() => {
    killGroup(child, 'SIGKILL');
    removeFolder();
  });
  const stop = async (): Promise<void> => {
    forget();
    await endGroup(child);
    removeFolder();
  };

  const url = `http://127.0.0.1:${port}`;
  try {
    await waitUntilHealthy(url, child);
  } catch (error) {
    await stop();
    throw new Error(`The VS Code server did not start: ${String(error)}\n${output.slice(-2000)}`);
  }
  return { url, port, userDataDir, extensionsDir, changeSettings, output: () => output, stop };
}

function writeSettings(userDataDir: string, scope: 'User' | 'Machine', settings: Settings): void {
  mkdirSync(path.join(userDataDir, scope), { recursive: true });
  writeFileSync(
    path.join(userDataDir, scope, 'settings.json'),
    JSON.stringify(settings, undefined, 2),
  );
}

async function installExtension(
  rig: Rig,
  profile: readonly string[],
  env: NodeJS.ProcessEnv,
  vsix: string,
): Promise<void> {
  const args = [rig.entry, ...profile, '--install-extension', vsix, '--force'];
  await runCommand(`installing ${path.basename(vsix)}`, rig.node, args, { env });
}

function serverEnvironment(
  folder: string,
  extra: Readonly<Record<string, string>> = {},
): NodeJS.ProcessEnv {
  return {
    ...cleanEnvironment(),
    EXTENSIONS_GALLERY: noGallery,
    XDG_CONFIG_HOME: path.join(folder, 'xdg'),
    XDG_DATA_HOME: path.join(folder, 'xdg-data'),
    ...extra,
  };
}

/**
 * Calls back when this process ends early: the server is in a group of its own, which Ctrl+C does not
 * reach, and a test process outlives a parent that was killed. Returns how to take it back.
 */
function whenInterrupted(callback: () => void): () => void {
  const end = (): void => {
    callback();
    // Vitest forbids process.exit; the browser goes by itself when nobody holds it.
    process.kill(process.pid, 'SIGKILL');
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'];
  process.once('exit', callback);
  for (const signal of signals) process.once(signal, end);
  return () => {
    process.off('exit', callback);
    for (const signal of signals) process.off(signal, end);
  };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function waitUntilHealthy(url: string, child: ChildProcess): Promise<void> {
  for (const end = Date.now() + startTimeout; Date.now() < end; await sleep(100)) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
    const response = await fetch(`${url}/healthz`).catch(() => undefined);
    if (response?.ok) return;
  }
  throw new Error(`no answer within ${startTimeout / 1000} s`);
}

async function endGroup(child: ChildProcess): Promise<void> {
  killGroup(child, 'SIGTERM');
  for (let waited = 0; waited < 2000 && groupLives(child); waited += 50) await sleep(50);
  killGroup(child, 'SIGKILL');
}

function groupLives(child: ChildProcess): boolean {
  return killGroup(child, 0);
}

/** Whether there was somebody to send the signal to. */
function killGroup(child: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  if (child.pid === undefined) return false;
  try {
    return process.kill(-child.pid, signal);
  } catch {
    return false;
  }
}
