import { option, words, type Part, type Words } from '../../base/words';
import { allOptions, mentionedOption } from '../../options/table';
import { recordInput } from '../files/inputRecords';
import { stampFile, stampListed, stampText, type FileStamp } from '../files/fileStamp';
import { version } from '../files/version';
import type { FileRead } from '../inputs/filesRead';
import type { RunOptions } from './quantizeOptions';

/** All that the scores of a run depend on, as it is stored with them. */
export interface RunIdentity {
  readonly version: string;
  /** By key; what is not given is left out. */
  readonly options: Readonly<Record<string, unknown>>;
  /** SHA-256 and size by path: the net and its weights, which are read whole anyway. */
  readonly contents: Readonly<Record<string, string>>;
  /** Data by path. */
  readonly files: Readonly<Record<string, FileStamp & { readonly listed?: string }>>;
}

/**
 * @param options with the provider that really runs the net
 * @param read files whose content scores depend on, besides net and weights
 * @throws the signal's reason when it is aborted
 */
export async function identify(
  options: RunOptions,
  read: readonly FileRead[],
): Promise<RunIdentity> {
  const { signal } = options;
  const contents: Record<string, string> = {};
  for (const role of ['model', 'weights'] as const) {
    const { path, bytes, sha256 } = await recordInput(role, options[role], signal);
    contents[path] = `${sha256 ?? stampFile(path).ends} ${bytes}`;
  }
  const files: Record<string, FileStamp & { readonly listed?: string }> = {};
  for (const { path, listed } of read) {
    files[path] =
      listed.length === 0
        ? stampFile(path)
        : { ...stampText(path), listed: await stampListed(listed, signal) };
  }
  signal?.throwIfAborted();
  return { version, options: scoredOptions(options), contents, files };
}

function scoredOptions(options: RunOptions): Readonly<Record<string, unknown>> {
  const given = options as unknown as Readonly<Record<string, unknown>>;
  const values = allOptions().flatMap(([key, option]) =>
    option.scored === undefined ? [] : [[key, option.scored(given[key])] as const],
  );
  // As it comes back out of the file.
  return JSON.parse(JSON.stringify(Object.fromEntries(values))) as Record<string, unknown>;
}

/** The first thing by which two runs differ, as a reason; undefined where none does. */
export function difference(before: RunIdentity, now: RunIdentity): Words | undefined {
  if (before.version !== now.version) {
    return `version ${before.version} made them, and this is version ${now.version}`;
  }
  return (
    differentOption(before.options, now.options) ??
    differentFile(before.contents, now.contents) ??
    differentFile(before.files, now.files)
  );
}

function differentOption(
  before: RunIdentity['options'],
  now: RunIdentity['options'],
): Words | undefined {
  for (const [key] of allOptions()) {
    const [old, present] = [before[key], now[key]];
    if (isSame(old, present)) continue;
    const part = differentPart(key, old, present);
    return part === undefined
      ? changed(option(key), shownValue(key, old), shownValue(key, present))
      : changed(option(`${key}.${part}`), field(old, part), field(present, part));
  }
  return undefined;
}

/** The part of an option that differs, where flags of its own give it. */
function differentPart(key: string, old: unknown, present: unknown): string | undefined {
  if (!isRecord(old) || !isRecord(present)) return undefined;
  const { flags } = mentionedOption(key).option;
  return Object.keys(flags).find((part) => !isSame(old[part], present[part]));
}

function changed(what: Part, old: string | undefined, present: string | undefined): Words {
  return old === undefined && present === undefined
    ? words`${what} has changed`
    : words`${what} has changed (${old ?? 'not given'} then, ${present ?? 'not given'} now)`;
}

function field(value: unknown, part: string): string | undefined {
  return isRecord(value) ? shownValue('', value[part]) : undefined;
}

/** Undefined for what is not given, and for what is too long to show. */
function shownValue(key: string, value: unknown): string | undefined {
  // Users count nets from 1.
  if (key === 'netIndex' && typeof value === 'number') return String(value + 1);
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return String(value);
  }
  if (!Array.isArray(value)) return undefined;
  const all = value as readonly unknown[];
  return all.every((one) => typeof one === 'string' || typeof one === 'number')
    ? all.join(',')
    : undefined;
}

function differentFile(
  before: Readonly<Record<string, unknown>>,
  now: Readonly<Record<string, unknown>>,
): Words | undefined {
  const other = Object.keys(now).find((file) => !Object.hasOwn(before, file));
  if (other !== undefined) return `${other} was not read for them`;
  const gone = Object.keys(before).find((file) => !Object.hasOwn(now, file));
  if (gone !== undefined) return `${gone} was read for them, and is not any more`;
  const file = Object.keys(now).find((name) => !isSame(before[name], now[name]));
  if (file === undefined) return undefined;
  const [old, present] = [before[file], now[file]];
  const isList = isRecord(old) && isRecord(present) && isSame(old.ends, present.ends);
  return isList && !isSame(old.listed, present.listed)
    ? `files that ${file} lists have changed`
    : `${file} has changed`;
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
