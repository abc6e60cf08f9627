import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { activateRistretto, exampleName, fileUri, writeFile } from '../support';

async function lenses(uri: vscode.Uri): Promise<string[]> {
  await activateRistretto();
  await vscode.workspace.openTextDocument(uri);
  const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    'vscode.executeCodeLensProvider',
    uri,
  );
  return found
    .map(({ range, command }) => `${range.start.line + 1}: ${command?.title}`)
    .filter((text) => /Quantize|Score/.test(text));
}

const convolution = (name: string): string =>
  `layer { name: "${name}" type: "Convolution" bottom: "data" top: "${name}" }\n`;

describe('the CodeLens', () => {
  it('stands above the name of the example', async () => {
    const uri = fileUri(exampleName);
    const document = await vscode.workspace.openTextDocument(uri);
    const line = document
      .getText()
      .split('\n')
      .findIndex((text) => text.startsWith('name:'));
    assert.deepEqual(await lenses(uri), [`${line + 1}: Quantize`]);
  });

  it('stands above the first layer of a net without a name', async () => {
    const uri = await writeFile('nameless.prototxt', `# a net\n\n${convolution('a')}`);
    assert.deepEqual(await lenses(uri), ['3: Quantize']);
  });

  it('stands above each net of a file that defines several', async () => {
    const text = `name: "one"\n${convolution('a')}\nname: "two"\n${convolution('b')}`;
    const uri = await writeFile('several.prototxt', text);
    assert.deepEqual(await lenses(uri), ['1: Quantize', '4: Quantize']);
  });

  it('is not there for a solver, nor for a fragment without weights', async () => {
    const solver = await writeFile('solver.prototxt', 'net: "net.prototxt"\nbase_lr: 0.01\n');
    assert.deepEqual(await lenses(solver), []);
    const fragment = await writeFile(
      'fragment.prototxt',
      'layer { name: "relu" type: "ReLU" bottom: "a" top: "a" }\n',
    );
    assert.deepEqual(await lenses(fragment), []);
  });

  it('offers to score a net that is quantized already', async () => {
    const text = convolution('a').replace('Convolution', 'ConvolutionRistretto');
    assert.deepEqual(await lenses(await writeFile('done.prototxt', text)), ['1: Score']);
  });

  it('can be switched off', async () => {
    const settings = vscode.workspace.getConfiguration('ristretto');
    await settings.update('codeLens', false, vscode.ConfigurationTarget.Workspace);
    try {
      assert.deepEqual(await lenses(fileUri(exampleName)), []);
    } finally {
      await settings.update('codeLens', undefined, vscode.ConfigurationTarget.Workspace);
    }
  });
});
