import { parseArgs } from 'node:util';
import { reasonOf } from '../base/reason';
import { UserError } from '../base/userError';
import type { CommandName, Flag, GivenFlags } from '../options/option';
import { flagsOf } from '../options/table';

/** Bad usage: the command line itself is at fault, nothing was tried. */
export class UsageError extends UserError {
  constructor(detail: string) {
    super('cli/usage', detail);
  }
}

/** Flag values as text; switches are `true`. */
export class Flags implements GivenFlags {
  private constructor(
    private readonly values: Readonly<Record<string, string | boolean | undefined>>,
  ) {}

  /**
   * Reads a command's arguments. As with the original's flag library, one dash does for two and a
   * value may follow `=` or a space; hyphens do for underscores.
   *
   * @throws UsageError for unknown, repeated, missing or misplaced flags
   */
  static parse(command: CommandName, args: readonly string[]): Flags {
    const hint = `see \`ristretto ${command} --help\``;
    const known = flagsOf(command);
    try {
      const { values, tokens } = parseArgs({
        args: args.map(normalize),
        options: Object.fromEntries(
          known.map(({ name, argument }) => [
            name,
            { type: argument === undefined ? ('boolean' as const) : ('string' as const) },
          ]),
        ),
        strict: true,
        allowPositionals: false,
        tokens: true,
      });
      const seen = new Set<string>();
      for (const token of tokens) {
        if (token.kind !== 'option') continue;
        if (seen.has(token.name)) throw new UsageError(`--${token.name} is given twice`);
        seen.add(token.name);
      }
      const missing = known.filter(
        ({ name, required }) => required === true && !(values[name] as string | undefined),
      );
      if (missing.length > 0) {
        const names = missing.map(({ name }) => `--${name}`).join(', ');
        throw new UsageError(`missing ${names}; ${hint}`);
      }
      const defaults = Object.fromEntries(known.map((flag) => [flag.name, flag.default]));
      return new Flags({ ...defaults, ...values });
    } catch (cause) {
      if (cause instanceof UsageError) throw cause;
      const text = reasonOf(cause);
      const [, flag] = /^Option '(--\w+)' argument is ambiguous/.exec(text) ?? [];
      if (flag !== undefined) {
        throw new UsageError(
          `${flag} has no value; one that starts with a dash is written ${flag}=-...; ${hint}`,
        );
      }
      throw new UsageError(`${text.split(/[.\n]/)[0] ?? text}; ${hint}`);
    }
  }

  /** What a flag says; as in the original, an empty value is as good as none. */
  text(name: string): string | undefined {
    const value = this.values[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  }

  isSet(name: string): boolean {
    return this.values[name] === true;
  }
}

function normalize(argument: string): string {
  const match = /^--?([A-Za-z][\w-]+)(=.*)?$/s.exec(argument);
  if (match === null) return argument;
  return `--${(match[1] ?? '').replaceAll('-', '_')}${match[2] ?? ''}`;
}

/** The help lines of a command's flags. */
export function describeFlags(command: CommandName): string {
  const rows = flagsOf(command).map((flag) => {
    const name = `--${flag.name}${flag.argument === undefined ? '' : `=${flag.argument}`}`;
    return [name, `${helpOf(flag, command)}${remark(flag)}`] as const;
  });
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, help]) => `  ${name.padEnd(width)}  ${help}`).join('\n');
}

function helpOf({ help }: Flag, command: CommandName): string {
  return inTerminal(typeof help === 'string' ? help : (help[command] ?? ''));
}

/** Values stand in back ticks for README's sake, which a terminal has no use for. */
function inTerminal(text: string): string {
  return text.replaceAll('`', '');
}

function remark({ required, default: value, absent = value }: Flag): string {
  if (required === true) return ' (required)';
  return absent === undefined ? '' : ` (default ${inTerminal(absent)})`;
}
