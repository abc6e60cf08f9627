import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { activateRistretto, exampleName, fileUri } from '../support';

describe('without trust', () => {
  it('the language works', async () => {
    assert.equal(vscode.workspace.isTrusted, false);
    const document = await vscode.workspace.openTextDocument(fileUri(exampleName));
    assert.equal(document.languageId, 'prototxt');
  });

  it('there is no CodeLens', async () => {
    await activateRistretto();
    await vscode.workspace.openTextDocument(fileUri(exampleName));
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      fileUri(exampleName),
    );
    assert.deepEqual(lenses, []);
  });

  it('commands about nets do nothing', async () => {
    const { runs } = await activateRistretto();
    for (const id of ['quantize', 'quantizeAgain', 'score', 'convert', 'showResults']) {
      const options = { ask: false };
      assert.equal(
        await vscode.commands.executeCommand(`ristretto.${id}`, fileUri(exampleName), options),
        undefined,
      );
    }
    assert.equal(runs.current, undefined);
    assert.equal(runs.latest({ model: fileUri(exampleName).fsPath, netIndex: 0 }), undefined);
  });
});
