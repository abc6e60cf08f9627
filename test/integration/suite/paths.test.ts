import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { RunRecord } from '../../../src/runs/runRecord';
import {
  activateRistretto,
  exampleName,
  fileUri,
  isEnded,
  quantize,
  readText,
  whenRun,
} from '../support';
import { writeFile } from '../support';

/** The example with its TEST data named otherwise. */
async function example(name: string, source: string): Promise<vscode.Uri> {
  const text = readText(fileUri(exampleName)).replaceAll('"mnist_', `"${source}mnist_`);
  mkdirSync(path.dirname(fileUri(name).fsPath), { recursive: true });
  return writeFile(name, text);
}

async function outcome(uri: vscode.Uri): Promise<RunRecord> {
  const api = await activateRistretto();
  const weights = fileUri('lenet.caffemodel').fsPath;
  const started = await quantize(uri, { weights, iterations: 2 });
  return whenRun(api, started, isEnded);
}

describe('paths in a prototxt', function () {
  this.timeout(60_000);

  it('are relative to the workspace folder', async () => {
    const record = await outcome(await example('nets/a.prototxt', ''));
    assert.equal(record.status, 'done');
    assert.equal(record.plan?.testSources[0], fileUri('mnist_test_lmdb').fsPath);
  });

  it('then to the prototxt’s folder', async () => {
    const record = await outcome(await example('nets/deep/b.prototxt', '../../'));
    assert.equal(record.status, 'done');
  });

  it('then to ristretto.caffeRoot', async () => {
    const root = mkdtempSync(path.join(tmpdir(), 'ristretto-root-'));
    const settings = vscode.workspace.getConfiguration('ristretto');
    const moved = ['mnist_test_lmdb', 'mnist_train_lmdb'];
    mkdirSync(path.join(root, 'elsewhere'));
    for (const name of moved) {
      renameSync(fileUri(name).fsPath, path.join(root, 'elsewhere', name));
    }
    await settings.update('caffeRoot', root, vscode.ConfigurationTarget.Workspace);
    try {
      const record = await outcome(await example('c.prototxt', 'elsewhere/'));
      assert.equal(record.status, 'done');
      assert.equal(record.plan?.testSources[0], path.join(root, 'elsewhere', 'mnist_test_lmdb'));
    } finally {
      await settings.update('caffeRoot', undefined, vscode.ConfigurationTarget.Workspace);
      for (const name of moved) {
        renameSync(path.join(root, 'elsewhere', name), fileUri(name).fsPath);
      }
      rmSync(root, { recursive: true });
    }
  });

  it('and weights are found by snapshot naming', async () => {
    const api = await activateRistretto();
    const uri = await example('snapshots/lenet_train_test.prototxt', '../');
    const weights = fileUri('lenet.caffemodel');
    const snapshot = fileUri('snapshots', 'lenet_iter_10000.caffemodel');
    await vscode.workspace.fs.copy(weights, snapshot, { overwrite: true });
    const started = await quantize(uri, { iterations: 2 });
    assert.equal(started.request.weights, snapshot.fsPath);
    await whenRun(api, started, ({ status }) => status === 'done');
  });
});
