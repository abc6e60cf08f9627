import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { families } from '../../../src/language/diagnostics/finding';
import { settingGroups } from '../../../src/options/editorSettings';
import { allOptions, flagsOf, fromSettings, questions } from '../../../src/options/table';
import { repositoryRoot } from '../../support/shared';

describe('the table of options', () => {
  it('is what README and package.json say', () => {
    const check = ['scripts/writeOptionTables.mjs', '--check'];
    const run = (): unknown => execFileSync(process.execPath, check, { cwd: repositoryRoot });
    expect(run).not.toThrow();
  });

  it.each(['quantize', 'score', 'convert', 'layers'] as const)(
    'has each flag of %s once',
    (name) => {
      const names = flagsOf(name).map((flag) => flag.name);
      expect(new Set(names).size).toBe(names.length);
      expect(names.length).toBeGreaterThan(0);
    },
  );

  it('has settings whose defaults are among their values', () => {
    const settings = settingGroups.flatMap((group) => group.settings);
    expect(settings.length).toBeGreaterThan(20);
    for (const { name, values, default: value } of settings) {
      if (values !== undefined)
        expect(
          values.map((one) => one.value),
          name,
        ).toContain(value);
    }
    expect(new Set(settings.map(({ name }) => name)).size).toBe(settings.length);
  });

  it('has a setting for each family of findings', () => {
    const names = settingGroups.flatMap((group) => group.settings.map(({ name }) => name));
    expect(names.filter((name) => name.startsWith('diagnostics.'))).toEqual(
      families.map((family) => `diagnostics.${family}`),
    );
  });

  it('reads the settings that nobody has changed', () => {
    const defaults = new Map(
      allOptions().flatMap(([, { settings = [] }]) =>
        settings.map((setting) => [setting.name, setting.default] as const),
      ),
    );
    expect(fromSettings((name) => defaults.get(name))).toEqual({
      mode: 'dynamic_fixed_point',
      search: 'best',
      objective: undefined,
      errorMargin: 2,
      iterations: undefined,
      provider: { kind: 'auto', deviceId: 0 },
      scoreBlob: undefined,
      calibration: 'train',
      caffeRoot: undefined,
    });
  });

  it('asks for the kind of numbers first, and last where the result goes', () => {
    const asked = questions.map(([key]) => key);
    expect(asked.slice(0, 2)).toEqual(['mode', 'search']);
    expect(asked.at(-1)).toBe('output');
    expect(asked).toEqual(expect.arrayContaining(['errorMargin', 'iterations', 'provider']));
  });
});
