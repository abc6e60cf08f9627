import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { activateRistretto } from '../support';

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly menus: Readonly<Record<string, readonly { command: string; when?: string }[]>>;
    readonly configuration: readonly {
      readonly properties: Readonly<Record<string, { default: unknown } & Description>>;
    }[];
  };
}

interface Description {
  readonly description?: string;
  readonly markdownDescription?: string;
}

function manifest(): Manifest {
  const extension = vscode.extensions.getExtension('ristretto.ristretto-vscode');
  return extension?.packageJSON as Manifest;
}

describe('the manifest', () => {
  it('declares every registered command and registers every declared one', async () => {
    await activateRistretto();
    // VS Code itself makes some for the Runs view.
    const registered = (await vscode.commands.getCommands(true)).filter(
      (id) => id.startsWith('ristretto.') && !id.startsWith('ristretto.runs.'),
    );
    const declared = manifest().contributes.commands.map(({ command }) => command);
    assert.deepEqual(registered.sort(), [...declared].sort());
  });

  it('offers in menus only commands that exist, each under a condition', () => {
    const declared = new Set(manifest().contributes.commands.map(({ command }) => command));
    for (const [menu, items] of Object.entries(manifest().contributes.menus)) {
      for (const { command, when } of items) {
        assert.ok(declared.has(command), `${menu}: ${command}`);
        assert.ok(when !== undefined && when !== '', `${menu}: ${command} has no when`);
      }
    }
  });

  it('describes every setting and gives the default that is used', () => {
    const settings = vscode.workspace.getConfiguration();
    const sections = manifest().contributes.configuration;
    for (const [name, property] of sections.flatMap(({ properties }) =>
      Object.entries(properties),
    )) {
      const text = property.description ?? property.markdownDescription ?? '';
      assert.ok(text.length > 15, `${name} is not described`);
      assert.deepEqual(settings.inspect(name)?.defaultValue, property.default, name);
    }
  });
});
