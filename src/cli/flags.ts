import { parseArgs } from 'node:util';
import { reasonOf } from '../base/reason';
import { UserError } from '../base/userError';

/** One flag of a command. */
export interface FlagSpec {
  /** Shown in the help: `FILE`, `N`; absent for a switch. */
  readonly argument?: string;
  readonly help: string;
  readonly required?: boolean;
  readonly default?: string;
}

/** The flags of a command by name, with underscores as in the original. */
export type FlagSpecs = Readonly<Record<string, FlagSpec>>;

/** Bad usage: the command line itself is at fault, nothing was tried. */
export class UsageError extends UserError {
  constructor(detail: string) {
    super('cli/usage', detail);
  }
}

/** Flag values as text; switches are `true`. */
export class Flags {
  private constructor(
    private readonly values: Readonly<Record<string, string | boolean | undefined>>,
  ) {}

  /**
   * Reads a command's arguments. As with the original's flag library, one dash does for two and a
   * value may follow `=` or a space; hyphens do for underscores.
   *
   * @throws UsageError for unknown, repeated, missing or misplaced flags
   */
  static parse(command: string, args: readonly string[], specs: FlagSpecs): Flags {
    const hint = `see \`ristretto ${command} --help\``;
    const entries = Object.entries(specs);
    try {
      const { values, tokens } = parseArgs({
        args: args.map(normalize),
        options: Object.fromEntries(
          entries.map(([name, spec]) => [
            name,
            { type: spec.argument === undefined ? ('boolean' as const) : ('string' as const) },
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
      const missing = entries.filter(
        ([name, spec]) => spec.required === true && !(values[name] as string | undefined),
      );
      if (missing.length > 0) {
        const names = missing.map(([name]) => `--${name}`).join(', ');
        throw new UsageError(`missing ${names}; ${hint}`);
      }
      const defaults = Object.fromEntries(entries.map(([name, spec]) => [name, spec.default]));
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

  /** A flag that must have a value (given or by default). */
  text(name: string): string {
    const value = this.values[name];
    if (typeof value !== 'string') throw new UsageError(`--${name} needs a value`);
    return value;
  }

  /** A flag that may be left out; as in the original, an empty value does the same. */
  optional(name: string): string | undefined {
    const value = this.values[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  }

  isSet(name: string): boolean {
    return this.values[name] === true;
  }

  /** @throws UsageError unless the value is a whole number above 0 */
  positiveInteger(name: string): number {
    const text = this.text(name);
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < 1 || !Number.isSafeInteger(value)) {
      throw new UsageError(`--${name}=${text}: give a whole number above 0`);
    }
    return value;
  }

  /** @throws UsageError unless the value is a number of at least 0 */
  nonNegativeNumber(name: string): number {
    const text = this.text(name);
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value) || value < 0) {
      throw new UsageError(`--${name}=${text}: give a number of at least 0`);
    }
    return value;
  }

  /** @throws UsageError unless the value is one of the choices; old spellings are translated */
  choice<T extends string>(name: string, choices: Readonly<Record<string, T>>): T {
    const text = this.text(name);
    const value = Object.hasOwn(choices, text) ? choices[text] : undefined;
    if (value === undefined) {
      const known = [...new Set(Object.values(choices))].join(', ');
      throw new UsageError(`--${name}=${text}: choose one of ${known}`);
    }
    return value;
  }
}

function normalize(argument: string): string {
  const match = /^--?([A-Za-z][\w-]+)(=.*)?$/s.exec(argument);
  if (match === null) return argument;
  return `--${(match[1] ?? '').replaceAll('-', '_')}${match[2] ?? ''}`;
}

/** The help lines of a command's flags. */
export function describeFlags(specs: FlagSpecs): string {
  const rows = Object.entries(specs).map(([name, spec]) => {
    const flag = `--${name}${spec.argument === undefined ? '' : `=${spec.argument}`}`;
    const remark =
      spec.required === true
        ? ' (required)'
        : spec.default === undefined
          ? ''
          : ` (default ${spec.default})`;
    return [flag, `${spec.help}${remark}`] as const;
  });
  const width = Math.max(...rows.map(([flag]) => flag.length));
  return rows.map(([flag, help]) => `  ${flag.padEnd(width)}  ${help}`).join('\n');
}
