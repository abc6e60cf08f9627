import type { Flags, FlagSpecs } from './flags';
import type { Console } from './console';

/** What a command works with. */
export interface CommandContext {
  readonly flags: Flags;
  readonly console: Console;
  readonly cwd: string;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** One command of the program. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly flags: FlagSpecs;
  run(context: CommandContext): Promise<void>;
}
