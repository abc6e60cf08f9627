import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { testBuildFolder } from '../support/buildCli';
import { repositoryRoot } from '../support/shared';

const readme = readFileSync(path.join(repositoryRoot, 'README.md'), 'utf8');
const lines = readme.split('\n');

describe('the README', () => {
  it('has tables in one piece: a row after a blank line is text', () => {
    const heads = lines.filter(
      (line, i) => line.startsWith('|') && !(lines[i - 1] ?? '').startsWith('|'),
    );
    const next = heads.map((head) => lines[lines.indexOf(head) + 1] ?? '');
    expect(heads.length).toBeGreaterThan(2);
    for (const line of next) expect(line).toMatch(/^\|( -+:? \|)+$/);
  });

  it('names every flag of the program', () => {
    const program = path.join(testBuildFolder, 'cli.js');
    const help = execFileSync(process.execPath, [program, 'help'], { encoding: 'utf8' });
    const flags = new Set([...help.matchAll(/^\s+(--[a-z_]+)/gm)].map(([, flag]) => flag ?? ''));
    expect(flags.size).toBeGreaterThan(20);
    expect([...flags].filter((flag) => !readme.includes(flag))).toEqual([]);
  });

  it('names every setting of the extension', () => {
    const { contributes } = JSON.parse(
      readFileSync(path.join(repositoryRoot, 'package.json'), 'utf8'),
    ) as {
      readonly contributes: {
        readonly configuration:
          { readonly properties: object } | readonly { readonly properties: object }[];
      };
    };
    const settings = [contributes.configuration]
      .flat()
      .flatMap(({ properties }) => Object.keys(properties));
    expect(settings.length).toBeGreaterThan(10);
    const isNamed = (setting: string): boolean =>
      readme.includes(`\`${setting}\``) ||
      readme.includes(`\`${setting.slice(0, setting.lastIndexOf('.'))}.*\``);
    expect(settings.filter((setting) => !isNamed(setting))).toEqual([]);
  });
});
