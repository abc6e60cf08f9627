import * as vscode from 'vscode';
import { describeFailure } from '../runs/runController';
import type { RunFailure } from '../runs/runRecord';
import { commandIds } from './commandIds';
import { notificationText } from '../runs/view/notificationText';

/** Something the user can do about a failure. */
export interface FailureAction {
  readonly title: string;
  run(): unknown;
}

/**
 * Tells the user what went wrong, with what can be done about it. A dismissed question is not a
 * failure.
 */
export async function showFailure(
  cause: unknown,
  log: vscode.LogOutputChannel,
  actions: readonly FailureAction[] = [],
): Promise<void> {
  if (cause instanceof vscode.CancellationError) return;
  const failure = describeFailure(cause);
  if (failure.code === undefined) log.error(cause instanceof Error ? cause : String(cause));
  await showRunFailure(failure, log, actions);
}

/** Writes what went wrong to the log, and returns it. */
export function logRunFailure({ message, step }: RunFailure, log: vscode.LogOutputChannel): string {
  log.error(step === undefined ? message : `${message} (at: ${step})`);
  return message;
}

/** Like {@link showFailure}, for a failure that a run recorded. */
export async function showRunFailure(
  failure: RunFailure,
  log: vscode.LogOutputChannel,
  actions: readonly FailureAction[] = [],
): Promise<void> {
  const message = logRunFailure(failure, log);
  // A run's own actions know more than its code does.
  const all = actions.length > 0 ? actions : [...placeAction(failure), ...codeActions(failure)];
  const shown = all.length > 0 ? all : [showLog];
  const picked = await vscode.window.showErrorMessage(
    notificationText(message),
    ...shown.map(({ title }) => title),
  );
  await shown.find(({ title }) => title === picked)?.run();
}

const showLog: FailureAction = {
  title: 'Show Log',
  run: () => vscode.commands.executeCommand(commandIds.showLog),
};

function placeAction({ file, line }: RunFailure): FailureAction[] {
  if (file === undefined || line === undefined) return [];
  return [{ title: 'Show in Editor', run: () => openPlace(file, line) }];
}

/** Opens a file at a line, from 1. */
export async function openPlace(file: string | undefined, line = 1): Promise<void> {
  if (file === undefined) return;
  await vscode.window.showTextDocument(vscode.Uri.file(file), {
    viewColumn: vscode.ViewColumn.One,
    selection: new vscode.Range(line - 1, 0, line - 1, 0),
  });
}

function codeActions({ code }: RunFailure): FailureAction[] {
  const openSetting = (name: string): Thenable<unknown> =>
    vscode.commands.executeCommand('workbench.action.openSettings', `ristretto.${name}`);
  switch (code) {
    case 'source/missing':
      return [{ title: 'Set Caffe Root', run: () => openSetting('caffeRoot') }];
    case 'runtime/no-cuda':
      return [
        {
          title: 'How to Install',
          run: () => vscode.commands.executeCommand(commandIds.installCuda),
        },
      ];
    default:
      return [];
  }
}
