import { option, words } from '../base/words';
import { OptionError } from './optionError';
import type { Flag, GivenFlags, Option } from './option';

/** Reads a value out of a text; `key` is what complaints mention. @throws OptionError */
export type Parse<T> = (text: string, key: string) => T;

interface Spec<T> extends Omit<Option<T>, 'flags' | 'read'> {
  /** Key in the table. */
  readonly key: string;
  readonly flag: Flag;
}

/** What a spec becomes; what else it has (settings, a question) stays known to the compiler. */
type Made<S, T> = Omit<S, 'key' | 'flag'> & Pick<Option<T>, 'flags' | 'read'>;

/** An option with one flag that takes a value; undefined where that is not given. */
export function optional<T, const S extends Spec<T | undefined>>(
  parse: Parse<T>,
  spec: S & Spec<NoInfer<T> | undefined>,
): Made<S, T | undefined> {
  const { key, flag, ...rest } = spec;
  const read = (given: GivenFlags): T | undefined => {
    const value = given.text(flag.name);
    return value === undefined ? undefined : parse(value, key);
  };
  return { ...rest, flags: { [key]: flag }, read };
}

/** An option with one flag that must be given or has a default. */
export function always<T, const S extends Spec<T>>(
  parse: Parse<T>,
  spec: S & Spec<NoInfer<T>>,
): Made<S, T> {
  const { key, flag, ...rest } = spec;
  const read = (given: GivenFlags): T => {
    const value = given.text(flag.name);
    if (value === undefined) throw new OptionError(words`${option(key)} needs a value`);
    return parse(value, key);
  };
  return { ...rest, flags: { [key]: flag }, read };
}

/** An option that is on or off. */
export function onOff<const S extends Spec<boolean | undefined>>(
  spec: S & Spec<boolean | undefined>,
): Made<S, boolean | undefined> {
  const { key, flag, ...rest } = spec;
  const read = (given: GivenFlags): boolean => given.isSet(flag.name);
  return { ...rest, flags: { [key]: flag }, read };
}

export const text: Parse<string> = (given) => given;

export const number: Parse<number> = (given, key) => {
  const value = Number(given);
  if (given.trim() !== '' && Number.isFinite(value)) return value;
  throw new OptionError(words`${option(key)}: "${given}" is no number`);
};

export const fromZero: Parse<number> = (given, key) => {
  const value = Number(given);
  if (given.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new OptionError(words`${option(key, given)}: give a number of at least 0`);
};

export const wholeFromOne: Parse<number> = (given, key) => {
  const value = Number(given);
  if (/^\d+$/.test(given) && value >= 1 && Number.isSafeInteger(value)) return value;
  throw new OptionError(words`${option(key, given)}: give a whole number above 0`);
};

/** A list with commas. */
export const list: Parse<readonly string[]> = (given) =>
  given.split(',').filter((part) => part !== '');

/** One of several values, by their names; old names are translated. */
export function oneOf<T extends string>(choices: Readonly<Record<string, T>>): Parse<T> {
  return (given, key) => {
    const value = Object.hasOwn(choices, given) ? choices[given] : undefined;
    if (value !== undefined) return value;
    const known = [...new Set(Object.values(choices))].join(', ');
    throw new OptionError(words`${option(key, given)}: choose one of ${known}`);
  };
}

/** The setting's text; undefined for an empty one. */
export function nonEmpty(value: unknown): string | undefined {
  const trimmed = typeof value === 'string' ? value.trim() : '';
  return trimmed === '' ? undefined : trimmed;
}
