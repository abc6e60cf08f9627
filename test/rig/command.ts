import { spawn } from 'node:child_process';

const tailLines = 20;

/** Runs a program to its end; if it fails, the error says what was tried and how its output ended. */
export async function runCommand(
  what: string,
  command: string,
  args: readonly string[],
  { cwd, env = cleanEnvironment() }: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<string> {
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const collect = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', (error) => reject(new Error(`${what} failed: ${error.message}`)));
    child.on('close', resolve);
  });
  if (code !== 0) {
    const tail = output.trimEnd().split('\n').slice(-tailLines).join('\n');
    throw new Error(
      `${what} failed: \`${[command, ...args].join(' ')}\` ended with ${code}\n${tail}`,
    );
  }
  return output;
}

/**
 * The environment less what an enclosing `npm run` or VS Code terminal put there: the one would send
 * an inner npm to this repository, the other a server to the editor that is already open.
 */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const foreign =
    /^(npm_(package|lifecycle)_|npm_config_(local_prefix|prefix|ignore_scripts)$|INIT_CWD$|VSCODE_|ELECTRON_|PORT$|VITEST|NODE_ENV$|NODE_OPTIONS$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

/** A line of progress: an installation takes minutes, and silence looks like a hang. */
export function progress(line: string): void {
  process.stdout.write(`rig: ${line}\n`);
}
