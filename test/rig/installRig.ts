import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { progress, runCommand } from './command';

/** The oldest VS Code that `engines.vscode` allows, as the npm package that carries its server. */
const serverVersion = '4.100.3';
const vscodeVersion = '1.100.3';
/** Raise this when the steps below change: it makes every machine install anew. */
const recipe = 1;
/** That server runs on this Node only. */
const nodeMajor = '20';

export interface Rig {
  /** The Node that runs the server. */
  readonly node: string;
  /** The server's entry file. */
  readonly entry: string;
  readonly vscodeVersion: string;
}

/**
 * A VS Code server, installed from npm on first use (1 to 2 minutes) into a cache folder that other
 * clones share. Throws an error that says which step failed.
 */
export async function installRig(): Promise<Rig> {
  if (process.platform === 'win32') {
    throw new Error(
      'The VS Code server of these tests runs on Linux and macOS only. On Windows use `npm run test:electron`.',
    );
  }
  const ownNode = process.versions.node.split('.')[0] !== nodeMajor;
  const stamp = `vscode-${vscodeVersion}-r${recipe}${ownNode ? '-node' : ''}`;
  const folder = path.join(cacheFolder(), stamp);
  if (!isComplete(folder)) {
    progress(`installing VS Code ${vscodeVersion} (server ${serverVersion}) into the cache`);
    // Installed elsewhere and renamed: two runs at once never see each other's half.
    const workFolder = `${folder}.${process.pid}.tmp`;
    rmSync(workFolder, { recursive: true, force: true });
    try {
      await installInto(workFolder, ownNode);
      moveIntoPlace(workFolder, folder);
    } finally {
      rmSync(workFolder, { recursive: true, force: true });
    }
    progress('VS Code is installed');
  }
  return {
    node: ownNode ? path.join(folder, carriedNode()) : process.execPath,
    entry: path.join(folder, 'node_modules/code-server/out/node/entry.js'),
    vscodeVersion,
  };
}

function cacheFolder(): string {
  const { RISTRETTO_RIG, XDG_CACHE_HOME } = process.env;
  if (RISTRETTO_RIG) return path.resolve(RISTRETTO_RIG);
  return path.join(XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'ristretto-rig');
}

const stampFile = 'complete';

function isComplete(folder: string): boolean {
  const file = path.join(folder, stampFile);
  return existsSync(file) && readFileSync(file, 'utf8') === path.basename(folder);
}

function moveIntoPlace(workFolder: string, folder: string): void {
  writeFileSync(path.join(workFolder, stampFile), path.basename(folder));
  if (isComplete(folder)) return;
  rmSync(folder, { recursive: true, force: true });
  try {
    renameSync(workFolder, folder);
  } catch (error) {
    // Another run may have come first; its installation is as good.
    if (!isComplete(folder)) throw error;
  }
}

function carriedNode(): string {
  return `node_modules/node-${process.platform}-${process.arch}/bin/node`;
}

async function installInto(folder: string, ownNode: boolean): Promise<void> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), '{ "name": "rig", "private": true }\n');
  const npm = (what: string, cwd: string, ...args: string[]): Promise<string> => {
    progress(what);
    return runCommand(what, 'npm', [...args, '--no-audit', '--no-fund'], { cwd });
  };

  // Scripts stay off: code-server's own wants prebuilt binaries from elsewhere.
  const packages = [`code-server@${serverVersion}`, '@vscode/ripgrep@1.18.0'];
  if (ownNode) packages.push(`node-${process.platform}-${process.arch}@${nodeMajor}`);
  await npm('installing the server', folder, 'install', ...packages, '--ignore-scripts');
  await npm('compiling argon2 (needs g++ and python3)', folder, 'rebuild', 'argon2');

  const vscode = path.join(folder, 'node_modules/code-server/lib/vscode');
  const extensions = path.join(vscode, 'extensions');
  const production = ['install', '--omit=dev', '--ignore-scripts'];
  await npm("installing VS Code's own packages", vscode, ...production);
  await npm("installing its built-in extensions' packages", extensions, ...production);
  try {
    await npm('compiling the logger', vscode, 'rebuild', '@vscode/spdlog', 'native-watchdog');
  } catch {
    progress('the logger does not compile: there will be no log files');
  }
  link(vscode, 'node_modules.asar', 'node_modules');
  const system = process.platform === 'darwin' ? 'darwin' : 'linux';
  link(path.join(vscode, 'bin/remote-cli'), 'code-server', `code-${system}.sh`);
  link(path.join(vscode, 'bin/helpers'), 'browser.sh', `browser-${system}.sh`);
  copyRipgrep(folder, vscode);
}

function link(folder: string, name: string, target: string): void {
  const file = path.join(folder, name);
  rmSync(file, { recursive: true, force: true });
  symlinkSync(target, file);
}

/** `workspace.findFiles` runs this program; VS Code's own package downloads it from elsewhere. */
function copyRipgrep(folder: string, vscode: string): void {
  const bin = path.join(vscode, 'node_modules/@vscode/ripgrep/bin');
  mkdirSync(bin, { recursive: true });
  const carried = `node_modules/@vscode/ripgrep-${process.platform}-${process.arch}/bin/rg`;
  copyFileSync(path.join(folder, carried), path.join(bin, 'rg'));
}
