import { asUserError } from '../engine/process/failure';
import { version } from '../engine/files/version';
import { readOptions } from '../options/table';
import { OptionError } from '../options/optionError';
import type { CommandName } from '../options/option';
import type { Command } from './command';
import { Console } from './console';
import { convertCommand } from './convertCommand';
import { exitCodes } from './exitCodes';
import { describeFlags, Flags, UsageError } from './flags';
import { inFlags } from './flagWords';
import { layersCommand } from './layersCommand';
import { quantizeCommand } from './quantizeCommand';
import { scoreCommand } from './scoreCommand';

const commands = [quantizeCommand, scoreCommand, convertCommand, layersCommand] as const;

/** Runs the program and returns its exit code. */
async function main(args: readonly string[]): Promise<number> {
  const console = new Console();
  const [name, ...rest] = args;
  if (name === undefined || ['help', '--help', '-help', '-h'].includes(name)) {
    const topic = commands.find((command) => command.name === rest[0]);
    console.printText(topic === undefined ? programHelp() : commandHelp(topic));
    return exitCodes.done;
  }
  if (name === '--version' || name === '-version') {
    console.print(version);
    return exitCodes.done;
  }
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) {
    const known = commands.map((candidate) => candidate.name).join(', ');
    return fail(console, new UsageError(`unknown command "${name}"; choose one of ${known}`));
  }
  if (rest.some((argument) => ['--help', '-help', '-h'].includes(argument))) {
    console.printText(commandHelp(command));
    return exitCodes.done;
  }
  const interruption = new AbortController();
  const interrupt = (): void => {
    // A second Ctrl-C does not wait for the batch that is running.
    if (interruption.signal.aborted) {
      console.endProgress();
      process.exit(exitCodes.interrupted);
    }
    interruption.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  try {
    await runCommand(command, rest, console, interruption.signal);
    return exitCodes.done;
  } catch (cause) {
    console.endProgress();
    if (interruption.signal.aborted) {
      console.note('ristretto: interrupted, no result was written');
      return exitCodes.interrupted;
    }
    return fail(console, cause);
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

function runCommand<Name extends CommandName>(
  command: Command<Name>,
  args: readonly string[],
  console: Console,
  signal: AbortSignal,
): Promise<void> {
  const options = readOptions(command.name, Flags.parse(command.name, args));
  return command.run({ options, console, cwd: process.cwd(), signal });
}

function fail(console: Console, cause: unknown): number {
  const known = asUserError(cause);
  if (known !== undefined) {
    console.note(`ristretto: ${inFlags(known.said)}`);
    const isUsage = known instanceof UsageError || known instanceof OptionError;
    return isUsage ? exitCodes.usage : exitCodes.failed;
  }
  console.note('ristretto: an unexpected fault, please report it:');
  console.note(cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause));
  const stack = cause instanceof Error ? (cause.stack ?? '') : '';
  // The stack repeats the message, which may hold names with lines in them.
  for (const line of stack.split('\n').filter((part) => /^ +at /.test(part))) console.note(line);
  return exitCodes.failed;
}

function programHelp(): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    `ristretto ${version}: finds the fewest bits a Caffe network can live with`,
    '',
    'usage: ristretto <command> [flags]',
    '',
    'commands:',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    `  ${'help'.padEnd(width)}  show this text, or that of a command`,
    '',
    'flags of quantize:',
    describeFlags('quantize'),
    '',
    'exit codes: 0 done, 1 failed, 2 bad usage, 130 interrupted',
  ].join('\n');
}

function commandHelp({ name, summary }: Pick<Command, 'name' | 'summary'>): string {
  return [
    `ristretto ${name}: ${summary}`,
    '',
    `usage: ristretto ${name} [flags]`,
    '',
    describeFlags(name),
  ].join('\n');
}

void main(process.argv.slice(2)).then((code) => {
  // A result that could not be printed has set its own.
  if (code !== exitCodes.done) process.exitCode = code;
});
