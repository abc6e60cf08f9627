import { spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { diagnose } from '../../src/language/diagnostics/diagnose';
import { Analysis } from '../../src/language/analysis';
import { decodeText } from '../../src/prototxt/encoding';
import { SourceText } from '../../src/prototxt/source';
import { testBuildFolder } from './buildCli';
import type { CliResult } from './cli';
import { hasShared, shared } from './shared';

const program = path.join(testBuildFolder, 'cli.js');
/** A case that hangs must not outlive its test. */
const patience = 60_000;

/** What a case left behind. */
export interface FieldRun {
  /** One result for each call of the program, in order. */
  readonly calls: readonly CliResult[];
  /** Everything that was printed beside results, one call after the other. */
  readonly stderr: string;
  readonly stdout: string;
  /** The copy of the case that the program ran in, and the folder that it wrote to. */
  readonly folder: string;
  readonly written: string;
}

/** The names of the cases rebuilt from reports, or none where the data are not at hand. */
export function fieldCaseNames(): readonly string[] {
  return hasShared('cases', 'field') ? readdirSync(shared('cases', 'field')).sort() : [];
}

/** Copies a case below a folder and runs its `cmd.txt` there. */
export async function runFieldCase(name: string, below: string): Promise<FieldRun> {
  const folder = copyOf(['field', name], below);
  const written = mkdtempSync(path.join(below, `${name}-out-`));
  const record = mkdtempSync(path.join(below, `${name}-calls-`));
  const call = path.join(record, 'call.sh');
  const script =
    `n="$RECORD/$(ls "$RECORD" | wc -l)"\n` +
    `"$NODE" "$PROGRAM" "$@" >"$n.out" 2>"$n.err"; echo $? >"$n.code"\n`;
  cpSync(path.join(folder, 'cmd.txt'), path.join(written, 'cmd.txt'));
  await runProcess('bash', ['-c', `printf '%s' "$SCRIPT" >"$CALL"; . "$WRITTEN/cmd.txt"`], folder, {
    SCRIPT: script,
    CALL: call,
    WRITTEN: written,
    RECORD: record,
    NODE: process.execPath,
    PROGRAM: program,
    RISTRETTO: `bash ${call}`,
    TMP: written,
  });
  const calls = readdirSync(record)
    .filter((file) => file.endsWith('.code'))
    .map((file) => path.join(record, path.parse(file).name))
    .sort((a, b) => Number(path.basename(a)) - Number(path.basename(b)))
    .map((file) => ({
      code: Number(readFileSync(`${file}.code`, 'utf8')),
      stdout: readFileSync(`${file}.out`, 'utf8'),
      stderr: readFileSync(`${file}.err`, 'utf8'),
    }));
  return {
    calls,
    stdout: calls.map(({ stdout }) => stdout).join(''),
    stderr: calls.map(({ stderr }) => stderr).join(''),
    folder,
    written,
  };
}

/** Runs the program by itself, where an abort ends only that. */
export function runProgram(args: readonly string[], cwd: string): Promise<CliResult> {
  return runProcess(process.execPath, [program, ...args], cwd, {});
}

/** A writable copy of a part of the cases: theirs may be read-only, and programs may write beside. */
export function copyOf(parts: readonly string[], below: string): string {
  const folder = path.join(below, ...parts);
  mkdirSync(path.dirname(folder), { recursive: true });
  cpSync(shared('cases', ...parts), folder, { recursive: true });
  for (const entry of [folder, ...entriesBelow(folder)]) chmodSync(entry, 0o755);
  return folder;
}

/** `severity message` of everything that the language finds in the prototxt files of a case. */
export function findingsOfCase(name: string): string[] {
  const folder = shared('cases', 'field', name);
  return readdirSync(folder)
    .filter((file) => file.endsWith('.prototxt'))
    .flatMap((file) =>
      diagnose(analysisOfFile(path.join(folder, file))).map(
        ({ severity, message }) => `${severity} ${message}`,
      ),
    );
}

export function analysisOfFile(file: string): Analysis {
  return new Analysis(new SourceText(path.basename(file), decodeText(readFileSync(file)).text));
}

/** A folder for the copies; to be removed after the tests. */
export function caseScratch(): string {
  return mkdtempSync(path.join(tmpdir(), 'ristretto-cases-'));
}

function entriesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((entry) =>
    path.join(folder, entry),
  );
}

function runProcess(
  command: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<CliResult> {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: patience,
    killSignal: 'SIGKILL',
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (bytes: Buffer) => (stdout += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (stderr += bytes.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}
