import * as vscode from 'vscode';
import { helpingActions } from '../runs/view/failureView';
import type { PageAction } from '../runs/panelMessages';
import type { RunRecord, RunRequest } from '../runs/runRecord';
import { commandIds } from './commandIds';
import { openPlace, type FailureAction } from './failures';
import type { Services } from './services';
import { startRun } from './startRun';
import { askForWeights } from './weightsQuestion';

/** What helps against a failure: the buttons of the failed page and of the notification. */
const remedies: Readonly<
  Partial<Record<PageAction, (services: Services, record: RunRecord) => unknown>>
> = {
  tryAgain: (services, record) => startRun(services, retryRequest(services, record)),
  showPlace: (_, { failure }) => openPlace(failure?.file, failure?.line),
  chooseWeights,
  useCpu,
  setCaffeRoot: () => openSetting('caffeRoot'),
  setScore: () => openSetting('scoreBy'),
  installCuda: () => vscode.commands.executeCommand(commandIds.installCuda),
  showLog: ({ log }) => log.show(true),
};

const titles: Readonly<Partial<Record<PageAction, string>>> = {
  tryAgain: 'Try Again',
  showPlace: 'Show in Editor',
  chooseWeights: 'Choose Weights',
  useCpu: 'Use CPU',
  setCaffeRoot: 'Set Caffe Root',
  setScore: 'Choose Score',
  installCuda: 'How to Install',
};

/** @returns whether the action is a remedy */
export async function applyRemedy(
  services: Services,
  record: RunRecord,
  action: PageAction,
): Promise<boolean> {
  const remedy = remedies[action];
  await remedy?.(services, record);
  return remedy !== undefined;
}

/** The same as buttons of a notification; where nothing helps, another try may. */
export function remedyButtons(services: Services, record: RunRecord): FailureAction[] {
  const { failure, request } = record;
  if (failure === undefined) return [];
  const helping = helpingActions(failure, request);
  return (helping.length > 0 ? helping : (['tryAgain'] as const)).flatMap((action) => {
    const title = titles[action];
    return title === undefined ? [] : [{ title, run: () => applyRemedy(services, record, action) }];
  });
}

/** The run once more; from the scores on that were kept of it. */
export function retryRequest({ store }: Services, { id, request }: RunRecord): RunRequest {
  return { ...request, resumes: store.hasScores(id) ? id : undefined };
}

async function useCpu(services: Services, { request }: RunRecord): Promise<void> {
  const provider = { kind: 'cpu' } as const;
  await services.answers.remember(request, { provider });
  await startRun(services, { ...request, provider });
}

async function chooseWeights(services: Services, { request }: RunRecord): Promise<void> {
  const weights = await askForWeights(request, request.weights);
  if (weights === undefined) return;
  await services.answers.remember(request, { weights });
  await startRun(services, { ...request, weights, resumes: undefined });
}

function openSetting(name: string): Thenable<unknown> {
  return vscode.commands.executeCommand('workbench.action.openSettings', `ristretto.${name}`);
}
