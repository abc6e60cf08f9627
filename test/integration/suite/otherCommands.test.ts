import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { ScoreResult } from '../../../src/engine/jobs/scoreNet';
import { exampleName, fileUri, readText } from '../support';

describe('the other commands', function () {
  this.timeout(60_000);

  it('Score Network gives the float net’s accuracy', async () => {
    const result = await vscode.commands.executeCommand<ScoreResult>(
      'ristretto.score',
      fileUri(exampleName),
    );
    assert.equal(result.score.toFixed(4), '0.9895');
    assert.equal(result.scoreBlob, 'accuracy');
  });

  it('Convert to ONNX writes the file', async () => {
    const output = fileUri('lenet.onnx').fsPath;
    const written = await vscode.commands.executeCommand<string>(
      'ristretto.convert',
      fileUri(exampleName),
      { output },
    );
    assert.equal(written, output);
    assert.ok(statSync(output).size > 1_000_000);
  });

  it('Open the Example opens a copy that can be written beside', async () => {
    const uri = await vscode.commands.executeCommand<vscode.Uri>('ristretto.openExample');
    assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), uri.toString());
    assert.match(readText(uri), /name: "LeNet"/);
    await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(uri, '..', 'x'), Buffer.from('x'));
  });
});
