import type { Words } from '../base/words';

/** What takes options: the commands, and the editor's look at a net before it asks. */
export type CommandName = 'quantize' | 'score' | 'convert' | 'layers' | 'inspect';

/** One flag of the command line. Most options have one, some are put together from several. */
export interface Flag {
  /** With underscores, as in the original: `caffe_root`. */
  readonly name: string;
  /** What stands for the value in the help: `FILE`, `N`; absent for a switch. */
  readonly argument?: string | undefined;
  /** A line, with values in `back ticks`; where commands differ, one for each. */
  readonly help: string | Readonly<Partial<Record<CommandName, string>>>;
  readonly required?: boolean | undefined;
  readonly default?: string | undefined;
  /** What holds where nothing is given, in words. */
  readonly absent?: string | undefined;
  /** How texts part flag and value; `=` if absent. */
  readonly joint?: ' ' | undefined;
}

/** What was given on a command line, by the names of flags. */
export interface GivenFlags {
  /** Undefined where nothing is given; as in the original, an empty value is nothing. */
  text(flag: string): string | undefined;
  isSet(flag: string): boolean;
}

/** A value that a setting may take. */
export interface SettingValue {
  readonly value: string;
  readonly label?: string;
  readonly description: string;
}

/** One setting of the editor, as its manifest declares it. */
export interface Setting {
  /** Behind `ristretto.`. */
  readonly name: string;
  readonly type: string | readonly string[];
  readonly default: string | number | boolean | null;
  /** Markdown. */
  readonly description: string;
  readonly scope?: 'resource' | 'machine-overridable';
  readonly values?: readonly SettingValue[];
  /** Whatever else the manifest knows: `minimum`, `pattern`. */
  readonly limits?: Readonly<Record<string, string | number>>;
  /** What tables say of the default where that is no plain value. */
  readonly absent?: string;
}

/** Settings as they are, by their names behind `ristretto.`. */
export type ReadSetting = (name: string) => unknown;

/** What questions may be about. */
export interface Facts {
  /** All answers so far, by option. */
  readonly given: Readonly<Record<string, unknown>>;
  /** Images in the TEST data, and in a batch of them. */
  images(): Promise<{ readonly records: number; readonly batchSize: number }>;
  /** Numbers of the CUDA devices that are there. */
  cudaDevices(): readonly number[];
  /** Whether the provider of CUDA is not installed. */
  lacksCuda(): boolean;
}

/** An answer to choose. */
export interface Answer<T> {
  readonly label: string;
  readonly description?: string;
  readonly value: T;
}

/** How the editor asks for an option. */
export type Question<T> =
  | {
      readonly kind: 'pick';
      readonly prompt: string;
      readonly answers: (facts: Facts, present: T | undefined) => readonly Answer<T>[];
      readonly isSame?: (a: T, b: T) => boolean;
    }
  | {
      readonly kind: 'text';
      readonly prompt: (facts: Facts) => string | Promise<string>;
      /** The text to begin with. */
      readonly show: (present: T | undefined, facts: Facts) => string | Promise<string>;
      /** What is wrong with a text; undefined where nothing is. */
      readonly problem: (text: string) => string | undefined;
      readonly read: (text: string) => T;
    }
  | { readonly kind: 'file'; readonly prompt: string };

/**
 * One option: the one place that says what it is called, what it may be, and who takes it. All else (flags
 * and help, settings, questions, requests, what a resumed run must find unchanged, README) is made from
 * it. Its key in the table is its name in the code.
 */
export interface Option<T> {
  readonly commands: readonly CommandName[];
  /** What texts of the editor call it: `the error margin`. */
  readonly title: string;
  /** By the part of the option that each gives; the first stands for all of it. */
  readonly flags: Readonly<Record<string, Flag>>;
  /**
   * The value out of a command line.
   *
   * @throws OptionError for what is no such value
   */
  read(given: GivenFlags): T;
  readonly settings?: readonly Setting[];
  fromSettings?(read: ReadSetting): T;
  readonly question?: Question<NonNullable<T>>;
  /** Whether the editor remembers the answer for each net. */
  readonly isRemembered?: boolean;
  /**
   * What scores depend on, as plain data: a run is gone on with only where that is the same. Undefined
   * for an option that changes no score (what it leads to may be another candidate, scored by itself).
   */
  scored?(value: T): unknown;
  /** Why the value does not go with others; undefined where it does. */
  problem?(value: T, all: Readonly<Record<string, unknown>>): Words | undefined;
}
