import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { isOriginal, modeKeys, modes, modeSpellings } from '../../../src/quantize/modes/modes';
import { repositoryRoot } from '../../support/shared';

interface EnumSetting {
  readonly enum: readonly string[];
  readonly enumItemLabels: readonly string[];
  readonly enumDescriptions: readonly string[];
}

function trimmingModeSetting(): EnumSetting {
  const text = readFileSync(path.join(repositoryRoot, 'package.json'), 'utf8');
  const { contributes } = JSON.parse(text) as {
    contributes: { configuration: { properties: Record<string, EnumSetting> }[] };
  };
  const found = contributes.configuration
    .map(({ properties }) => properties['ristretto.trimmingMode'])
    .find((setting) => setting !== undefined);
  if (found === undefined) throw new Error('there is no setting for the trimming mode');
  return found;
}

describe('trimming modes', () => {
  it('are those of the setting, in its order and words', () => {
    const setting = trimmingModeSetting();
    expect(setting.enum).toEqual(modeKeys);
    expect(setting.enumItemLabels).toEqual(modeKeys.map((key) => modes[key].label));
    expect(setting.enumDescriptions).toEqual(modeKeys.map((key) => modes[key].setting));
  });

  it('have each spelling for one of them', () => {
    const words = modeKeys.flatMap((key) => [key, ...modes[key].earlySpellings]);
    expect(new Set(words).size).toBe(words.length);
    expect(modeSpellings).toMatchObject({
      minifloat: 'minifloat',
      fixed_point: 'dynamic_fixed_point',
    });
  });

  it("are the original's where it has them", () => {
    expect(modeKeys.filter(isOriginal)).toEqual([
      'dynamic_fixed_point',
      'minifloat',
      'integer_power_of_2_weights',
    ]);
  });
});
