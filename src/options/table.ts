import { dataOptions } from './dataOptions';
import { marginOptions } from './marginOptions';
import { fileOptions, outputOptions, placeOptions, stateOptions } from './netOptions';
import type { CommandName, Flag, GivenFlags, Option, Question, ReadSetting } from './option';
import { OptionError } from './optionError';
import { providerOptions } from './providerOption';
import { runOptions } from './runOptions';
import { amountOptions, scoringOptions } from './scoringOptions';
import { searchOptions } from './searchOptions';

/** All options, in the order in which help, settings and questions have them. */
export const optionTable = {
  ...fileOptions,
  ...searchOptions,
  ...marginOptions,
  ...amountOptions,
  ...providerOptions,
  ...stateOptions,
  ...scoringOptions,
  ...dataOptions,
  ...placeOptions,
  ...outputOptions,
  ...runOptions,
};

type Table = typeof optionTable;
export type OptionKey = keyof Table;

/** What an option may be. */
export type OptionValue<Key extends OptionKey> = ReturnType<Table[Key]['read']>;

/** The options that a command takes. */
export type KeysOf<Command extends CommandName> = {
  [Key in OptionKey]: Command extends Table[Key]['commands'][number] ? Key : never;
}[OptionKey];

/** Values by option; what may be undefined may be left out. */
export type ValuesOf<Keys extends OptionKey> = {
  readonly [Key in Keys as undefined extends OptionValue<Key> ? never : Key]: OptionValue<Key>;
} & {
  readonly [Key in Keys as undefined extends OptionValue<Key> ? Key : never]?: OptionValue<Key>;
};

/** What a command, or the job behind it, is asked for. */
export type OptionsOf<Command extends CommandName> = ValuesOf<KeysOf<Command>>;

/** The options that have settings in the editor. */
export type SettingKey = {
  [Key in OptionKey]: Table[Key] extends { readonly fromSettings: unknown } ? Key : never;
}[OptionKey];

/** The options that the editor remembers for each net. */
export type RememberedKey = {
  [Key in OptionKey]: Table[Key] extends { readonly isRemembered: true } ? Key : never;
}[OptionKey];

/** An option whatever its type: for code that treats all alike. */
export type AnyOption = Option<unknown>;

const rows = Object.entries(optionTable) as unknown as readonly (readonly [OptionKey, AnyOption])[];

/** The options that a command takes, in the order of the table. */
export function optionsOf(command: CommandName): readonly (readonly [OptionKey, AnyOption])[] {
  return rows.filter(([, { commands }]) => commands.includes(command));
}

export function allOptions(): readonly (readonly [OptionKey, AnyOption])[] {
  return rows;
}

/** The flags that a command takes. */
export function flagsOf(command: CommandName): readonly Flag[] {
  return optionsOf(command).flatMap(([, { flags }]) => Object.values(flags));
}

/**
 * An option by what texts mention: its key, or a part of it (`images.cropSize`).
 *
 * @throws Error for what is no option: a slip in a text of ours
 */
export function mentionedOption(name: string): { readonly option: AnyOption; readonly flag: Flag } {
  const [key = '', part] = name.split('.');
  const found = rows.find(([known]) => known === key)?.[1];
  const flag = part === undefined ? Object.values(found?.flags ?? {})[0] : found?.flags[part];
  if (found === undefined || flag === undefined) throw new Error(`there is no option "${name}"`);
  return { option: found, flag };
}

/**
 * The options out of a command line.
 *
 * @throws OptionError for a value that is none, and for options that do not go together
 */
export function readOptions<Command extends CommandName>(
  command: Command,
  given: GivenFlags,
): OptionsOf<Command> {
  const values = Object.fromEntries(
    optionsOf(command).map(([key, option]) => [key, option.read(given)]),
  );
  for (const [key, option] of optionsOf(command)) {
    const problem = option.problem?.(values[key], values);
    if (problem !== undefined) throw new OptionError(problem);
  }
  return values as OptionsOf<Command>;
}

/** Of many values by option, those that a command takes. */
export function takenBy<Command extends CommandName>(
  command: Command,
  values: Readonly<Record<string, unknown>>,
): Partial<OptionsOf<Command>> {
  const taken = optionsOf(command).flatMap(([key]) =>
    Object.hasOwn(values, key) ? [[key, values[key]] as const] : [],
  );
  return Object.fromEntries(taken) as Partial<OptionsOf<Command>>;
}

/** What the editor's settings say, by option. */
export type SettingValues = ValuesOf<SettingKey>;

/** Every option that has settings, as these have it. */
export function fromSettings(read: ReadSetting): SettingValues {
  const values = rows.flatMap(([key, option]) =>
    option.fromSettings === undefined ? [] : [[key, option.fromSettings(read)] as const],
  );
  return Object.fromEntries(values) as unknown as SettingValues;
}

/** The options that are remembered for each net. */
export const rememberedKeys = rows
  .filter(([, { isRemembered }]) => isRemembered === true)
  .map(([key]) => key as RememberedKey);

/** A question whatever its answers are. */
export type AnyQuestion = Question<NonNullable<unknown>>;

/** The questions before a run, in their order. */
export const questions: readonly (readonly [RememberedKey, AnyQuestion])[] = rows.flatMap(
  ([key, { question }]) => (question === undefined ? [] : [[key as RememberedKey, question]]),
);
