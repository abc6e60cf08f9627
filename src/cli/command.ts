import type { CommandName } from '../options/option';
import type { OptionsOf } from '../options/table';
import type { Console } from './console';

/** What a command works with. */
export interface CommandContext<Name extends CommandName> {
  /** What its flags say. */
  readonly options: OptionsOf<Name>;
  readonly console: Console;
  readonly cwd: string;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** One command of the program; its flags are those of the options it takes. */
export interface Command<Name extends CommandName = CommandName> {
  readonly name: Name;
  readonly summary: string;
  run(context: CommandContext<Name>): Promise<void>;
}
