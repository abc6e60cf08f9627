import * as vscode from 'vscode';
import type { RunRecord, RunRequest } from '../runs/runRecord';
import type { Services } from './services';

/**
 * Starts a run and shows its results page at once. While another run is going on, the user chooses
 * between waiting for it and replacing it.
 *
 * @returns undefined when the user chooses neither
 */
export async function startRun(
  { runs, panels }: Services,
  request: RunRequest,
): Promise<RunRecord | undefined> {
  const { current } = runs;
  if (current !== undefined) {
    const choice = await askQueueOrReplace(current, request);
    if (choice === undefined) return undefined;
    if (choice === 'replace') await runs.cancel(current.id);
  }
  const { record } = runs.start(request);
  panels.show(record);
  return record;
}

async function askQueueOrReplace(
  current: RunRecord,
  next: RunRequest,
): Promise<'queue' | 'replace' | undefined> {
  const picked = await vscode.window.showQuickPick(
    [
      {
        label: `Quantize ${next.netName} after that`,
        description: 'the run that is going on ends first',
        choice: 'queue' as const,
      },
      {
        label: `Cancel ${current.request.netName} and quantize ${next.netName} now`,
        description: 'the rows scored so far are kept',
        choice: 'replace' as const,
      },
    ],
    {
      title: `${current.request.netName} is being quantized`,
      placeHolder: 'What about the run that is going on?',
      ignoreFocusOut: true,
    },
  );
  return picked?.choice;
}
