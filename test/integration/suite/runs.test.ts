import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { RunRecord } from '../../../src/runs/runRecord';
import { trialRequest } from '../../../src/runs/trialRequest';
import {
  activateRistretto,
  exampleName,
  fileUri,
  isEnded,
  quantize,
  readText,
  whenRun,
  writeFile,
} from '../support';

async function lenses(uri: vscode.Uri): Promise<(vscode.Command | undefined)[]> {
  const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    'vscode.executeCodeLensProvider',
    uri,
  );
  return found.map(({ command }) => command);
}

async function copyOfExample(name: string): Promise<vscode.Uri> {
  return writeFile(name, readText(fileUri(exampleName)));
}

async function finished(uri: vscode.Uri, options = {}): Promise<RunRecord> {
  const api = await activateRistretto();
  const started = await quantize(uri, { iterations: 1, ...options });
  return whenRun(api, started, ({ status }) => status === 'done');
}

/** Texts of the documents of kept runs and scores that are open. */
function openTexts(): string[] {
  return vscode.workspace.textDocuments
    .filter(({ uri }) => uri.scheme === 'ristretto-run')
    .map((document) => document.getText());
}

describe('the last result of a net', function () {
  this.timeout(60_000);

  it('is what lens and command lead to after a run that was cancelled', async () => {
    const api = await activateRistretto();
    const uri = await copyOfExample('kept.prototxt');
    await vscode.workspace.openTextDocument(uri);
    const found = await finished(uri);
    const dead = await quantize(uri, { iterations: 2000 });
    const [, working, result] = await lenses(uri);
    assert.match(working?.title ?? '', /running/);
    assert.deepEqual(working?.arguments, [dead.id]);
    assert.deepEqual(result?.arguments, [found.id]);
    await whenRun(api, dead, ({ status }) => status === 'running');
    await vscode.commands.executeCommand('ristretto.cancel');
    await whenRun(api, dead, isEnded);
    assert.equal(api.panels.viewOf(found.request)?.runId, dead.id);
    assert.deepEqual(
      api.panels.viewOf(found.request)?.related.map(({ action, runId }) => [action, runId]),
      [['Show the last result', found.id]],
    );

    const [, only] = await lenses(uri);
    assert.deepEqual(only?.arguments, [found.id]);
    await vscode.commands.executeCommand('ristretto.showResults', uri);
    assert.equal(api.panels.viewOf(found.request)?.runId, found.id);
    await vscode.commands.executeCommand('ristretto.showRun', dead.id);
    assert.equal(api.panels.viewOf(found.request)?.runId, dead.id);
  });
});

describe('bits set by hand', function () {
  this.timeout(120_000);

  it('are a run of their own, with a way back to the search', async () => {
    const api = await activateRistretto();
    const uri = await copyOfExample('trial.prototxt');
    const found = await finished(uri, { search: 'best', iterations: 2 });
    const bits = api.panels.viewOf(found.request)?.layers.bits ?? [];
    const keep = Object.fromEntries(bits.map(({ layer, ...of }) => [layer, { ...of, weights: 9 }]));
    const { record, ended } = api.runs.start(trialRequest(found, undefined, keep));
    api.panels.show(record);
    assert.equal((await ended).status, 'done');
    const view = api.panels.viewOf(found.request);
    assert.equal(view?.runId, record.id);
    assert.deepEqual(
      view?.related.map(({ action, runId }) => [action, runId]),
      [['Back to the search', found.id]],
    );
    assert.equal(api.runs.latestResult(found.request)?.id, found.id);
    await api.runs.remove(record.id);
    assert.equal(api.panels.viewOf(found.request)?.runId, found.id);
  });
});

describe('a run that waits', function () {
  this.timeout(60_000);

  it('leaves the page of the one that works alone, which leads to it', async () => {
    const api = await activateRistretto();
    const uri = await copyOfExample('waits.prototxt');
    const works = await quantize(uri, { iterations: 2000 });
    await whenRun(api, works, ({ status }) => status === 'running');
    const waits = api.runs.start({ ...works.request, iterations: 1 });
    const view = api.panels.viewOf(works.request);
    assert.equal(view?.runId, works.id);
    assert.deepEqual(
      view?.related.map(({ action, runId }) => [action, runId]),
      [['Show the run that waits', waits.record.id]],
    );
    await api.runs.cancel(works.id);
    assert.equal((await waits.ended).status, 'done');
    assert.equal(api.panels.viewOf(works.request)?.runId, works.id);
  });
});

describe('two runs side by side', function () {
  this.timeout(60_000);

  it('are a document that stays', async () => {
    const uri = await copyOfExample('compared.prototxt');
    const first = await finished(uri);
    const second = await finished(uri, { mode: 'minifloat', errorMargin: 5 });
    await vscode.commands.executeCommand('ristretto.compareRuns', first.id, second.id);
    const text = openTexts().find((one) => one.startsWith('Two runs of compared.prototxt')) ?? '';
    assert.match(text, /Error margin +2 % +5 %/);
    assert.match(text, /Trimming mode +dynamic fixed point +minifloat/);
    assert.match(text, /conv1 +Convolution +\d+ \/ \d+ \/ \d+/);
    const tab = vscode.window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .find(({ label }) => label === 'compared, two runs.txt');
    assert.equal(tab?.isPreview, false);
  });
});

describe('what leads on', function () {
  this.timeout(60_000);

  it('Quantize on a solver goes to its net', async () => {
    const net = await copyOfExample('of_solver.prototxt');
    const solver = await writeFile(
      'solver_x.prototxt',
      'net: "of_solver.prototxt"\nbase_lr: 0.1\n',
    );
    const record = await finished(solver);
    assert.equal(record.request.model, net.fsPath);
  });

  it('a layer that cannot be run is told before any question', async () => {
    const api = await activateRistretto();
    const before = api.runs.all().length;
    const python =
      'layer { name: "py" type: "Python" bottom: "conv1" top: "py" include { phase: TEST } }\n';
    const uri = await writeFile('python.prototxt', readText(fileUri(exampleName)) + python);
    // With questions this would wait for ever; the failure is shown and ends the command.
    const started = await vscode.commands.executeCommand<unknown>('ristretto.quantize', uri);
    assert.equal(started, undefined);
    assert.equal(api.runs.all().length, before);
  });

  it('the result of scoring is a document that names net and files', async () => {
    await vscode.commands.executeCommand('ristretto.score', fileUri(exampleName));
    const text = openTexts().find((one) => one.startsWith('LeNet scores')) ?? '';
    assert.match(text, /^LeNet scores 98\.95 % \(accuracy\)/);
    assert.ok(text.includes(fileUri(exampleName).fsPath));
    assert.match(text, /Weights +.*\.caffemodel/);
  });
});
