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
import path from 'node:path';
import { cacheFolder } from './cacheFolder';
import { progress, runCommand } from './command';
import { installAlone } from './installLock';

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
 * Installs a VS Code server from npm (1 to 2 minutes) into a cache folder that other clones share, where
 * it is not there yet. Throws an error that says which step failed.
 */
export async function installRig(): Promise<void> {
  if (process.platform === 'win32') {
    throw new Error(
      'The VS Code server of these tests runs on Linux and macOS only. On Windows use `npm run test:electron`.',
    );
  }
  const folder = rigFolder();
  if (isComplete(folder)) return;
  await installAlone(async () => {
    if (isComplete(folder)) return;
    progress(`installing VS Code ${vscodeVersion} (server ${serverVersion}) into the cache`);
    // Installed elsewhere and renamed: a run that is killed leaves no half that looks whole.
    const workFolder = `${folder}.${process.pid}.tmp`;
    rmSync(workFolder, { recursive: true, force: true });
    try {
      await installInto(workFolder);
      writeFileSync(path.join(workFolder, stampFile), path.basename(folder));
      rmSync(folder, { recursive: true, force: true });
      renameSync(workFolder, folder);
    } finally {
      rmSync(workFolder, { recursive: true, force: true });
    }
    progress('VS Code is installed');
  });
}

/** The server that the global setup has installed. */
export function findRig(): Rig {
  const folder = rigFolder();
  if (!isComplete(folder)) {
    throw new Error('There is no VS Code server: the global setup of these tests installs it.');
  }
  return {
    node: carriesNode ? path.join(folder, carriedNode()) : process.execPath,
    entry: path.join(folder, 'node_modules/code-server/out/node/entry.js'),
    vscodeVersion,
  };
}

/** Whether the rig brings its own Node, as this one is not what the server runs on. */
const carriesNode = process.versions.node.split('.')[0] !== nodeMajor;

function rigFolder(): string {
  const stamp = `vscode-${vscodeVersion}-r${recipe}${carriesNode ? '-node' : ''}`;
  return path.join(cacheFolder(), stamp);
}

const stampFile = 'complete';

function isComplete(folder: string): boolean {
  const file = path.join(folder, stampFile);
  return existsSync(file) && readFileSync(file, 'utf8') === path.basename(folder);
}

function carriedNode(): string {
  return `node_modules/node-${process.platform}-${process.arch}/bin/node`;
}

async function installInto(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), '{ "name": "rig", "private": true }\n');
  const npm = (what: string, cwd: string, ...args: string[]): Promise<string> => {
    progress(what);
    return runCommand(what, 'npm', [...args, '--no-audit', '--no-fund'], { cwd });
  };

  // An npm that runs no scripts by its own settings is told to here.
  const compile = ['rebuild', '--ignore-scripts=false'];
  // Scripts stay off: code-server's own wants prebuilt binaries from elsewhere.
  const packages = [`code-server@${serverVersion}`, '@vscode/ripgrep@1.18.0'];
  if (carriesNode) packages.push(`node-${process.platform}-${process.arch}@${nodeMajor}`);
  await npm('installing the server', folder, 'install', ...packages, '--ignore-scripts');
  await npm('compiling argon2 (needs g++ and python3)', folder, ...compile, 'argon2');

  const vscode = path.join(folder, 'node_modules/code-server/lib/vscode');
  const extensions = path.join(vscode, 'extensions');
  const production = ['install', '--omit=dev', '--ignore-scripts'];
  await npm("installing VS Code's own packages", vscode, ...production);
  await npm("installing its built-in extensions' packages", extensions, ...production);
  try {
    await npm('compiling the logger', vscode, ...compile, '@vscode/spdlog', 'native-watchdog');
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
