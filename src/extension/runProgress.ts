import path from 'node:path';
import * as vscode from 'vscode';
import type { Progress } from '../engine/files/progress';
import { shown } from '../base/shown';
import { phaseNames } from '../quantize/phases';
import { notificationText } from '../runs/view/notificationText';
import { progressView } from '../runs/view/progressView';
import type { RunController } from '../runs/runController';
import { isUnfinished, type RunRecord } from '../runs/runRecord';
import { describeOutcome, describeResult } from '../runs/view/runSummary';
import { commandIds } from './commandIds';
import { logRunFailure, showFailure, showRunFailure, type FailureAction } from './failures';
import { ProgressNotice, titleOf } from './progressNotice';
import { remedyButtons } from './remedies';
import { openRunDiff } from './runDocuments';
import { savePrototxt } from './savePrototxt';
import type { Services } from './services';

/** Shows every run in the status bar, and in a notification while its page is out of sight. */
export function showRunProgress(services: Services): vscode.Disposable {
  const { runs, log, milestones, panels } = services;
  const item = vscode.window.createStatusBarItem('ristretto.run', vscode.StatusBarAlignment.Left);
  item.name = 'Ristretto run';
  const notices = new Map<string, ProgressNotice>();
  setContexts(runs);
  const onChange = (record: RunRecord): void => {
    setContexts(runs);
    if (isUnfinished(record) && !notices.has(record.id)) {
      notices.set(record.id, new ProgressNotice(services, record));
      log.info(
        shown(`${record.request.netName}: ${record.request.model}, ${record.request.weights}`),
      );
    }
    if (!isUnfinished(record) && notices.has(record.id)) {
      notices.get(record.id)?.dispose();
      notices.delete(record.id);
      if (record.status === 'done') milestones.reach('quantized');
      tellEnd(services, record).catch((cause: unknown) => void showFailure(cause, log));
    }
    updateItem(item, runs);
  };
  const onRemoved = (): void => setContexts(runs);
  const onProgress = (record: RunRecord, progress: Progress): void => {
    if (record === runs.current) updateItem(item, runs, progress);
  };
  const onProcess = (record: RunRecord, pid: number): void => {
    log.info(shown(`${record.request.netName}: the engine is process ${pid}`));
  };
  runs.events
    .on('change', onChange)
    .on('removed', onRemoved)
    .on('progress', onProgress)
    .on('process', onProcess);
  return vscode.Disposable.from(
    item,
    panels.onDidChangeVisible(() => {
      const seen = runs.all().some(({ id, status }) => status === 'done' && panels.isVisible(id));
      if (seen) milestones.reach('sawResults');
    }),
    new vscode.Disposable(() => {
      notices.forEach((notice) => notice.dispose());
      runs.events
        .off('change', onChange)
        .off('removed', onRemoved)
        .off('progress', onProgress)
        .off('process', onProcess);
    }),
  );
}

/** What menus and views ask for. */
function setContexts(runs: RunController): void {
  const set = (name: string, value: boolean): void =>
    void vscode.commands.executeCommand('setContext', `ristretto.${name}`, value);
  set('isRunning', runs.current !== undefined);
  set('hasResults', runs.current !== undefined || runs.all().length > 0);
}

function updateItem(item: vscode.StatusBarItem, runs: RunController, progress?: Progress): void {
  const { current } = runs;
  if (current === undefined) {
    item.hide();
    return;
  }
  const { what, fraction, left } =
    progress === undefined
      ? { what: phaseNames.reading, fraction: 0, left: undefined }
      : progressView(progress);
  const { netName, model } = current.request;
  const waiting = runs.waiting > 0 ? `, ${runs.waiting} waiting` : '';
  const time = left === undefined ? '' : `, ${left}`;
  item.text = `$(sync~spin) ${netName}: ${what}, ${Math.round(fraction * 100)} %${time}${waiting}`;
  item.tooltip = [`${titleOf(current)} (${path.basename(model)})`, describeOutcome(current), left]
    .filter((text) => text !== undefined)
    .join(', ');
  item.accessibilityInformation = { label: `${titleOf(current)}: ${what}` };
  item.command = { command: commandIds.showRun, title: 'Show', arguments: [current.id] };
  item.show();
}

async function tellEnd(services: Services, record: RunRecord): Promise<void> {
  const { log, milestones, panels } = services;
  const { request, failure, status } = record;
  log.info(shown(`${request.netName}: ${status}`));
  record.notes.forEach((note) => log.info(shown(`${request.netName}: ${note}`)));
  if (status === 'failed' && failure !== undefined) {
    // The page has the same words and buttons: once is enough for who sees it.
    if (panels.isVisible(record.id)) logRunFailure(failure, log);
    else await showRunFailure(failure, log, remedyButtons(services, record));
    return;
  }
  const result = describeResult(record);
  if (status !== 'done' || result === undefined) return;
  if (panels.isVisible(record.id)) milestones.reach('sawResults');
  const text = notificationText(`${request.netName}: ${result}`);
  const actions: readonly FailureAction[] = [
    { title: 'Save Prototxt', run: () => savePrototxt(services, record) },
    {
      title: 'Open Diff',
      run: async () => {
        await openRunDiff(record, undefined);
        milestones.reach('tookFile');
      },
    },
  ];
  const titles = actions.map(({ title }) => title);
  const picked =
    record.report?.final.withinMargin === true
      ? await vscode.window.showInformationMessage(text, ...titles)
      : await vscode.window.showWarningMessage(text, ...titles);
  await actions.find(({ title }) => title === picked)?.run();
}
