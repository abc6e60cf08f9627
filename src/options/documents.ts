import { settingGroups } from './editorSettings';
import type { CommandName, Flag, Setting } from './option';
import { allOptions, flagsOf } from './table';

/** The settings as the extension's manifest declares them (`contributes.configuration`). */
export function configuration(): readonly object[] {
  return settingGroups.map(({ title, settings }, group) => ({
    title,
    order: group + 1,
    properties: Object.fromEntries(
      settings.map((setting, at) => [`ristretto.${setting.name}`, schemaOf(setting, at + 1)]),
    ),
  }));
}

function schemaOf(setting: Setting, order: number): object {
  const { type, scope = 'resource', default: value, values, limits, description } = setting;
  const labels = values?.flatMap(({ label }) => label ?? []) ?? [];
  return {
    order,
    type,
    scope,
    default: value,
    ...limits,
    ...(values === undefined
      ? {}
      : {
          enum: values.map((one) => one.value),
          ...(labels.length === 0 ? {} : { enumItemLabels: labels }),
          enumDescriptions: values.map((one) => one.description),
        }),
    markdownDescription: description,
  };
}

/** Settings that restricted mode takes from the user alone: they lead to other files or native code. */
export function restrictedSettings(): readonly string[] {
  const { settings } = settingGroups[0] ?? { settings: [] };
  return settings
    .filter(({ scope, type }) => scope === 'machine-overridable' && type === 'string')
    .map(({ name }) => `ristretto.${name}`)
    .sort();
}

type Row = readonly string[];

/** README's table of settings: what is one setting an instance stands there once. */
export function settingRows(): readonly Row[] {
  const severities = 'severity of each kind of finding in a prototxt, or `off`';
  return [
    ['Setting', 'Meaning', 'Default'],
    ...settingGroups
      .flatMap(({ settings }) => settings)
      .filter(({ name }) => !name.startsWith('diagnostics.'))
      .map((setting) => [
        `\`ristretto.${setting.name}\``,
        `${setting.description}${valuesOf(setting)}`,
        setting.absent ?? shownDefault(setting.default),
      ]),
    ['`ristretto.diagnostics.*`', severities, 'as each deserves'],
  ];
}

function valuesOf({ values }: Setting): string {
  if (values === undefined) return '';
  const names = values.map(({ value }) => `\`${value}\``);
  return ` ${names.slice(0, -1).join(', ')} or ${names.at(-1)}.`;
}

function shownDefault(value: Setting['default']): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return typeof value === 'number' ? String(value) : `\`${value}\``;
}

const commands = ['quantize', 'score', 'convert'] as const satisfies readonly CommandName[];

/** README's table of flags. */
export function flagRows(): readonly Row[] {
  const flags = [...new Set(allOptions().flatMap(([, option]) => Object.values(option.flags)))];
  const taken = (flag: Flag): readonly CommandName[] =>
    commands.filter((command) => flagsOf(command).includes(flag));
  return [
    ['Flag', 'Meaning', 'Default', 'Commands'],
    ...flags
      .filter((flag) => taken(flag).length > 0)
      .map((flag) => [
        `\`--${flag.name}\``,
        helpOf(flag, taken(flag)),
        flagDefault(flag),
        taken(flag).length === commands.length ? 'all' : taken(flag).join(', '),
      ]),
  ];
}

function helpOf({ help }: Flag, taken: readonly CommandName[]): string {
  if (typeof help === 'string') return help;
  const [first] = taken;
  return (first === undefined ? undefined : help[first]) ?? '';
}

function flagDefault({ required, default: value, argument, absent }: Flag): string {
  if (required === true) return 'required';
  if (absent !== undefined) return absent;
  if (value !== undefined) return `\`${value}\``;
  return argument === undefined ? 'off' : 'none';
}
