import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';

describe('the extension', () => {
  it('is there', () => {
    assert.ok(vscode.extensions.getExtension('ristretto.ristretto-vscode'));
  });

  it('knows .prototxt files', async () => {
    const [file] = await vscode.workspace.findFiles('lenet_train_test.prototxt');
    assert.ok(file, 'the workspace holds the example');
    const document = await vscode.workspace.openTextDocument(file);
    assert.equal(document.languageId, 'prototxt');
  });

  it('is in a trusted workspace', () => {
    assert.equal(vscode.workspace.isTrusted, true);
  });
});
