import * as vscode from 'vscode';
import { isSameNet, isUnfinished, type RunRecord, type RunRequest } from '../runs/runRecord';
import type { Services } from './services';
import { requireTrust } from './trust';

/**
 * Starts a run and shows its results page at once; one that has to wait does not take the page of the
 * net's run that is going on, which gets a link to it. While another run is going on, the user chooses
 * between waiting for it and replacing it.
 *
 * @returns undefined when the user chooses neither
 */
export async function startRun(
  { runs, panels }: Services,
  request: RunRequest,
): Promise<RunRecord | undefined> {
  requireTrust();
  const { current } = runs;
  if (current !== undefined) {
    const choice = await askQueueOrReplace(current, request);
    if (choice === undefined) return undefined;
    if (choice === 'replace') await runs.cancel(current.id);
  }
  const { record } = runs.start(request);
  const shown = panels.runOf(request);
  const isTaken = shown !== undefined && isUnfinished(shown) && shown.id !== record.id;
  if (record.status !== 'queued' || !isTaken) panels.show(record);
  return record;
}

async function askQueueOrReplace(
  current: RunRecord,
  next: RunRequest,
): Promise<'queue' | 'replace' | undefined> {
  const { netName } = current.request;
  const verb = next.base === undefined ? 'Quantize' : 'Score the bits of';
  // The same name twice would leave it open which run is meant.
  const which = isSameNet(current.request, next) ? 'the run that is going on' : netName;
  const picked = await vscode.window.showQuickPick(
    [
      {
        label: `${verb} ${next.netName} after that`,
        description: 'the run that is going on ends first',
        choice: 'queue' as const,
      },
      {
        label: `Cancel ${which} and ${verb.toLowerCase()} ${next.netName} now`,
        description: 'what was scored so far is kept',
        choice: 'replace' as const,
      },
    ],
    {
      title: `${netName} is being quantized`,
      placeHolder: 'What about the run that is going on?',
      ignoreFocusOut: true,
    },
  );
  return picked?.choice;
}
