import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
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
  writeFile,
} from '../support';

/** Enough batches for a run to be caught in the middle. */
const long = { iterations: 2000 };

function rowsOf({ rows }: RunRecord): string[] {
  return rows.map(({ group, bits, score }) => `${group} ${bits} ${score.toFixed(4)}`);
}

describe('quantizing the example', function () {
  this.timeout(60_000);

  it('gives the numbers of the command line, and every view of them', async () => {
    const api = await activateRistretto();
    const started = await quantize(fileUri(exampleName), { iterations: 20, errorMargin: 2 });
    const record = await whenRun(api, started, ({ status }) => status === 'done');
    assert.deepEqual(record.report?.chosen, { conv_params: 4, fc_params: 4, activations: 8 });
    assert.equal(record.report?.final.score.toFixed(4), '0.9765');
    assert.equal(record.baseline?.score.toFixed(4), '0.9895');
    assert.equal(record.rows.length, record.report?.rows.length);

    const view = api.panels.viewOf(record.request);
    assert.ok(view, 'the results page is open');
    assert.equal(view.status, 'done');
    assert.match(view.summary[1]?.remark ?? '', /inside the margin/);
    const chosen = view.groups.map(({ cells }) => cells.find((cell) => cell.chosen)?.bits);
    assert.deepEqual(chosen, [4, 4, 8]);
    assert.ok((view.diff?.added ?? 0) > 20);
    assert.ok(!existsSync(record.request.output), 'nothing is saved before the user says so');

    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      fileUri(exampleName),
    );
    assert.deepEqual(
      lenses.map(({ command }) => command?.title),
      ['Quantize', '4/4/8 bit, 97.65 %, today'],
    );
  });

  it('takes every image once when nothing else is said', async () => {
    const api = await activateRistretto();
    const copy = await writeFile('copy.prototxt', readText(fileUri(exampleName)));
    const started = await quantize(copy, { mode: 'integer_power_of_2_weights' });
    const record = await whenRun(api, started, ({ status }) => status === 'done');
    assert.equal(record.report?.iterations, 20);
    assert.equal(record.report?.batchSize, 100);
  });

  it('keeps one page a net, and remembers the answers', async () => {
    const api = await activateRistretto();
    const started = await vscode.commands.executeCommand<RunRecord>(
      'ristretto.quantizeAgain',
      fileUri(exampleName),
    );
    assert.equal(started.request.iterations, 20);
    assert.deepEqual(started.request.provider, { kind: 'cpu' });
    const record = await whenRun(api, started, ({ status }) => status === 'done');
    assert.equal(api.panels.viewOf(record.request)?.runId, record.id);
  });
});

describe('a run that is stopped', function () {
  this.timeout(60_000);

  it('ends within a second of Cancel and keeps its rows', async () => {
    const api = await activateRistretto();
    const started = await quantize(fileUri(exampleName), long);
    await whenRun(api, started, ({ baseline }) => baseline !== undefined);
    const before = Date.now();
    await vscode.commands.executeCommand('ristretto.cancel');
    const record = await whenRun(api, started, isEnded);
    assert.equal(record.status, 'cancelled');
    assert.ok(Date.now() - before < 1000, `it took ${Date.now() - before} ms`);
    assert.ok(record.baseline !== undefined);
    assert.ok(api.panels.viewOf(record.request)?.actions.includes('tryAgain'));
  });

  for (const signal of ['SIGKILL', 'SIGABRT'] as const) {
    it(`says that the engine died of ${signal}, keeps its rows and can try again`, async () => {
      const api = await activateRistretto();
      let pid = 0;
      api.runs.events.once('process', (_record, engine) => (pid = engine));
      const started = await quantize(fileUri(exampleName), { iterations: 60 });
      await whenRun(api, started, ({ rows }) => rows.length >= 1);
      process.kill(pid, signal);
      const record = await whenRun(api, started, isEnded);
      assert.equal(record.status, 'failed');
      assert.match(record.failure?.message ?? '', new RegExp(signal));
      assert.match(record.failure?.step ?? '', /batch \d+ of 60/);
      const view = api.panels.viewOf(record.request);
      assert.ok(view?.failure !== undefined);
      assert.ok(view?.actions.includes('tryAgain'));
      assert.equal(rowsOf(record).length >= 1, true);
    });
  }
});

describe('two runs', function () {
  this.timeout(60_000);

  it('one waits for the other', async () => {
    const api = await activateRistretto();
    const request = api.runs.latest({ model: fileUri(exampleName).fsPath, netIndex: 0 })?.request;
    assert.ok(request);
    const first = api.runs.start({ ...request, iterations: 5 });
    const second = api.runs.start({ ...request, iterations: 5 });
    assert.equal(second.record.status, 'queued');
    assert.equal(api.runs.waiting, 1);
    assert.equal((await first.ended).status, 'done');
    assert.equal((await second.ended).status, 'done');
    assert.deepEqual(rowsOf(first.record), rowsOf(second.record));
  });

  it('a waiting one can be cancelled without starting', async () => {
    const api = await activateRistretto();
    const request = api.runs.latest({ model: fileUri(exampleName).fsPath, netIndex: 0 })?.request;
    assert.ok(request);
    const first = api.runs.start({ ...request, iterations: 5 });
    const second = api.runs.start({ ...request, iterations: 5 });
    await api.runs.cancel(second.record.id);
    assert.equal(second.record.status, 'cancelled');
    assert.equal(second.record.plan, undefined);
    assert.equal((await first.ended).status, 'done');
  });
});
