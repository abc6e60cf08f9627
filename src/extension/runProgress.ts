import path from 'node:path';
import * as vscode from 'vscode';
import type { Progress } from '../engine/progress';
import { shown } from '../prototxt/shown';
import { notificationText } from '../runs/notificationText';
import { progressView } from '../runs/progressView';
import type { RunController } from '../runs/runController';
import { isUnfinished, type RunRecord } from '../runs/runRecord';
import { describeResult } from '../runs/runSummary';
import { commandIds } from './commandIds';
import { showRunFailure, type FailureAction } from './failures';
import { progressReporter } from './jobProgress';
import { savePrototxt } from './panelActions';
import { openRunDiff } from './runDocuments';
import { startRun } from './startRun';
import type { Services } from './services';

/** Shows every run in a notification that can cancel it, and in the status bar. */
export function showRunProgress(services: Services): vscode.Disposable {
  const { runs, log } = services;
  const item = vscode.window.createStatusBarItem('ristretto.run', vscode.StatusBarAlignment.Left);
  item.name = 'Ristretto run';
  const shown = new Set<string>();
  const onChange = (record: RunRecord): void => {
    void vscode.commands.executeCommand(
      'setContext',
      'ristretto.isRunning',
      runs.current !== undefined,
    );
    void vscode.commands.executeCommand('setContext', 'ristretto.hasResults', true);
    if (!shown.has(record.id) && isUnfinished(record)) {
      shown.add(record.id);
      log.info(`${record.request.netName}: ${record.request.model}, ${record.request.weights}`);
      notify(runs, record);
    }
    if (!isUnfinished(record) && shown.delete(record.id)) void tellEnd(services, record);
    updateItem(item, runs);
  };
  const onProgress = (record: RunRecord, progress: Progress): void => {
    if (record === runs.current) updateItem(item, runs, progress);
  };
  const onProcess = (record: RunRecord, pid: number): void => {
    log.info(`${record.request.netName}: the engine is process ${pid}`);
  };
  runs.events.on('change', onChange).on('progress', onProgress).on('process', onProcess);
  return vscode.Disposable.from(
    item,
    new vscode.Disposable(() =>
      runs.events.off('change', onChange).off('progress', onProgress).off('process', onProcess),
    ),
  );
}

function updateItem(item: vscode.StatusBarItem, runs: RunController, progress?: Progress): void {
  const { current } = runs;
  if (current === undefined) {
    item.hide();
    return;
  }
  const { what, fraction, left } =
    progress === undefined
      ? { what: 'reading', fraction: 0, left: undefined }
      : progressView(progress);
  const waiting = runs.waiting > 0 ? `, ${runs.waiting} waiting` : '';
  item.text = `$(sync~spin) ${current.request.netName}: ${what}, ${Math.round(fraction * 100)} %${waiting}`;
  item.tooltip = [`Ristretto quantizes ${path.basename(current.request.model)}`, left]
    .filter((text) => text !== undefined)
    .join(', ');
  item.accessibilityInformation = { label: `Quantizing ${current.request.netName}: ${what}` };
  item.command = {
    command: commandIds.showResults,
    title: 'Show',
    arguments: [vscode.Uri.file(current.request.model), { netIndex: current.request.netIndex }],
  };
  item.show();
}

/** The notification lives as long as the run; its button cancels. */
function notify(runs: RunController, record: RunRecord): void {
  const { netName } = record.request;
  void vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: notificationText(`Quantizing ${netName}`),
      cancellable: true,
    },
    (notification, token) =>
      new Promise<void>((resolve) => {
        token.onCancellationRequested(() => void runs.cancel(record.id));
        const report = progressReporter(notification);
        const onProgress = (changed: RunRecord, progress: Progress): void => {
          if (changed === record) report(progressView(progress));
        };
        const onChange = (changed: RunRecord): void => {
          if (changed !== record) return;
          if (record.status === 'queued') notification.report({ message: 'waiting' });
          else if (record.status === 'starting') notification.report({ message: 'reading' });
          else if (!isUnfinished(record)) {
            runs.events.off('change', onChange).off('progress', onProgress);
            resolve();
          }
        };
        runs.events.on('change', onChange).on('progress', onProgress);
        onChange(record);
      }),
  );
}

async function tellEnd(services: Services, record: RunRecord): Promise<void> {
  const { log } = services;
  const { request, failure, status } = record;
  log.info(shown(`${request.netName}: ${status}`));
  record.notes.forEach((note) => log.info(shown(`${request.netName}: ${note}`)));
  if (status === 'failed' && failure !== undefined) {
    await showRunFailure(failure, log, failureActions(services, record));
    return;
  }
  const result = describeResult(record);
  if (status !== 'done' || result === undefined) return;
  const text = notificationText(`${request.netName}: ${result}`);
  const actions: readonly FailureAction[] = [
    { title: 'Save Prototxt', run: () => savePrototxt(services, record) },
    { title: 'Open Diff', run: () => openRunDiff(record, undefined) },
  ];
  const titles = actions.map(({ title }) => title);
  const picked =
    record.report?.final.withinMargin === true
      ? await vscode.window.showInformationMessage(text, ...titles)
      : await vscode.window.showWarningMessage(text, ...titles);
  await actions.find(({ title }) => title === picked)?.run();
}

function failureActions(services: Services, { request, failure }: RunRecord): FailureAction[] {
  switch (failure?.code) {
    case undefined:
      return [{ title: 'Try Again', run: () => startRun(services, request) }];
    case 'runtime/no-cuda':
    case 'runtime/no-webgpu': {
      const run = async (): Promise<void> => {
        const onCpu = { ...request, execution: { kind: 'cpu' as const } };
        await services.answers.remember(request, { execution: onCpu.execution });
        await startRun(services, onCpu);
      };
      return [{ title: 'Use CPU', run }];
    }
    default:
      return [];
  }
}
