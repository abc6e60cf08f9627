import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { activateRistretto, exampleName, fileUri, readText, writeFile } from '../support';

describe('without trust', () => {
  it('the language works', async () => {
    assert.equal(vscode.workspace.isTrusted, false);
    const document = await vscode.workspace.openTextDocument(fileUri(exampleName));
    assert.equal(document.languageId, 'prototxt');
  });

  it('it is diagnosed, but no file is looked at', async () => {
    await activateRistretto();
    const text = readText(fileUri(exampleName)).replace('bottom: "conv1"', 'bottom: "conv"');
    const uri = await writeFile('faulty.prototxt', text.replace('mnist_train_lmdb', 'nowhere'));
    await vscode.workspace.openTextDocument(uri);
    const codes = (): unknown[] => vscode.languages.getDiagnostics(uri).map(({ code }) => code);
    for (let round = 0; round < 100 && codes().length === 0; round++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    // Long enough for what would come from the disk.
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.deepEqual(codes(), ['wiring/missing-bottom']);
    const hints = await vscode.commands.executeCommand<vscode.InlayHint[]>(
      'vscode.executeInlayHintProvider',
      uri,
      new vscode.Range(0, 0, 1000, 0),
    );
    const labels = hints.map(({ label }) => (typeof label === 'string' ? label : ''));
    assert.ok(labels.includes('→ 100x?x?x?'), labels.join());
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
